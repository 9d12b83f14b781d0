// What fridayctl doctor says of rights, with and without a daemon. Where root runs this, daemon and doctor
// are nobody's: root is refused nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include "support/trial.h"

namespace {

namespace fs = std::filesystem;
using support::kThursday;
using support::Ran;
using support::Trial;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

void allow(const fs::path& path, unsigned mode) {
  fs::permissions(path, static_cast<fs::perms>(mode));
}

class Doctor : public testing::Test {
 protected:
  Doctor() : trial(kThursday) {
    fs::create_directories(trial.site());
    for (const char* part : {"tmp", "new", "cur"}) fs::create_directories(trial.mailbox() / part);
    support::put(trial.folder() / "suppressed.csv", "left@example.org\n");
    trial.configure("more", "[templates]\nfolder = \"theme\"\n");
    fs::create_directories(trial.folder() / "theme");
    trial.as_nobody();
  }
  void shut() const {
    allow(trial.site(), 0555);
    allow(trial.mailbox() / "tmp", 0555);
    allow(trial.folder() / "suppressed.csv", 0444);
    allow(trial.folder() / "recipients.csv", 0200);
  }
  void open() const {
    for (const auto& folder : {trial.site(), trial.mailbox() / "tmp"}) allow(folder, 0755);
    for (const char* file : {"suppressed.csv", "recipients.csv"}) allow(trial.folder() / file, 0644);
  }
  static void expect_refusals(const std::string& out) {
    EXPECT_THAT(out, ContainsRegex("bad   channel blog: site folder [^\n]*/site, [^\n]*can't be written"));
    EXPECT_THAT(out, ContainsRegex("bad   channel mail: mail folder [^\n]*/tmp, [^\n]*can't be written"));
    EXPECT_THAT(out, ContainsRegex("bad   those who left [^\n]*suppressed.csv, [^\n]*can't be written"));
    EXPECT_THAT(out, ContainsRegex("bad   channel mail: [^\n]*recipients.csv[^\n]*Permission denied"));
    EXPECT_THAT(out, ContainsRegex("good  state folder [^\n]*/state"));
    EXPECT_THAT(out, ContainsRegex("good  content folder [^\n]*/drafts, "));
    EXPECT_THAT(out, ContainsRegex("good  theme folder [^\n]*/theme, "));
  }
  Trial trial;
};

TEST_F(Doctor, WhereADaemonRunsItsRightsCount) {
  ASSERT_TRUE(trial.start()) << trial.log();
  shut();
  const Ran ran = trial.ctl({"doctor"});
  EXPECT_EQ(ran.exit, 1);
  expect_refusals(ran.out);
  EXPECT_THAT(ran.out, HasSubstr("as fridayd sees it, which runs as "));
  EXPECT_THAT(ran.out, ContainsRegex("control socket [^\n]*/control.sock, [^\n]*mode 660"));
  EXPECT_THAT(ran.out, HasSubstr("good  fridayd answers"));
  EXPECT_THAT(ran.out, HasSubstr("good  channel blog: "));
  open();
  const Ran mended = trial.ctl({"doctor"});
  EXPECT_THAT(mended.out, Not(ContainsRegex("bad   (channel|those|.*folder)")));
  EXPECT_THAT(mended.out, ContainsRegex("good  those who left [^\n]*: 1\n"));
}

TEST_F(Doctor, WithoutADaemonPathsAreLookedAtAllTheSame) {
  trial.write_config();
  shut();
  const Ran ran = trial.ctl_as_nobody({"doctor"});
  EXPECT_EQ(ran.exit, 1);
  expect_refusals(ran.out);
  EXPECT_THAT(ran.out, HasSubstr("the channels were not tried"));
  EXPECT_THAT(ran.out, ContainsRegex("note  all of this with the rights of [a-z]"));
  EXPECT_THAT(ran.out, ContainsRegex("bad   fridayd does not answer [^\n]*; start it"));
}

TEST_F(Doctor, AnotherConfigurationThanTheRunningOneIsLookedAtItself) {
  ASSERT_TRUE(trial.start()) << trial.log();
  support::put(trial.folder() / "next.toml", support::contents(trial.folder() / "fridayd.toml") +
                                                 "[channels.second]\nkind = \"static_site\"\nroot = \"new\"\n"
                                                 "url = \"http://127.0.0.1:1\"\n");
  const Ran ran = support::run(
      {support::program("fridayctl"), "--config", (trial.folder() / "next.toml").string(), "doctor"});
  EXPECT_THAT(ran.out, ContainsRegex("note  fridayd runs on another configuration: [^\n]*fridayd.toml"));
  EXPECT_THAT(ran.out, ContainsRegex("channel second: site folder [^\n]*/new"));
}

}  // namespace
