#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "template_testing.h"

namespace templates {
namespace {

constexpr std::string_view kPost =
    R"({"post": {"title": "Trust", "tags": ["a", "b"], "words": 600, "share": 0.5, "summary": "",
        "none": null, "odd key": "odd", "published": "2026-11-27T08:05:09-05:00"}})";

std::string value(const std::string& expression) {
  return render("{{ " + expression + " }}", kPost);
}

std::string truth(const std::string& expression) {
  return render("{% if " + expression + " %}yes{% else %}no{% endif %}", kPost);
}

TEST(TemplateExpressions, Literals) {
  EXPECT_EQ(value(R"("text")"), "text");
  EXPECT_EQ(value(R"('it "is"')"), "it &quot;is&quot;");
  EXPECT_EQ(value(R"("a\n\t\\\"")"), "a\n\t\\&quot;");
  EXPECT_EQ(value("42"), "42");
  EXPECT_EQ(value("-42"), "-42");
  EXPECT_EQ(value("1.5"), "1.5");
  EXPECT_EQ(value("2.0"), "2.0");
  EXPECT_EQ(value("true"), "true");
  EXPECT_EQ(value("false"), "false");
  EXPECT_EQ(truth("none"), "no");
}

TEST(TemplateExpressions, PathsThroughObjectsAndLists) {
  EXPECT_EQ(value("post.title"), "Trust");
  EXPECT_EQ(value("post['odd key']"), "odd");
  EXPECT_EQ(value("post.tags[1]"), "b");
  EXPECT_EQ(value("post.tags[2 - 1 - 1]"), "a");
}

TEST(TemplateExpressions, SumsAndDifferences) {
  EXPECT_EQ(value("post.words + 1"), "601");
  EXPECT_EQ(value("post.words - 1 - 99"), "500");
  EXPECT_EQ(value("post.share + 1"), "1.5");
  EXPECT_EQ(value("1 - -1"), "2");
  EXPECT_EQ(value("post.title + '!'"), "Trust!");
}

TEST(TemplateExpressions, Comparisons) {
  EXPECT_EQ(truth("post.title == 'Trust'"), "yes");
  EXPECT_EQ(truth("post.title != 'Trust'"), "no");
  EXPECT_EQ(truth("post.words == 600.0"), "yes");
  EXPECT_EQ(truth("post.words == '600'"), "no");
  EXPECT_EQ(truth("post.words < 601"), "yes");
  EXPECT_EQ(truth("post.words <= 600"), "yes");
  EXPECT_EQ(truth("post.words > 600"), "no");
  EXPECT_EQ(truth("post.words >= 600"), "yes");
  EXPECT_EQ(truth("'abc' < 'abd'"), "yes");
  EXPECT_EQ(truth("post.none == none"), "yes");
}

TEST(TemplateExpressions, AndOrNot) {
  EXPECT_EQ(truth("true and false or true"), "yes");
  EXPECT_EQ(truth("false and (false or true)"), "no");
  EXPECT_EQ(truth("not post.summary and not false"), "yes");
  EXPECT_EQ(truth("not post.words == 1"), "yes");
  EXPECT_EQ(value("post.summary or post.title"), "Trust");
  EXPECT_EQ(value("post.title and 'x'"), "x");
}

TEST(TemplateExpressions, WhatAndNeedsNotIsNotLookedAt) {
  EXPECT_EQ(truth("false and nothing"), "no");
}

TEST(TemplateExpressions, WhatIsTrue) {
  EXPECT_EQ(truth("post.summary"), "no");
  EXPECT_EQ(truth("post.none"), "no");
  EXPECT_EQ(truth("0"), "no");
  EXPECT_EQ(truth("0.0"), "no");
  EXPECT_EQ(truth("post.tags"), "yes");
  EXPECT_EQ(truth("post"), "yes");
  EXPECT_EQ(truth("'0'"), "yes");
  EXPECT_EQ(render("{% if l or o %}yes{% endif %}", R"({"l": [], "o": {}})"), "");
}

TEST(TemplateExpressions, IsDefined) {
  EXPECT_EQ(truth("post.title is defined"), "yes");
  EXPECT_EQ(truth("post.titel is defined"), "no");
  EXPECT_EQ(truth("pots.title is not defined"), "yes");
  EXPECT_EQ(truth("post.tags[7] is defined"), "no");
  EXPECT_EQ(truth("post.title.x is defined"), "no");
  EXPECT_EQ(truth("post.none is defined"), "yes");
}

TEST(TemplateExpressions, Default) {
  EXPECT_EQ(value("post.titel | default('x')"), "x");
  EXPECT_EQ(value("pots.title.long | default('x')"), "x");
  EXPECT_EQ(value("post.title | default('x')"), "Trust");
  EXPECT_EQ(value("post.summary | default('x')"), "");
  EXPECT_EQ(value("post.summary | default('x', true)"), "x");
  EXPECT_EQ(value("post.none | default('x', true)"), "x");
  EXPECT_EQ(value("pots | default('a') + 'b'"), "ab");
}

TEST(TemplateFilters, Texts) {
  EXPECT_EQ(value("'Trüst' | upper"), "TRüST");
  EXPECT_EQ(value("'TRÜST' | lower"), "trÜst");
  EXPECT_EQ(value("' \\n x y ' | trim"), "x y");
  EXPECT_EQ(value("'  ' | trim"), "");
  EXPECT_EQ(value("'Trüst' | length"), "5");
  EXPECT_EQ(value("'a b&c/ü' | urlencode"), "a%20b%26c/%C3%BC");
}

TEST(TemplateFilters, Lists) {
  EXPECT_EQ(value("post.tags | length"), "2");
  EXPECT_EQ(value("post | length"), "8");
  EXPECT_EQ(value("post.tags | join(', ')"), "a, b");
  EXPECT_EQ(value("post.tags | join"), "ab");
  EXPECT_EQ(value("post.tags | first"), "a");
  EXPECT_EQ(value("post.tags | last | upper"), "B");
}

TEST(TemplateFilters, TruncateCutsAtAWord) {
  EXPECT_EQ(value("'One two three' | truncate(13)"), "One two three");
  EXPECT_EQ(value("'One two three' | truncate(12)"), "One two…");
  EXPECT_EQ(value("'One two three' | truncate(8)"), "One two…");
  EXPECT_EQ(value("'One two three' | truncate(7)"), "One…");
  EXPECT_EQ(value("'Onetwo' | truncate(4)"), "One…");
  EXPECT_EQ(value("'üüüü' | truncate(4)"), "üüüü");
  EXPECT_EQ(value("'üüüü' | truncate(3)"), "üü…");
  EXPECT_EQ(value("'ab' | truncate(1)"), "…");
}

TEST(TemplateFilters, DateReadsTheTextAsLocalTime) {
  EXPECT_EQ(value("post.published | date('%e %B %Y')"), "27 November 2026");
  EXPECT_EQ(value("post.published | date('%a %A %d %b %m')"), "Fri Friday 27 Nov 11");
  EXPECT_EQ(value("post.published | date('%H:%M %I:%M %p %z %%')"), "08:05 08:05 AM -0500 %");
  EXPECT_EQ(value("'2026-01-03T00:00:00Z' | date('%e %I %p %z %a')"), "3 12 AM +0000 Sat");
  EXPECT_EQ(value("'2026-01-03T13:00:00.25+01:00' | date('%I %p %z')"), "01 PM +0100");
  EXPECT_EQ(value("'2024-02-29' | date('%d.%m.%Y %H')"), "29.02.2024 00");
}

TEST(TemplateFilters, JsonCannotEndAScript) {
  EXPECT_EQ(render("{{ x | json }}", R"({"x": {"a": "</script>&'\"", "b": [1, true, null]}})"),
            R"({"a":"\u003c/script\u003e\u0026\u0027\"","b":[1,true,null]})");
}

TEST(TemplateFilters, ReadableKeepsAColourThatCanBeRead) {
  EXPECT_EQ(value("'#1f5fbf' | readable('#ffffff')"), "#1f5fbf");
  EXPECT_EQ(value("'#000' | readable('#fff')"), "#000000");
}

TEST(TemplateFilters, ReadableDarkensOrLightensAsTheGroundAsks) {
  EXPECT_EQ(value("'#ffdd00' | readable('#ffffff')"), "#877500");
  EXPECT_EQ(value("'#1f5fbf' | readable('#15171b')"), "#4e81cc");
  EXPECT_EQ(value("'#ffffff' | readable('#ffdd00')"), "#616161");
}

TEST(TemplateEscaping, ByTheMiddlePartOfTheName) {
  constexpr std::string_view kValue = R"({"x": "<a href=\"?a&b\">'"})";
  constexpr std::string_view kEscaped = "&lt;a href=&quot;?a&amp;b&quot;&gt;&#39;";
  EXPECT_EQ(render("{{ x }}", kValue, "html"), kEscaped);
  EXPECT_EQ(render("{{ x }}", kValue, "xml"), kEscaped);
  EXPECT_EQ(render("{{ x }}", kValue, "txt"), "<a href=\"?a&b\">'");
}

