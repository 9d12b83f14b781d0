// fridayd as installed, under a real systemd: the unit lets it do its work and nothing else.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/systemd/machine.h"

namespace {

using support::contents;
using support::eventually;
using support::Machine;
using support::put;
using support::Ran;

constexpr const char* kDropDraft = R"(cat > /srv/friday/drafts/a-question-of-trust.md << 'END'
---
title: A question of trust
---

Buyers forgive a late answer. They do not forgive a guess.
END
)";

class Systemd : public testing::Test {
 protected:
  void SetUp() override { machine_.configure(); }

  void start() {
    const Ran started = machine_.run("systemctl enable --quiet --now fridayd");
    ASSERT_EQ(started.exit, 0) << started.out << machine_.journal();
  }

  bool listed(const std::string& words) {
    return eventually([&] { return machine_.ctl("drafts").out.find(words) != std::string::npos; });
  }

  bool well() {
    return eventually([&] { return machine_.ctl("status").exit == 0; });
  }

  // "2770 fridayd fridayd-authors", or empty.
  std::string rights(const std::string& path) const {
    std::string text = machine_.run("stat -c '%a %U %G' " + path + " 2> /dev/null").out;
    if (!text.empty()) text.pop_back();
    return text;
  }

  Machine machine_;
};

TEST_F(Systemd, AnInstallationIsWholeAndTheUnitGuarded) {
  const Ran verified =
      machine_.run("systemd-analyze verify /usr/lib/systemd/system/fridayd.{service,socket}");
  EXPECT_EQ(verified.exit, 0);
  EXPECT_EQ(verified.out, "");
  const Ran rated = machine_.run(
      "systemd-analyze security --offline=true --threshold=11 /usr/lib/systemd/system/fridayd.service");
  EXPECT_EQ(rated.exit, 0) << rated.out;

  const std::string unit = contents(machine_.path("/usr/lib/systemd/system/fridayd.service"));
  EXPECT_NE(unit.find("ExecStart=/usr/bin/fridayd --config"), std::string::npos) << unit;
  EXPECT_EQ(unit.find('@' + std::string("bin")), std::string::npos) << unit;

  EXPECT_EQ(rights("/srv/friday"), "2770 fridayd fridayd-authors");
  EXPECT_EQ(rights("/srv/friday/drafts"), "2770 fridayd fridayd-authors");
  EXPECT_EQ(rights("/srv/friday/published"), "2770 fridayd fridayd-authors");
  EXPECT_EQ(rights("/var/www/friday"), "755 fridayd fridayd");
  EXPECT_EQ(rights("/etc/fridayd"), "755 root root");
  EXPECT_EQ(rights("/etc/fridayd/credentials"), "700 root root");
  for (const char* file : {"man/man8/fridayd.8", "man/man1/fridayctl.1", "man/man5/fridayd.toml.5",
                           "doc/fridayd/docs/operating.md", "doc/fridayd/examples/fridayd.toml"}) {
    EXPECT_NE(contents(machine_.path(std::string("/usr/share/") + file)), "") << file;
  }
  EXPECT_EQ(machine_.run("fridayd --version && fridayctl --version").exit, 0);
}

TEST_F(Systemd, StartsWhenItIsReadyAndAnswersItsGroupOnly) {
  start();
  EXPECT_EQ(machine_.show("ActiveState"), "active");
  EXPECT_EQ(machine_.show("StatusText"), "watching /srv/friday");
  EXPECT_EQ(machine_.show("Type"), "notify");
  EXPECT_EQ(rights("/run/fridayd/control.sock"), "660 root fridayd-admin");
  EXPECT_TRUE(well()) << machine_.ctl("status").out << machine_.journal();
  const Ran refused = machine_.run_as("ada", "fridayctl status");
  EXPECT_EQ(refused.exit, 77);
  EXPECT_NE(refused.out.find("fridayd-admin"), std::string::npos) << refused.out;
  EXPECT_EQ(machine_.journal().find("Operation not permitted"), std::string::npos) << machine_.journal();
}

TEST_F(Systemd, TheDoctorTellsWhatTheUnitMayDo) {
  machine_.run("install -d -o fridayd -g fridayd /data/blog");
  machine_.configure(
      "[channels.elsewhere]\nkind = \"static_site\"\nroot = \"/data/blog\"\nurl = \"http://127.0.0.1:1\"\n");
  start();
  const std::string out = machine_.ctl("doctor").out;
  for (const char* line :
       {"good  configuration /etc/fridayd/fridayd.toml", "good  state folder /var/lib/fridayd, ",
        "good  content folder /srv/friday/drafts, ", "good  channel blog: site folder /var/www/friday, ",
        "good  those who left ", "good  all of this as fridayd sees it, which runs as fridayd\n",
        "good  control socket /run/fridayd/control.sock, of root:fridayd-admin, mode 660",
        "can't be written: Read-only file system; name it in ReadWritePaths= of the unit"}) {
    EXPECT_NE(out.find(line), std::string::npos) << line << '\n' << out;
  }
  EXPECT_NE(out.find("bad   channel elsewhere: site folder /data/blog, "), std::string::npos) << out;

  machine_.run("systemctl stop fridayd fridayd.socket");
  const std::string here = machine_.run("fridayctl doctor").out;
  for (const char* line : {"good  state folder /var/lib/fridayd, ",
                           "note  all of this with the rights of fridayd, but outside of its unit",
                           "note  the channels were not tried"}) {
    EXPECT_NE(here.find(line), std::string::npos) << line << '\n' << here;
  }
}

