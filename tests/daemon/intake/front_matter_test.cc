#include "intake/front_matter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace intake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> problems(std::string_view text) {
  std::vector<std::string> lines;
  for (const model::Problem& problem : read_head(text, "a.md").problems) lines.push_back(problem.text());
  return lines;
}

std::string yaml(const std::string& lines) {
  return "---\n" + lines + "---\nText.\n";
}
std::string toml(const std::string& lines) {
  return "+++\n" + lines + "+++\nText.\n";
}

model::FrontMatter good(const std::string& text) {
  const Head head = read_head(text, "a.md");
  EXPECT_THAT(head.problems, IsEmpty()) << head.problems.front().text();
  EXPECT_EQ("Text.\n", head.body);
  return head.front;
}

TEST(FrontMatter, IsNotNeeded) {
  const Head head = read_head("# A title\n\nText.\n", "a.md");
  EXPECT_THAT(head.problems, IsEmpty());
  EXPECT_EQ("# A title\n\nText.\n", head.body);
  EXPECT_EQ(1U, head.body_line);
  EXPECT_TRUE(head.front.ready);
}

TEST(FrontMatter, HasEveryKey) {
  const auto front = good(
      yaml("title: A question of trust\nslug: trust\nsummary: |\n  Two\n  lines.\nauthor: Ann Lee\n"
           "tags: [sales, trust]\nseries: friday\nstatus: ready\ndate: 2026-11-27\nslot: 2026-12-04\n"
           "not_before: 2026-11-28\nnot_after: 2026-12-31\npriority: -3\nimage: a.png\nimage_alt: A table\n"
           "canonical: https://example.org/x\nsubject: Trust\npreheader: Why\nchannels: [blog, mail]\n"
           "evergreen: yes\n"));
  EXPECT_EQ("A question of trust", front.title);
  EXPECT_EQ("trust", front.slug);
  EXPECT_EQ("Two lines.", front.summary);
  EXPECT_EQ("Ann Lee", front.author);
  EXPECT_THAT(front.tags, ElementsAre("sales", "trust"));
  EXPECT_EQ("friday", front.series);
  EXPECT_TRUE(front.ready);
  EXPECT_EQ("2026-11-27", model::iso_date(*front.date));
  EXPECT_EQ("2026-12-04", model::iso_date(*front.slot));
  EXPECT_EQ("2026-11-28", model::iso_date(*front.not_before));
  EXPECT_EQ("2026-12-31", model::iso_date(*front.not_after));
  EXPECT_EQ(-3, front.priority);
  EXPECT_EQ("a.png", front.image);
  EXPECT_EQ("A table", front.image_alt);
  EXPECT_EQ("https://example.org/x", front.canonical);
  EXPECT_EQ("Trust", front.subject);
  EXPECT_EQ("Why", front.preheader);
  EXPECT_THAT(front.channels, ElementsAre("blog", "mail"));
  EXPECT_TRUE(front.evergreen);
  EXPECT_TRUE(front.extra.empty());
}

TEST(FrontMatter, IsTomlBetweenPluses) {
  const auto front = good(toml(
      "title = \"Trust: why\"\ntags = [\"a\", \"b\"]\ndate = 2026-11-27\nslot = 2026-12-04T08:00:00+01:00\n"
      "priority = 2\ndraft = true\nevergreen = false\n[params]\nmood = \"calm\"\n"));
  EXPECT_EQ("Trust: why", front.title);
  EXPECT_THAT(front.tags, ElementsAre("a", "b"));
  EXPECT_EQ("2026-11-27", model::iso_date(*front.date));
  EXPECT_EQ("2026-12-04", model::iso_date(*front.slot));
  EXPECT_EQ(2, front.priority);
  EXPECT_FALSE(front.ready);
  EXPECT_EQ(R"({"params":{"mood":"calm"}})", boost::json::serialize(front.extra));
}