TEST(TemplateEscaping, SafeGoesOutAsItIs) {
  EXPECT_EQ(render("{{ x | safe }}{{ x }}", R"({"x": "<b>"})"), "<b>&lt;b&gt;");
}

TEST(TemplateEscaping, AFilterAfterSafeIsEscapedAgain) {
  EXPECT_EQ(render("{{ x | safe | lower }}", R"({"x": "<B>"})"), "&lt;b&gt;");
  EXPECT_EQ(render("{{ x | safe | trim }}", R"({"x": " <B>"})"), "<B>");
}

TEST(TemplateEscaping, OfASumTheUnsafePart) {
  EXPECT_EQ(render("{{ (x | safe) + x }}", R"({"x": "<b>"})"), "<b>&lt;b&gt;");
  EXPECT_EQ(render("{{ x + x }}", R"({"x": "<"})"), "&lt;&lt;");
  EXPECT_EQ(render("{{ (x | safe) + x }}", R"({"x": "<b>"})", "txt"), "<b><b>");
}

TEST(TemplateEscaping, LeavesMergeMarksAlone) {
  EXPECT_EQ(render("{{ x }}", R"({"x": "Hello \u0001name\u0002there\u0003"})"), "Hello \1name\2there\3");
}

TEST(TemplateEscaping, DefaultKeepsWhatIsSafe) {
  EXPECT_EQ(render("{{ y | default(x | safe) }}", R"({"x": "<b>"})"), "<b>");
}

}  // namespace
}  // namespace templates
