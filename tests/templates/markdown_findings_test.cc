#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "templates/markdown.h"

namespace templates {
namespace {

std::string line(const Finding& finding) {
  return std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " + finding.what + "; " +
         finding.todo + (finding.blocking ? "" : " (warning)");
}

std::vector<std::string> lines(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) out.push_back(line(finding));
  return out;
}

std::vector<std::string> findings(std::string_view body, const MarkdownOptions& options = {}) {
  return lines(Markdown(body, options).findings());
}

std::vector<std::string> unfinished(std::string_view body) {
  return lines(unfinished_text(Markdown(body)));
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Findings, NoneForAGoodDraft) {
  EXPECT_THAT(findings("# A\n\n*b* {{n|x}} ![c](d.png) <kbd>e</kbd>\n\n<details>\n\ng\n\n</details>"),
              IsEmpty());
}

TEST(Findings, UnclosedComment) {
  const char* todo = "HTML comment is not closed; end it with -->";
  EXPECT_THAT(findings("a\n\n  <!-- b\n\nc"), ElementsAre(std::string("3:3: ") + todo));
  EXPECT_THAT(findings("é *a* <!-- b"), ElementsAre(std::string("1:7: ") + todo));
  EXPECT_THAT(findings("> - <div>x <!-- y"), ElementsAre(std::string("1:12: ") + todo));
  EXPECT_THAT(findings("`<!-- a` \\<!-- b &lt;!-- c\n\n    <!-- d"), IsEmpty());
}

TEST(Findings, CommentsNeverReachAReader) {
  for (const char* body :
       {"<!-- secret -->", "a <!-- secret --> b", "a <!-- *secret* -- secret --> b",
        "<div><!-- secret --></div>", "<div>\n<!-- secret\n\nsecret ![secret](secret.png) -->\n</div>",
        "a <!-- x\n-- secret\n\n> secret --> b", "a <!-- secret", "<!-- secret\n\nsecret",
        "- <!-- secret\n  secret -->\n- b", "<!-- # -- `secret` [secret](x) -->",
        "a <!-- -- <b secret=\"1\"> secret --> b", "<?php secret ?>", "<!SECRET secret>",
        "<![CDATA[secret]]>"}) {
    const Markdown markdown(body);
    EXPECT_THAT(markdown.html(nullptr), testing::Not(testing::HasSubstr("secret"))) << body;
    EXPECT_THAT(markdown.text(nullptr), testing::Not(testing::HasSubstr("secret"))) << body;
    EXPECT_THAT(markdown.excerpt(), testing::Not(testing::HasSubstr("secret"))) << body;
    EXPECT_THAT(markdown.images(), IsEmpty()) << body;
  }
}

TEST(Findings, CommentsLeftOutAreCounted) {
  EXPECT_THAT(
      findings("a\n\n  <!-- b -->"),
      ElementsAre("3:3: a comment is left out; no reader sees it; take it out once it is settled (warning)"));
  EXPECT_THAT(
      findings("é <!-- b --> <!-- c -- d -->\n\n<!--\n\n-->"),
      ElementsAre("1:3: 3 comments are left out; no reader sees them; take out what is settled (warning)"));
}

TEST(Findings, WhatFollowsACommentIsShown) {
  EXPECT_EQ("<p>a  b</p>\n", Markdown("a <!-- x --> b").html(nullptr));
  EXPECT_EQ("<p>a  <em>b</em></p>\n", Markdown("a <!-- x -- *y* --> *b*").html(nullptr));
  EXPECT_EQ("<p>a </p>\n<p> b</p>\n", Markdown("a <!-- x\n-- y\n\nz --> b").html(nullptr));
}

TEST(Findings, NestingIsCountedInTheTree) {
  const std::string problem =
      "nested more than 100 levels deep; take quotes, lists and tags out of one another";
  const auto quotes = [](std::size_t n) { return std::string(n, '>') + " a"; };
  EXPECT_THAT(findings(quotes(100)), IsEmpty());
  EXPECT_THAT(findings(quotes(101)), ElementsAre("1:1: " + problem));
  EXPECT_THAT(findings("x\n\n" + quotes(5000)), ElementsAre("1:2: " + problem));

  std::string list;
  for (int i = 0; i < 101; ++i) list += "- ";
  EXPECT_THAT(findings(list.substr(2) + "a"), IsEmpty());
  EXPECT_THAT(findings(list + "a"), ElementsAre("1:1: " + problem));

  std::string tags;
  for (int i = 0; i < 101; ++i) tags += "<div>";
  EXPECT_THAT(findings(tags.substr(5)), IsEmpty());
  EXPECT_THAT(findings(tags), testing::SizeIs(1));
  EXPECT_THAT(findings("```\n" + tags + quotes(300) + "\n```"), IsEmpty());

  MarkdownOptions options;
  options.max_nesting = 2;
  EXPECT_THAT(findings(">> a", options), IsEmpty());
  EXPECT_THAT(
      findings(">>> a", options),
      ElementsAre("1:1: nested more than 2 levels deep; take quotes, lists and tags out of one another"));
}

TEST(Findings, MergeFieldWithoutFallback) {
  EXPECT_THAT(findings("a\n\n> *{{Name}}* `{{x}}`"),
              ElementsAre("3:4: merge field {{name}} has no fallback; write {{name|...}}"));
  EXPECT_EQ("<p>{{name}}</p>\n", Markdown("{{name}}").html(nullptr, true));
  EXPECT_THAT(findings("[a](https://x.org/{{name|x}})"),
              ElementsAre("1:5: a merge field in an address is not filled in: https://x.org/{{name|x}}; put "
                          "it into the text (warning)"));
}

TEST(Findings, ImagesAndHeadingsWithoutWords) {
  EXPECT_THAT(findings("a\n\n![](b.png)\n\n##\n\n## x\n\n> ### ###"),
              ElementsAre("3:1: image b.png has no description; write ![what it shows](b.png) (warning)",
                          "5:1: heading without words; write its text or take it out (warning)",
                          "9:3: heading without words; write its text or take it out (warning)"));
  EXPECT_THAT(findings("<img src=\"a.png\" alt=\"\">"), IsEmpty());
}

TEST(Findings, RefusedAddresses) {
  EXPECT_THAT(findings("a\n[b](javascript:x) <data:y>\n\n![c](file:///d)"),
              ElementsAre("2:5: link to javascript:x is not allowed; its text stays; use http, https, "
                          "mailto, tel, #part or a place on the site (warning)",
                          "2:20: link to data:y is not allowed; its text stays; use http, https, mailto, "
                          "tel, #part or a place on the site (warning)",
                          "4:1: image address file:///d is not allowed; its text stays; use a file beside "
                          "the draft, http or https (warning)"));
  EXPECT_EQ("<p>a\n<em>b</em> data:y</p>\n<p>c</p>\n",
            Markdown("a\n[*b*](javascript:x) <data:y>\n\n![c](file:///d)").html(nullptr));
}

TEST(Findings, TagsLeftOut) {
  EXPECT_THAT(
      findings("a <blink>b</blink> <BLINK>\n\n<form>\n<input>\n</form>\n\n<div style=\"x\">\n\n</div>"),
      ElementsAre("1:3: <blink> is not allowed and was left out; its text stays; take it out or use Markdown "
                  "(warning)",
                  "3:1: <form> is not allowed and was left out; its text stays; take it out or use Markdown "
                  "(warning)",
                  "4:1: <input> is not allowed and was left out; take it out or use Markdown (warning)",
                  "7:1: attribute style of <div> is not allowed and was left out; take it out (warning)"));
  EXPECT_THAT(
      findings("a <script>b</script>"),
      ElementsAre(
          "1:3: <script> is not allowed and was left out with all that it holds; take it out (warning)"));
  EXPECT_THAT(
      findings("a <script>b\n\nc"),
      ElementsAre(
          "1:3: <script> is not allowed and was left out with all that it holds; take it out (warning)",
          "1:3: <script> is not closed, so that what follows it would be lost; close it with </script> or "
          "take it out"));
  EXPECT_THAT(findings("a\n\n<div title=\"x\n\nb"),
              ElementsAre("3:1: tag <div> is not closed; end it with >"));
  EXPECT_THAT(findings("a <?b"), IsEmpty());
  EXPECT_THAT(findings("<?b\n\nc"),
              ElementsAre("1:1: declaration <!...> or <?...?> is not closed; end it with >"));
}

TEST(Findings, WithRawHtmlOffTextStays) {
  MarkdownOptions options;
  options.raw_html = false;
  const Markdown markdown("a <b>c</b>\n\n<div>\nd <img src=x>\n</div>\n\n<script>e</script>", options);
  EXPECT_EQ("<p>a c</p>\n<p>d</p>\n", markdown.html(nullptr));
  EXPECT_THAT(
      lines(markdown.findings()),
      ElementsAre(
          "1:3: <b> is not allowed here and was left out; its text stays; take it out or use Markdown "
          "(warning)",
          "3:1: <div> is not allowed here and was left out; its text stays; take it out or use Markdown "
          "(warning)",
          "4:3: <img> is not allowed here and was left out; its text stays; take it out or use Markdown "
          "(warning)",
          "7:1: <script> is not allowed and was left out with all that it holds; take it out (warning)"));
}

TEST(Findings, FloodsAreBoundedAndBlockingOnesStay) {
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += "![](a.png) ";
  const Markdown markdown(flood + "\n\n{{x}}");
  EXPECT_EQ(101U, markdown.findings().size());
  EXPECT_EQ("3:1: merge field {{x}} has no fallback; write {{x|...}}", line(markdown.findings().back()));
}

TEST(Findings, LongAndOddWordsOfTheAuthorAreCutShort) {
  EXPECT_THAT(
      findings("[a](x:" + std::string(500, 'b') + ")"),
      ElementsAre(testing::StartsWith("1:5: link to x:" + std::string(58, 'b') + "... is not allowed")));
}

TEST(UnfinishedText, IsFoundOutsideCode) {
  EXPECT_THAT(unfinished("a TK b\n\n> *TODO*: XXX, TKTK\n\nLorem\nipsum [insert name] {{a b}}"),
              ElementsAre("1:3: unfinished text: TK; finish it or take it out",
                          "3:4: unfinished text: TODO; finish it or take it out",
                          "3:11: unfinished text: XXX; finish it or take it out",
                          "3:16: unfinished text: TKTK; finish it or take it out",
                          "5:1: unfinished text: Lorem?ipsum; finish it or take it out",
                          "6:7: unfinished text: [insert; finish it or take it out",
                          "6:21: merge field that cannot be filled in: {{; write {{name|fallback}}, in a "
                          "table {{name\\|fallback}}"));
}

TEST(UnfinishedText, LeavesOtherWordsAlone) {
  EXPECT_THAT(unfinished("`TODO` TKO XXXL todo tk mastodon ATK {{n|x}} \\{{y}} insert lorem\n\n    "
                         "TODO\n\n```\nXXX {{z}}\n```\n\n"
                         "<pre>TODO</pre>\n\n<!-- TODO -->"),
              IsEmpty());
}

}  // namespace
}  // namespace templates