TEST(FrontMatter, TakesKeysInAnyCaseAndDotsAsItsEnd) {
  EXPECT_EQ("Trust", good("---\nTITLE: Trust\n...\nText.\n").title);
  EXPECT_EQ("Trust", good("---  \nTitle: Trust\n--- \t\nText.\n").title);
}

TEST(FrontMatter, TellsTheLineOfItsBody) {
  EXPECT_EQ(4U, read_head("---\ntitle: x\n---\nText.\n", "a.md").body_line);
  EXPECT_EQ(6U, read_head("+++\ntitle = \"x\"\n\n\n+++\nText.\n", "a.md").body_line);
}

struct Readiness {
  std::string line;
  std::string why;  // empty: ready
};
class ReadinessTest : public testing::TestWithParam<Readiness> {};

TEST_P(ReadinessTest, IsSaidInManyWays) {
  const Head head = read_head(yaml(GetParam().line + "\n"), "a.md");
  EXPECT_THAT(head.problems, IsEmpty());
  EXPECT_EQ(GetParam().why.empty(), head.front.ready);
  EXPECT_EQ(GetParam().why, head.not_ready);
}
INSTANTIATE_TEST_SUITE_P(
    Words, ReadinessTest,
    testing::Values(Readiness{"status: ready", ""}, Readiness{"status: Draft", "status is draft"},
                    Readiness{"draft: true", "draft is true"}, Readiness{"draft: YES", "draft is true"},
                    Readiness{"draft: \"on\"", "draft is true"}, Readiness{"draft: off", ""},
                    Readiness{"publish: false", "publish is false"}, Readiness{"publish: On", ""},
                    Readiness{"published: no", "published is false"}, Readiness{"published: true", ""},
                    Readiness{"draft:", ""}, Readiness{"draft: ~", ""},
                    Readiness{"status: ready\ndraft: true", "draft is true"},
                    Readiness{"draft: true\nstatus: ready", "draft is true"}));

TEST(FrontMatter, TakesDatesWithAndWithoutATime) {
  for (const std::string text :
       {"2026-11-27", "\"2026-11-27\"", "2026-11-27T08:00:00Z", "2026-11-27T23:30:00-05:00",
        "2026-11-27 08:00", "2026-11-27 8:00:00.5 +1", "2026-11-27t08:00:00+01:00"}) {
    EXPECT_EQ("2026-11-27",
              model::iso_date(good(yaml("date: " + text + "\n")).date.value_or(model::LocalDate{})))
        << text;
  }
}

TEST(FrontMatter, TakesTagsAsListsAndWithCommas) {
  EXPECT_THAT(good(yaml("tags: sales,  trust ,,sales\n")).tags, ElementsAre("sales", "trust"));
  EXPECT_THAT(good(yaml("tags:\n  - sales\n  - 2026\n")).tags, ElementsAre("sales", "2026"));
  EXPECT_THAT(good(yaml("tags: []\n")).tags, IsEmpty());
  EXPECT_THAT(good(yaml("tags:\n")).tags, IsEmpty());
  EXPECT_THAT(good(yaml("channels: blog\n")).channels, ElementsAre("blog"));
}

TEST(FrontMatter, KeepsKeysOfOtherProgramsAsExtra) {
  const auto front =
      good(yaml("layout: post\ntype: note\ncategories: [a]\naliases: []\ncssclasses: wide\nweight: "
                "10\nlastmod: 2026-01-01\n"
                "permalink: /x/\ndescription: d\nkeywords: k\ncover: c.png\nfeature_image: f.png\ntoc: true\n"
                "images: [a.png]\nauthors: [Ann]\nmood: {calm: 1.5, deep: [~, no, \"no\"]}\n"));
  EXPECT_EQ(
      R"({"layout":"post","type":"note","categories":["a"],"aliases":[],"cssclasses":"wide","weight":10,)"
      R"("lastmod":"2026-01-01","permalink":"/x/","description":"d","keywords":"k","cover":"c.png",)"
      R"("feature_image":"f.png","toc":true,"images":["a.png"],"authors":["Ann"],)"
      R"("mood":{"calm":1.5E0,"deep":[null,false,"no"]}})",
      boost::json::serialize(front.extra));
}

