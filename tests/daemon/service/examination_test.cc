#include "service/examination.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "service/as_account.h"
#include "support/as_nobody.h"
#include "support/temp_folder.h"

namespace service {
namespace {

namespace fs = std::filesystem;
using admin::Finding;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kConfiguration = R"(
[daemon]
state = "state"
content = "content"
control = "control.sock"
[templates]
folder = "theme"
[series.friday]
zone = "UTC"
schedule = "Fri 08:00"
channels = ["blog", "mail"]
[channels.blog]
kind = "static_site"
root = "site"
url = "https://blog.example.org"
[channels.mail]
kind = "maildir"
path = "mailbox"
from = "friday@example.org"
recipients = "recipients.csv"
suppressed = "left.csv"
test_only = true
)";

class ExaminationTest : public testing::Test {
 protected:
  ExaminationTest() {
    folder_.write("recipients.csv", "address\nada@example.org\nnonsense\n");
    folder_.write("left.csv", "bob@example.org\n");
    age(folder_ / "recipients.csv");
    age(folder_ / "left.csv");
    for (const char* name : {"state", "content/drafts", "content/published", "theme", "site", "mailbox/tmp",
                             "mailbox/new", "mailbox/cur"}) {
      fs::create_directories(folder_ / name);
    }
  }
  // Nobody is writing it.
  static void age(const fs::path& file) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  std::vector<std::string> look(const std::string& more = "", bool running = false,
                                const WasSeen& was_seen = {}) {
    folder_.write("fridayd.toml", kConfiguration + more);
    support::give_to_nobody(folder_ / "");
    const AsAccount nobody("nobody");
    const admin::Examination found = examine({folder_ / "fridayd.toml", {}}, running, was_seen);
    EXPECT_EQ(found.config, (folder_ / "fridayd.toml").string());
    std::vector<std::string> lines;
    for (const Finding& each : found.findings) {
      const char* const kind = each.kind == Finding::Kind::good  ? "good "
                               : each.kind == Finding::Kind::bad ? "bad "
                                                                 : "note ";
      EXPECT_EQ(each.todo.empty(), each.kind != Finding::Kind::bad) << each.what;
      lines.push_back(kind + each.what);
    }
    return lines;
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  support::TempFolder folder_;
};

TEST_F(ExaminationTest, AFileOfThoseWhoLeftThatGotLostIsToldByWhoKnows) {
  fs::remove(folder_ / "left.csv");
  EXPECT_THAT(look(),
              Contains(testing::AllOf(StartsWith("note those who left"), HasSubstr("only fridayd knows"))));
  const auto never = look("", true, [](const mailing::MailChannel&) { return false; });
  EXPECT_THAT(never, Contains(testing::AllOf(StartsWith("good those who left"), HasSubstr("not there yet"))));
  const auto lost = look("", true, [](const mailing::MailChannel&) { return true; });
  EXPECT_THAT(lost, Contains(testing::AllOf(StartsWith("bad "), HasSubstr("left.csv"))));
}

TEST_F(ExaminationTest, TheStoresFilesAndTheDiskAreLookedAt) {
  folder_.write("state/fridayd.db", "");
  folder_.write("state/generation", "1");
  fs::permissions(folder_ / "state/generation", static_cast<fs::perms>(0444));
  const auto lines = look();
  EXPECT_THAT(lines, Contains(StartsWith("good state file " + path("state/fridayd.db"))));
  EXPECT_THAT(lines, Contains(StartsWith("bad state file " + path("state/generation"))));
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) { return line.find("the disk of ") != line.npos; }),
            1);
}

TEST_F(ExaminationTest, EachPlaceAndListHasItsLine) {
  const auto lines = look();
  EXPECT_THAT(lines, Contains("good configuration " + path("fridayd.toml")));
  for (const char* place :
       {"state folder state", "content folder content", "content folder content/drafts",
        "content folder content/published", "theme folder theme", "channel blog: site folder site",
        "channel mail: mail folder mailbox/tmp", "channel mail: mail folder mailbox/new",
        "channel mail: mail folder mailbox/cur", "those who left left.csv"}) {
    const std::string words = place;
    const std::size_t name = words.rfind(' ') + 1;
    EXPECT_THAT(lines,
                Contains(StartsWith("good " + words.substr(0, name) + path(words.substr(name)) + ',')));
  }
  EXPECT_THAT(lines, Contains("good channel mail: 1 recipients in " + path("recipients.csv")));
  EXPECT_THAT(lines, Contains(StartsWith("bad " + path("recipients.csv") + ":3: \"nonsense\" gets no mail")));
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line[0] == 'b'; }), 1);
}

TEST_F(ExaminationTest, WhatMayNotBeUsedIsBad) {
  fs::permissions(folder_ / "site", static_cast<fs::perms>(0555));
  fs::permissions(folder_ / "mailbox/new", static_cast<fs::perms>(0555));
  fs::permissions(folder_ / "left.csv", static_cast<fs::perms>(0444));
  fs::permissions(folder_ / "recipients.csv", static_cast<fs::perms>(0200));
  fs::remove_all(folder_ / "content/published");
  folder_.write("content/published", "");
  const auto lines = look();
  EXPECT_THAT(lines, Contains(testing::MatchesRegex("bad channel blog: site folder .*can't be written.*")));
  EXPECT_THAT(lines, Contains(testing::MatchesRegex("bad channel mail: mail folder .*new,.*be written.*")));
  EXPECT_THAT(lines, Contains(testing::MatchesRegex("bad those who left .*can't be written.*")));
  EXPECT_THAT(lines, Contains(testing::MatchesRegex("bad channel mail: .*recipients.csv.*denied")));
  EXPECT_THAT(lines, Contains("bad content folder " + path("content/published") + " is no folder"));
}

TEST_F(ExaminationTest, InARehearsalItsFolderCounts) {
  const auto lines = look("[rehearsal]\nto = \"me@example.org\"\nfolder = \"try\"\n");
  EXPECT_THAT(lines, Contains(StartsWith("note REHEARSAL: all mail goes to me@example.org")));
  EXPECT_THAT(lines, Contains(StartsWith("good rehearsal folder " + path("try") + " is not there yet")));
  EXPECT_THAT(lines, Contains(StartsWith("good channel blog: site folder " + path("try/blog"))));
  EXPECT_THAT(lines, Not(Contains(HasSubstr(path("site")))));
}

TEST_F(ExaminationTest, AFolderThatWentAwayUnderADaemonIsNotMadeByIt) {
  fs::remove_all(folder_ / "content");
  EXPECT_THAT(look(), Contains(StartsWith("good content folder " + path("content") + " is not there yet")));
  EXPECT_THAT(look("", true), Contains("bad content folder " + path("content") + " is not there"));
}

TEST_F(ExaminationTest, EachFaultOfTheConfigurationHasItsLine) {
  const auto lines = look("[log]\nlevel = \"loud\"\n[content]\nquick = 1\n");
  EXPECT_THAT(lines, Not(Contains(HasSubstr("good configuration"))));
  EXPECT_THAT(lines, Contains(testing::MatchesRegex("bad .*fridayd.toml:.*level.*")));
  EXPECT_THAT(lines, Contains(testing::MatchesRegex("bad .*fridayd.toml:.*quick.*")));
}

}  // namespace
}  // namespace service
