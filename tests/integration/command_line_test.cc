// fridayctl where people and scripts may go wrong: asked where nobody is, pointed at a wrong file, or told
// half of what they have to know.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "support/trial.h"

namespace {

using support::contents;
using support::eventually;
using support::kDraft;
using support::Ran;
using support::Trial;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kThursday = "2026-11-26T12:00:00Z";
constexpr const char* kName = "a-question-of-trust";

class CommandLine : public testing::Test {
 protected:
  CommandLine() : trial(kThursday) {}
  void begin() {
    ASSERT_TRUE(trial.start()) << trial.log();
    trial.drop(std::string(kName) + ".md", kDraft);
    ASSERT_TRUE(trial.eventually_listed(kName)) << trial.log();
  }
  static Ran ctl(const std::vector<std::string>& words) {
    std::vector<std::string> command = {support::program("fridayctl")};
    command.insert(command.end(), words.begin(), words.end());
    return support::run(command);
  }
  Trial trial;
};

TEST_F(CommandLine, WhereNobodyCanBeAskedNothingIsPublishedWithoutYes) {
  begin();
  const Ran refused = trial.ctl({"publish", kName});
  EXPECT_EQ(refused.exit, 64);
  EXPECT_THAT(refused.out, HasSubstr("--yes"));
  EXPECT_TRUE(trial.api({"posts"}).at("items").as_array().empty());
  EXPECT_EQ(trial.ctl({"publish", kName, "--dry-run"}).exit, 0);
  // Of the words after --channel only the first is one.
  const Ran some = trial.ctl({"publish", "--channel", "blog", kName, "--dry-run"});
  EXPECT_EQ(some.exit, 0) << some.out;
  EXPECT_THAT(some.out, Not(HasSubstr("mail (maildir)")));
  // Progress is for people: what a script reads is one object.
  const auto plan = trial.api({"publish", kName, "--yes"});
  EXPECT_EQ(plan.at("slug"), kName);
}

TEST_F(CommandLine, WithoutADaemonTheExitCodeIs69AndItSaysWhatToDo) {
  trial.write_config();
  const Ran none = trial.ctl({"timeline"});
  EXPECT_EQ(none.exit, 69) << none.out;
  EXPECT_THAT(none.out, HasSubstr("is it running?"));
}

// Each time the far end is gone before, while or after it is asked: which of them is chance.
TEST_F(CommandLine, ADaemonThatEndsAsItIsAskedIsToldOf) {
  const std::string config = trial.write_config();
  const std::string path = (trial.folder() / "control.sock").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  std::thread hangs_up([listener] {
    for (int one = 0; (one = ::accept(listener, nullptr, nullptr)) >= 0;) ::close(one);
  });
  for (int i = 0; i < 60; ++i) {
    const Ran asked = ctl({"--config", config, "channels"});
    EXPECT_EQ(asked.exit, 69) << asked.out;
  }
  ::shutdown(listener, SHUT_RDWR);
  hangs_up.join();
  ::close(listener);
}

TEST_F(CommandLine, WhatTheFolderRefusesCheckRefusesToo) {
  const auto folder = trial.folder();
  support::put(folder / "a.md", "# A\n\nText.\n");
  std::filesystem::create_symlink("a.md", folder / "link.md");
  std::filesystem::create_hard_link(folder / "a.md", folder / "twin.md");
  ASSERT_EQ(::mkfifo((folder / "pipe.md").c_str(), 0600), 0);
  const auto check = [&](const char* name) { return ctl({"check", (folder / name).string()}); };
  EXPECT_THAT(check("link.md").out, HasSubstr("link.md is a symbolic link"));
  EXPECT_THAT(check("twin.md").out, HasSubstr("twin.md is a hard-linked file"));
  const Ran pipe = check("pipe.md");
  EXPECT_THAT(pipe.out, HasSubstr("pipe.md is no ordinary file"));
  EXPECT_EQ(pipe.exit, 1);
}

TEST_F(CommandLine, AConfigurationThatCantBeReadLeadsToNoOtherDaemon) {
  const Ran missing = ctl({"--config", "/nonexistent/typo.toml", "stop"});
  EXPECT_EQ(missing.exit, 78);
  EXPECT_THAT(missing.out, HasSubstr("typo.toml: can't be read"));
  support::put(trial.folder() / "torn.toml", "[daemon\n");
  EXPECT_EQ(ctl({"--config", (trial.folder() / "torn.toml").string(), "stop"}).exit, 78);

  begin();
  support::put(trial.folder() / "other.toml", "[daemon]\ncontrol = \"control.sock\"\n[nonsense]\n");
  const Ran broken = ctl({"--config", (trial.folder() / "other.toml").string(), "stop"});
  EXPECT_EQ(broken.exit, 0) << broken.out;
  EXPECT_THAT(broken.out, HasSubstr("nonsense"));
}

TEST_F(CommandLine, UnderTheBrakeNobodyIsToldThatAPostIsOnItsWay) {
  begin();
  ASSERT_EQ(trial.ctl({"stop"}).exit, 0);
  const Ran waits = trial.ctl({"publish", kName, "--yes", "--wait"});
  EXPECT_EQ(waits.exit, 75) << waits.out;
  EXPECT_THAT(waits.out, HasSubstr("`fridayctl resume`"));
  support::put(trial.content() / "STOP", "");
  ASSERT_TRUE(eventually([&] { return trial.ctl({"resume"}).exit == 75; }));
  EXPECT_THAT(trial.ctl({"resume"}).out, HasSubstr("STOP"));
  std::filesystem::remove(trial.content() / "STOP");
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
}

TEST_F(CommandLine, ATestMailKeepsThePromiseToThoseWhoLeft) {
  begin();
  ASSERT_EQ(trial.ctl({"suppress", "left@example.org"}).exit, 0);
  const Ran refused = trial.ctl({"send-test", kName, "--to", "left@example.org"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_THAT(refused.out, HasSubstr("left@example.org"));
  EXPECT_EQ(trial.mails_to("left@example.org"), 0);
  EXPECT_EQ(trial.ctl({"send-test", kName, "--to", "me@example.org"}).exit, 0);
}

TEST_F(CommandLine, TheMailsOfADeliveryAreListedByTheirState) {
  begin();
  ASSERT_EQ(trial.ctl({"publish", kName, "--yes", "--wait"}).exit, 0);
  const Ran sent = trial.ctl({"deliveries", "v2", "--state", "accepted"});
  EXPECT_THAT(sent.out, HasSubstr("reader1@example.org"));
  EXPECT_THAT(sent.out, HasSubstr("reader2@example.org"));
  EXPECT_EQ(trial.ctl({"deliveries", "v2", "--state", "failed"}).out, "No message is failed.\n");
  EXPECT_EQ(trial.ctl({"deliveries", "v2", "--state", "nonsense"}).exit, 64);
  EXPECT_EQ(trial.ctl({"deliveries", "--state", "failed"}).exit, 64);
  EXPECT_EQ(trial.api({"deliveries", "v2", "--state", "accepted"}).at("items").as_array().size(), 2U);
  EXPECT_THAT(trial.ctl({"log", "v1"}).out, HasSubstr("confirmed"));
  EXPECT_THAT(trial.ctl({"log", "m2/1"}).out, HasSubstr("reader1@example.org"));
  for (const char* unknown : {"v99", "p99", "d99", "m2/99", "nonsense"}) {
    const Ran ran = trial.ctl({"log", unknown});
    EXPECT_EQ(ran.exit, 1) << unknown;
    EXPECT_THAT(ran.out, HasSubstr("no such ID"));
  }
}

TEST_F(CommandLine, AMissingFolderIsMadeAndAPlainFileInItsPlaceIsRefused) {
  std::filesystem::remove_all(trial.content());
  ASSERT_TRUE(trial.start()) << trial.log();
  EXPECT_TRUE(std::filesystem::is_directory(trial.content() / "drafts"));
  EXPECT_TRUE(std::filesystem::is_directory(trial.content() / "published"));
  ASSERT_EQ(trial.stop(), 0);
  std::filesystem::remove_all(trial.content());
  support::put(trial.content(), "no folder");
  EXPECT_FALSE(trial.start());
  EXPECT_EQ(trial.wait(), 78);
  EXPECT_THAT(trial.log(), HasSubstr("[daemon] content can't be used"));
}

TEST_F(CommandLine, AFolderThatVanishesIsToldAndUsedAgainOnceItIsBack) {
  begin();
  std::filesystem::rename(trial.content(), trial.folder() / "elsewhere");
  Ran status;
  ASSERT_TRUE(eventually([&] {
    status = trial.ctl({"status"});
    return status.out.find("shared folder is not well") != std::string::npos;
  })) << status.out;
  EXPECT_EQ(status.exit, 1);
  std::filesystem::create_directories(trial.content() / "drafts");
  ASSERT_EQ(trial.ctl({"publish", kName, "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_TRUE(eventually([&] { return !support::files_in(trial.content() / "published/2026").empty(); }))
      << trial.log();
}

TEST_F(CommandLine, AStoreThatWasTakenAwayIsMissed) {
  begin();
  ASSERT_EQ(trial.stop(), 0);
  for (const char* tail : {"", "-wal", "-shm"})
    std::filesystem::remove(trial.folder() / ("state/fridayd.db" + std::string(tail)));
  ASSERT_TRUE(trial.start()) << trial.log();
  EXPECT_THAT(trial.ctl({"status"}).out, HasSubstr("safe mode"));
}

TEST_F(CommandLine, ARehearsalIsSaidWhereverAPlanIsShown) {
  trial.configure("more", "[rehearsal]\nto = \"me@example.org\"\nfolder = \"rehearsal\"\n");
  begin();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"timeline"}, {"channels"}, {"publish", kName, "--dry-run"}, {"doctor"}}) {
    EXPECT_THAT(trial.ctl(words).out, HasSubstr("REHEARSAL")) << words.front();
  }
  EXPECT_TRUE(eventually([&] {
    return contents(trial.content() / "STATUS.md").find("REHEARSAL") != std::string::npos;
  })) << contents(trial.content() / "STATUS.md");
}

TEST_F(CommandLine, NoFileNameReachesTheTerminalAsItIs) {
  begin();
  trial.drop("evil\033[31m\u009b2J.md", "---\nseries: nowhere\n---\nText.\n");
  ASSERT_TRUE(eventually([&] { return trial.ctl({"drafts"}).out.find("evil") != std::string::npos; }));
  const std::string out = trial.ctl({"drafts"}).out;
  EXPECT_THAT(out, Not(HasSubstr("\033")));
  EXPECT_THAT(out, Not(HasSubstr("\u009b")));
  EXPECT_THAT(out, HasSubstr("evil\\x1b[31m"));
}

TEST_F(CommandLine, APostThatTakesALaterSlotByHandBearsTheDayOfItsPublication) {
  begin();
  ASSERT_TRUE(eventually([&] { return trial.ctl({}).out.find("2026-12-04") != std::string::npos; }));
  ASSERT_EQ(trial.ctl({"publish", kName, "--slot", "2026-12-04", "--yes", "--wait"}).exit, 0);
  const auto filed = trial.content() / "published/2026/2026-11-26-a-question-of-trust.md";
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(filed); })) << trial.log();
  EXPECT_THAT(contents(filed), HasSubstr("2026-11-26"));
}

