#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "templates/markdown.h"

namespace templates {
namespace {

std::string text(std::string_view body, std::size_t width = 72) {
  return Markdown(body).text(nullptr, false, width);
}

TEST(MarkdownText, WrapsParagraphs) {
  EXPECT_EQ("one two three four five\nsix seven\n\neight\n",
            text("one two three\nfour five six  seven\n\neight", 24));
  EXPECT_EQ("a\nhttps://example.org/a-long-address-that-does-not-fit\nb\n",
            text("a https://example.org/a-long-address-that-does-not-fit b", 24));
  EXPECT_EQ("日本語の文章です\n日本語の文章です\n", text("日本語の文章です 日本語の文章です", 24));
  EXPECT_EQ("a\nb\n", text("a  \nb"));
  EXPECT_EQ("", text(""));
}

TEST(MarkdownText, NumbersLinksAndListsThemAtTheFoot) {
  EXPECT_EQ(
      "one [1], two [2], again [1], https://x.org/c, me@x.org, www.x.org, there\n\n"
      "[1] https://x.org/a?b=1&c\n[2] /rel%20ative\n",
      text("[one](https://x.org/a?b=1&c), [two](</rel ative>), [again](https://x.org/a?b=1&c), "
           "<https://x.org/c>, "
           "<me@x.org>, www.x.org, [there](#there)"));
}

TEST(MarkdownText, NeverBreaksBetweenALinkAndItsNumber) {
  EXPECT_EQ("aaaaaaaaaaaaaaaaaaaa\nlink [1]\n\n[1] /x\n", text("aaaaaaaaaaaaaaaaaaaa [link](/x)", 26));
}

TEST(MarkdownText, HeadingsAreUnderlined) {
  EXPECT_EQ("One\n===\n\nTwo é\n-----\n\nThree\n\ntext\n", text("# One\n## Two é\n### Three\ntext"));
}

TEST(MarkdownText, ListsHaveHangingIndents) {
  EXPECT_EQ("- one two three four\n  five\n- six\n  - seven\n\n1. a\n2. b\n",
            text("- one two three four five\n- six\n  - seven\n\n<!-- -->\n\n1. a\n2. b", 24));
  EXPECT_EQ("9. a\n\n   b\n\n10. c\n", text("9. a\n\n   b\n10. c"));
  EXPECT_EQ("[x] done\n", text("- [x] done").substr(2));
  EXPECT_EQ("- [ ] a\n\n- [x] b\n", text("- [ ] a\n\n- [x] b"));
  EXPECT_EQ("-\n- b\n", text("-\n- b"));
}

TEST(MarkdownText, QuotesAreMarkedOnEachLine) {
  EXPECT_EQ("a\n\n> one two three four\n> five\n>\n> > six\n>\n> - b\n> - c\n\nd\n",
            text("a\n\n> one two three four five\n>\n> > six\n>\n> - b\n> - c\n\nd", 24));
}

TEST(MarkdownText, CodeIsIndentedAndNotWrapped) {
  EXPECT_EQ("a\n\n    if (x) {\n      a long line of code that stays as it is\n\n    }\n\nb\n",
            text("a\n\n```\nif (x) {\n  a long line of code that stays as it is\n\n}\n```\nb", 24));
  EXPECT_EQ("> `a  b`\n", text("> `a  b`"));
}

TEST(MarkdownText, MarksOfEmphasisStay) {
  EXPECT_EQ("_a_ *b* ~~c~~ `d` x^2 “q”\n", text("*a* **b** ~~c~~ `d` x<sup>2</sup> <q>q</q>"));
}

TEST(MarkdownText, ImagesAreTheirDescription) {
  EXPECT_EQ("[Image: a chart] b\n", text("![a chart](x.png) b ![](y.png)"));
}

TEST(MarkdownText, TablesAreAligned) {
  EXPECT_EQ(
      "Name   Qty  Note\n"
      "-----  ---  -----\n"
      "Äpfel    3    x\n"
      "日本   120  [1]yy\n"
      "              z\n\n[1] /u\n",
      text("| Name | Qty | Note |\n|---|--:|:-:|\n| Äpfel | 3 | x |\n| 日本 | 120 | [](/u)yy |\n| | | z |"));
}

TEST(MarkdownText, TablesThatDoNotFitBecomeLists) {
  EXPECT_EQ(
      "Name: one two three four\nWhat: five six seven\neight\n\nName: nine\n",
      text("| Name | What |\n|---|---|\n| one two three four | five six seven eight |\n| nine | |", 24));
}

TEST(MarkdownText, RawHtmlIsReadLikeTheRest) {
  EXPECT_EQ("Sum\n\n- a\n\n- b\n\nx  y\n1  2\n",
            text("<details><summary>Sum</summary>\n\n- a\n\n- "
                 "b\n\n</details>\n<table><tr><td>x</td><td>y</td></tr><tr><td>1"
                 "<td>2</table>"));
}

TEST(MarkdownText, MergeFieldsAreOneWord) {
  const Markdown markdown("Hello dear {{name|old friend}}, welcome");
  EXPECT_EQ("Hello dear old friend,\nwelcome\n", markdown.text(nullptr, false, 25));
  EXPECT_EQ("Hello dear \x01name\x02old friend\x03,\nwelcome\n", markdown.text(nullptr, true, 25));
}

TEST(MarkdownText, NoLineEndsWithASpace) {
  const std::string out =
      text("> a\n>\n> b\n\n- \n\n| a | b |\n|---|---|\n| c | |\n\n    code  \n\n# \n\n***");
  EXPECT_THAT(out, testing::Not(testing::HasSubstr(" \n")));
  EXPECT_THAT(out, testing::HasSubstr(">\n"));
}

}  // namespace
}  // namespace templates
