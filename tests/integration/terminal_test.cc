// fridayctl on a terminal: it asks before it publishes, shows how far the mail is, and lets go at ctrl-C.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

#include "support/scripted_smtp.h"
#include "support/terminal.h"
#include "support/trial.h"

namespace {

using support::eventually;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::ScriptedSmtp;
using support::Terminal;
using support::Trial;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCtrlC = "\x03";

class OnATerminal : public testing::Test {
 protected:
  OnATerminal() : trial(kThursday) { ::unsetenv("NO_COLOR"); }

  void begin() {
    ASSERT_TRUE(trial.start()) << trial.log();
    trial.drop("a-question-of-trust.md", kDraft);
    ASSERT_TRUE(trial.eventually_listed(kSlug));
    ASSERT_TRUE(eventually(
        [&] { return trial.api({"timeline"}).at("slots").at(0).at("title") == "A question of trust"; }));
  }
  void mail_by(const ScriptedSmtp& server, const std::string& rate) {
    trial.configure(
        "mail", "\n[channels.mail]\nkind = \"smtp\"\nafter = \"blog\"\nhost = \"127.0.0.1\"\nport = " +
                    std::to_string(server.port()) + "\ntls = \"none\"\nconnections = 1\nrate = \"" + rate +
                    "\"\nfrom = \"Friday <friday@example.org>\"\nrecipients = \"recipients.csv\"\n"
                    "test_only = true\n");
  }
  Terminal ctl(const std::vector<std::string>& words, unsigned short columns = 120) const {
    return Terminal(trial.ctl_command(words), columns);
  }
  bool nothing_is_published() const { return trial.api({"posts"}).at("items").as_array().empty(); }

  Trial trial;
};

TEST_F(OnATerminal, PublishShowsThePlanAndDoesNothingUnlessTheAnswerIsYes) {
  begin();
  for (const char* no : {"n\n", "\n", "what?\n"}) {
    Terminal refused = ctl({"publish", kSlug});
    ASSERT_TRUE(refused.shows("Publish now? [y/N] ")) << refused.seen();
    for (const char* told :
         {"A question of trust", "blog (static_site): http://", "mail (maildir): 2 recipients",
          "outside of the schedule", "its slot of Fri 2026-11-27 08:00 is left empty"}) {
      EXPECT_THAT(refused.seen(), HasSubstr(told));
    }
    refused.type(no);
    EXPECT_EQ(refused.wait(), 1) << refused.seen();
    EXPECT_THAT(refused.seen(), HasSubstr("Nothing was done."));
  }
  Terminal left = ctl({"publish", kSlug});
  ASSERT_TRUE(left.shows("Publish now? [y/N] ")) << left.seen();
  left.type(kCtrlC);
  EXPECT_EQ(left.wait(), 128 + SIGINT) << left.seen();
  EXPECT_TRUE(nothing_is_published());

  Terminal agreed = ctl({"publish", kSlug});
  ASSERT_TRUE(agreed.shows("Publish now? [y/N] ")) << agreed.seen();
  EXPECT_TRUE(nothing_is_published());
  agreed.type("y\n");
  EXPECT_EQ(agreed.wait(), 0) << agreed.seen();
  EXPECT_THAT(agreed.seen(), HasSubstr("p1  A question of trust is on its way"));
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
}

TEST_F(OnATerminal, WaitShowsHowFarTheMailIsHowFastItGoesAndHowLongItTakes) {
  ScriptedSmtp::Options options;
  options.script = [](const ScriptedSmtp::Event& event) -> std::optional<ScriptedSmtp::Act> {
    if (event.verb != "RCPT" || event.line.find("reader2@") == std::string::npos) return std::nullopt;
    return ScriptedSmtp::Act{"550 5.1.1 nobody of that name\r\n"};
  };
  const ScriptedSmtp server(options);
  mail_by(server, "2/s");
  trial.recipients(8);
  begin();
  Terminal waits = ctl({"publish", kSlug, "--yes", "--wait"}, 100);
  EXPECT_EQ(waits.wait(), 0) << waits.seen();
  const std::regex going(
      R"(blog: live  mail: sending \[#+\.+\] \d sent, 1 failed, \d left, \d+/(s|min), \d+ s to go)");
  EXPECT_TRUE(std::regex_search(waits.seen(), going)) << waits.seen();
  EXPECT_THAT(waits.seen(), HasSubstr("mail: sent [####################] 7 sent, 1 failed, 0 left"));
  EXPECT_EQ(server.messages().size(), 7U);
}

TEST_F(OnATerminal, AtCtrlCWaitLetsGoAndTheDaemonGoesOn) {
  const ScriptedSmtp server;
  mail_by(server, "2/s");
  trial.recipients(8);
  begin();
  Terminal waits = ctl({"publish", kSlug, "--yes", "--wait"});
  ASSERT_TRUE(waits.shows(" left")) << waits.seen();
  waits.type(kCtrlC);
  EXPECT_EQ(waits.wait(), 75) << waits.seen();
  EXPECT_THAT(waits.seen(), HasSubstr("Detached; fridayd goes on. See `fridayctl deliveries p1`."));
  EXPECT_LT(server.messages().size(), 8U);
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_EQ(server.messages().size(), 8U);
}

TEST_F(OnATerminal, WhereAMailMayHaveArrivedTheExitCodeIsTwo) {
  ScriptedSmtp::Options options;
  options.script = ScriptedSmtp::at("END", {"", ScriptedSmtp::Act::After::close});
  const ScriptedSmtp server(options);
  mail_by(server, "10/s");
  trial.recipients(1);
  begin();
  Terminal waits = ctl({"publish", kSlug, "--yes", "--wait"});
  EXPECT_EQ(waits.wait(), 2) << waits.seen();
  EXPECT_THAT(waits.seen(), HasSubstr("0 sent, 0 failed, 1 may have arrived, 0 left"));
}

TEST_F(OnATerminal, TablesHaveHeadsColoursAndNoLineThatIsTooLong) {
  begin();
  Terminal wide = ctl({});
  EXPECT_EQ(wide.wait(), 0);
  EXPECT_THAT(wide.seen(), HasSubstr("\033[2mWHEN\033[0m"));
  EXPECT_THAT(wide.seen(), HasSubstr("planned  A question of trust  blog, mail"));
  EXPECT_THAT(wide.seen(), Not(HasSubstr("\t")));
  Terminal narrow = ctl({}, 60);
  EXPECT_EQ(narrow.wait(), 0);
  EXPECT_THAT(narrow.seen(), HasSubstr("\u2026"));
}

}  // namespace
