#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "template_testing.h"

namespace templates {
namespace {

boost::json::object list_of(std::size_t length) {
  return {{"l", boost::json::array(length, boost::json::value(1))}};
}

TEST(TemplateLimits, AMillionSteps) {
  const TemplateSet set = set_of({{"t.html.j2", "{% for x in l %}{% for y in l %}{% endfor %}{% endfor %}"}});
  // 1 + n * (1 + 1 + n) steps.
  EXPECT_EQ(set.render("t.html.j2", list_of(998)), "");
  EXPECT_EQ(error_of([&] { set.render("t.html.j2", list_of(1000)); }),
            "t.html.j2:1:20: this takes over 1000000 steps; loop over fewer things");
}

TEST(TemplateLimits, Output) {
  const TemplateSet set = set_of({{"t.html.j2", "{% for x in l %}12345678{{ '<' }}{% endfor %}"}});
  EXPECT_EQ(set.render("t.html.j2", list_of(10), 120).size(), 120U);
  EXPECT_EQ(error_of([&] { set.render("t.html.j2", list_of(10), 119); }),
            "t.html.j2:1:28: the page grows over 119 bytes; show fewer things");
}

TEST(TemplateLimits, IncludesSixteenDeep) {
  const TemplateSet set = set_of({{"t.html.j2", "{% include 't.html.j2' %}"}});
  EXPECT_EQ(error_of([&] { set.render("t.html.j2", {}); }),
            "t.html.j2:1:12: templates include each other over 16 deep; does one include itself?");
}

TEST(TemplateLimits, Nesting) {
  EXPECT_EQ(render(times(63, "{% if 1 %}") + "x" + times(63, "{% endif %}")), "x");
  EXPECT_THAT(render_error(times(65, "{% if 1 %}") + times(65, "{% endif %}")),
              testing::HasSubstr("this is nested over 64 deep; move a part into a template of its own"));
  EXPECT_THAT(render_error("{{ " + times(100'000, "(") + "}}"), testing::HasSubstr("nested over 64 deep"));
  EXPECT_THAT(render_error("{{ " + times(100'000, "not ") + "}}"), testing::HasSubstr("nested over 64 deep"));
  EXPECT_THAT(render_error("{{ " + times(100'000, "- ") + "}}"), testing::HasSubstr("nested over 64 deep"));
  EXPECT_THAT(render_error("{{ " + times(100'000, "a[") + "}}"), testing::HasSubstr("nested over 64 deep"));
}

TEST(TemplateLimits, LengthOfAnExpression) {
  constexpr std::string_view kLong = "the expression is too long; give its parts names with set";
  EXPECT_EQ(render("{{ 1" + times(127, " + 1") + " }}"), "128");
  EXPECT_THAT(render_error("{{ 1" + times(100'000, " + 1") + " }}"), testing::HasSubstr(kLong));
  EXPECT_THAT(render_error("{{ a" + times(100'000, ".a") + " }}"), testing::HasSubstr(kLong));
  EXPECT_THAT(render_error("{{ 'a'" + times(100'000, "|trim") + " }}"), testing::HasSubstr(kLong));
}

}  // namespace
}  // namespace templates
