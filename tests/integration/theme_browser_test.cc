// The blog and the mail of the shipped programs, as a reader's browser shows them: tests/browser/look.mjs
// looks at them in Chromium, with axe-core, at three widths, light and dark, with and without images and
// scripts.
//
// With FRIDAYD_SCREENSHOTS=FOLDER the demo's pages are also kept as pictures there: that is how docs/images
// is made.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "browser/web_server.h"
#include "support/trial.h"

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using support::eventually;
using support::put;
using support::Ran;
using support::run;
using support::Trial;
using support::WebServer;

const std::string kSource = FRIDAYD_SOURCE_DIR;

constexpr const char* kSite = R"(
title = "Sales Leadership Friday"
author = "Mara Lindqvist"
brand = "Northgate Sales School"
colour = "#1f5fbf"
)";

constexpr const char* kMail = R"(
[channels.mail]
kind = "maildir"
after = "blog"
path = "mailbox"
from = "Sales Leadership Friday <friday@example.org>"
why = "You get this because you subscribed to Sales Leadership Friday."
postal_address = "Northgate Sales School\n12 Harbour Street, Portland ME 04101"
unsubscribe = "https://example.org/leave?address={{address|}}"
recipients = "recipients.csv"
)";

class ThemeInABrowser : public testing::Test {
 protected:
  ThemeInABrowser() : trial_("2026-11-12T15:00:00Z"), web_(made(trial_.site())) {
    trial_.configure("site", kSite);
    trial_.configure("url", web_.url());
    trial_.configure("mail", kMail);
    put(trial_.folder() / "recipients.csv", "address,name\nada@example.org,Ada\n");
  }

  static const fs::path& made(const fs::path& folder) {
    fs::create_directories(folder);
    return folder;
  }

  // Puts a draft there, and its images, and publishes it at that moment.
  void publish(const fs::path& file, const std::string& slug, const std::string& now) {
    fs::copy(kSource + "/scripts/demo-drafts/images", trial_.content() / "drafts/images",
             fs::copy_options::recursive | fs::copy_options::skip_existing);
    trial_.set_clock(now);
    ASSERT_TRUE(eventually([&] { return trial_.api({"timeline"}).at("at") == json::value(now); }));
    trial_.drop(file.filename().string(), support::contents(file));
    ASSERT_TRUE(trial_.eventually_listed(slug)) << trial_.ctl({"drafts"}).out << trial_.log();
    const Ran done = trial_.ctl({"publish", slug, "--yes", "--wait"});
    ASSERT_EQ(done.exit, 0) << done.out << trial_.log();
  }

