// What people do by hand, on the shipped binaries: refusals change nothing, and what was said lasts.
#include <gtest/gtest.h>

#include <csignal>

#include "support/trial.h"

namespace {

using support::contents;
using support::eventually;
using support::has;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::Ran;
using support::Trial;

constexpr const char* kFriday = "2026-11-27T13:00:00Z";
constexpr const char* kProblemFile = "drafts/a-question-of-trust.md.problem.txt";

std::string page(const Trial& trial) {
  return contents(trial.site() / kSlug / "index.html");
}

// Its mails have their pictures with them.
constexpr const char* kMailWithImages = R"(
[channels.mail]
kind = "maildir"
after = "blog"
path = "mailbox"
from = "Friday <friday@example.org>"
recipients = "recipients.csv"
images = "embedded"
test_only = true
)";

TEST(ByHand, ARefusedPublishChangesNothing) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  std::filesystem::remove(trial.folder() / "recipients.csv");
  for (const auto& words :
       {std::vector<std::string>{"publish", kSlug, "--yes"}, {"publish", kSlug, "--dry-run"}}) {
    const Ran refused = trial.ctl(words);
    EXPECT_EQ(refused.exit, 1);
    EXPECT_TRUE(has(refused.out, "recipients.csv")) << refused.out;
  }
  EXPECT_TRUE(has(trial.ctl({"posts"}).out, "Nothing was published yet")) << trial.ctl({"posts"}).out;
  EXPECT_TRUE(has(trial.ctl({"drafts"}).out, "ready"));
  trial.recipients(2);
  EXPECT_EQ(trial.ctl({"publish", kSlug, "--yes", "--wait"}).exit, 0) << trial.log();
}

TEST(ByHand, ATestMailHasItsPictures) {
  const std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x06\0\0\0", 29);
  Trial trial(kThursday);
  trial.configure("mail", kMailWithImages);
  ASSERT_TRUE(trial.start());
  support::put(trial.content() / "drafts/chart.png", png);
  trial.drop("a-question-of-trust.md", std::string(kDraft) + "\n![A chart](chart.png)\n");
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  const Ran sent = trial.ctl({"send-test", kSlug, "--to", "me@example.org"});
  EXPECT_EQ(sent.exit, 0) << sent.out << trial.ctl({"drafts"}).out;
  ASSERT_EQ(trial.mails_to("me@example.org"), 1);
  const std::string mail = contents(support::files_in(trial.mailbox() / "new").front());
  EXPECT_TRUE(has(mail, "Content-Type: image/png")) << mail;
}

TEST(ByHand, AHeldDraftLetsTheNextOneGoFirst) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  trial.drop("second.md", "# The second\n\nText.\n");
  ASSERT_TRUE(trial.eventually_listed("the-second"));
  const Ran held = trial.ctl({"hold", kSlug, "--why", "ask Ola"});
  ASSERT_EQ(held.exit, 0) << held.out;
  EXPECT_TRUE(has(held.out, "a-question-of-trust.md is on hold")) << held.out;
  // Said everywhere, over an edit and a restart.
  trial.drop("a-question-of-trust.md", std::string(kDraft) + "One more word.\n");
  const auto told = [&] {
    const std::string drafts = trial.ctl({"drafts"}).out;
    const std::string timeline = trial.ctl({}).out;
    const std::string status = contents(trial.content() / "STATUS.md");
    const auto slots = trial.api({"timeline"}).at("slots").as_array();
    return has(drafts, "held") && has(drafts, "on hold: ask Ola") && has(timeline, "on hold: ask Ola") &&
           has(status, "on hold: ask Ola") && slots.front().at("title") == "The second";
  };
  ASSERT_TRUE(eventually(told)) << trial.ctl({"drafts"}).out << trial.ctl({}).out;
  ASSERT_TRUE(eventually([&] { return trial.api({"drafts"}).at("items").at(0).at("revision") == 2; }));
  trial.kill();
  ASSERT_TRUE(trial.start());
  ASSERT_TRUE(eventually(told)) << trial.ctl({"drafts"}).out << trial.ctl({}).out;
  const Ran refused = trial.ctl({"publish", kSlug, "--dry-run"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_TRUE(has(refused.out, "on hold: ask Ola")) << refused.out;
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_EQ(page(trial), "");

  ASSERT_EQ(trial.ctl({"unhold", kSlug}).exit, 0);
  EXPECT_EQ(trial.ctl({"unhold", kSlug}).exit, 1);
  ASSERT_TRUE(eventually([&] {
    const auto slots = trial.api({"timeline"}).at("slots").as_array();
    return slots.at(1).at("title") == "A question of trust";
  })) << trial.ctl({}).out;
  const Ran unknown = trial.ctl({"hold", "nothing-of-that-name"});
  EXPECT_EQ(unknown.exit, 1);
  EXPECT_TRUE(has(unknown.out, "no draft and no post is called")) << unknown.out;
}

TEST(ByHand, WhoIsTakenOutOfTheFileOfThoseWhoLeftGetsTheNextMailing) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  ASSERT_EQ(trial.ctl({"suppress", "Reader1@example.org"}).exit, 0) << trial.log();
  EXPECT_EQ(contents(trial.folder() / "suppressed.csv"), "Reader1@example.org\n");

  // A new file in place of one that got lost would hide the loss.
  const auto file = trial.folder() / "suppressed.csv";
  std::filesystem::rename(file, trial.folder() / "away.csv");
  const auto refused = trial.ctl({"suppress", "reader2@example.org"});
  EXPECT_NE(refused.exit, 0);
  EXPECT_NE(refused.out.find("put it back"), std::string::npos) << refused.out;
  EXPECT_FALSE(std::filesystem::exists(file));
  std::filesystem::rename(trial.folder() / "away.csv", file);
  trial.drop("one.md", "# One\n\nText.\n");
  ASSERT_TRUE(trial.eventually_listed("one"));
  ASSERT_EQ(trial.ctl({"publish", "one", "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 0);
  support::put(trial.folder() / "suppressed.csv", "# nobody\n");
  trial.drop("two.md", "# Two\n\nText.\n");
  ASSERT_TRUE(trial.eventually_listed("two"));
  ASSERT_EQ(trial.ctl({"publish", "two", "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
}

TEST(ByHand, ADraftThatFailsAtItsSlotGetsANoteBesideIt) {
  Trial trial(kThursday);
  trial.configure("more",
                  "[channels.off]\nkind = \"static_site\"\nenabled = false\nroot = \"off\"\nurl = "
                  "\"http://127.0.0.1:1\"\nlive_check = \"file\"\n");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md",
             "---\ntitle: A question of trust\nchannels: [off]\n---\n\nBuyers forgive a late answer.\n");
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  trial.set_clock(kFriday);
  const auto note = trial.content() / kProblemFile;
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(note); }))
      << trial.ctl({"drafts"}).out << contents(trial.content() / "STATUS.md") << trial.log();
  EXPECT_TRUE(has(contents(note), "none of its channels is configured and enabled")) << contents(note);
  EXPECT_TRUE(
      eventually([&] { return has(contents(trial.content() / "STATUS.md"), "none of its channels"); }));
  // Put right, it loses its note.
  trial.drop("a-question-of-trust.md", kDraft);
  EXPECT_TRUE(eventually([&] { return !std::filesystem::exists(note); }));
}

}  // namespace