TEST_F(CommandLine, ADraftWhoseSlotCantBeKeptIsAProblemEverywhere) {
  begin();
  trial.drop("late.md", "---\ntitle: Late\nslot: 2026-11-20\n---\n\nText.\n");
  const auto told = [&] { return trial.ctl({"drafts"}).out.find("has passed") != std::string::npos; };
  ASSERT_TRUE(eventually(told)) << trial.ctl({"drafts"}).out;
  const auto drafts = trial.api({"drafts"});
  for (const auto& item : drafts.at("items").as_array()) {
    const bool late = item.at("slug") == "late";
    EXPECT_EQ(item.at("state"), late ? "problem" : "ready");
    EXPECT_EQ(item.at("problems").as_array().size(), late ? 1U : 0U);
  }
  const auto listed = [&] {
    const std::string status = contents(trial.content() / "STATUS.md");
    const std::size_t first = status.find("late.md");
    return first != std::string::npos && status.find("late.md", first + 1) == std::string::npos;
  };
  EXPECT_TRUE(eventually(listed)) << contents(trial.content() / "STATUS.md");
  // The check without a daemon goes by today.
  const auto file = trial.folder() / "never.md";
  support::put(file, "---\ntitle: Late\nslot: 2020-11-20\n---\n\nText.\n");
  const Ran check = trial.ctl({"check", file.string()});
  EXPECT_EQ(check.exit, 1);
  EXPECT_THAT(check.out, HasSubstr("slot 2020-11-20 has passed"));
}

