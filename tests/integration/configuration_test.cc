// What a configuration may be: told before a start, at a start, and at a reload.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "support/trial.h"

namespace {

using support::contents;
using support::eventually;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::Ran;
using support::Trial;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kRehearsal = "[rehearsal]\nto = \"me@example.org\"\nfolder = \"rehearsal\"\n";

std::string far_mail(const std::string& host) {
  return "\n[channels.mail]\nkind = \"smtp\"\nafter = \"blog\"\nhost = \"" + host +
         "\"\nfrom = \"friday@example.org\"\nrecipients = \"recipients.csv\"\ntest_only = true\n";
}

bool logged(const Trial& trial, const std::string& words) {
  return eventually([&] { return support::has(trial.log(), words); });
}

TEST(Configuration, AGoodOneIsToldSoAndNothingBegins) {
  Trial trial(kThursday);
  trial.write_config();
  const Ran ran = trial.fridayd({"--check-config"});
  EXPECT_EQ(ran.exit, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("fridayd.toml is good: 1 series, 2 channels"));
  EXPECT_FALSE(std::filesystem::exists(trial.folder() / "state"));
}

TEST(Configuration, EachFaultOfABadOneIsListed) {
  Trial trial(kThursday);
  trial.configure("more",
                  "[log]\nlevel = \"loud\"\n[series.second]\nzone = \"Mars/Base\"\nschedule = \"Someday\"\n"
                  "channels = [\"nowhere\"]\n[channels.third]\nkind = \"statik_site\"\n");
  trial.write_config();
  const Ran ran = trial.fridayd({"--check-config"});
  EXPECT_EQ(ran.exit, 78) << ran.out;
  for (const char* part : {"loud", "Mars/Base", "Someday", "nowhere", "did you mean \"static_site\"?"}) {
    EXPECT_THAT(ran.out, HasSubstr(part));
  }
  EXPECT_THAT(ran.out, Not(HasSubstr("is good")));
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, testing::ContainsRegex("fridayd.toml:[0-9]+:[0-9]+: .*; .*"));
  }
}

TEST(Configuration, UnderAClockOfItsOwnNothingMayLeaveTheMachine) {
  Trial trial(kThursday);
  trial.configure("mail", far_mail("mail.example.org"));
  ASSERT_FALSE(trial.start());
  EXPECT_EQ(trial.wait(), 78);
  EXPECT_THAT(trial.log(), HasSubstr("leaves this machine, which --clock does not allow; use static_site, "
                                     "maildir or a host on loopback"));
  EXPECT_FALSE(std::filesystem::exists(trial.folder() / "state"));
  EXPECT_EQ(trial.fridayd({"--check-config"}).exit, 0) << "on the machine's own clock it may";
  trial.configure("mail", far_mail("127.0.0.1"));
  EXPECT_TRUE(trial.start()) << trial.log();
}

TEST(Configuration, AReloadLeavesTheDaemonsOwnSectionUntilARestart) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start()) << trial.log();
  std::string text = contents(trial.write_config());
  const std::string before = "state = \"state\"\ncontent = \"content\"";
  text.replace(text.find(before), before.size(), "state = \"elsewhere\"\ncontent = \"drafts-elsewhere\"");
  const std::string title = "title = \"Sales Leadership Friday\"";
  text.replace(text.find(title), title.size(), "title = \"Another name\"");
  support::put(trial.folder() / "fridayd.toml", text);
  trial.signal(SIGHUP);
  ASSERT_TRUE(logged(trial, "[daemon] changed: it stays as it was until a restart")) << trial.log();
  ASSERT_TRUE(logged(trial, "the configuration was read again")) << trial.log();

  EXPECT_EQ(trial.ctl({"status"}).exit, 0) << trial.ctl({"status"}).out;
  EXPECT_EQ(trial.ctl({"backup", (trial.folder() / "backup.db").string()}).exit, 0) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug)) << trial.log();
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  for (const char* name : {"elsewhere", "drafts-elsewhere"}) {
    EXPECT_FALSE(std::filesystem::exists(trial.folder() / name)) << name;
  }
}

// Real mail by surprise would be the worst of all: a rehearsal ends only with the daemon.
TEST(Configuration, AReloadDoesNotEndARehearsal) {
  Trial trial(kThursday);
  trial.configure("more", kRehearsal);
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.configure("more", "");
  trial.write_config();
  trial.signal(SIGHUP);
  ASSERT_TRUE(logged(trial, "[rehearsal] can't come or go while fridayd runs")) << trial.log();
  const Ran refused = trial.ctl({"reload"});
  EXPECT_EQ(refused.exit, 78);
  EXPECT_THAT(refused.out, HasSubstr("[rehearsal] can't come or go"));
  EXPECT_THAT(trial.ctl({"status"}).out, HasSubstr("REHEARSAL"));

  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug)) << trial.log();
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_EQ(trial.mails_to("me@example.org"), 1);
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 0);
  EXPECT_FALSE(std::filesystem::exists(trial.site()));
}

TEST(Configuration, AReloadDoesNotBeginARehearsalAndTakesItsNewAddress) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.configure("more", kRehearsal);
  trial.write_config();
  EXPECT_EQ(trial.ctl({"reload"}).exit, 78);
  EXPECT_THAT(trial.ctl({"status"}).out, Not(HasSubstr("REHEARSAL")));
  ASSERT_EQ(trial.stop(), 0);

  std::filesystem::remove_all(trial.folder() / "state");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.configure("more", "[rehearsal]\nto = \"you@example.org\"\nfolder = \"rehearsal\"\n");
  trial.write_config();
  ASSERT_EQ(trial.ctl({"reload"}).exit, 0);
  EXPECT_THAT(trial.ctl({"status"}).out, HasSubstr("all mail goes to you@example.org"));
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug)) << trial.log();
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_EQ(trial.mails_to("you@example.org"), 1);
  EXPECT_EQ(support::files_in(trial.mailbox() / "new").size(), 1U);
}

}  // namespace
