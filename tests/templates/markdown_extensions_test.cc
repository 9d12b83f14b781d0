// What Obsidian and Pandoc write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "templates/markdown.h"

namespace templates {
namespace {

std::string html(std::string_view body) {
  return Markdown(body).html(nullptr);
}
std::string text(std::string_view body) {
  return Markdown(body).text(nullptr);
}

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Highlights, AreMarks) {
  EXPECT_EQ("<p>a <mark>b c</mark> d</p>\n", html("a ==b c== d"));
  EXPECT_EQ("<p><mark>a</mark> <mark>b</mark></p>\n", html("==a== ==b=="));
  EXPECT_EQ("<p><mark>a\nb</mark></p>\n", html("==a\nb=="));
  EXPECT_EQ("<p>x<mark><strong>a</strong> <code>==</code> <em>b</em></mark>y</p>\n",
            html("x==**a** `==` *b*==y"));
  EXPECT_EQ("<p>==a <mark>b</mark> c==</p>\n", html("==a ==b== c=="));
  EXPECT_EQ("<h1 id=\"a-b\">A <mark>b</mark></h1>\n", html("# A ==b=="));
  EXPECT_THAT(html("| a |\n|---|\n| ==b== |"), HasSubstr("<td><mark>b</mark></td>"));
  EXPECT_EQ("<ul>\n<li><mark>a</mark></li>\n</ul>\n", html("- ==a=="));
  EXPECT_EQ("a b c\n", text("a ==b== c"));
  EXPECT_EQ("a b c", Markdown("a ==b== c").excerpt());
  EXPECT_EQ(3U, Markdown("a ==b== c").words());
}

TEST(Highlights, HoldMergeFields) {
  EXPECT_EQ("<p><mark>a \x01n\x02x\x03</mark></p>\n", Markdown("==a {{n|x}}==").html(nullptr, true));
}

TEST(Highlights, NeedWordsAtBothEndsInOneParagraph) {
  for (const char* body :
       {"a == b", "a == b == c", "==a ==", "== a==", "====", "==== a ====", "===a===", "==a\n\nb==",
        "`==a==`", "\\==a==", "==a\\==", "==a*b==*", "- ==a\n- b==", "==", "    ==a==", "```\n==a==\n```",
        "<pre>==a==</pre>", "<div>\n==a==\n</div>", "==a &#61;="}) {
    EXPECT_THAT(html(body), Not(HasSubstr("<mark>"))) << body;
    EXPECT_THAT(html(body), HasSubstr("==")) << body;
  }
}

}  // namespace
}  // namespace templates
