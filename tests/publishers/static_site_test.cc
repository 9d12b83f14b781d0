#include "publishers/blog/static_site/static_site.h"

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include "publishers/blog/static_site/layout.h"
#include "publishers/blog/static_site/page.h"
#include "support/scripted_http.h"
#include "support/shelf.h"
#include "support/site_folder.h"

namespace publishers {
namespace {

using support::revised;
using support::sample_edition;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kUrl = "https://blog.example";

class StaticSiteTest : public testing::Test {
 protected:
  StaticSite open(static_site::Files::Observer before = {}) {
    return {folder_.settings(), Surroundings{folder_.site(), folder_.theme(), shelf_}, std::move(before)};
  }

  static std::string address(const Edition& edition) { return "/" + edition.slug + "/"; }

  // Publishes and, as the daemon would, puts the edition on the shelf.
  Receipt publish(const Edition& edition) {
    StaticSite site = open();
    const Receipt prepared = site.prepare(edition, "key");
    if (prepared.outcome != Outcome::confirmed) return prepared;
    Receipt receipt = site.publish(edition, prepared.remote_id);
    if (receipt.outcome == Outcome::confirmed) shelve(edition, receipt);
    return receipt;
  }

  void shelve(Edition edition, const Receipt& receipt) {
    edition.permalink = receipt.permalink;
    shelf_.put(std::move(edition));
  }