  // The HTML of the mail with that title in its subject, in a file.
  std::string mail_page(const std::string& title) {
    for (const fs::path& file : support::files_in(trial_.mailbox() / "new")) {
      if (support::contents(file).find("\nSubject: " + title) == std::string::npos) continue;
      const Ran html = run({"python3", kSource + "/tests/browser/parts.py", "mail", file.string()});
      EXPECT_EQ(html.exit, 0) << html.out;
      EXPECT_LT(html.out.size(), 102'000U);
      sizes_["mail"] = html.out.size();
      put(trial_.folder() / "mail.html", html.out);
      return "file://" + (trial_.folder() / "mail.html").string();
    }
    ADD_FAILURE() << "there is no mail about " << title;
    return "";
  }

  static json::object page(const std::string& name, const std::string& address, int images,
                           bool mail = false) {
    return {{"name", name}, {"address", address}, {"images", images}, {"mail", mail}};
  }

  // Expects nothing to be wrong with them.
  void look(const json::array& pages, const json::array& pictures = {}) {
    const std::string modules = std::string(FRIDAYD_BINARY_DIR) + "/browser";
    const Ran installed = run({kSource + "/tests/browser/install.sh", modules});
    ASSERT_EQ(installed.exit, 0) << installed.out;
    const json::object job = {{"modules", modules},
                              {"chromium", "/usr/bin/chromium"},
                              {"site", web_.url()},
                              {"pages", pages},
                              {"pictures", pictures}};
    put(trial_.folder() / "job.json", json::serialize(job));
    const Ran looked =
        run({"node", kSource + "/tests/browser/look.mjs", (trial_.folder() / "job.json").string()},
            {{"HOME", trial_.folder().string()}});
    EXPECT_EQ(looked.exit, 0) << looked.out;
    std::cout << looked.out;
    for (const auto& [what, size] : sizes_) std::cout << what << ": " << size << " bytes of HTML\n";
  }

  std::string url(const std::string& path) const { return web_.url() + path; }

  Trial trial_;
  WebServer web_;
  std::map<std::string, std::size_t> sizes_;
};

json::array pictures() {
  const char* folder = std::getenv("FRIDAYD_SCREENSHOTS");
  if (folder == nullptr) return {};
  const auto picture = [&](const char* page, const char* file, int width, const char* scheme) {
    return json::object{{"page", page},
                        {"file", (fs::absolute(folder) / file).string()},
                        {"width", width},
                        {"scheme", scheme}};
  };
  json::array all = {
      picture("post", "blog.png", 1280, "light"), picture("post", "blog-phone-dark.png", 360, "dark"),
      picture("mail", "mail.png", 720, "light"), picture("mail", "mail-phone-dark.png", 360, "dark")};
  for (json::value& each : all) {
    if (each.at("width").as_int64() == 360) each.as_object()["height"] = 780;  // a telephone's
  }
  return all;
}

TEST_F(ThemeInABrowser, ShowsTheDemoWell) {
  ASSERT_TRUE(trial_.start()) << trial_.log();
  const fs::path drafts = kSource + "/scripts/demo-drafts";
  ASSERT_NO_FATAL_FAILURE(
      publish(drafts / "why-friday-at-eight.md", "why-friday-at-eight", "2026-11-12T16:00:00Z"));
  ASSERT_NO_FATAL_FAILURE(publish(drafts / "the-pipeline-tells-the-truth.md",
                                  "the-pipeline-tells-the-truth-if-you-let-it", "2026-11-19T16:00:00Z"));
  ASSERT_NO_FATAL_FAILURE(
      publish(drafts / "a-question-of-trust.md", "a-question-of-trust", "2026-11-26T16:00:00Z"));

  const Ran feed =
      run({"python3", kSource + "/tests/browser/parts.py", "feed", (trial_.site() / "feed.xml")});
  EXPECT_EQ(feed.exit, 0) << feed.out;
  EXPECT_LT(feed.out.find("\tA question of trust\n"), feed.out.find("\tThe pipeline tells the truth"));
  EXPECT_LT(feed.out.find("\tThe pipeline tells the truth"), feed.out.find("\tWhy Friday at eight\n"));
  EXPECT_NE(feed.out.find("\tWhy Friday at eight\n"), std::string::npos) << feed.out;

  const std::string mail = mail_page("A question of trust");
  EXPECT_EQ(trial_.stop(), 0) << trial_.log();
  look({page("post", url("/a-question-of-trust/"), 1), page("second post", url("/why-friday-at-eight/"), 1),
        page("index", url("/"), 0), page("404", url("/404.html"), 0), page("mail", mail, 1, true)},
       pictures());
}

TEST_F(ThemeInABrowser, BearsEverythingThatADraftMayHold) {
  ASSERT_TRUE(trial_.start()) << trial_.log();
  ASSERT_NO_FATAL_FAILURE(
      publish(kSource + "/tests/browser/every-element.md", "every-element", "2026-11-12T16:00:00Z"));
  const std::string mail = mail_page("Every element");
  EXPECT_EQ(trial_.stop(), 0) << trial_.log();
  look({page("post", url("/every-element/"), 3), page("index", url("/"), 0), page("mail", mail, 3, true)});
}

}  // namespace