struct Wrong {
  std::string text;
  std::vector<std::string> problems;
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << testing::PrintToString(wrong.text);
}

class WrongHeadTest : public testing::TestWithParam<Wrong> {};

TEST_P(WrongHeadTest, IsToldWithItsPlaceAndWhatToWrite) {
  EXPECT_THAT(problems(GetParam().text), testing::ElementsAreArray(GetParam().problems));
}

INSTANTIATE_TEST_SUITE_P(
    Keys, WrongHeadTest,
    testing::Values(
        Wrong{yaml("titel: x\n"), {"a.md:2:1: unknown key 'titel'; did you mean 'title'?"}},
        Wrong{yaml("stauts: draft\n"), {"a.md:2:1: unknown key 'stauts'; did you mean 'status'?"}},
        Wrong{yaml("serie: x\n"), {"a.md:2:1: unknown key 'serie'; did you mean 'series'?"}},
        Wrong{yaml("Not-Before: 2026-01-01\n"),
              {"a.md:2:1: unknown key 'Not-Before'; did you mean 'not_before'?"}},
        Wrong{yaml("dtae: 2026-01-01\n"), {"a.md:2:1: unknown key 'dtae'; did you mean 'date'?"}},
        Wrong{toml("publsh = false\n"), {"a.md:2:1: unknown key 'publsh'; did you mean 'publish'?"}},
        Wrong{yaml("mood: calm\nnote: x\n"), {}},
        Wrong{yaml("title: a\nslug: b\nTitle: c\n"),
              {"a.md:4:1: the key 'title' stands twice, first in line 2; keep one of them"}},
        Wrong{yaml("x:\n  a: 1\n  a: 2\n"), {"a.md:4:3: the key 'a' stands twice; keep one of them"}}));

INSTANTIATE_TEST_SUITE_P(
    Values, WrongHeadTest,
    testing::Values(
        Wrong{yaml("status: finished\n"),
              {"a.md:2:9: unknown status: finished; write status: ready or status: draft"}},
        Wrong{yaml("status: [draft]\n"), {"a.md:2:9: unknown status; write status: ready or status: draft"}},
        Wrong{yaml("draft: perhaps\n"),
              {"a.md:2:8: 'draft' has to be yes or no; write draft: true or draft: false"}},
        Wrong{toml("evergreen = 1\n"),
              {"a.md:2:13: 'evergreen' has to be yes or no; write evergreen: true or evergreen: false"}},
        Wrong{yaml("published: 2026-11-27\n"),
              {"a.md:2:12: this text was published on 2026-11-27; take out the line 'published' to publish "
               "it again"}},
        Wrong{yaml("title: [a, b]\n"), {"a.md:2:8: 'title' has to be a text; write title: ... on one line"}},
        Wrong{yaml("title: {a: b}\n"), {"a.md:2:8: 'title' has to be a text; write title: ... on one line"}},
        Wrong{yaml("title: \"a\\abell\"\n"), {"a.md:2:8: a control character in 'title'; take it out"}},
        Wrong{yaml("tags: [\"a\\x01\"]\n"), {"a.md:2:8: a control character in 'tags'; take it out"}},
        Wrong{yaml("tags: {a: b}\n"), {"a.md:2:7: 'tags' has to be a list; write tags: [one, two]"}},
        Wrong{yaml("tags: [[a]]\n"), {"a.md:2:8: 'tags' has to be a list of words; write tags: [one, two]"}},
        Wrong{yaml("priority: high\n"),
              {"a.md:2:11: 'priority' has to be a whole number; write priority: 1, higher goes first"}},
        Wrong{yaml("priority: 99999999999\n"),
              {"a.md:2:11: 'priority' has to be a whole number; write priority: 1, higher goes first"}},
        Wrong{toml("priority = 1.5\n"),
              {"a.md:2:12: 'priority' has to be a whole number; write priority: 1, higher goes first"}},
        Wrong{yaml("date: 27.11.2026\n"),
              {"a.md:2:7: 'date' is no date: 27.11.2026; write it as year-month-day, such "
               "as date: 2026-11-27"}},
        Wrong{yaml("slot: 2026-02-30\n"),
              {"a.md:2:7: 'slot' is no date: 2026-02-30; write it as year-month-day, such "
               "as slot: 2026-11-27"}},
        Wrong{yaml("date: 2026-11-27 at noon\n"),
              {"a.md:2:7: 'date' is no date: 2026-11-27 at noon; write it as "
               "year-month-day, such as date: 2026-11-27"}},
        Wrong{yaml("not_after: [2026-11-27]\n"),
              {"a.md:2:12: 'not_after' has to be a date; write it as "
               "year-month-day, such as not_after: 2026-11-27"}},
        Wrong{yaml("canonical: /x\n"),
              {"a.md:2:12: 'canonical' has to be an address; write it whole, beginning with https://"}},
        Wrong{yaml("canonical: javascript:alert(1)\n"),
              {"a.md:2:12: 'canonical' has to be an address; write it whole, beginning with https://"}},
        Wrong{yaml("title: “Trust”\n"),
              {"a.md:2:8: curly quotes round the value of 'title'; write straight quotes: \"Trust\""}},
        Wrong{yaml("tags: [‘a’]\n"),
              {"a.md:2:8: curly quotes round the value of 'tags'; write straight quotes: \"a\""}},
        Wrong{yaml("title: \"“Trust”\"\n"), {}}, Wrong{yaml("title: “Trust” and more\n"), {}},
        Wrong{yaml("title: Ünïcode “Trust”\npriority: x\n"),
              {"a.md:3:11: 'priority' has to be a whole number; write priority: 1, higher goes first"}},
        Wrong{yaml("priority: x\nstatus: y\n"),
              {"a.md:2:11: 'priority' has to be a whole number; write priority: 1, higher goes first",
               "a.md:3:9: unknown status: y; write status: ready or status: draft"}}));