  support::SiteFolder folder_;
  support::MemoryShelf shelf_;
  const Asset chart_ = support::png("Chart of trust.PNG", "PNG-bytes");
  const Edition trust_ = support::with_image(sample_edition(1, "trust"), chart_);
  const Edition doubt_ = sample_edition(2, "doubt");
  const Edition hope_ =
      support::with_image(sample_edition(3, "hope"), support::png("hope.png", "PNG-of-hope"));
  const std::string chart_path_ = "assets/" + chart_.sha256.substr(0, 16) + "-Chart-of-trust.png";
};

TEST_F(StaticSiteTest, WritesPagesAssetsIndexAndFeed) {
  const Receipt receipt = publish(trust_);
  ASSERT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
  EXPECT_EQ(receipt.remote_id, "/trust/");
  EXPECT_EQ(receipt.permalink, "https://blog.example/trust/");
  EXPECT_EQ(receipt.asset_urls.at(chart_.sha256), "https://blog.example/" + chart_path_);
  EXPECT_EQ(receipt.reply, "");

  const std::string style = static_site::style_path(folder_.theme());
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : folder_.served()) paths.push_back(path);
  std::vector<std::string> expected = {"404.html", chart_path_,  style,
                                       "feed.xml", "index.html", "trust/index.html"};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(paths, expected);
  EXPECT_EQ(folder_.get(chart_path_), "PNG-bytes");
  EXPECT_EQ(folder_.get(style), "body { margin: 0 }\n");
  EXPECT_THAT(folder_.get("trust/index.html"),
              HasSubstr("<img src=\"https://blog.example/" + chart_path_ + "\""));
  EXPECT_THAT(folder_.get("index.html"), HasSubstr("<a href=\"https://blog.example/trust/\">On trust</a>"));
  EXPECT_THAT(folder_.hidden(), IsEmpty());
}

TEST_F(StaticSiteTest, KeepsWhatIsPreparedOutOfSight) {
  StaticSite site = open();
  ASSERT_EQ(site.prepare(trust_, "key").outcome, Outcome::confirmed);
  EXPECT_FALSE(folder_.has("trust/index.html"));
  EXPECT_FALSE(folder_.has("index.html"));
  EXPECT_EQ(folder_.hidden().count(".fridayd-tmp/" + trust_.pid + ".1.prepared"), 1U);
  struct stat status{};
  ASSERT_EQ(::stat((folder_.root() / ".fridayd-tmp").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
}

TEST_F(StaticSiteTest, PublishesThoughThePreparedPageWasLost) {
  StaticSite site = open();
  const std::string remote_id = site.prepare(trust_, "key").remote_id;
  std::filesystem::remove_all(folder_.root());
  ASSERT_EQ(site.publish(trust_, remote_id).outcome, Outcome::confirmed);
  EXPECT_TRUE(folder_.has("trust/index.html"));
  EXPECT_TRUE(folder_.has(chart_path_));
}

TEST_F(StaticSiteTest, FilesCanBeReadByAWebServerWhateverTheUmask) {
  const mode_t before = ::umask(0177);
  publish(trust_);
  ::umask(before);
  for (const char* path : {"trust/index.html", "index.html", "feed.xml"}) {
    struct stat status{};
    ASSERT_EQ(::stat((folder_.root() / path).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0644U) << path;
  }
  for (const char* path : {"", "trust", "assets"}) {
    struct stat status{};
    ASSERT_EQ(::stat((folder_.root() / path).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0755U) << path;
  }
}

TEST_F(StaticSiteTest, IndexHasTheNewestFirstAndFeedOnlyTheLatest) {
  folder_.settings().feed_length = 2;
  for (const Edition& post : {doubt_, hope_, trust_}) ASSERT_EQ(publish(post).outcome, Outcome::confirmed);
  const std::string index = folder_.get("index.html");
  EXPECT_LT(index.find("/hope/"), index.find("/doubt/"));
  EXPECT_LT(index.find("/doubt/"), index.find("/trust/"));
  const std::string feed = folder_.get("feed.xml");
  EXPECT_THAT(feed, HasSubstr("<updated>2026-11-20T13:00:00Z</updated>"));
  EXPECT_THAT(feed, HasSubstr("<id>tag:blog.example,2026-11-20:" + hope_.pid + "</id>"));
  EXPECT_THAT(feed, HasSubstr("/doubt/"));
  EXPECT_THAT(feed, Not(HasSubstr("/trust/")));
}

TEST_F(StaticSiteTest, ARebuildKnowsWhatIsPublishedBeforeTheShelfDoes) {
  publish(trust_);
  StaticSite site = open();
  ASSERT_EQ(site.publish(doubt_, "/doubt/").outcome, Outcome::confirmed);
  // By the publisher of a configuration that was read in between.
  ASSERT_EQ(open().rebuild().outcome, Outcome::confirmed);
  for (const char* file : {"index.html", "feed.xml"}) EXPECT_THAT(folder_.get(file), HasSubstr("/doubt/"));
  site.withdraw(doubt_, "/doubt/");
  ASSERT_EQ(site.rebuild().outcome, Outcome::confirmed);
  EXPECT_THAT(folder_.get("index.html"), Not(HasSubstr("/doubt/")));
  EXPECT_FALSE(folder_.has("doubt/index.html"));
}

TEST_F(StaticSiteTest, ARebuildAndAPublicationDoNotMix) {
  publish(trust_);
  std::mutex mutex;
  std::string steps;  // p: of the publication, r: of the rebuild
  const auto note = [&](char who) {
    const std::lock_guard lock(mutex);
    steps += who;
  };
  std::filesystem::remove(folder_.root() / "index.html");
  std::filesystem::remove(folder_.root() / "404.html");
  StaticSite rebuilt = open([&](std::string_view, const std::string&) { note('r'); });
  std::thread rebuild;
  StaticSite site = open([&](std::string_view, const std::string&) {
    note('p');
    if (!rebuild.joinable()) rebuild = std::thread([&] { rebuilt.rebuild(); });
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  });
  ASSERT_EQ(site.publish(doubt_, "/doubt/").outcome, Outcome::confirmed);
  rebuild.join();
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end())) << steps;
  for (const char* file : {"index.html", "feed.xml"}) EXPECT_THAT(folder_.get(file), HasSubstr("/doubt/"));
}

TEST_F(StaticSiteTest, WritesNothingThatIsThereAlready) {
  publish(trust_);
  publish(doubt_);
  std::vector<std::string> steps;
  StaticSite site = open([&](std::string_view step, const std::string&) { steps.emplace_back(step); });
  EXPECT_EQ(site.publish(doubt_, "/doubt/").outcome, Outcome::confirmed);
  EXPECT_EQ(site.rebuild().reply, "2 pages, 0 of them written anew");
  EXPECT_THAT(steps, IsEmpty());
}

TEST_F(StaticSiteTest, ARevisionReplacesThePageAndLeavesNoPreparedOne) {
  publish(trust_);
  const Edition second = revised(trust_, "<p>Better.</p>\n");
  StaticSite site = open();
  site.prepare(second, "key");
  ASSERT_EQ(site.update(second, "/trust/").outcome, Outcome::confirmed);
  EXPECT_THAT(folder_.get("trust/index.html"), HasSubstr("content=\"" + trust_.pid + ".2.c0ffee\""));
  EXPECT_THAT(folder_.get("feed.xml"), HasSubstr("Better."));
  EXPECT_THAT(folder_.hidden(), IsEmpty());
  Found found;
  site.find(trust_, "key", found);
  EXPECT_EQ(found.stage, Found::Stage::published);
}

TEST_F(StaticSiteTest, WithdrawsThePageAndItsFolder) {
  publish(trust_);
  publish(doubt_);
  EXPECT_EQ(open().withdraw(trust_, "/trust/").outcome, Outcome::confirmed);
  EXPECT_FALSE(std::filesystem::exists(folder_.root() / "trust"));
  EXPECT_THAT(folder_.get("index.html"), Not(HasSubstr("/trust/")));
  EXPECT_THAT(folder_.get("feed.xml"), Not(HasSubstr("/trust/")));
  EXPECT_THAT(folder_.get("index.html"), HasSubstr("/doubt/"));
  EXPECT_EQ(open().withdraw(trust_, "/trust/").reply, "was not there");
}

TEST_F(StaticSiteTest, WithdrawsNoPageButItsOwn) {
  publish(trust_);
  const Receipt receipt = open().withdraw(doubt_, "/trust/");
  EXPECT_EQ(receipt.outcome, Outcome::confirmed);
  EXPECT_EQ(receipt.reply, "the page there is not this post's and stays");
  EXPECT_TRUE(folder_.has("trust/index.html"));
}

TEST_F(StaticSiteTest, ATakenAddressIsRefusedInWords) {
  publish(trust_);
  const Receipt receipt = publish(sample_edition(4, "trust"));
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(
      receipt.reply,
      "https://blog.example/trust/ is taken by a page that is not this post's; give the draft another slug, "
      "or take " +
          (folder_.root() / "trust/index.html").string() + " away");
  EXPECT_EQ(open().publish(sample_edition(4, "trust"), "/trust/").outcome, Outcome::rejected);
}

TEST_F(StaticSiteTest, AHomePageOfAnotherHandStays) {
  folder_.put("index.html", "welcome");
  const std::string words =
      (folder_.root() / "index.html").string() +
      " is there already and is not fridayd's; give the channel an empty folder as root";
  for (const Receipt& receipt : {open().check(), publish(trust_), open().publish(trust_, "/trust/")}) {
    EXPECT_EQ(receipt.outcome, Outcome::rejected);
    EXPECT_EQ(receipt.reply, words);
  }
  EXPECT_EQ(folder_.get("index.html"), "welcome");
}

TEST_F(StaticSiteTest, ASlugThatIsAPlaceOfTheSiteItselfIsRefused) {
  for (const char* slug : {"assets", "feed.xml", "..", ".fridayd-tmp", "a/../b", ""}) {
    const Receipt receipt = publish(sample_edition(4, slug));
    EXPECT_EQ(receipt.outcome, Outcome::rejected) << slug;
    EXPECT_EQ(receipt.fault, Fault::permanent_content);
    EXPECT_EQ(receipt.reply, "a post can't have the address /" + std::string(slug) +
                                 "/ on this blog; give the draft another slug");
  }
  EXPECT_EQ(open().publish(trust_, "/../../etc/").outcome, Outcome::rejected);
  EXPECT_FALSE(std::filesystem::exists(folder_.root()));
}

TEST_F(StaticSiteTest, LinksAreNotFollowed) {
  publish(doubt_);
  const std::filesystem::path outside = folder_.base() / "outside";
  std::filesystem::create_directory(outside);
  std::filesystem::create_directory_symlink(outside, folder_.root() / "trust");
  const Receipt page = publish(trust_);
  EXPECT_EQ(page.outcome, Outcome::deferred);
  EXPECT_EQ(page.fault, Fault::local);
  EXPECT_THAT(page.reply, StartsWith((folder_.root() / "trust/index.html").string() +
                                     " leads over a link or a file where a folder has to be: "));
  EXPECT_TRUE(std::filesystem::is_empty(outside));

  std::filesystem::remove(folder_.root() / "trust");
  std::filesystem::remove(folder_.root() / "index.html");
  std::filesystem::create_symlink(outside / "stolen", folder_.root() / "index.html");
  EXPECT_EQ(publish(trust_).outcome, Outcome::deferred);
  EXPECT_TRUE(std::filesystem::is_empty(outside));
}

TEST_F(StaticSiteTest, APipeInAPagesPlaceStopsNobody) {
  publish(doubt_);
  std::filesystem::create_directory(folder_.root() / "trust");
  ASSERT_EQ(::mkfifo((folder_.root() / "trust/index.html").c_str(), 0644), 0);
  EXPECT_EQ(publish(trust_).outcome, Outcome::deferred);
}

TEST_F(StaticSiteTest, ATemplateWithoutTheMarkIsRefused) {
  auto theme = support::small_theme();
  theme[0].text = "<html><head></head></html>";
  folder_.change_theme(templates::TemplateSet(theme));
  const Receipt receipt = publish(trust_);
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(receipt.fault, Fault::local);
  EXPECT_EQ(receipt.reply,
            "blog/post.html.j2 does not carry the post's mark; put <meta name=\"fridayd\" "
            "content=\"{{ post.marker }}\"> into its head");
}

TEST_F(StaticSiteTest, AFaultOfAListLeavesThePageUnpublished) {
  auto theme = support::small_theme();
  theme[1].text = "{{ nothing }}";
  folder_.change_theme(templates::TemplateSet(theme));
  const Receipt receipt = publish(trust_);
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(receipt.fault, Fault::permanent_content);
  EXPECT_THAT(receipt.reply, StartsWith("blog/index.html.j2:1:"));
  EXPECT_FALSE(folder_.has("trust/index.html"));
}

TEST_F(StaticSiteTest, TakesBytesFromTheShelfWhereTheEditionHasNone) {
  shelf_.put(trust_);
  Edition bare = trust_;
  bare.assets[0].bytes = nullptr;
  EXPECT_EQ(publish(bare).outcome, Outcome::confirmed);
  EXPECT_EQ(folder_.get(chart_path_), "PNG-bytes");

  shelf_.lose_asset(chart_.sha256);
  std::filesystem::remove(folder_.root() / chart_path_);
  const Receipt receipt = open().rebuild();
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(receipt.reply, "the asset " + chart_.sha256 + " is not stored");
}

TEST_F(StaticSiteTest, PermalinksMayEndInHtml) {
  folder_.settings().permalink = "/posts/{slug}.html";
  const Receipt receipt = publish(trust_);
  EXPECT_EQ(receipt.remote_id, "/posts/trust.html");
  EXPECT_TRUE(folder_.has("posts/trust.html"));
  EXPECT_EQ(open().permalink("trust"), "https://blog.example/posts/trust.html");
  open().withdraw(trust_, receipt.remote_id);
  EXPECT_FALSE(std::filesystem::exists(folder_.root() / "posts"));
}

TEST_F(StaticSiteTest, APermalinkOnceGivenStays) {
  publish(trust_);
  folder_.settings().permalink = "/posts/{slug}.html";
  publish(doubt_);
  EXPECT_THAT(folder_.get("index.html"), HasSubstr("\"https://blog.example/trust/\""));
  EXPECT_THAT(folder_.get("index.html"), HasSubstr("\"https://blog.example/posts/doubt.html\""));
  EXPECT_EQ(open().rebuild().reply, "2 pages, 0 of them written anew");
}

TEST_F(StaticSiteTest, TheIndexNamesOnlyPagesThatAreThere) {
  publish(trust_);
  publish(hope_);
  std::filesystem::remove_all(folder_.root() / "trust");
  const Receipt receipt = publish(doubt_);
  EXPECT_EQ(receipt.outcome, Outcome::confirmed);
  EXPECT_EQ(
      receipt.reply,
      "1 older post is not in the folder and left out of the index; fridayctl site rebuild restores them");
  EXPECT_THAT(folder_.get("index.html"), Not(HasSubstr("/trust/")));
  EXPECT_EQ(open().rebuild().reply, "3 pages, 1 of them written anew");
  EXPECT_THAT(folder_.get("index.html"), HasSubstr("/trust/"));
}

TEST_F(StaticSiteTest, TheBuiltInThemeHasAllThatASiteNeeds) {
  folder_.change_theme(templates::TemplateSet(std::filesystem::path()));
  for (const Edition& post : {trust_, hope_, doubt_}) {
    const Receipt receipt = publish(post);
    ASSERT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
    EXPECT_EQ(open().live_check(post, receipt.permalink).outcome, Outcome::confirmed);
    EXPECT_THAT(folder_.get("index.html"),
                HasSubstr("<a href=\"" + receipt.permalink + "\">" + post.title + "</a>"));
    EXPECT_THAT(folder_.get("feed.xml"), HasSubstr("href=\"" + receipt.permalink + "\"/>"));
  }
  EXPECT_THAT(folder_.get("feed.xml"), HasSubstr("&lt;p&gt;Four words of text.&lt;/p&gt;"));
  EXPECT_THAT(folder_.get("404.html"), HasSubstr(static_site::style_path(folder_.theme())));
  const auto before = folder_.served();
  std::filesystem::remove_all(folder_.root());
  EXPECT_EQ(open().rebuild().outcome, Outcome::confirmed);
  EXPECT_EQ(folder_.served(), before);
}

TEST_F(StaticSiteTest, RebuildGivesTheSameBytes) {
  publish(trust_);
  publish(hope_);
  publish(doubt_);
  const auto before = folder_.served();
  std::filesystem::remove_all(folder_.root());
  EXPECT_EQ(open().rebuild().reply, "3 pages, 3 of them written anew");
  EXPECT_EQ(folder_.served(), before);
}

TEST_F(StaticSiteTest, RebuildMendsDamageAndKeepsWhatItDoesNotKnow) {
  publish(trust_);
  publish(doubt_);
  auto expected = folder_.served();
  folder_.put("robots.txt", "User-agent: *\n");
  folder_.put("trust/index.html", "");
  folder_.put(chart_path_, "torn");
  folder_.put("feed.xml", "<feed");
  EXPECT_EQ(open().rebuild().reply, "2 pages, 1 of them written anew");
  expected["robots.txt"] = "User-agent: *\n";
  EXPECT_EQ(folder_.served(), expected);
}

TEST_F(StaticSiteTest, RebuildLeavesThePageOfAnotherPostAndSaysSo) {
  publish(doubt_);
  Edition other = sample_edition(5, "doubt");
  shelf_.put(other);
  const Receipt receipt = open().rebuild();
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(receipt.reply, "all is restored but what other posts' pages stand in the way of: /doubt/");
  EXPECT_THAT(folder_.get("doubt/index.html"), HasSubstr(doubt_.marker));
}

TEST_F(StaticSiteTest, ChecksTheFolder) {
  EXPECT_THAT(open().check().reply, StartsWith(folder_.root().string() + ": not made yet, "));
  publish(trust_);
  publish(doubt_);
  const Receipt receipt = open().check();
  EXPECT_EQ(receipt.outcome, Outcome::confirmed);
  EXPECT_THAT(receipt.reply, StartsWith(folder_.root().string() + ": 2 pages, "));
  EXPECT_THAT(receipt.reply, EndsWith(" MiB free"));

  folder_.settings().root = folder_.base() / "no" / "such";
  const Receipt missing = open().check();
  EXPECT_EQ(missing.outcome, Outcome::deferred);
  EXPECT_EQ(missing.fault, Fault::local);
  EXPECT_EQ(missing.reply, (folder_.base() / "no").string() + ": No such file or directory");
}

TEST_F(StaticSiteTest, LiveCheckAsksTheWebServerUnlessToldOtherwise) {
  support::ScriptedHttp server(support::ScriptedHttp::page("<p>maintenance</p>"));
  folder_.settings().url = server.url().substr(0, server.url().size() - 1);
  const Receipt receipt = publish(trust_);
  EXPECT_EQ(open().live_check(trust_, receipt.permalink).outcome, Outcome::confirmed);
  folder_.settings().live_check = "http";
  EXPECT_EQ(open().live_check(trust_, receipt.permalink).outcome, Outcome::deferred);
  server.answer(support::ScriptedHttp::page(folder_.get("trust/index.html")));
  EXPECT_EQ(open().live_check(trust_, receipt.permalink).outcome, Outcome::confirmed);
  EXPECT_THAT(server.requests().back(), StartsWith("GET /trust/ HTTP/1.1\r\n"));
}

TEST_F(StaticSiteTest, AFullDiskLeavesTheOldStateAndIsOurOwnFault) {
  publish(trust_);
  const auto before = folder_.served();
  for (const char* full_at : {"create", "write"}) {
    for (std::size_t nth = 0;; ++nth) {
      std::size_t seen = 0;
      StaticSite site = open([&](std::string_view step, const std::string& path) {
        if (step == full_at && seen++ == nth) throw std::system_error(ENOSPC, std::generic_category(), path);
      });
      const Receipt receipt = site.publish(doubt_, "/doubt/");
      if (receipt.outcome == Outcome::confirmed) break;
      EXPECT_EQ(receipt.outcome, Outcome::deferred);
      EXPECT_EQ(receipt.fault, Fault::local);
      EXPECT_THAT(receipt.reply, EndsWith(": No space left on device"));
      EXPECT_EQ(folder_.served(), before) << full_at << " " << nth;
    }
    open().withdraw(doubt_, "/doubt/");
    ASSERT_EQ(folder_.served(), before);
  }
}

// Stops the process' work, as a kill would, before a step on the disk.
struct Killed {};

class StaticSiteKillTest : public StaticSiteTest {
 protected:
  using Work = std::function<Receipt(StaticSite&)>;
  using Tree = std::map<std::string, std::string>;

  // Runs `work` again and again from the same folder, stopped before each of its steps in turn. Files may
  // be as before, as after, or as `between` says.
  void kill_everywhere(const Work& work, const Tree& between = {}) {
    const std::filesystem::path start = folder_.base() / "start";
    std::filesystem::rename(folder_.root(), start);
    reset(start);
    const Tree before = folder_.served();
    StaticSite whole = open();
    ASSERT_EQ(work(whole).outcome, Outcome::confirmed);
    const Tree after = folder_.served();
    ASSERT_NE(before, after);

    std::size_t stops = 0;
    for (bool finished = false; !finished; ++stops) {
      reset(start);
      finished = run_until(stops, work);
      expect_whole({before, after, between});
      StaticSite again = open();
      ASSERT_EQ(work(again).outcome, Outcome::confirmed);
      EXPECT_EQ(folder_.served(), after) << "stopped before step " << stops;
      EXPECT_THAT(folder_.hidden(), IsEmpty()) << "stopped before step " << stops;
    }
    EXPECT_GT(stops, 8U);
  }

 private:
  void reset(const std::filesystem::path& start) {
    std::filesystem::remove_all(folder_.root());
    std::filesystem::copy(start, folder_.root(), std::filesystem::copy_options::recursive);
  }

  bool run_until(std::size_t step, const Work& work) {
    std::size_t taken = 0;
    StaticSite site = open([&](std::string_view, const std::string&) {
      if (taken++ == step) throw Killed();
    });
    try {
      work(site);
      return true;
    } catch (const Killed&) {
      return false;
    }
  }

  // Each served file is as in one of `states`, and each address in it is served.
  void expect_whole(const std::vector<Tree>& states) {
    const Tree now = folder_.served();
    for (const auto& [path, bytes] : now) {
      const bool whole = std::any_of(states.begin(), states.end(), [&](const Tree& state) {
        return state.count(path) > 0 && state.at(path) == bytes;
      });
      EXPECT_TRUE(whole) << path;
      for (const std::string& named : addresses_in(bytes))
        EXPECT_EQ(now.count(named), 1U) << path << " names " << named;
    }
  }

  static std::set<std::string> addresses_in(const std::string& page) {
    std::set<std::string> paths;
    const std::string url = std::string(kUrl) + "/";
    for (std::size_t at = page.find(url); at != std::string::npos; at = page.find(url, at + 1)) {
      const std::size_t begin = at + url.size();
      std::string path = page.substr(begin, page.find_first_of("\"<>&", begin) - begin);
      if (path.empty() || path.ends_with('/')) path += "index.html";
      paths.insert(path);
    }
    return paths;
  }
};

TEST_F(StaticSiteKillTest, WhilePublishing) {
  publish(trust_);
  publish(doubt_);
  kill_everywhere([this](StaticSite& site) {
    const Receipt prepared = site.prepare(hope_, "key");
    return prepared.outcome == Outcome::confirmed ? site.publish(hope_, prepared.remote_id) : prepared;
  });
}

TEST_F(StaticSiteKillTest, WhileUpdating) {
  publish(trust_);
  publish(doubt_);
  const Edition second =
      support::with_image(revised(trust_, "<p>New.</p>\n"), support::png("new.png", "NEW"));
  kill_everywhere([second](StaticSite& site) { return site.update(second, "/trust/"); });
}

TEST_F(StaticSiteKillTest, WhileWithdrawing) {
  publish(trust_);
  publish(hope_);
  kill_everywhere([this](StaticSite& site) { return site.withdraw(hope_, "/hope/"); });
}

TEST_F(StaticSiteKillTest, WhileRebuildingWithAnotherTheme) {
  publish(trust_);
  publish(hope_);
  auto theme = support::small_theme();
  theme.back().text = "body { margin: 1em }\n";
  theme.front().text += "<!-- new -->";
  folder_.change_theme(templates::TemplateSet(theme));
  kill_everywhere([](StaticSite& site) { return site.rebuild(); });
}

TEST_F(StaticSiteKillTest, WhilePublishingTheVeryFirstPost) {
  std::filesystem::create_directory(folder_.root());
  const static_site::Blog blog =
      static_site::make_blog(folder_.site(), folder_.theme(), "blog", kUrl, "/{slug}/");
  const Tree no_posts = {{"index.html", static_site::render_index({}, blog)},
                         {"feed.xml", static_site::render_feed({}, blog, 20)}};
  kill_everywhere(
      [this](StaticSite& site) {
        const Receipt prepared = site.prepare(trust_, "key");
        return prepared.outcome == Outcome::confirmed ? site.publish(trust_, prepared.remote_id) : prepared;
      },
      no_posts);
}

TEST(Layout, PatternsHaveASlugAndAnEndThatAFileCanHave) {
  using static_site::pattern_fault;
  for (const char* good : {"/{slug}/", "/{slug}.html", "/a/b/{slug}/", "/{slug}/read.html"})
    EXPECT_EQ(pattern_fault(good), "") << good;
  EXPECT_EQ(pattern_fault("/posts/"), "does not hold {slug}");
  EXPECT_EQ(pattern_fault("{slug}/"), "does not begin with /");
  EXPECT_EQ(pattern_fault("/{slug}"), "ends with neither / nor .html");
  EXPECT_EQ(pattern_fault("/{year}/{slug}/"), "holds braces beside those of {slug}");
  for (const char* bad : {"//{slug}/", "/../{slug}/", "/assets/{slug}/", "/.x/{slug}/", "/{slug}/index.html",
                          "/{slug}//", "/a b/{slug}/", "/feed.xml/{slug}/"})
    EXPECT_EQ(pattern_fault(bad), "leads to an address that a post can't have") << bad;
}

TEST(Layout, AssetsAreNamedByContentAndSaferThanTheirAuthorsNamedThem) {
  const std::string sha(64, 'a');
  const auto path = [&sha](const std::string& name, const std::string& type) {
    return static_site::asset_path(Asset{.name = name, .sha256 = sha, .media_type = type, .bytes = nullptr});
  };
  const std::string prefix = "assets/aaaaaaaaaaaaaaaa-";
  EXPECT_EQ(path("chart.png", "image/png"), prefix + "chart.png");
  EXPECT_EQ(path("Photo 1 (of 2).JPEG", "image/jpeg"), prefix + "Photo-1-of-2.jpeg");
  EXPECT_EQ(path("evil.html", "image/png"), prefix + "evil.png");
  EXPECT_EQ(path("evil.php.png", "image/gif"), prefix + "evil-php.gif");
  EXPECT_EQ(path("script.js", "text/javascript"), prefix + "script.bin");
  EXPECT_EQ(path(".htaccess", "image/webp"), prefix + "htaccess.webp");
  EXPECT_EQ(path("../../etc/passwd", "image/png"), prefix + "passwd.png");
  EXPECT_EQ(path("größe.png", "image/png"), prefix + "gr-e.png");
  EXPECT_EQ(path("\xE5\x9B\xBE.png", "image/png"), prefix + "file.png");
  EXPECT_EQ(path("", "image/avif"), prefix + "file.avif");
  EXPECT_EQ(path(std::string(300, 'x') + ".png", "image/png"), prefix + std::string(80, 'x') + ".png");
  EXPECT_THROW(static_site::asset_path(
                   Asset{.name = "a.png", .sha256 = "../..", .media_type = "image/png", .bytes = {}}),
               std::runtime_error);
}

TEST_F(StaticSiteTest, VariablesSayWhatATemplateMayUse) {
  const static_site::Blog blog =
      static_site::make_blog(folder_.site(), folder_.theme(), "blog", kUrl, "/{slug}/");
  const boost::json::object variables = static_site::post_variables(trust_, blog);
  const boost::json::object& post = variables.at("post").as_object();
  EXPECT_EQ(post.at("url").as_string(), "https://blog.example/trust/");
  EXPECT_EQ(post.at("words").as_int64(), 4);
  EXPECT_EQ(post.at("reading_minutes").as_int64(), 1);
  EXPECT_EQ(post.at("published").as_string(), "2026-11-06T08:00:00-05:00");
  EXPECT_EQ(post.at("image_url").as_string(), std::string(kUrl) + "/" + chart_path_);
  EXPECT_EQ(post.at("image_width").as_int64(), 640);
  EXPECT_EQ(post.at("image_height").as_int64(), 480);
  EXPECT_EQ(post.at("canonical").as_string(), "");
  EXPECT_EQ(variables.at("channel").at("key").as_string(), "blog");
  EXPECT_EQ(variables.at("theme").at("feed_url").as_string(), "https://blog.example/feed.xml");
  EXPECT_EQ(variables.at("edition").at("revision").as_int64(), 1);
}

TEST_F(StaticSiteTest, ATextThatShowsAnImageOfNobodysIsRefused) {
  Edition edition = doubt_;
  edition.content_html = "<img src=\"asset:" + std::string(64, 'b') + "\">";
  const Receipt receipt = publish(edition);
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(receipt.reply, "the text shows an image that the post does not have");
}

TEST_F(StaticSiteTest, TheFeedHoldsNoCharacterThatXmlCannot) {
  Edition edition = doubt_;
  edition.content_html = "<p>a\x0c\x01z\xEF\xBF\xBE!</p>";
  ASSERT_EQ(publish(edition).outcome, Outcome::confirmed);
  EXPECT_THAT(folder_.get("feed.xml"), HasSubstr("az!"));
}

}  // namespace
}  // namespace publishers
