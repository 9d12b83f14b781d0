#include "configuration.h"

namespace config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class SectionTest : public ConfigurationTest {};

TEST_F(SectionTest, KnowsItsNameItsKeysAndWhereTheyStand) {
  Section& x = section("port = 25\n  user = \"ada\"\n");
  EXPECT_EQ(x.name(), "channels.x");
  EXPECT_TRUE(x.has("port"));
  EXPECT_FALSE(x.has("host"));
  EXPECT_EQ(x.position("user").file, "/etc/fridayd/t.toml");
  EXPECT_EQ(x.position("user").line, 4u);
  EXPECT_EQ(x.position("user").column, 3u);
  EXPECT_EQ(x.position("host").line, 1u);  // of the section, where it belongs
  EXPECT_EQ(x.position("host").column, 1u);
}

TEST_F(SectionTest, GivesEachTypeOrItsFallback) {
  Section& x = section(
      "text = \"a\"\nnone = \"\"\nyes = true\nnumber = 7\nspan = \"1h30m\"\nbytes = \"500kB\"\n"
      "list = [\"a\", \"b\"]\nchoice = \"two\"\n");
  EXPECT_EQ(x.text("text"), "a");
  EXPECT_EQ(x.text("none", "fallback"), "");
  EXPECT_EQ(x.text("missing", "fallback"), "fallback");
  EXPECT_TRUE(x.flag("yes", false));
  EXPECT_TRUE(x.flag("missing", true));
  EXPECT_EQ(x.number("number", 1, 7, 7), 7);
  EXPECT_EQ(x.number("missing", 1, 7, 7), 1);
  EXPECT_EQ(x.duration("span", 1s), 90min);
  EXPECT_EQ(x.duration("missing", 1s), 1s);
  EXPECT_EQ(x.size("bytes", 1), 500'000u);
  EXPECT_EQ(x.size("missing", 1), 1u);
  EXPECT_THAT(x.list("list", {}), ElementsAre("a", "b"));
  EXPECT_THAT(x.list("missing", {"c"}), ElementsAre("c"));
  EXPECT_EQ(x.choice("choice", {"one", "two"}, "one"), "two");
  EXPECT_EQ(x.choice("missing", {"one", "two"}, "one"), "one");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SectionTest, ATextMayBeASingleQuestionMark) {
  EXPECT_EQ(section("text = \"?\"\n").text("text"), "?");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SectionTest, NamesTheKeyThatIsMissingOrEmpty) {
  Section& x = section("user = \"\"\n");
  EXPECT_EQ(x.text("host"), "");
  EXPECT_EQ(x.text("user"), "");
  EXPECT_EQ(x.path("list"), "");
  EXPECT_THAT(told(), ElementsAre("1:1: [channels.x] lacks host; write host = \"...\"",
                                  "1:1: [channels.x] lacks list; write list = \"...\"",
                                  "3:1: user is empty; write a text"));
}

TEST_F(SectionTest, SaysWhatATypeIsAndWhatItShouldBe) {
  Section& x = section(
      "a = 1\nb = 1.5\nc = \"x\"\nd = [\"x\"]\ne = true\nf = { x = 1 }\ng = 2026-11-27\nh = \"8080\"\ni = 5\n"
      "j = 5\nk = \"x\"\nl = [\"x\", 3]\nm = 5\n");
  x.text("a");
  x.text("b", "");
  x.flag("c", false);
  x.text("d", "");
  x.number("e", 587, 1, 65535);
  x.path("f", {});
  x.choice("g", {"one"}, "one");
  x.number("h", 587, 1, 65535);
  EXPECT_EQ(x.duration("i", 3s), 3s);
  EXPECT_EQ(x.size("j", 3), 3u);
  EXPECT_THAT(x.list("k", {"kept"}), ElementsAre("kept"));
  EXPECT_THAT(x.list("l", {}), ElementsAre("x"));
  EXPECT_EQ(x.secret("m").has_value(), false);
  EXPECT_THAT(
      told(),
      ElementsAre(
          "3:1: a is a whole number, not a string; write a = \"...\"",
          "4:1: b is a number, not a string; write b = \"...\"",
          "5:1: c is a string, not true or false; write c = true",
          "6:1: d is a list, not a string; write d = \"...\"",
          "7:1: e is true or false, not a whole number; write e = 587",
          "8:1: f is a table, not a string; write f = \"...\"",
          "9:1: g is a date or time, not a string; write g = \"...\"",
          "10:1: h is a string, not a whole number; write h = 587",
          "11:1: i is a whole number, not a string; write i = \"90s\"",
          "12:1: j is a whole number, not a string; write j = \"2MiB\"",
          "13:1: k is a string, not a list; write k = [\"...\"]",
          "14:11: l holds a whole number, not a string; write l = [\"...\"]",
          "15:1: m is written into the configuration, which is no place for a secret; write { credential = "
          "\"name\" }, { file = \"path\" } or { env = \"NAME\" }"));
}

TEST_F(SectionTest, RefusesWhatIsOutOfRange) {
  Section& x = section(
      "a = 0\nb = 65536\nc = -9223372036854775808\nd = \"three\"\ne = \"soon\"\nf = \"\"\ng = \"2M\"\n");
  EXPECT_EQ(x.number("a", 587, 1, 65535), 587);
  EXPECT_EQ(x.number("b", 587, 1, 65535), 587);
  EXPECT_EQ(x.number("c", 587, 1, 65535), 587);
  EXPECT_EQ(x.choice("d", {"one", "two"}, "one"), "one");
  EXPECT_EQ(x.duration("e", 3s), 3s);
  EXPECT_EQ(x.duration("f", 3s), 3s);
  EXPECT_EQ(x.size("g", 3), 3u);
  EXPECT_THAT(told(),
              ElementsAre("3:1: a is 0; it goes from 1 to 65535", "4:1: b is 65536; it goes from 1 to 65535",
                          "5:1: c is -9223372036854775808; it goes from 1 to 65535",
                          "6:1: d is \"three\"; use one of \"one\", \"two\"",
                          "7:1: e is no duration: \"soon\"; write it as \"90s\", \"12h\" or \"2d\"",
                          "8:1: f is no duration: \"\"; write it as \"90s\", \"12h\" or \"2d\"",
                          "9:1: g is no size: \"2M\"; write it as \"500kB\" or \"2MiB\""));
}

TEST_F(SectionTest, TakesPathsFromWhereTheFileStands) {
  Section& x = section("a = \"list.csv\"\nb = \"../site/./x\"\nc = \"/srv/friday\"\nd = \"\"\n");
  EXPECT_EQ(x.path("a"), "/etc/fridayd/list.csv");
  EXPECT_EQ(x.path("b", {}), "/etc/site/x");
  EXPECT_EQ(x.path("c"), "/srv/friday");
  EXPECT_EQ(x.path("d", "/fall/back"), "/fall/back");
  EXPECT_EQ(x.path("e", "fall/back"), "fall/back");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SectionTest, NamesTheKeysThatNobodyAskedFor) {
  Section& x = section("conections = 3\nprot = 25\nwhatever = 1\nhost = \"h\"\n");
  x.number("connections", 1, 1, 9);
  x.number("port", 25, 1, 65535);
  x.text("host");
  x.finish();
  EXPECT_THAT(
      told(),
      ElementsAre("3:1: unknown key \"conections\" in [channels.x]; did you mean \"connections\"?",
                  "4:1: unknown key \"prot\" in [channels.x]; did you mean \"port\"?",
                  "5:1: unknown key \"whatever\" in [channels.x]; the keys are after, at, connections, "
                  "delay, enabled, host, kind, port"));
}

TEST_F(SectionTest, ReportsWhatItsReaderFinds) {
  Section& x = section("user = \"ada\"\n");
  x.fault("user", "has no password", "add one");
  x.fault("tls", "is missing", "");
  x.fault("", "channel is of no use", "mend it");
  EXPECT_THAT(told(), ElementsAre("1:1: channel is of no use; mend it", "1:1: tls is missing",
                                  "3:1: user has no password; add one"));
}

TEST(Section, MayBeReadWhenWhoeverLoadedItIsGone) {
  const auto load = [] {
    Faults forgotten;
    return load_text("[channels.x]\nkind = \"smtp\"\nport = \"x\"\n", "/etc/fridayd/t.toml", forgotten);
  };
  const Config config = load();
  config.channels.at("x").section->number("port", 25, 1, 65535);
}

TEST(Faults, OfWhichACopyIsMadeAreTheSame) {
  Faults faults;
  const Faults copy = faults;
  faults.add({"a.toml", 1, 1}, "one", "");
  EXPECT_EQ(copy.text(), "a.toml:1:1: one\n");
  faults = {};
  EXPECT_TRUE(faults.empty());
  EXPECT_FALSE(copy.empty());
}

}  // namespace
}  // namespace config