INSTANTIATE_TEST_SUITE_P(
    Yaml, WrongHeadTest,
    testing::Values(
        Wrong{yaml("title: Sales: the truth\n"),
              {"a.md:2:13: the value of 'title' holds a colon; put the title in quotes: title: \"Sales: the "
               "truth\""}},
        Wrong{yaml("title: Say \"yes\": now\n"),
              {"a.md:2:17: the value of 'title' holds a colon; put the title in "
               "quotes: title: 'Say \"yes\": now'"}},
        Wrong{yaml("slug: x\ntitle: \"open\n"),
              {"a.md:3:8: a quote that is not closed; close it, or write the text without quotes"}},
        Wrong{yaml("title: *bold* move\n"),
              {"a.md:2:13: the value of 'title' begins with *; put the title in quotes: "
               "title: \"*bold* move\""}},
        Wrong{yaml("title: *bold\n"),
              {"a.md:2:8: a value can't begin with *; put the title in quotes: title: "
               "\"*bold\""}},
        Wrong{yaml("a: &x 1\n"), {"a.md:2:4: a value can't begin with &; put the a in quotes: a: \"&x 1\""}},
        Wrong{yaml("title: !important now\n"),
              {"a.md:2:8: a value can't begin with !; put the title in quotes: title: "
               "\"!important now\""}},
        Wrong{yaml("title: @home\n"),
              {"a.md:2:8: the value of 'title' begins with @; put the title in quotes: title: "
               "\"@home\""}},
        Wrong{yaml("title: [Draft] Trust\n"),
              {"a.md:2:16: the value of 'title' begins with [; put the title in "
               "quotes: title: \"[Draft] Trust\""}},
        Wrong{yaml("title: We are #1\n"),
              {"a.md:2:14: what follows the # is lost, it begins a comment; put the title "
               "in quotes: title: \"We are #1\""}},
        Wrong{yaml("title: Trust # a working title\n"), {}}, Wrong{yaml("title: C#1\n"), {}},
        Wrong{yaml("title: x\n\tslug: y\n"), {"a.md:3:1: a tab at the beginning of a line; use spaces"}},
        Wrong{yaml("title: x\njust words\n"),
              {"a.md:4:1: the front matter can't be read: could not find expected "
               "':'; write 'key: value' lines, and close the front matter with a "
               "line ---"}},
        Wrong{yaml("- title: x\ntitle: y\n"),
              {"a.md:2:1: the front matter is no list of 'key: value' lines; begin "
               "each line with a key, such as title: ..."}},
        Wrong{yaml("? [a]\n: b\ntitle: x\n"), {"a.md:2:3: a key has to be a word; write key: value"}},
        Wrong{yaml("title: x\nx: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]\n"),
              {"a.md:3:19: values are nested more than 16 deep; use plain values"}}));

