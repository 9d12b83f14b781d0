// What is wrong with a configuration, in the words that people read.
#include <filesystem>
#include <fstream>

#include "configuration.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LoadFaultsTest : public ConfigurationTest {};

TEST_F(LoadFaultsTest, SaysWhyAFileCannotBeRead) {
  const std::string folder = fresh_folder();
  const std::string todo = "; name the configuration with --config FILE";
  const auto told_of = [&](const std::string& path) {
    faults_ = {};
    EXPECT_EQ(load(path, faults_).file, path);
    return told();
  };
  EXPECT_THAT(told_of(folder + "/none"),
              ElementsAre(folder + "/none: can't be read: No such file or directory" + todo));
  EXPECT_THAT(told_of(folder), ElementsAre(folder + ": can't be read: Is a directory" + todo));
  const std::string large = folder + "/large";
  std::ofstream(large) << '#' << std::string(1u << 20, 'x');
  EXPECT_THAT(told_of(large), ElementsAre(large + ": can't be read: larger than 1 MiB" + todo));
  std::ofstream(large) << '#' << std::string((1u << 20) - 1, 'x');
  EXPECT_THAT(told_of(large), IsEmpty());
  std::filesystem::remove_all(folder);
}

TEST_F(LoadFaultsTest, SaysWhereTheTomlIsBroken) {
  EXPECT_THAT(faults_of("[site]\ntitle = A\ncolour = 3\n"),
              ElementsAre("2:9: Error while parsing value: could not determine value type; mend the TOML"));
  EXPECT_THAT(
      faults_of("[site]\ntitle = \"A\"\ntitle = \"B\"\n"),
      ElementsAre(
          "3:9: Error while parsing key-value pair: cannot redefine existing string 'title'; mend the TOML"));
  EXPECT_THAT(faults_of("[site\n"),
              ElementsAre("1:6: Error while parsing table header: expected ']', saw '\\n'; mend the TOML"));
  EXPECT_THAT(faults_of("[site]\ntitle = \"\xff\"\n"),
              ElementsAre("2:9: Encountered invalid utf-8 sequence; mend the TOML"));
  EXPECT_EQ(config_.file, "/etc/fridayd/t.toml");
}

TEST_F(LoadFaultsTest, NamesUnknownSectionsAndKeys) {
  EXPECT_THAT(faults_of("[sites]\n[log]\nlevl = \"info\"\n[chanels.blog]\n[misc]\nx = 1\n"),
              ElementsAre("1:2: unknown section [sites]; did you mean [site]?",
                          "3:1: unknown key \"levl\" in [log]; did you mean \"level\"?",
                          "4:2: unknown section [chanels]; did you mean [channels]?",
                          "5:2: unknown section [misc]; the sections are daemon, log, site, content, series, "
                          "channels, rehearsal, templates"));
  EXPECT_THAT(faults_of("[templates]\ntheme = \"x\"\n[daemon]\npidfile = \"x\"\n"),
              ElementsAre("2:1: unknown key \"theme\" in [templates]; the keys are folder",
                          "4:1: unknown key \"pidfile\" in [daemon]; the keys are content, control, state"));
}

TEST_F(LoadFaultsTest, NamesWhatShouldBeATable) {
  EXPECT_THAT(faults_of("log = \"debug\"\nchannels = 3\nseries.friday = \"Fri 08:00\"\nrehearsal = true\n"),
              ElementsAre("1:7: log is not a table; write [log]",
                          "2:12: channels is not a table; write [channels.NAME]",
                          "3:17: series.friday is not a table; write [series.friday]",
                          "4:13: rehearsal is not a table; write [rehearsal]"));
  EXPECT_THAT(faults_of("[channels]\nblog = \"static_site\"\n"),
              ElementsAre("2:8: channels.blog is not a table; write [channels.blog]"));
}

TEST_F(LoadFaultsTest, NamesWhatTheHouseCannotTake) {
  EXPECT_THAT(
      faults_of("[log]\nlevel = \"loud\"\nformat = 3\n[site]\ncolour = \"blue\"\nlanguage = \"en_GB\"\nurl = "
                "\"example.org\"\n[content]\nhtml = \"raw\"\nmax_draft = \"2M\"\nsettle = \"2 "
                "s\"\nallowed_owners = "
                "\"ada\"\n[rehearsal]\nto = \"me\"\n"),
      ElementsAre("2:1: level is \"loud\"; use one of \"trace\", \"debug\", \"info\", \"warning\", \"error\"",
                  "3:1: format is a whole number, not a string; write format = \"...\"",
                  "5:1: colour is \"blue\"; write it as \"#1f5fbf\"",
                  "6:1: language is \"en_GB\"; write it as \"en\" or \"pt-BR\"",
                  "7:1: url is \"example.org\"; write it as \"https://example.org\"",
                  "9:1: html is \"raw\"; use one of \"sanitise\", \"strip\"",
                  "10:1: max_draft is no size: \"2M\"; write it as \"500kB\" or \"2MiB\"",
                  "11:1: settle is no duration: \"2 s\"; write it as \"90s\", \"12h\" or \"2d\"",
                  "12:1: allowed_owners is a string, not a list; write allowed_owners = [\"...\"]",
                  "14:1: to is no mail address: \"me\"; write it as \"me@example.org\""));
  EXPECT_THAT(faults_of("[rehearsal]\n"), ElementsAre("1:1: [rehearsal] lacks to; write to = \"...\""));
}

