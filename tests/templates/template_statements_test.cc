#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "template_testing.h"

namespace templates {
namespace {

TEST(TemplateStatements, TextStandsAsItIs) {
  EXPECT_EQ(render("a { b } %} }} # <b>é\n"), "a { b } %} }} # <b>é\n");
  EXPECT_EQ(render(""), "");
}

TEST(TemplateStatements, IfElifElse) {
  const std::string text =
      "{% if x == 1 %}one{% elif x == 2 %}two{% elif x == 3 %}three{% else %}many{% endif %}";
  EXPECT_EQ(render(text, R"({"x": 1})"), "one");
  EXPECT_EQ(render(text, R"({"x": 2})"), "two");
  EXPECT_EQ(render(text, R"({"x": 3})"), "three");
  EXPECT_EQ(render(text, R"({"x": 4})"), "many");
}

TEST(TemplateStatements, ForKnowsItsPlace) {
  const std::string text =
      "{% for x in l %}{{ loop.index }}/{{ loop.index0 }}/{{ loop.length }}"
      "{% if loop.first %} first{% endif %}{% if loop.last %} last{% endif %}: {{ x }}; {% endfor %}";
  EXPECT_EQ(render(text, R"({"l": ["a", "b"]})"), "1/0/2 first: a; 2/1/2 last: b; ");
}

TEST(TemplateStatements, ForOverAnObjectGivesItsKeys) {
  EXPECT_EQ(render("{% for k in o %}{{ k }}={{ o[k] }};{% endfor %}", R"({"o": {"a": 1, "b": 2}})"),
            "a=1;b=2;");
}

TEST(TemplateStatements, ForElse) {
  const std::string text = "{% for x in l %}{{ x }}{% else %}nothing{% endfor %}";
  EXPECT_EQ(render(text, R"({"l": []})"), "nothing");
  EXPECT_EQ(render(text, R"({"l": [1]})"), "1");
}

TEST(TemplateStatements, AnInnerLoopHidesTheOuterOne) {
  const std::string text =
      "{% for x in l %}{% for y in x %}{{ loop.index }}{{ y }}{% endfor %}|{{ loop.index }} {% endfor %}";
  EXPECT_EQ(render(text, R"({"l": [["a", "b"], ["c"]]})"), "1a2b|1 1c|2 ");
}

TEST(TemplateStatements, SetHoldsToTheEndOfItsLoopTurn) {
  EXPECT_EQ(render("{% set x = 1 %}{% for y in l %}{{ x }}{% set x = y %}{{ x }} {% endfor %}{{ x }}",
                   R"({"l": [7, 8]})"),
            "17 18 1");
}

TEST(TemplateStatements, SetHidesAVariableAndLeavesAnIf) {
  EXPECT_EQ(render("{% if true %}{% set x = x + '!' %}{% endif %}{{ x }}", R"({"x": "a"})"), "a!");
}

TEST(TemplateStatements, SetKeepsWhatIsSafe) {
  EXPECT_EQ(render("{% set y = x | safe %}{{ y }}", R"({"x": "<b>"})"), "<b>");
}

TEST(TemplateStatements, SetOutlivesManyOthers) {
  const std::string many = times(50, "{% set z = y + 'z' %}");
  EXPECT_EQ(render("{% set x = 'a' | upper %}{% set y = x %}" + many + "{{ y }}{{ x }}"), "AA");
}

TEST(TemplateStatements, CommentsLeaveNothing) {
  EXPECT_EQ(render("a{# {{ nothing }} {% if %} \n #}b"), "ab");
}

TEST(TemplateWhiteSpace, ALineOfOnlyATagLeavesNoLine) {
  EXPECT_EQ(
      render("<ul>\n  {% for x in l %}\n  <li>{{ x }}</li>\n  {% endfor %}\n</ul>\n", R"({"l": [1, 2]})"),
      "<ul>\n  <li>1</li>\n  <li>2</li>\n</ul>\n");
  EXPECT_EQ(render("  {# note #}\na"), "a");
  EXPECT_EQ(render("{% if true %}\n  {% if true %}\nx\n{% endif %}\n{% endif %}\n"), "x\n");
}

TEST(TemplateWhiteSpace, BeforeAnOutputItStays) {
  EXPECT_EQ(render("a\n  {{ 1 }}\nb"), "a\n  1\nb");
}

TEST(TemplateWhiteSpace, ATagInALineLeavesItsIndent) {
  EXPECT_EQ(render("  a {% if true %} b{% endif %} c"), "  a  b c");
}

TEST(TemplateWhiteSpace, DashesTakeItAllAway) {
  EXPECT_EQ(render("a \n {{- 1 -}} \n b"), "a1b");
  EXPECT_EQ(render("a \n {%- if true -%} \n b {%- endif %} c"), "ab c");
  EXPECT_EQ(render("a \n {#- x -#} \n b"), "ab");
  EXPECT_EQ(render("{{ 3 -1 -}} b"), "2b");
}

TEST(TemplateWhiteSpace, CarriageReturnsAndAByteOrderMarkAreTakenAway) {
  EXPECT_EQ(render("\xEF\xBB\xBF{% if true %}\r\na\r\n{% endif %}\r\n"), "a\n");
}

TEST(TemplateInclude, SeesTheVariablesAndTheLoop) {
  const TemplateSet set =
      set_of({{"t.html.j2", "{% set y = 2 %}{% for x in l %}{% include \"row.html.j2\" %}{% endfor %}"},
              {"row.html.j2", "{{ loop.index }}{{ x }}{{ y }} {% set y = 3 %}"}});
  EXPECT_EQ(set.render("t.html.j2", {{"l", {"a", "b"}}}), "1a2 2b2 ");
}

TEST(TemplateExtends, BlocksAreFilledOrLeft) {
  const TemplateSet set = set_of(
      {{"base.html.j2", "<{% block a %}A{% endblock %}|{% block b %}B{% endblock b %}>"},
       {"t.html.j2", "{# note #}\n{% extends 'base.html.j2' %}\n{% block b %}{{ x }}{% endblock %}\n"}});
  EXPECT_EQ(set.render("t.html.j2", {{"x", "<"}}), "<A|&lt;>");
  EXPECT_EQ(set.render("base.html.j2", {}), "<A|B>");
}

TEST(TemplateExtends, OverThreeGenerationsTheYoungestBlockStands) {
  const TemplateSet set = set_of(
      {{"a.html.j2",
        "{% block x %}a{% block y %}ay{% endblock %}{% endblock %} {% block z %}az{% endblock %}"},
       {"b.html.j2", "{% extends 'a.html.j2' %}{% block x %}b{% block w %}bw{% endblock %}{% endblock %}"},
       {"c.html.j2", "{% extends 'b.html.j2' %}{% block w %}cw{% endblock %}{% block z %}cz{% endblock %}"}});
  EXPECT_EQ(set.render("a.html.j2", {}), "aay az");
  EXPECT_EQ(set.render("b.html.j2", {}), "bbw az");
  EXPECT_EQ(set.render("c.html.j2", {}), "bcw cz");
}

TEST(TemplateExtends, SetsOfTheHeirAreSeenInTheBase) {
  const TemplateSet set = set_of({{"base.html.j2", "{{ kind }}{% block a %}{% endblock %}"},
                                  {"t.html.j2",
                                   "{% extends 'base.html.j2' %}{% set kind = 'page' %}"
                                   "{% block a %}-{{ kind }}{% endblock %}"}});
  EXPECT_EQ(set.render("t.html.j2", {}), "page-page");
}

TEST(TemplateExtends, AnIncludedHeirFillsOnlyItsOwnBlocks) {
  const TemplateSet set =
      set_of({{"base.html.j2", "[{% block a %}base{% endblock %}]"},
              {"inner.html.j2", "{% extends 'base.html.j2' %}{% block a %}inner{% endblock %}"},
              {"t.html.j2",
               "{% extends 'base.html.j2' %}"
               "{% block a %}outer{% include 'inner.html.j2' %}{% endblock %}"}});
  EXPECT_EQ(set.render("t.html.j2", {}), "[outer[inner]]");
}

TEST(TemplateSet, KnowsItsTemplatesAndFiles) {
  const TemplateSet set = set_of({{"a.html.j2", ""}, {"style.css", "a { }"}});
  EXPECT_TRUE(set.has("a.html.j2"));
  EXPECT_TRUE(set.has("style.css"));
  EXPECT_FALSE(set.has("b.html.j2"));
  EXPECT_EQ(set.file("style.css"), "a { }");
}

TEST(TemplateSet, SaysWhatIsMissing) {
  const TemplateSet set = set_of({{"a.html.j2", ""}, {"style.css", ""}});
  EXPECT_EQ(error_of([&] { set.file("stile.css"); }),
            "stile.css: the theme has no such file; did you mean \"style.css\"?");
  EXPECT_EQ(error_of([&] { set.render("q.html.j2", {}); }),
            "q.html.j2: the theme has no such template; did you mean \"a.html.j2\"?");
}

}  // namespace
}  // namespace templates
