// What Obsidian and Pandoc write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "templates/markdown.h"

namespace templates {
namespace {

std::string html(std::string_view body) {
  return Markdown(body).html(nullptr);
}
std::string text(std::string_view body) {
  return Markdown(body).text(nullptr);
}

using testing::ElementsAre;
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

std::vector<std::string> findings(std::string_view body) {
  std::vector<std::string> out;
  const Markdown markdown(body);
  for (const Finding& finding : markdown.findings()) {
    out.push_back(std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " + finding.what +
                  (finding.blocking ? " (blocking)" : ""));
  }
  return out;
}

TEST(Comments, NeverReachAReader) {
  for (const char* body : {"%% secret %%",
                           "a %%secret%% b",
                           "a%% secret\nsecret %% b",
                           "%%\nsecret\n%%",
                           "%%\n\nsecret\n\n%%",
                           "%%\n# secret\n\n- secret\n\n```\nsecret\n```\n%%",
                           "> %% secret\n> secret %%\n> b",
                           "- %% secret\n  secret %%\n- b",
                           "| a %%secret%% |\n|---|\n| %%secret%% |",
                           "# a %% secret %%",
                           "%% don`t secret %% and `code`",
                           "%%\n```\n%% secret\n```\nsecret\n%%",
                           "%% ![secret](secret.png) %%",
                           "<div>\n%% secret %%\n</div>",
                           "<p>a %% secret\n\nsecret %%</p>",
                           "a <b>%%secret%%</b>",
                           "[a](b \"c %%secret%%\")",
                           "%% <!-- secret %%",
                           "%%\nsecret",
                           "%% [secret]: x\n\n%% b",
                           "![a %%secret%%](b.png)",
                           "%%secret%% %%secret%%",
                           "[[a|b %%secret%% c]]",
                           "![[a.png|b %%secret%%]]",
                           "# a {.b%%secret%%}",
                           "%%%%%%secret%%"}) {
    const Markdown markdown(body);
    for (const std::string& shown : {markdown.html(nullptr), markdown.text(nullptr), markdown.excerpt()}) {
      EXPECT_THAT(shown, Not(HasSubstr("secret"))) << body;
      EXPECT_THAT(shown, Not(HasSubstr("\f"))) << body;
    }
    EXPECT_THAT(html("x\n\n" + std::string(body)), Not(HasSubstr("secret"))) << body;
  }
  EXPECT_THAT(Markdown("%% ![secret](secret.png) %%").images(), IsEmpty());
}

TEST(Comments, LeaveTheRestAsItWas) {
  EXPECT_EQ("<p>a  b</p>\n", html("a %%x%% b"));
  EXPECT_EQ("<p>ab</p>\n", html("a%%x%%b"));
  EXPECT_EQ("<p>a \nb</p>\n", html("a %% x %%\nb"));
  EXPECT_EQ("<p>    b</p>\n", html("%% long enough for code %%    b"));
  EXPECT_EQ("<p>a</p>\n<p>b</p>\n", html("a\n\n%%\nx\n\n# y\n%%\n\nb"));
  EXPECT_EQ("<blockquote>\n<p>a \n b</p>\n</blockquote>\n", html("> a %% x\n> > y %% b"));
  EXPECT_EQ("<blockquote>\n<p>b</p>\n</blockquote>\n", html("> %% x\n> y %%\n> b"));
  EXPECT_EQ("<p>a</p>\n", html("%%\n> x\n%%\n\na"));
  EXPECT_EQ("<p><strong>a</strong> <em>b</em></p>\n", html("**a**%%x%% %%y%%*b*"));
  EXPECT_EQ("<h1 id=\"a\">A </h1>\n<p>b</p>\n", html("# A %%x%%\nb"));
  EXPECT_EQ("<hr>\n", html("%%x%%\n---"));
  EXPECT_EQ("", html("%% a %% %% b %%"));
  EXPECT_EQ("<p>don't <code>c</code></p>\n", html("%% don`t %%don't `c`"));
  EXPECT_EQ("a b\n", text("a %%x%% b"));
  EXPECT_EQ("a b", Markdown("%% x %%\n\na %%x%% b").excerpt());
  EXPECT_EQ(2U, Markdown("a %%x y z%% b").words());
  EXPECT_EQ("<p>Hi \x01n\x02x\x03</p>\n", Markdown("Hi {{n%%c%%|x}}").html(nullptr, true));
}

TEST(Comments, DoNotStartInCodeOrWhereEscaped) {
  EXPECT_EQ("<p><code>%%a%%</code> b</p>\n", html("`%%a%%` b"));
  EXPECT_EQ("<pre><code class=\"language-mermaid\">%% a %%\n%% b\n</code></pre>\n",
            html("```mermaid\n%% a %%\n%% b\n```"));
  EXPECT_EQ("<ul>\n<li><p>a</p>\n<pre><code>%% b %%\n</code></pre>\n</li>\n</ul>\n",
            html("- a\n\n      %% b %%"));
  EXPECT_EQ("<p>%%a%%</p>\n", html("\\%%a\\%%"));
  EXPECT_EQ("<p><kbd>%% a %%</kbd></p>\n", html("<kbd>%% a %%</kbd>"));
  EXPECT_EQ("<p>b %% c</p>\n", html("<!-- %% --> b %% c"));
}

TEST(Comments, WithoutAPartnerAreText) {
  EXPECT_EQ("<p>100%% of it</p>\n", html("100%% of it"));
  EXPECT_EQ("<p>%% a</p>\n<p>b</p>\n", html("%% a\n\nb"));
  EXPECT_THAT(findings("a 100%% of it"), ElementsAre("1:6: %% without a second one is shown as text"));
  EXPECT_THAT(findings("a\n\n> %%\n> b"), ElementsAre("3:3: comment %% is not closed (blocking)"));
  EXPECT_THAT(findings("`%%` %%"), ElementsAre("1:6: %% without a second one is shown as text"));
}

TEST(Comments, APercentageTakesNoOthersSign) {
  EXPECT_EQ("<p>100%% of it</p>\n<p>b</p>\n", html("100%% of it\n\n%%\nsecret\n%%\n\nb"));
  EXPECT_EQ("<p>100%% of it</p>\n<p>b </p>\n", html("100%% of it\n \nb %% secret %%"));
  EXPECT_EQ("<p>100%% of it</p>\n<p>b</p>\n", html("100%% of it\n%%\nsecret\n%%\nb"));
  EXPECT_EQ("<p>100%% or 50%% of it</p>\n", html("100%% or 50%% of it"));
  EXPECT_EQ("<p>Q3\n of it</p>\n", html("Q3%% secret\nsecret %% of it"));
  EXPECT_EQ("<p>a  b</p>\n", html("a %% secret 50%% b"));
}

TEST(Comments, AreCountedAndMoveNothing) {
  EXPECT_THAT(
      findings("é %%ü%% %%b%% <!-- c --> {{n}}\n\n%%\nd\n%%\n\n![](e.png)"),
      ElementsAre("1:3: 4 comments are left out", "1:26: merge field {{n}} has no fallback (blocking)",
                  "7:1: image e.png has no description"));
  EXPECT_EQ(3U, unfinished_text(Markdown("%%\na TODO\n%% TODO")).at(0).line);
  EXPECT_EQ(4U, unfinished_text(Markdown("%%\na TODO\n%% TODO")).at(0).column);
  EXPECT_EQ(1U, unfinished_text(Markdown("%%\na TODO\n%% TODO")).size());
}

TEST(Callouts, ShowTheirTitle) {
  EXPECT_EQ("<blockquote>\n<p><strong>A <em>title</em></strong></p>\n<p>b\nc</p>\n</blockquote>\n",
            html("> [!note] A *title*\n> b\n> c"));
  EXPECT_EQ("<blockquote>\n<p><strong>Note</strong></p>\n<p>b</p>\n</blockquote>\n", html("> [!NOTE]\n> b"));
  EXPECT_EQ("<blockquote>\n<p><strong>Note</strong></p>\n</blockquote>\n", html("> [!note]"));
  EXPECT_EQ("<blockquote>\n<p><strong>A</strong></p>\n</blockquote>\n", html("> [!my-own]- A"));
  EXPECT_EQ("<blockquote>\n<p><strong>A</strong></p>\n<p>b</p>\n</blockquote>\n",
            html("> [!tip]+ A\n>\n> b"));
  EXPECT_EQ("<blockquote>\n<p><strong>A</strong></p>\n<p>b</p>\n</blockquote>\n", html("> [!tip] A  \n> b"));
  EXPECT_EQ("<blockquote>\n<p><strong>A</strong></p>\n<p><code>b</code></p>\n</blockquote>\n",
            html("> [!tip] A\n`b`"));
  EXPECT_EQ("<blockquote>\n<p><strong>Tip</strong></p>\n<ul>\n<li>b</li>\n</ul>\n</blockquote>\n",
            html("> [!tip]\n> - b"));
  EXPECT_EQ(
      "<blockquote>\n<p><strong>A</strong></p>\n<blockquote>\n<p><strong>B</strong></p>\n<p>c</p>\n"
      "</blockquote>\n</blockquote>\n",
      html("> [!tip] A\n> > [!note] B\n> > c"));
  EXPECT_EQ("> *Read this*\n>\n> It is short.\n", text("> [!note] Read this\n> It is short."));
  EXPECT_EQ("A b", Markdown("> [!note] A\n> b").excerpt());
  EXPECT_EQ("<blockquote>\n<p><strong>A <mark>b</mark> \x01n\x02x\x03</strong></p>\n</blockquote>\n",
            Markdown("> [!note] A ==b== {{n|x}}").html(nullptr, true));
  EXPECT_EQ(3U, unfinished_text(Markdown("a\n\n> [!note] TODO")).at(0).line);
  EXPECT_EQ(11U, unfinished_text(Markdown("a\n\n> [!note] TODO")).at(0).column);
}

TEST(Callouts, BeginAQuote) {
  for (const char* body : {"[!note] A", "> a\n> [!note] A", "> \\[!note] A", "> `[!note]` A", "> [!no te] A",
                           "> [!] A", "> [!note]A", "> # [!note] A", "- [!note] A", "> *[!note] A*"}) {
    EXPECT_THAT(html(body), Not(HasSubstr("<strong>"))) << body;
    EXPECT_THAT(html(body), HasSubstr("[!")) << body;
  }
}

std::vector<std::string> images(std::string_view body) {
  std::vector<std::string> out;
  const Markdown markdown(body);
  for (const ImageReference& image : markdown.images()) {
    out.push_back(std::to_string(image.line) + ":" + std::to_string(image.column) + ": " + image.address +
                  (image.alt.empty() ? "" : " (" + image.alt + ")"));
  }
  return out;
}

TEST(Embeds, OfPicturesAreImages) {
  EXPECT_EQ("<p>a <img src=\"b.png\" alt=\"\"> c</p>\n", html("a ![[b.png]] c"));
  EXPECT_EQ("<p><img src=\"b.JPG\" alt=\"\" width=\"300\"></p>\n", html("![[b.JPG|300]]"));
  EXPECT_EQ("<p><img src=\"b.png\" alt=\"\" width=\"300\" height=\"200\"></p>\n", html("![[b.png|300x200]]"));
  EXPECT_EQ("<p><img src=\"a/b.webp\" alt=\"A &amp; b\"></p>\n", html("![[a/b.webp|A &amp; b]]"));
  EXPECT_EQ("<p><img src=\"b.png\" alt=\"A b\" width=\"80\"></p>\n", html("![[b.png|A b|80]]"));
  EXPECT_EQ("<p><img src=\"Pasted%20image%201.png\" alt=\"\"></p>\n", html("![[Pasted image 1.png]]"));
  EXPECT_EQ("<p><img src=\"a@2x.png\" alt=\"\"> <img src=\"_b_.png\" alt=\"*c*\"></p>\n",
            html("![[a@2x.png]] ![[_b_.png|*c*]]"));
  EXPECT_EQ("<p><a href=\"/x\"><img src=\"b.png\" alt=\"c\"></a></p>\n", html("[![[b.png|c]]](/x)"));
  EXPECT_THAT(html("| a |\n|---|\n| ![[b.png\\|c]] ![[d.png\\|90]] |"),
              HasSubstr("<td><img src=\"b.png\" alt=\"c\"> <img src=\"d.png\" alt=\"\" width=\"90\"></td>"));
  EXPECT_EQ("[Image: c] d\n", text("![[b.png|c]] d"));
  EXPECT_EQ("d e", Markdown("d ![[b.png|c]] e").excerpt());
  EXPECT_EQ("<p><img src=\"b.png\" alt=\"Hi x\"></p>\n",
            Markdown("![[b.png|Hi {{n|x}}]]").html(nullptr, true));
}

TEST(Embeds, OfPicturesAreListedWithTheOthers) {
  EXPECT_THAT(images("![a](a.png) ![[b c.png|d]]\n\n> ![e](e.png)\n> ![[f.avif]]"),
              ElementsAre("1:1: a.png (a)", "1:13: b c.png (d)", "3:3: e.png (e)", "4:3: f.avif"));
  EXPECT_THAT(findings("a ![[b.png]]"), ElementsAre("1:3: image b.png has no description"));
  EXPECT_THAT(findings("![[b.png|c]]"), IsEmpty());
  EXPECT_THAT(html("![[javascript:a.png|b]]"), HasSubstr("<p>b</p>"));
  EXPECT_THAT(images("![[javascript:a.png|b]]"), IsEmpty());
}

TEST(Embeds, OfNotesAreLeftOutAndTold) {
  EXPECT_EQ("<p>a  b</p>\n", html("a ![[Some note#Part|x]] b"));
  EXPECT_EQ("<p>a</p>\n<p>b</p>\n", html("a\n\n![[Some note]]\n\nb"));
  EXPECT_EQ("<blockquote>\n</blockquote>\n<p>a</p>\n", html("> ![[x]]\n\na\n\n![[y.pdf]] ![[z]]"));
  EXPECT_EQ("a\n", text("a\n\n![[Some note]]"));
  EXPECT_THAT(findings("a ![[Some note|x]]"),
              ElementsAre("1:3: ![[Some note|x]] is left out: only pictures are shown"));
}

TEST(Embeds, AreNoneInCodeOrWhereEscaped) {
  for (const char* body : {"`![[a.png]]`", "    ![[a.png]]", "```\n![[a.png]]\n```", "!\\[[a.png]]",
                           "![\\[a.png]]", "![[a.png\n]]", "![[ ]]", "![[a.png]\\]", "![[a.png",
                           "*![[a.png*]]", "![[a.png\n\n]]", "<div>\n![[a.png]]\n</div>"}) {
    EXPECT_THAT(images(body), IsEmpty()) << body;
    EXPECT_THAT(html(body), HasSubstr("![[")) << body;
  }
  EXPECT_THAT(images("\\![[a.png]]"), IsEmpty());
}

TEST(WikiLinks, AreTheirWords) {
  EXPECT_EQ("<p>a Note b</p>\n", html("a [[Note]] b"));
  EXPECT_EQ("<p>words</p>\n", html("[[Note|words]]"));
  EXPECT_EQ("<p>words of it</p>\n", html("[[Note#Heading|words]] of it"));
  EXPECT_EQ("<p>Note, Heading, Note, Note</p>\n",
            html("[[Note#Heading]], [[#Heading]], [[folder/Note]], [[Note.md]]"));
  EXPECT_EQ("<p>A &amp; B, x_1, a@b.org</p>\n", html("[[A & B]], [[_x_|x\\_1]], [[n|a@b.org]]"));
  EXPECT_EQ("<p>!Note</p>\n", html("\\![[Note]]"));
  EXPECT_THAT(html("| a | b |\n|---|---|\n| [[Note\\|c]] | [[d]] |"), HasSubstr("<td>c</td>\n<td>d</td>"));
  EXPECT_EQ("<h2 id=\"the-note\">The Note</h2>\n", html("## The [[folder/Note]]"));
  EXPECT_EQ("a words\n", text("a [[Note|words]]"));
  EXPECT_EQ("a words", Markdown("a [[Note|words]]").excerpt());
  EXPECT_EQ("<p>Hi \x01n\x02x\x03!</p>\n", Markdown("[[Note|Hi {{n|x}}]]!").html(nullptr, true));
  EXPECT_EQ("<p><mark>a Note</mark></p>\n", html("==a [[Note]]=="));
  EXPECT_EQ("<p>[Note b]</p>\n", html("[[[Note]] b]"));
}

TEST(WikiLinks, AreTold) {
  EXPECT_THAT(findings("é\n\na [[Note|b]] [[c]]"),
              ElementsAre("3:3: [[Note|b]] is no link for readers; its words stay",
                          "3:14: [[c]] is no link for readers; its words stay"));
  const auto unfinished = unfinished_text(Markdown("a [[Note|TODO]]"));
  ASSERT_EQ(1U, unfinished.size());
  EXPECT_EQ(10U, unfinished[0].column);
}

TEST(WikiLinks, AreNoneInCodeOrWhereEscaped) {
  for (const char* body :
       {"`[[a]]`", "    [[a]]", "\\[[a]]", "[\\[a]]", "[[a\\]]", "[[]]", "[[a\n]]", "[[a"}) {
    EXPECT_THAT(html(body), HasSubstr("[[")) << body;
    EXPECT_THAT(findings(body), IsEmpty()) << body;
  }
  EXPECT_EQ("<p><a href=\"/b\">[a]</a></p>\n", html("[[a]](/b)"));
}

TEST(Attributes, OfPandocAreLeftOut) {
  EXPECT_EQ("<h1 id=\"my-id\">A <em>title</em></h1>\n", html("# A *title* {#my-id .class}"));
  EXPECT_EQ("<h2 id=\"a\">A</h2>\n", html("## A {.unnumbered key=\"a b\"} ##"));
  EXPECT_EQ("<h2 id=\"a\">A</h2>\n", html("A {-}\n---"));
  EXPECT_EQ("<h1 id=\"a\">A</h1>\n", html("# A {#a:b.c}"));
  EXPECT_EQ("<h1 id=\"x\">A</h1>\n<h1 id=\"b\">B</h1>\n<h1 id=\"x-1\">X</h1>\n",
            html("# A {#x}\n# B {#x}\n# X"));
  EXPECT_EQ("<p><img src=\"y.png\" alt=\"x\"> a</p>\n", html("![x](y.png){width=50%} a"));
  EXPECT_EQ("<p><img src=\"y.png\" alt=\"x\"></p>\n", html("![[y.png|x]]{ width=50% .right }"));
  EXPECT_EQ("<p><a href=\"/b\">a</a>, <a href=\"/c\">c</a></p>\n",
            html("[a](/b){.button target='_blank'}, [c]{.x}\n\n[c]: /c"));
  EXPECT_EQ("<p><code>a</code> b</p>\n", html("`a`{.cpp} b"));
  EXPECT_EQ("A\n=\n\nx\n", text("# A {#b}\n\nx"));
  EXPECT_EQ("a b", Markdown("[a](/b){.c} b").excerpt());
  EXPECT_EQ("A", Markdown("# A {#b}").first_heading());
}

TEST(Attributes, AreTold) {
  EXPECT_THAT(findings("# A {#b}"), IsEmpty());
  EXPECT_THAT(findings("é\n\n# A {#b .c}\n\n![x](y.png){width=50%} `a`{.b}\n\n# C {#b}"),
              ElementsAre("3:5: attributes {#b .c} are left out but for the id",
                          "5:12: attributes {width=50%} are left out", "5:27: attributes {.b} are left out",
                          "7:5: attributes {#b} are left out"));
}

TEST(Attributes, AreNothingElseInBraces) {
  for (const char* body :
       {"# A {b}", "# A {}", "# A {.b} c", "# A \\{.b}", "# `{.b}`", "[a](/b) {.c}", "[a](/b){c d}",
        "[a](/b)\\{.c}", "a{.b}", "`a`{.b", "`a`{b=}", "`a`{b=\"c}", "<b>a</b>{.b}", "<code>a</code>{.b}",
        "    a{.b}", "```\n`a`{.b}\n```", "<https://x.org>{.b}", "# A {.b {.c"}) {
    EXPECT_THAT(html(body), HasSubstr("{")) << body;
    EXPECT_THAT(findings(body), IsEmpty()) << body;
  }
  EXPECT_EQ("<h1 id=\"a-x\">A \x01n\x02x\x03</h1>\n<p><a href=\"/b\">a</a>\x01n\x02\x03</p>\n",
            Markdown("# A {{n|x}}\n\n[a](/b){{n|}}").html(nullptr, true));
}

}  // namespace
}  // namespace templates