TEST_F(CommandLine, APreviewIsWhatReadersWillSee) {
  trial.configure("url", "https://blog.example.org");
  trial.write_config();
  const std::string config = trial.write_config();
  const auto file = trial.folder() / "trust.md";
  support::put(trial.folder() / "dot.gif",
               std::string("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01"
                           "\x00\x01\x00\x00\x02\x02"
                           "D\x01\x00;",
                           35));
  support::put(file, "---\ntitle: Trust\n---\n\nDear {{name|R&D}},\n\nText ![a dot](dot.gif).\n");
  const auto preview = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"preview", file.string()});
    return trial.ctl(words);
  };
  EXPECT_THAT(preview({}).out, HasSubstr("href=\"https://blog.example.org/trust/\""));
  const std::string mail = preview({"--channel", "mail"}).out;
  EXPECT_THAT(mail, HasSubstr("src=\"data:image/gif;base64,"));
  EXPECT_THAT(mail, HasSubstr("https://blog.example.org/trust/"));
  EXPECT_THAT(mail, HasSubstr("Dear R&amp;D,"));
  EXPECT_THAT(preview({"--channel", "mail", "--format", "text"}).out, HasSubstr("Dear R&D,"));
  const Ran typo = preview({"--channel", "mial"});
  EXPECT_EQ(typo.exit, 64);
  EXPECT_THAT(typo.out, HasSubstr("did you mean \"mail\"?"));
  EXPECT_EQ(preview({"--channel", "blog", "--format", "eml"}).exit, 64);
  EXPECT_EQ(preview({"--series", "sales"}).exit, 64);
}