TEST_F(LoadFaultsTest, KnowsColoursLanguagesAddressesAndHours) {
  const auto sound = [&](const std::string& key, const std::string& value) {
    return faults_of("[site]\n" + key + " = \"" + value + "\"\n").empty();
  };
  for (const char* colour : {"#000", "#aBc", "#1f5fbf"}) EXPECT_TRUE(sound("colour", colour)) << colour;
  for (const char* colour : {"", "#", "#12", "#1234", "#12345", "#1234567", "123456", "#12345g"}) {
    EXPECT_FALSE(sound("colour", colour)) << colour;
  }
  for (const char* language : {"en", "pt-BR", "zh-Hant-TW", "de-CH-1996"})
    EXPECT_TRUE(sound("language", language));
  for (const char* language : {"", "e", "en-", "-en", "en--US", "en_US", "1a", "english12", "en\\\" x="}) {
    EXPECT_FALSE(sound("language", language)) << language;
  }
  for (const char* url : {"", "https://example.org", "http://localhost:8080/blog", "https://[::1]/"}) {
    EXPECT_TRUE(sound("url", url)) << url;
  }
  for (const char* url : {"https://", "https:///x", "http://:80", "ftp://example.org", "HTTPS example.org",
                          "https://example.org/a b", "https://example.org/<b>", "javascript:alert(1)"}) {
    EXPECT_FALSE(sound("url", url)) << url;
  }
  const auto hour = [&](const std::string& value) {
    return faults_of("[channels.x]\nkind = \"smtp\"\nat = \"" + value + "\"\n").empty();
  };
  for (const char* at : {"", "00:00", "09:30", "23:59"}) EXPECT_TRUE(hour(at)) << at;
  for (const char* at : {"24:00", "9:30", "09:60", "09.30", "0930", "ab:cd", "09:3x", "2:030"})
    EXPECT_FALSE(hour(at)) << at;
}

TEST_F(LoadFaultsTest, RefusesASocketPathThatIsTooLong) {
  const std::string longest = "/" + std::string(106, 'x');
  EXPECT_THAT(faults_of("[daemon]\ncontrol = \"" + longest + "\"\n"), IsEmpty());
  EXPECT_THAT(
      faults_of("[daemon]\ncontrol = \"" + longest + "x\"\n"),
      ElementsAre(
          "2:1: control is longer than the 107 bytes that a socket's path may have; use a shorter path"));
}

TEST_F(LoadFaultsTest, NamesWhatASeriesLacksAndCannotTake) {
  EXPECT_THAT(faults_of("[series.friday]\n"),
              ElementsAre("1:1: [series.friday] lacks schedule; write schedule = \"...\"",
                          "1:1: [series.friday] lacks zone; write zone = \"...\"",
                          "1:1: channels names no channel; write channels = [\"blog\", \"mail\"]"));
  EXPECT_THAT(
      faults_of(
          "[series.Friday]\nzone = \"\"\nschedule = \"Fri 08:00\"\nchannels = []\nif_missed = \"later\"\n"
          "grace = \"-1h\"\nif_blog_fails = \"panic\"\nblog_deadline = 4\nlock_before = \"1 day\"\n"
          "shedule = \"x\"\n"),
      ElementsAre("1:9: \"Friday\" is no name for series; use lower-case letters, digits and hyphens",
                  "2:1: zone is empty; write a text",
                  "4:1: channels names no channel; write channels = [\"blog\", \"mail\"]",
                  "5:1: if_missed is \"later\"; use one of \"publish\", \"hold\", \"skip\"",
                  "6:1: grace is no duration: \"-1h\"; write it as \"90s\", \"12h\" or \"2d\"",
                  "7:1: if_blog_fails is \"panic\"; use one of \"wait\", \"send_without_link\", \"hold\"",
                  "8:1: blog_deadline is a whole number, not a string; write blog_deadline = \"90s\"",
                  "9:1: lock_before is no duration: \"1 day\"; write it as \"90s\", \"12h\" or \"2d\"",
                  "10:1: unknown key \"shedule\" in [series.Friday]; did you mean \"schedule\"?"));
}

