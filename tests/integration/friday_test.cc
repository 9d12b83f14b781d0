// The main job on the shipped binary: a file becomes a page and a mail at its slot, and nothing else does.
#include <gtest/gtest.h>

#include <csignal>
#include <map>

#include "support/trial.h"

namespace {

using support::contents;
using support::eventually;
using support::files_in;
using support::kDraft;
using support::kThursday;
using support::Trial;

constexpr const char* kJustBefore = "2026-11-27T12:59:59Z";
constexpr const char* kFriday = "2026-11-27T13:00:00Z";

std::string page(const Trial& trial) {
  return contents(trial.site() / "a-question-of-trust" / "index.html");
}

TEST(Friday, AFileBecomesAPageAndAMailAtEightAndNotBefore) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();

  // The command line, the API and STATUS.md show the same plan.
  const auto planned = [&] {
    const auto body = trial.api({"timeline"});
    const auto* slots = body.if_contains("slots");
    return slots != nullptr && !slots->as_array().empty() &&
           slots->as_array().front().at("title") == "A question of trust";
  };
  ASSERT_TRUE(eventually(planned)) << trial.ctl({}).out;
  EXPECT_EQ(trial.api({"timeline"}).at("slots").as_array().front().at("instant"), kFriday);
  EXPECT_NE(trial.ctl({}).out.find("A question of trust"), std::string::npos);
  EXPECT_TRUE(eventually([&] {
    const std::string status = contents(trial.content() / "STATUS.md");
    return status.find("A question of trust") != std::string::npos &&
           status.find("27 November 2026, 08:00") != std::string::npos;
  })) << contents(trial.content() / "STATUS.md");

  trial.set_clock(kJustBefore);
  ASSERT_TRUE(eventually([&] { return trial.api({"timeline"}).at("at") == kJustBefore; }));
  EXPECT_EQ(page(trial), "");
  EXPECT_TRUE(files_in(trial.mailbox() / "new").empty());

  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.ctl({"deliveries"}).out << trial.log();
  EXPECT_NE(page(trial).find("They do not forgive a guess."), std::string::npos);
  EXPECT_NE(contents(trial.site() / "index.html").find("A question of trust"), std::string::npos);
  EXPECT_NE(contents(trial.site() / "feed.xml").find("a-question-of-trust"), std::string::npos);
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  EXPECT_EQ(trial.mails_to("reader2@example.org"), 1);
  const std::string mail = contents(files_in(trial.mailbox() / "new").front());
  EXPECT_NE(mail.find("http://127.0.0.1:1/a-question-of-trust/"), std::string::npos) << mail;
  EXPECT_NE(mail.find("\nList-Id: <sales-leadership-friday.example.org>"), std::string::npos) << mail;

  // The file is put away with its date and address, and the folder says so.
  const auto filed = trial.content() / "published/2026/2026-11-27-a-question-of-trust.md";
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(filed); })) << trial.log();
  EXPECT_NE(contents(filed).find("permalink: http://127.0.0.1:1/a-question-of-trust/"), std::string::npos)
      << contents(filed);
  // It is put there first, and taken away here afterwards.
  EXPECT_TRUE(eventually(
      [&] { return !std::filesystem::exists(trial.content() / "drafts/a-question-of-trust.md"); }));
  EXPECT_EQ(trial.ctl({"status"}).exit, 0) << trial.ctl({"status"}).out;
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

TEST(Friday, APostThatIsFixedAheadOfItsHourIsStillTheNext) {
  Trial trial(kThursday);
  trial.configure("series",
                  "[series.sales-leadership-friday]\ntitle = \"Sales Leadership Friday\"\n"
                  "zone = \"America/New_York\"\nschedule = \"Fri 08:00\"\nchannels = [\"blog\", \"mail\"]\n"
                  "lock_before = \"2h\"\n");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();
  trial.set_clock("2026-11-27T11:00:00Z");
  ASSERT_TRUE(eventually([&] { return trial.ctl({}).out.find("filled") != std::string::npos; }))
      << trial.ctl({}).out;
  const auto next = [&] {
    const std::string status = contents(trial.content() / "STATUS.md");
    const std::size_t at = status.find("## Next");
    return at == std::string::npos ? "" : status.substr(at, status.find("## ", at + 3) - at);
  };
  EXPECT_TRUE(eventually([&] { return next().find("A question of trust") != std::string::npos; })) << next();
  EXPECT_EQ(page(trial), "");
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_TRUE(eventually([&] { return next().find("A question of trust") == std::string::npos; })) << next();
}

TEST(Friday, AnEmptySlotIsRecordedAndTheNextFileWaitsForTheNextOne) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.set_clock(kFriday);
  ASSERT_TRUE(eventually([&] { return trial.ctl({"log"}).out.find("empty") != std::string::npos; }))
      << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(eventually([&] {
    const auto body = trial.api({"timeline"});
    for (const auto& slot : body.at("slots").as_array()) {
      if (slot.at("title") == "A question of trust") return slot.at("date") == "2026-12-04";
    }
    return false;
  })) << trial.ctl({}).out;
  EXPECT_EQ(page(trial), "");
}