INSTANTIATE_TEST_SUITE_P(
    Toml, WrongHeadTest,
    testing::Values(Wrong{toml("title = “Trust”\n"),
                          {"a.md:2:9: curly quotes round a value; write straight quotes: \"...\""}},
                    Wrong{toml("a = {b={c={d={e={f={g={h={i={j={k={l={m={n={o={p={q={r=1}}}}}}}}}}}}}}}}}\n"),
                          {"a.md:2:53: values are nested more than 16 deep; use plain values"}}));

INSTANTIATE_TEST_SUITE_P(
    Fences, WrongHeadTest,
    testing::Values(
        Wrong{"---\ntitle: x\n\nText.\n",
              {"a.md:1:1: the front matter is not closed; end it with a line ---"}},
        Wrong{"---\ntitle: x", {"a.md:1:1: the front matter is not closed; end it with a line ---"}},
        Wrong{"+++\ntitle = 1\n\nText.\n",
              {"a.md:1:1: the front matter is not closed; end it with a line +++"}},
        Wrong{"—\ntitle: x\n—\nText.\n",
              {"a.md:1:1: the front matter begins with a long dash; write three hyphens: ---"}},
        Wrong{"—-\ntitle: x\n—-\nText.\n",
              {"a.md:1:1: the front matter begins with a long dash; write three hyphens: ---"}},
        Wrong{" ---\ntitle: x\n---\nText.\n", {"a.md:1:1: there is a space before ---; take it out"}},
        Wrong{"\n\n---\ntitle: x\n---\nText.\n",
              {"a.md:3:1: there is an empty line before the front matter; make --- the first line"}},
        Wrong{"----\ntitle: x\n----\nText.\n",
              {"a.md:1:1: the front matter begins with ----; write three: ---"}},
        Wrong{"---\ntitle: x\n---\n", {"a.md:4:1: there is no text below the front matter; write the post"}},
        Wrong{"---\ntitle: x\n---", {"a.md:3:1: there is no text below the front matter; write the post"}},
        Wrong{"---\ntitle: x\n---\n \n\n",
              {"a.md:4:1: there is no text below the front matter; write the post"}}));

TEST(FrontMatter, ABrokenHeadNeverBecomesBodyText) {
  EXPECT_EQ("", read_head("---\ntitle: x\n\nText.\n", "a.md").body);
  EXPECT_EQ("", read_head("—\ntitle: x\n—\nText.\n", "a.md").body);
}

TEST(FrontMatter, DashesWithoutAKeyAreAThematicBreak) {
  for (const std::string text :
       {"---\n\nJust words.\n\n---\n\nMore.\n", "---\nJust words.\n", "---\n", "---", "----\nWords.\n",
        "—\nWords: many\n", "---\n\nNote: a thing\n", "+++\nwords\n", " ---\nWords.\n", "\n\n---\nWords\n"}) {
    const Head head = read_head(text, "a.md");
    EXPECT_THAT(head.problems, IsEmpty()) << text;
    EXPECT_EQ(text, head.body);
    EXPECT_EQ(1U, head.body_line);
  }
}

}  // namespace
}  // namespace intake
