#include "publishers/registry.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "config/load.h"
#include "support/shelf.h"
#include "support/site_folder.h"

namespace publishers {
namespace {

TEST(Registry, HasEachKindOnceWithExactlyOneFactory) {
  std::set<std::string_view> names;
  for (const Kind& kind : kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_NE(kind.post == nullptr, kind.mail == nullptr) << kind.name;
    EXPECT_EQ(find_kind(kind.name), &kind);
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"maildir", "smtp", "static_site"}));
  EXPECT_EQ(find_kind("static"), nullptr);
}

TEST(Registry, OnlyKindsThatStayOnThisMachineRunUnderAnyClock) {
  EXPECT_TRUE(find_kind("static_site")->loopback_only_clock);
  EXPECT_TRUE(find_kind("maildir")->loopback_only_clock);
  EXPECT_FALSE(find_kind("smtp")->loopback_only_clock);
}

class StaticSiteSectionTest : public testing::Test {
 protected:
  // The publisher that `lines` make; what is wrong with them goes to faults_.
  std::unique_ptr<PostPublisher> make(const std::string& lines) {
    const config::Config config =
        config::load_text("[channels.blog]\nkind = \"static_site\"\n" + lines, "/etc/t.toml", faults_);
    const auto channel = config.channels.find("blog");
    if (channel == config.channels.end()) return nullptr;
    auto publisher =
        find_kind("static_site")
            ->post(*channel->second.section, Surroundings{folder_.site(), folder_.theme(), shelf_});
    channel->second.section->finish();
    return publisher;
  }

  std::vector<std::string> blog_faults() const {
    std::vector<std::string> texts;
    for (const config::FaultLine& line : faults_.sorted()) {
      if (line.position.line > 2) texts.push_back(line.text());
    }
    return texts;
  }

  support::SiteFolder folder_;
  support::MemoryShelf shelf_;
  config::Faults faults_;
};

TEST_F(StaticSiteSectionTest, NeedsOnlyAFolderAndAnAddress) {
  const auto publisher = make("root = \"site/\"\nurl = \"https://blog.example\"\n");
  ASSERT_NE(publisher, nullptr);
  EXPECT_EQ(publisher->permalink("trust"), "https://blog.example/trust/");
  EXPECT_THAT(blog_faults(), testing::IsEmpty());
}

TEST_F(StaticSiteSectionTest, NamesItsFolder) {
  const auto paths = make("root = \"/srv/site/\"\nurl = \"https://blog.example\"\n")->paths();
  ASSERT_EQ(paths.size(), 1U);
  EXPECT_EQ(paths[0].use, NeededPath::Use::own_folder);
  EXPECT_EQ(paths[0].path, "/srv/site");
}

TEST_F(StaticSiteSectionTest, TakesEachOfItsKeys) {
  const auto publisher = make("root = \"" + folder_.root().string() +
                              "\"\nurl = \"https://example.org:8443/blog\"\npermalink = \"/p/{slug}.html\"\n"
                              "feed_length = 1\nlive_check = \"file\"\n");
  ASSERT_NE(publisher, nullptr);
  EXPECT_THAT(blog_faults(), testing::IsEmpty());
  const Edition edition = support::sample_edition(1, "trust");
  EXPECT_EQ(publisher->publish(edition, "/p/trust.html").outcome, Outcome::confirmed);
  EXPECT_EQ(publisher->live_check(edition, "https://example.org:8443/blog/p/trust.html").outcome,
            Outcome::confirmed);
  EXPECT_TRUE(folder_.has("p/trust.html"));
}

TEST_F(StaticSiteSectionTest, SaysWhatIsWrongWithEachKey) {
  EXPECT_EQ(make("root = \"site\"\nurl = \"https://blog.example/\"\npermalink = \"/posts/\"\n"), nullptr);
  EXPECT_THAT(
      blog_faults(),
      testing::ElementsAre("/etc/t.toml:4:1: url ends with /; write it as in https://blog.example.org, "
                           "without a / at the end",
                           "/etc/t.toml:5:1: permalink does not hold {slug}; write it as in /{slug}/ or "
                           "/posts/{slug}.html"));
}

TEST_F(StaticSiteSectionTest, RefusesAddressesThatAreNone) {
  const std::pair<const char*, const char*> cases[] = {
      {"blog.example", "is not an absolute http or https address"},
      {"ftp://blog.example", "is not an absolute http or https address"},
      {"https://", "names no host"},
      {"https:///blog", "names no host"},
      {"https://ada:secret@blog.example", "holds a user name"},
      {"https://blog.example?a=b", "holds a character that the address of a folder can't have"},
      {"https://blög.example", "holds a character that the address of a folder can't have"},
  };
  for (const auto& [url, what] : cases) {
    faults_ = {};
    EXPECT_EQ(make("root = \"site\"\nurl = \"" + std::string(url) + "\"\n"), nullptr);
    ASSERT_EQ(blog_faults().size(), 1U) << url;
    EXPECT_EQ(blog_faults()[0], "/etc/t.toml:4:1: url " + std::string(what) +
                                    "; write it as in https://blog.example.org, without a / at the end");
  }
}

TEST_F(StaticSiteSectionTest, MissesNothingInSilence) {
  EXPECT_EQ(make(""), nullptr);
  EXPECT_FALSE(faults_.empty());
}

}  // namespace
}  // namespace publishers