TEST_F(LoadFaultsTest, NamesUnknownChannels) {
  const std::string series = "[series.a]\nzone = \"UTC\"\nschedule = \"Fri 08:00\"\nchannels = ";
  EXPECT_THAT(faults_of(series + "[\"blog\"]\n"),
              ElementsAre("4:1: channels names an unknown channel \"blog\"; add [channels.blog]"));
  const std::string channels =
      "[channels.weblog]\nkind = \"static_site\"\n[channels.mail]\nkind = \"smtp\"\nafter = ";
  EXPECT_THAT(faults_of(series + "[\"web-log\", \"x\"]\n" + channels + "\"weblog2\"\n"),
              ElementsAre("4:1: channels names an unknown channel \"web-log\"; did you mean \"weblog\"?",
                          "4:1: channels names an unknown channel \"x\"; the channels are mail, weblog",
                          "9:1: after names an unknown channel \"weblog2\"; did you mean \"weblog\"?"));
  EXPECT_THAT(faults_of(series + "[\"mail\", \"mail\"]\n" + channels + "\"\"\n"),
              ElementsAre("4:1: channels names the channel \"mail\" twice; name it once"));
}

TEST_F(LoadFaultsTest, NamesWhatAChannelLacksAndCannotTake) {
  EXPECT_THAT(faults_of("[channels.x]\nroot = \"site\"\n"),
              ElementsAre("1:1: [channels.x] lacks kind; write kind = \"...\""));
  EXPECT_EQ(config_.channels.at("x").section, nullptr);
  EXPECT_THAT(
      faults_of("[channels.x]\nkind = \"smtp\"\nat = \"9 o'clock\"\ndelay = \"1\"\nenabled = \"no\"\n"),
      ElementsAre("3:1: at is no time of day: \"9 o'clock\"; write it as \"09:30\"",
                  "4:1: delay is no duration: \"1\"; write it as \"90s\", \"12h\" or \"2d\"",
                  "5:1: enabled is a string, not true or false; write enabled = true"));
}

TEST_F(LoadFaultsTest, NamesEachCircleOnceAndWhoIsInIt) {
  const auto after = [](const std::string& name, const std::string& predecessor) {
    return "[channels." + name + "]\nkind = \"smtp\"\nafter = \"" + predecessor + "\"\n";
  };
  const std::string todo = "; let one of the channels come first";
  EXPECT_THAT(faults_of(after("mail", "mail")),
              ElementsAre("3:1: after goes round in a circle: \"mail\" would wait for itself" + todo));
  EXPECT_THAT(faults_of(after("a", "b") + after("b", "c") + after("c", "a")),
              ElementsAre("3:1: after goes round in a circle: \"a\" would wait for itself" + todo));
  // "a" only leads into it.
  EXPECT_THAT(faults_of(after("a", "b") + after("b", "c") + after("c", "b")),
              ElementsAre("6:1: after goes round in a circle: \"b\" would wait for itself" + todo));
  EXPECT_THAT(faults_of(after("a", "b") + after("b", "c") + "[channels.c]\nkind = \"smtp\"\n"), IsEmpty());
}

TEST_F(LoadFaultsTest, TellsAllFaultsAtOnceInTheOrderOfTheFile) {
  read(
      "[series.friday]\nzone = 3\nchanels = []\n[site]\ncolour = \"blue\"\n[channels.x]\nkind = \"smtp\"\n"
      "after = \"y\"\n[daemno]\n");
  EXPECT_EQ(
      faults_.text(),
      "/etc/fridayd/t.toml:1:1: [series.friday] lacks schedule; write schedule = \"...\"\n"
      "/etc/fridayd/t.toml:1:1: channels names no channel; write channels = [\"blog\", \"mail\"]\n"
      "/etc/fridayd/t.toml:2:1: zone is a whole number, not a string; write zone = \"...\"\n"
      "/etc/fridayd/t.toml:3:1: unknown key \"chanels\" in [series.friday]; did you mean \"channels\"?\n"
      "/etc/fridayd/t.toml:5:1: colour is \"blue\"; write it as \"#1f5fbf\"\n"
      "/etc/fridayd/t.toml:8:1: after names an unknown channel \"y\"; the channels are x\n"
      "/etc/fridayd/t.toml:9:2: unknown section [daemno]; did you mean [daemon]?\n");
}

TEST(Faults, AreSortedByPlaceAndToldOnce) {
  Faults faults;
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(faults.text(), "");
  faults.add({"b.toml", 1, 1}, "one", "mend it");
  faults.add({"a.toml", 10, 1}, "two", "");
  faults.add({"a.toml", 9, 20}, "three", "mend it");
  faults.add({"a.toml", 9, 3}, "four", "mend it");
  faults.add({"a.toml", 9, 3}, "four", "mend it");
  faults.add({"a.toml", 0, 0}, "five", "mend it");
  EXPECT_FALSE(faults.empty());
  EXPECT_EQ(
      faults.text(),
      "a.toml: five; mend it\na.toml:9:3: four; mend it\na.toml:9:20: three; mend it\na.toml:10:1: two\n"
      "b.toml:1:1: one; mend it\n");
}

}  // namespace
}  // namespace config