TEST_F(Systemd, AnAuthorsDraftBecomesAPageAndAMailSentWithTheCredential) {
  start();
  // With a umask that would keep everybody else out.
  const Ran dropped = machine_.run_as("ada", std::string("umask 077; ") + kDropDraft);
  ASSERT_EQ(dropped.exit, 0) << dropped.out;
  ASSERT_TRUE(listed("A question of trust")) << machine_.journal();
  const Ran published = machine_.ctl("publish a-question-of-trust --yes --wait");
  ASSERT_EQ(published.exit, 0) << published.out << machine_.journal();

  const Ran page = machine_.run_as("www-data", "cat /var/www/friday/a-question-of-trust/index.html");
  EXPECT_NE(page.out.find("They do not forgive a guess."), std::string::npos) << page.out;
  EXPECT_EQ(machine_.run_as("www-data", "cat /var/www/friday/{index.html,feed.xml}").exit, 0);
  // The relay takes mail from nobody who does not know the password.
  const std::string mails = contents(machine_.path("/relay/messages.jsonl"));
  EXPECT_NE(mails.find("reader@example.org"), std::string::npos) << mails;
  EXPECT_NE(mails.find("\"encrypted\": true"), std::string::npos) << mails;

  const std::string year = machine_.run("TZ=America/New_York date +%Y").out.substr(0, 4);
  const std::string away = "/srv/friday/published/" + year;
  ASSERT_TRUE(eventually([&] { return machine_.run("ls " + away + "/*-a-question-of-trust.md").exit == 0; }))
      << machine_.journal();
  EXPECT_EQ(rights(away), "2770 fridayd fridayd-authors");
  EXPECT_EQ(rights(away + "/*.md"), "660 fridayd fridayd-authors");
  EXPECT_FALSE(std::filesystem::exists(machine_.path("/srv/friday/drafts/a-question-of-trust.md")));
}

TEST_F(Systemd, TheFolderTellsItsAuthorsWhatIsWrong) {
  start();
  ASSERT_EQ(machine_
                .run_as("ada",
                        "umask 077; mkdir /srv/friday/drafts/trust && printf -- '---\\ntitel: Trust\\n"
                        "---\\n\\nText.\\n' > /srv/friday/drafts/trust/index.md")
                .exit,
            0);
  const std::string problem = "/srv/friday/drafts/trust/index.md.problem.txt";
  ASSERT_TRUE(eventually([&] { return rights(problem) == "660 fridayd fridayd-authors"; }))
      << rights(problem) << machine_.journal();
  EXPECT_NE(machine_.run_as("ada", "cat " + problem).out.find("titel"), std::string::npos);
  EXPECT_TRUE(eventually([&] {
    return machine_.run_as("ada", "cat /srv/friday/STATUS.md").out.find("titel") != std::string::npos;
  }));
  EXPECT_EQ(rights("/srv/friday/STATUS.md"), "660 fridayd fridayd-authors");
  EXPECT_NE(machine_.run_as("ola", "cat /srv/friday/STATUS.md").exit, 0);
  // Mended by another editor, the file of the problem goes.
  ASSERT_EQ(machine_.run_as("ada", "sed -i s/titel/title/ /srv/friday/drafts/trust/index.md").exit, 0);
  EXPECT_TRUE(eventually([&] { return !std::filesystem::exists(machine_.path(problem)); }))
      << machine_.journal();
}

TEST_F(Systemd, WithoutItsCredentialItEndsAndIsNotStartedAgain) {
  machine_.run("mv /etc/fridayd/credentials/smtp /root/");
  EXPECT_NE(machine_.run("systemctl start fridayd").exit, 0);
  EXPECT_EQ(machine_.show("ExecMainStatus"), "78");
  EXPECT_NE(machine_.journal().find("credential \"smtp\" is not there"), std::string::npos)
      << machine_.journal();
  // Nor does a look at it.
  EXPECT_EQ(machine_.ctl("status").exit, 69);
  EXPECT_EQ(machine_.show("ActiveState"), "failed");
  EXPECT_EQ(machine_.show("NRestarts"), "0");
  machine_.run("mv /root/smtp /etc/fridayd/credentials/");
  start();
  EXPECT_TRUE(well()) << machine_.ctl("status").out;

  // A folder that the unit hands over or opens has to be there.
  machine_.run("systemctl stop fridayd; mv /etc/fridayd/credentials /root/");
  EXPECT_NE(machine_.run("systemctl start fridayd").exit, 0);
  EXPECT_EQ(machine_.show("ActiveState"), "failed");
}