TEST(Friday, ASlotMissedWithinTheGraceIsMadeUpForAndLaterOnesAreHeld) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  ASSERT_EQ(trial.stop(), 0) << trial.log();
  trial.set_clock("2026-11-27T20:00:00Z");  // seven hours late
  ASSERT_TRUE(trial.start());
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();

  trial.drop("next.md", "# The next one\n\nText.\n");
  ASSERT_TRUE(trial.eventually_listed("the-next-one"));
  ASSERT_EQ(trial.stop(), 0);
  trial.set_clock("2026-12-06T13:00:00Z");  // two days late
  ASSERT_TRUE(trial.start());
  ASSERT_TRUE(eventually([&] { return trial.delivery_state("blog") == "held"; })) << trial.log();
  EXPECT_FALSE(std::filesystem::exists(trial.site() / "the-next-one"));
  ASSERT_EQ(trial.ctl({"unhold", "the-next-one"}).exit, 0);
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
}

TEST(Friday, AFileDroppedWhileFridaydWasDownFillsTheSlotThatPassedMeanwhile) {
  Trial trial(kThursday);
  trial.configure("settle", "700ms");  // much longer than a plan takes
  ASSERT_TRUE(trial.start());
  ASSERT_TRUE(eventually([&] { return trial.ctl({}).out.find("2026-11-27") != std::string::npos; }));
  ASSERT_EQ(trial.stop(), 0);
  trial.drop("a-question-of-trust.md", kDraft);
  trial.set_clock("2026-11-27T13:05:00Z");
  ASSERT_TRUE(trial.start());
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.ctl({"log"}).out << trial.log();
  EXPECT_EQ(trial.log().find("is empty"), std::string::npos) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
}

TEST(Friday, PublishingByHandAsksForNothingWithYesAndWaits) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  const support::Ran dry = trial.ctl({"publish", "a-question-of-trust", "--dry-run"});
  EXPECT_EQ(dry.exit, 0);
  EXPECT_NE(dry.out.find("2 recipients"), std::string::npos) << dry.out;
  EXPECT_EQ(page(trial), "");
  const support::Ran done = trial.ctl({"publish", "a-question-of-trust", "--yes", "--wait"});
  EXPECT_EQ(done.exit, 0) << done.out << trial.log();
  EXPECT_NE(page(trial), "");
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  // The Friday after has nothing to publish again.
  trial.set_clock(kFriday);
  ASSERT_TRUE(eventually([&] { return trial.ctl({"log"}).out.find("empty") != std::string::npos; }))
      << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
}

TEST(Friday, TheBrakeHoldsOverARestartUntilResume) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  ASSERT_EQ(trial.ctl({"stop"}).exit, 0);
  ASSERT_EQ(trial.stop(), 0);
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.start());
  EXPECT_NE(trial.ctl({"status"}).exit, 0);
  EXPECT_EQ(page(trial), "");
  ASSERT_EQ(trial.ctl({"resume"}).exit, 0);
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
}

TEST(Friday, AFileNamedStopIsABrakeToo) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  support::put(trial.content() / "STOP", "");
  ASSERT_TRUE(eventually([&] { return trial.ctl({"status"}).out.find("STOP") != std::string::npos; }));
  trial.set_clock(kFriday);
  EXPECT_TRUE(
      eventually([&] { return contents(trial.content() / "STATUS.md").find("STOP") != std::string::npos; }));
  EXPECT_EQ(page(trial), "");
  std::filesystem::remove(trial.content() / "STOP");
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
}

TEST(Friday, ARestoredBackupSendsNothingUntilResume) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  const auto backup = trial.folder() / "backup.db";
  ASSERT_EQ(trial.ctl({"backup", backup.string()}).exit, 0);
  EXPECT_EQ(trial.ctl({"backup", backup.string()}).exit, 1);  // never over another file
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("mail"));
  ASSERT_EQ(trial.stop(), 0);
  for (const char* tail : {"", "-wal", "-shm"})
    std::filesystem::remove(trial.folder() / ("state/fridayd.db" + std::string(tail)));
  std::filesystem::copy_file(backup, trial.folder() / "state/fridayd.db");
  ASSERT_TRUE(trial.start());
  EXPECT_NE(trial.ctl({"status"}).out.find("safe mode"), std::string::npos) << trial.ctl({"status"}).out;
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  EXPECT_EQ(trial.ctl({"resume"}).exit, 0);
}

TEST(Friday, ASecondDaemonOnTheSameStateIsRefused) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  const support::Ran second =
      support::run({support::program("fridayd"), "--config", (trial.folder() / "fridayd.toml").string()});
  EXPECT_EQ(second.exit, 1);
  EXPECT_NE(second.out.find("another fridayd is working on this state"), std::string::npos) << second.out;
  EXPECT_EQ(trial.ctl({"status"}).exit, 0);
}

