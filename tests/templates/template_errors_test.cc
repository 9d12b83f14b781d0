#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "template_testing.h"

namespace templates {
namespace {

TEST(TemplateErrors, AnUndefinedName) {
  EXPECT_EQ(render_error("a\n  {{ pots }}", R"({"post": 1, "site": 2})"),
            "t.html.j2:2:6: no variable \"pots\"; did you mean \"post\"?");
  EXPECT_EQ(render_error("{{ x }}", R"({"post": 1, "site": 2})"),
            "t.html.j2:1:4: no variable \"x\"; there is post, site");
  EXPECT_EQ(render_error("{{ x }}"), "t.html.j2:1:4: no variable \"x\"; there is none");
}

TEST(TemplateErrors, AnUndefinedMember) {
  EXPECT_EQ(render_error("é {{ post.a.titel }}", R"({"post": {"a": {"title": 1, "url": 2}}})"),
            "t.html.j2:1:13: post.a has no \"titel\"; did you mean \"title\"?");
  EXPECT_EQ(render_error("{{ post.x }}", R"({"post": "text"})"),
            "t.html.j2:1:9: post is a text, which has no \"x\"");
  EXPECT_EQ(render_error("{{ p['tite'] }}", R"({"p": {"title": 1}})"),
            "t.html.j2:1:5: p has no \"tite\"; did you mean \"title\"?");
  EXPECT_EQ(render_error("{{ l[2] }}", R"({"l": [1, 2]})"),
            "t.html.j2:1:5: l has no item 2; its length is 2");
  EXPECT_EQ(
      render_error("{{ l['x'] }}", R"({"l": [1, 2]})"),
      "t.html.j2:1:5: [ ] takes a list and a whole number, or an object and a text, not a list and a text");
}

TEST(TemplateErrors, HasThePlaceAsValues) {
  try {
    render("\n\n {{ x }}");
    FAIL();
  } catch (const TemplateError& error) {
    EXPECT_EQ(error.file(), "t.html.j2");
    EXPECT_EQ(error.line(), 3U);
    EXPECT_EQ(error.column(), 5U);
  }
}

TEST(TemplateErrors, WhatCannotBePrinted) {
  constexpr std::string_view kValues = R"({"l": [], "o": {}, "n": null})";
  EXPECT_EQ(render_error("{{ l }}", kValues),
            "t.html.j2:1:4: a list can't be printed; loop over it with for, or use join");
  EXPECT_EQ(render_error("{{ o }}", kValues),
            "t.html.j2:1:4: an object can't be printed; name one of its members");
  EXPECT_EQ(render_error("{{ n }}", kValues),
            "t.html.j2:1:4: none can't be printed; test it with if, or use default(\"...\", true)");
}

TEST(TemplateErrors, Arithmetic) {
  EXPECT_EQ(render_error("{{ 'a' + 1 }}"),
            "t.html.j2:1:8: + needs two numbers or two texts, not a text and a number");
  EXPECT_EQ(render_error("{{ 'a' - 'b' }}"), "t.html.j2:1:8: - needs two numbers, not a text and a text");
  EXPECT_EQ(render_error("{{ 'a' < 1 }}"),
            "t.html.j2:1:8: a text and a number have no order; compare two numbers or two texts");
  EXPECT_EQ(render_error("{{ 9223372036854775807 + 1 }}"), "t.html.j2:1:24: the number grows too large");
  EXPECT_EQ(render_error("{{ 9223372036854775808 }}"), "t.html.j2:1:4: the number is too large");
}

TEST(TemplateErrors, Filters) {
  EXPECT_EQ(render_error("{{ 'a' | uper }}"), "t.html.j2:1:10: no filter \"uper\"; did you mean \"upper\"?");
  EXPECT_EQ(render_error("{{ 'a' | upper(1) }}"), "t.html.j2:1:10: upper takes no argument");
  EXPECT_EQ(render_error("{{ 'a' | date }}"), "t.html.j2:1:10: date takes 1 argument");
  EXPECT_EQ(render_error("{{ 'a' | default }}"), "t.html.j2:1:10: default takes 1 or 2 arguments");
  EXPECT_EQ(render_error("{{ 1 | upper }}"), "t.html.j2:1:8: upper needs a text, not a number");
  EXPECT_EQ(render_error("{{ 'a' | join }}"), "t.html.j2:1:10: join needs a list, not a text");
  EXPECT_EQ(render_error("{{ l | first }}", R"({"l": []})"),
            "t.html.j2:1:8: an empty list has no first; test it with if");
  EXPECT_EQ(render_error("{{ 'a' | truncate(0) }}"), "t.html.j2:1:10: truncate needs a whole number over 0");
  EXPECT_EQ(render_error("{{ 1 | length }}"),
            "t.html.j2:1:8: length needs a text, a list or an object, not a number");
  EXPECT_EQ(render_error("{{ 'teal' | readable('#fff') }}"),
            "t.html.j2:1:13: \"teal\" is no colour of the form #1f5fbf");
}

TEST(TemplateErrors, Dates) {
  for (const char* wrong :
       {"", "27 November 2026", "2026-13-01", "2026-02-29", "2026-11-27T24:00:00Z", "2026-11-27T08:00:00",
        "2026-11-27T08:00Z", "2026-11-27T08:00:00.1", "2026-11-27T08:00:00+1:00"}) {
    EXPECT_EQ(
        render_error("{{ x | date('%Y') }}", std::string(R"({"x": ")") + wrong + "\"}"),
        "t.html.j2:1:8: \"" + std::string(wrong) + "\" is no date of the form 2026-11-27T08:00:00-05:00");
  }
  EXPECT_EQ(render_error("{{ '2026-11-27' | date('%q') }}"),
            "t.html.j2:1:19: date knows no %q; it knows %Y %m %d %e %B %b %A %a %H %M %I %p %z");
  EXPECT_EQ(render_error("{{ '2026-11-27' | date('%') }}"),
            "t.html.j2:1:19: the date's pattern ends in a single %");
}

TEST(TemplateErrors, WhatIsNeverClosed) {
  EXPECT_EQ(render_error("a {{ x"), "t.html.j2:1:3: {{ is never closed; end it with }}");
  EXPECT_EQ(render_error("a {% if x"), "t.html.j2:1:3: {% is never closed; end it with %}");
  EXPECT_EQ(render_error("a {# x"), "t.html.j2:1:3: {# is never closed; end it with #}");
  EXPECT_EQ(render_error("{{ 'a }}"), "t.html.j2:1:4: the text is not closed on its line");
  EXPECT_EQ(render_error("\n{% if 1 %}{% for x in y %}{% endfor %}"),
            "t.html.j2:2:4: if is never closed; end it with {% endif %}");
  EXPECT_EQ(render_error("{% for x in y %}{% else %}"),
            "t.html.j2:1:4: for is never closed; end it with {% endfor %}");
  EXPECT_EQ(render_error("{% block x %}"),
            "t.html.j2:1:4: block is never closed; end it with {% endblock %}");
}

TEST(TemplateErrors, Tags) {
  EXPECT_EQ(render_error("{% fro x in y %}"), "t.html.j2:1:4: no tag \"fro\"; did you mean \"for\"?");
  EXPECT_EQ(render_error("{% macro x() %}"),
            "t.html.j2:1:4: no tag \"macro\"; there is block, extends, for, if, include, set");
  EXPECT_EQ(render_error("{% endif %}"), "t.html.j2:1:4: endif has nothing to end here");
  EXPECT_EQ(render_error("{% if 1 %}{% endfor %}{% endif %}"),
            "t.html.j2:1:14: endfor has nothing to end here");
  EXPECT_EQ(render_error("{% if 1 %}{% else %}{% elif 1 %}{% endif %}"),
            "t.html.j2:1:24: elif has nothing to end here");
  EXPECT_EQ(render_error("{% %}"), "t.html.j2:1:4: expected a tag, found %}");
  EXPECT_EQ(render_error("{% for x y %}"), "t.html.j2:1:10: expected \"in\", found \"y\"");
  EXPECT_EQ(render_error("{% set x 1 %}"), "t.html.j2:1:10: expected \"=\", found \"1\"");
  EXPECT_EQ(render_error("{% set loop = 1 %}"),
            "t.html.j2:1:8: \"loop\" is a word of the language; choose another name");
  EXPECT_EQ(render_error("{% include x %}"),
            "t.html.j2:1:12: expected the name of a template in quotes after \"include\", found \"x\"");
}

TEST(TemplateErrors, Expressions) {
  EXPECT_EQ(render_error("{{ }}"), "t.html.j2:1:4: expected a value, found }}");
  EXPECT_EQ(render_error("{{ 1 2 }}"), "t.html.j2:1:6: expected }}, found \"2\"");
  EXPECT_EQ(render_error("{{ (1 }}"), "t.html.j2:1:7: expected \")\", found }}");
  EXPECT_EQ(render_error("{{ a. }}"), "t.html.j2:1:7: expected a name after \".\", found }}");
  EXPECT_EQ(render_error("{{ 1 < 2 < 3 }}"), "t.html.j2:1:10: expected }}, found \"<\"");
  EXPECT_EQ(render_error("{{ super() }}"),
            "t.html.j2:1:9: nothing can be called; a filter is written {{ x | upper }}");
  EXPECT_EQ(render_error("{{ a ? b }}"), "t.html.j2:1:6: a stray \"?\"; it means nothing here");
  EXPECT_EQ(render_error("{{ a é }}"), "t.html.j2:1:6: a stray \"é\"; it means nothing here");
  EXPECT_EQ(render_error("{{ '\\x' }}"),
            "t.html.j2:1:4: a backslash in a text stands only before n, t, \\, \" and '");
  EXPECT_EQ(render_error("{{ x is odd }}"),
            "t.html.j2:1:9: expected \"defined\" or \"not defined\" after \"is\", found \"odd\"");
  EXPECT_EQ(render_error("{{ 1 is defined }}"),
            "t.html.j2:1:6: only a variable or a member of one can be defined or not");
  EXPECT_EQ(render_error("{{ loop.index }}"), "t.html.j2:1:4: loop has a value only inside of for");
  EXPECT_EQ(render_error("{{ loop.indx }}"), "t.html.j2:1:9: loop has no \"indx\"; did you mean \"index\"?");
  EXPECT_EQ(render_error("{{ loop }}"), "t.html.j2:1:9: expected \".\" after \"loop\", found }}");
  EXPECT_EQ(render_error("{% for x in 1 %}{% endfor %}"),
            "t.html.j2:1:13: for needs a list or an object, not a number");
}

TEST(TemplateErrors, Inheritance) {
  const Source base{"base.html.j2", "{% block head %}{% endblock %}"};
  EXPECT_EQ(set_error({base, {"t.html.j2", "{% extends 'bass.html.j2' %}"}}),
            "t.html.j2:1:12: no template \"bass.html.j2\"; did you mean \"base.html.j2\"?");
  EXPECT_EQ(set_error({base, {"t.html.j2", "{% extends 'base.html.j2' %}\n{% block haed %}{% endblock %}"}}),
            "t.html.j2:2:10: no block \"haed\" in what this extends; did you mean \"head\"?");
  EXPECT_EQ(set_error({base, {"t.html.j2", "a{% extends 'base.html.j2' %}"}}),
            "t.html.j2:1:5: extends must come before everything else, and once");
  EXPECT_EQ(
      set_error({base, {"t.html.j2", "{% extends 'base.html.j2' %}\n\n lost"}}),
      "t.html.j2:3:2: this template extends another, so what stands outside of its blocks is never shown; "
      "move it into a block");
  EXPECT_EQ(set_error({{"t.html.j2", "{% block a %}{% endblock %}{% block a %}{% endblock %}"}}),
            "t.html.j2:1:37: there are two blocks \"a\"");
  EXPECT_EQ(set_error({{"t.html.j2", "{% for x in y %}{% block a %}{% endblock %}{% endfor %}"}}),
            "t.html.j2:1:20: a block can't stand inside of for; put the for into the block");
  EXPECT_EQ(set_error({{"t.html.j2", "{% extends 't.html.j2' %}"}}),
            "t.html.j2:1:12: templates extend each other over 16 deep; does one extend itself?");
}

TEST(TemplateErrors, AnotherWayOfEscapingIsNotMixedIn) {
  EXPECT_EQ(set_error({{"t.html.j2", "{% include 'a.txt.j2' %}"}, {"a.txt.j2", ""}}),
            "t.html.j2:1:12: \"a.txt.j2\" escapes values in another way; use one that ends with .html.j2");
}

TEST(TemplateErrors, ANameThatSaysNothingOfEscaping) {
  EXPECT_EQ(
      set_error({{"post.j2", ""}}),
      "post.j2:1:1: its name does not say how values are escaped; end it with .html.j2, .xml.j2 or .txt.j2");
}

TEST(TemplateErrors, NotUtf8) {
  for (const char* wrong : {"\xE9", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    EXPECT_EQ(set_error({{"t.html.j2", "é\n a" + std::string(wrong) + "b"}}),
              "t.html.j2:2:3: the file is not UTF-8; save it as UTF-8");
  }
}

}  // namespace
}  // namespace templates