TEST_F(Systemd, AReloadThatIsRefusedLeavesTheOldConfigurationInForce) {
  start();
  machine_.configure("[log]\nlevel = \"debug\"\n");
  EXPECT_EQ(machine_.run("systemctl reload fridayd").exit, 0) << machine_.journal();
  EXPECT_EQ(machine_.journal().find("stays in force"), std::string::npos);
  machine_.configure("[channels.third]\nkind = \"statik_site\"\n");
  EXPECT_NE(machine_.run("systemctl reload fridayd").exit, 0);
  EXPECT_NE(machine_.journal().find("did you mean \"static_site\"?"), std::string::npos)
      << machine_.journal();
  machine_.run("systemctl kill --kill-whom=main -s HUP fridayd");
  EXPECT_TRUE(eventually([&] {
    const std::string journal = machine_.journal();
    return journal.find("stays in force") != journal.rfind("stays in force");
  }));
  EXPECT_EQ(machine_.show("ActiveState"), "active");
  EXPECT_TRUE(well()) << machine_.ctl("status").out;
}

TEST_F(Systemd, KilledItComesBackAndGoesOn) {
  start();
  ASSERT_EQ(machine_.run_as("ada", kDropDraft).exit, 0);
  ASSERT_TRUE(listed("A question of trust")) << machine_.journal();
  machine_.run("systemctl kill --kill-whom=main -s KILL fridayd");
  ASSERT_TRUE(eventually([&] {
    return machine_.show("NRestarts") == "1" && machine_.ctl("status").exit == 0;
  })) << machine_.journal();
  const Ran published = machine_.ctl("publish a-question-of-trust --yes --wait");
  EXPECT_EQ(published.exit, 0) << published.out << machine_.journal();
  EXPECT_EQ(machine_.run("systemctl restart fridayd").exit, 0);
  EXPECT_TRUE(well()) << machine_.ctl("status").out << machine_.journal();
}

TEST_F(Systemd, StuckItIsKilledByTheWatchdog) {
  put(machine_.path("/etc/systemd/system/fridayd.service.d/quick.conf"), "[Service]\nWatchdogSec=1s\n");
  machine_.run("systemctl daemon-reload");
  start();
  machine_.run("systemctl kill --kill-whom=main -s STOP fridayd");
  EXPECT_TRUE(eventually([&] {
    return machine_.show("NRestarts") == "1" && machine_.ctl("status").exit == 0;
  })) << machine_.journal();
  EXPECT_NE(machine_.journal().find("Watchdog timeout"), std::string::npos);
}

TEST_F(Systemd, StopsCleanlyAndStaysStopped) {
  // Neither a server that is silent nor a connection that rests after a mail is waited for.
  ASSERT_EQ(machine_
                .run("systemd-run --quiet --unit=silent python3 -c 'import signal, socket; s = "
                     "socket.create_server((\"127.0.0.1\", 2525)); signal.pause()'")
                .exit,
            0);
  machine_.configure(R"([channels.silent]
kind = "smtp"
host = "127.0.0.1"
port = 2525
tls = "none"
from = "Friday <friday@example.org>"
recipients = "/var/lib/fridayd/recipients.csv"
test_only = true
)");
  start();
  ASSERT_EQ(machine_.run_as("ada", kDropDraft).exit, 0);
  ASSERT_TRUE(listed("A question of trust")) << machine_.journal();
  ASSERT_EQ(machine_.ctl("publish a-question-of-trust --yes --wait").exit, 0) << machine_.journal();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(machine_.run("systemctl stop fridayd").exit, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  EXPECT_EQ(machine_.show("Result"), "success") << machine_.journal();
  EXPECT_NE(machine_.journal().find("everything is put away"), std::string::npos) << machine_.journal();
  // A look must not start what somebody stopped.
  EXPECT_EQ(machine_.ctl("status").exit, 69);
  EXPECT_EQ(machine_.show("ActiveState"), "inactive");
  const Ran failed = machine_.run("systemctl list-units --failed --plain --no-legend");
  EXPECT_EQ(failed.out, "") << machine_.journal();
  machine_.configure();
  start();
  EXPECT_TRUE(well()) << machine_.ctl("status").out;
}

TEST_F(Systemd, WritesNowhereElse) {
  start();
  EXPECT_EQ(machine_.ctl("backup /var/lib/fridayd/copy.db").exit, 0);
  for (const char* place : {"/tmp/copy.db", "/var/tmp/copy.db", "/var/backups/copy.db",
                            "/etc/fridayd/copy.db", "/home/copy.db"}) {
    const Ran ran = machine_.ctl(std::string("backup ") + place);
    EXPECT_NE(ran.exit, 0) << place;
    EXPECT_NE(ran.out.find(std::filesystem::path(place).parent_path().string()), std::string::npos)
        << ran.out;
  }
}

}  // namespace