TEST_F(CommandLine, TheDoctorReadsTheListsThatMailGoesBy) {
  support::put(trial.folder() / "recipients.csv", "address,name\na@example.org,A\nnonsense,B\n");
  trial.write_config();
  trial.as_nobody();
  const Ran ran = trial.ctl_as_nobody({"doctor"});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("recipients.csv:3: \"nonsense\" gets no mail"));
  EXPECT_THAT(ran.out, HasSubstr("1 recipients in"));
  EXPECT_EQ(trial.ctl({"check", (trial.folder() / "nope.md").string()}).exit, 1);
  EXPECT_EQ(trial.ctl({"hold", ""}).exit, 64);
}

TEST_F(CommandLine, AWrongCommandLineEndsWith64AndSaysWhereItIsExplained) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"publsh"}, "fridayctl: unknown verb 'publsh'; did you mean 'publish'?\n"},
      {{"publish"}, "fridayctl: draft is required; see `fridayctl publish --help`\n"},
      {{"publish", "d1", "--channel"},
       "fridayctl: --channel needs a value; see `fridayctl publish --help`\n"},
      {{"settle", "v1"}, "fridayctl: --as is required; see `fridayctl settle --help`\n"},
      {{"settle", "v1", "--as", "lost"},
       "fridayctl: --as: lost not in {accepted,failed,resend}; see `fridayctl settle --help`\n"},
      {{"timeline", "--week", "3"},
       "fridayctl: unknown option '--week'; did you mean '--weeks'? See `fridayctl timeline --help`\n"},
      {{"timeline", "drafts"}, "fridayctl: one word too many: 'drafts'; see `fridayctl timeline --help`\n"},
      {{"log", "--limit", "0"},
       "fridayctl: --limit: Value 0 not in range 1 to 1000000000; see `fridayctl log --help`\n"},
      {{"site"}, "fridayctl: site is followed by rebuild; see `fridayctl site --help`\n"},
      {{"site", "rebuild", "--now"},
       "fridayctl: unknown option '--now'; see `fridayctl site rebuild --help`\n"},
      {{"--config"}, "fridayctl: --config needs a value; see `fridayctl --help`\n"},
      {{"--nonsense"}, "fridayctl: unknown option '--nonsense'; see `fridayctl --help`\n"}};
  for (const auto& [words, told] : wrong) {
    const Ran ran = ctl(words);
    EXPECT_EQ(ran.exit, 64) << ran.out;
    EXPECT_EQ(ran.out, told);
  }
}

TEST_F(CommandLine, AWrongCommandLineOfTheDaemonEndsWith64AndSaysWhereItIsExplained) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--fork"}, "fridayd: unknown option --fork; see `fridayd --help`\n"},
      {{"start"}, "fridayd: takes options only, not 'start'; see `fridayd --help`\n"},
      {{"--config"}, "fridayd: --config needs a file; see `fridayd --help`\n"},
      {{"--check-config", "--clock="}, "fridayd: --clock needs a file; see `fridayd --help`\n"}};
  for (const auto& [words, told] : wrong) {
    std::vector<std::string> command = {support::program("fridayd")};
    command.insert(command.end(), words.begin(), words.end());
    const Ran ran = support::run(command);
    EXPECT_EQ(ran.exit, 64) << ran.out;
    EXPECT_EQ(ran.out, told);
  }
}