TEST(Friday, WithoutAControlSocketItEndsAndSaysWhy) {
  Trial trial(kThursday);
  std::filesystem::create_directories(trial.folder() / "control.sock/in the way");
  EXPECT_FALSE(trial.start());
  EXPECT_EQ(trial.wait(), 1);
  EXPECT_TRUE(support::has(trial.log(), "nobody could steer fridayd")) << trial.log();
  EXPECT_TRUE(support::has(trial.log(), "control.sock")) << trial.log();
  std::filesystem::remove_all(trial.folder() / "control.sock");
  EXPECT_TRUE(trial.start()) << trial.log();
}

TEST(Friday, ABadConfigurationLeavesTheRunningOneInForce) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.configure("more", "[channels.third]\nkind = \"statik_site\"\n[unknown]\n");
  trial.write_config();
  trial.signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return trial.log().find("stays in force") != std::string::npos; }))
      << trial.log();
  EXPECT_NE(trial.log().find("did you mean \"static_site\"?"), std::string::npos) << trial.log();
  EXPECT_EQ(trial.ctl({"status"}).exit, 0);
  ASSERT_EQ(trial.stop(), 0);
  EXPECT_FALSE(trial.start());
  EXPECT_EQ(trial.wait(), 78);
}

std::map<std::string, std::string> tree(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[std::filesystem::relative(entry.path(), folder).string()] = contents(entry.path());
    }
  }
  return files;
}

TEST(Friday, ARebuiltSiteIsTheSameToTheByte) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  for (const char* slug : {"one", "two", "three"}) {
    trial.drop(std::string(slug) + ".md", "# " + std::string(slug) + "\n\nText of " + slug + ".\n");
    ASSERT_TRUE(trial.eventually_listed(slug));
    ASSERT_EQ(trial.ctl({"publish", slug, "--yes", "--wait"}).exit, 0) << trial.log();
  }
  const auto before = tree(trial.site());
  ASSERT_GE(before.size(), 6U);
  std::filesystem::remove_all(trial.site());
  ASSERT_EQ(trial.ctl({"site", "rebuild"}).exit, 0) << trial.log();
  EXPECT_EQ(tree(trial.site()), before);
}

TEST(Friday, ARehearsalWritesToOneAddressAndToNoRealBlog) {
  Trial trial(kThursday);
  trial.configure("more", "[rehearsal]\nto = \"me@example.org\"\nfolder = \"rehearsal\"\n");
  ASSERT_TRUE(trial.start());
  EXPECT_NE(trial.log().find("REHEARSAL"), std::string::npos);
  EXPECT_NE(trial.ctl({"status"}).out.find("me@example.org"), std::string::npos) << trial.ctl({"status"}).out;
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  const auto stray = trial.ctl({"send-test", "a-question-of-trust", "--to", "reader1@example.org"});
  EXPECT_EQ(stray.exit, 1);
  EXPECT_NE(stray.out.find("this is a rehearsal: all mail goes to me@example.org"), std::string::npos)
      << stray.out;
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_EQ(trial.mails_to("me@example.org"), 1);
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 0);
  EXPECT_FALSE(std::filesystem::exists(trial.site()));
  EXPECT_TRUE(std::filesystem::exists(trial.folder() / "rehearsal/blog/a-question-of-trust/index.html"));
  // Its store is not taken for the real one afterwards.
  ASSERT_EQ(trial.stop(), 0);
  trial.configure("more", "");
  EXPECT_FALSE(trial.start());
  EXPECT_NE(trial.log().find("that of a rehearsal"), std::string::npos) << trial.log();
}

TEST(Friday, ASuppressedAddressGetsNothingAndASkippedSlotPassesItsDraftOn) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust"));
  ASSERT_EQ(trial.ctl({"suppress", "Reader1@example.org"}).exit, 0) << trial.log();
  ASSERT_TRUE(eventually([&] { return trial.ctl({}).out.find("2026-11-27") != std::string::npos; }));
  const support::Ran skip = trial.ctl({"skip", "sales-leadership-friday", "2026-11-27"});
  ASSERT_EQ(skip.exit, 0) << skip.out << trial.log();
  trial.set_clock("2026-11-27T14:00:00Z");
  const auto moved_on = [&] {
    const std::string timeline = trial.ctl({}).out;
    return timeline.find("skipped") != std::string::npos &&
           timeline.find("2026-12-04 08:00 -05:00\tsales-leadership-friday\tplanned\tA question") !=
               std::string::npos;
  };
  ASSERT_TRUE(eventually(moved_on)) << trial.ctl({}).out;
  EXPECT_EQ(page(trial), "");
  trial.set_clock("2026-12-04T13:00:00Z");
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 0);
  EXPECT_EQ(trial.mails_to("reader2@example.org"), 1);
}

}  // namespace