TEST_F(CommandLine, APublishSaysWhatBecomesOfTheSlots) {
  begin();
  trial.drop("second.md", "# The second\n\nText.\n");
  ASSERT_TRUE(trial.eventually_listed("the-second"));
  ASSERT_TRUE(
      eventually([&] { return trial.api({"timeline"}).at("slots").at(1).at("title") == "The second"; }));
  EXPECT_THAT(trial.ctl({"publish", kName, "--dry-run"}).out,
              HasSubstr("its slot of Fri 2026-11-27 08:00 goes to d2 'The second'\n"));
  EXPECT_THAT(trial.ctl({"publish", "the-second", "--dry-run"}).out,
              HasSubstr("its slot of Fri 2026-12-04 08:00 is left empty"));
  const auto taken = trial.api({"publish", "the-second", "--slot", "next", "--dry-run"});
  EXPECT_EQ(taken.at("displaced").at("draft"), "d1");
  EXPECT_EQ(taken.at("displaced").at("to").at("date"), "2026-12-04");
  EXPECT_EQ(taken.at("vacated").at("draft"), "d1");
  // As it was said, so it is done.
  const auto done = trial.api({"publish", "the-second", "--slot", "next", "--yes"});
  EXPECT_EQ(done.at("displaced"), taken.at("displaced"));
  const auto slots = trial.api({"timeline"}).at("slots").as_array();
  EXPECT_EQ(slots.at(0).at("title"), "The second");
  EXPECT_EQ(slots.at(1).at("date"), "2026-12-04");
  EXPECT_EQ(slots.at(1).at("title"), "A question of trust");
}

TEST_F(CommandLine, AListThatIsLongerThanAPageIsShownWhole) {
  constexpr std::size_t kMany = 1050;
  for (std::size_t i = 0; i < kMany; ++i) {
    trial.drop("waits-" + std::to_string(i) + ".md", "---\nstatus: draft\n---\n\nText.\n");
  }
  ASSERT_TRUE(trial.start()) << trial.log();
  const auto listed = [&] { return trial.api({"drafts"}).at("items").as_array().size(); };
  EXPECT_TRUE(eventually([&] { return listed() == kMany; }, std::chrono::seconds(60))) << listed();
  EXPECT_TRUE(trial.api({"drafts"}).at("next").is_null());
  const std::string rows = trial.ctl({"drafts"}).out;
  EXPECT_EQ(static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n')), kMany);
}

TEST_F(CommandLine, WhatAProgramReadsIsRowsWithTabs) {
  begin();
  EXPECT_EQ(trial.ctl({"drafts"}).out, "d1\tready\ta-question-of-trust.md\tA question of trust\t\n");
  trial.drop("waits.md", "---\ntitle: It waits\nstatus: draft\n---\n\nText.\n");
  ASSERT_TRUE(trial.eventually_listed("it-waits"));
  std::string timeline;
  ASSERT_TRUE(eventually([&] {
    timeline = trial.ctl({"timeline", "--weeks", "1"}).out;
    return timeline.find("It waits") != std::string::npos;
  })) << timeline;
  EXPECT_EQ(timeline,
            "2026-11-27 08:00 -05:00\tsales-leadership-friday\tplanned\tA question of trust\tblog, mail\t\n"
            "-\t-\tnot planned\tIt waits\twaits.md\twaits: status is draft\n");
}

TEST_F(CommandLine, TheNextSlotsOfAllSeriesComeInOrderOfTime) {
  trial.configure("more",
                  "[series.monday]\nzone = \"UTC\"\nschedule = \"Mon 07:00\"\nchannels = [\"blog\"]\n");
  trial.write_config();
  const Ran next = trial.ctl({"next", "--count", "2", "--after", "2026-11-26T12:00:00Z"});
  EXPECT_EQ(next.out,
            "2026-11-27T13:00:00Z\t2026-11-27T08:00:00-05:00\tsales-leadership-friday\n"
            "2026-11-30T07:00:00Z\t2026-11-30T07:00:00+00:00\tmonday\n"
            "2026-12-04T13:00:00Z\t2026-12-04T08:00:00-05:00\tsales-leadership-friday\n"
            "2026-12-07T07:00:00Z\t2026-12-07T07:00:00+00:00\tmonday\n");
  EXPECT_EQ(trial.api({"next", "--count", "1"}).at("items").as_array().size(), 2U);
  EXPECT_EQ(trial.ctl({"next", "--zone", "UTC"}).exit, 64);
  const Ran empty = trial.ctl({"next", "--schedule", ""});
  EXPECT_EQ(empty.exit, 64);
  EXPECT_THAT(empty.out, HasSubstr("--schedule is empty"));
}

}  // namespace
