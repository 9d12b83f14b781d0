#include "templates/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace templates {
namespace {

std::string html(std::string_view body) {
  return Markdown(body).html(nullptr);
}

struct Case {
  const char* markdown;
  const char* html;
};

class Constructs : public testing::TestWithParam<Case> {};

TEST_P(Constructs, BecomeHtml) {
  EXPECT_EQ(GetParam().html, html(GetParam().markdown));
}

INSTANTIATE_TEST_SUITE_P(
    CommonMark, Constructs,
    testing::Values(
        Case{"", ""}, Case{"one\ntwo", "<p>one\ntwo</p>\n"}, Case{"one\n\ntwo", "<p>one</p>\n<p>two</p>\n"},
        Case{"a  \nb", "<p>a<br>\nb</p>\n"}, Case{"a\\\nb", "<p>a<br>\nb</p>\n"},
        Case{"# One", "<h1 id=\"one\">One</h1>\n"}, Case{"###### Six ######", "<h6 id=\"six\">Six</h6>\n"},
        Case{"One\n===", "<h1 id=\"one\">One</h1>\n"}, Case{"Two\n---", "<h2 id=\"two\">Two</h2>\n"},
        Case{"*a* _b_ **c** __d__ ***e***",
             "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> "
             "<em><strong>e</strong></em></p>\n"},
        Case{"`a  <b>`", "<p><code>a  &lt;b&gt;</code></p>\n"}, Case{"``a`b``", "<p><code>a`b</code></p>\n"},
        Case{"    code\n    more", "<pre><code>code\nmore\n</code></pre>\n"},
        Case{"```\na < b\n\nc\n```", "<pre><code>a &lt; b\n\nc\n</code></pre>\n"},
        Case{"```c++ x\n\"q\"\n```", "<pre><code class=\"language-c++\">\"q\"\n</code></pre>\n"},
        Case{"~~~\n```\n~~~", "<pre><code>```\n</code></pre>\n"}, Case{"***", "<hr>\n"},
        Case{"a\n\n---", "<p>a</p>\n<hr>\n"},
        Case{"> a\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>\n"},
        Case{"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
        Case{"- a\n\n- b", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"},
        Case{"- a\n  - b", "<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n"},
        Case{"1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"},
        Case{"7) a", "<ol start=\"7\">\n<li>a</li>\n</ol>\n"},
        Case{"[a](/b 'c \"d\"')", "<p><a href=\"/b\" title=\"c &quot;d&quot;\">a</a></p>\n"},
        Case{"[a][b]\n\n[b]: https://x.org/?a=1&b=2",
             "<p><a href=\"https://x.org/?a=1&amp;b=2\">a</a></p>\n"},
        Case{"[a](<b c>)", "<p><a href=\"b%20c\">a</a></p>\n"},
        Case{"[a](#b)", "<p><a href=\"#b\">a</a></p>\n"},
        Case{"[a](caf\u00e9)", "<p><a href=\"caf%C3%A9\">a</a></p>\n"},
        Case{"[*a* `b`](c)", "<p><a href=\"c\"><em>a</em> <code>b</code></a></p>\n"},
        Case{"![a *b* [c](d)](e.png 't')", "<p><img src=\"e.png\" alt=\"a b c\" title=\"t\"></p>\n"},
        Case{"[![a](b.png)](c)", "<p><a href=\"c\"><img src=\"b.png\" alt=\"a\"></a></p>\n"},
        Case{"<https://x.org/a_b>", "<p><a href=\"https://x.org/a_b\">https://x.org/a_b</a></p>\n"},
        Case{"<a@b.org>", "<p><a href=\"mailto:a@b.org\">a@b.org</a></p>\n"},
        Case{"\\*a\\* \\<b>", "<p>*a* &lt;b&gt;</p>\n"},
        Case{"&copy; &eacute; &#233; &#xE9; &nope; &amp; AT&T \"q\"",
             "<p>\u00a9 \u00e9 \u00e9 \u00e9 &amp;nope; &amp; AT&amp;T \"q\"</p>\n"},
        Case{"&#0; &#1; &#xD800; &#x110000;", "<p>\uFFFD \uFFFD \uFFFD \uFFFD</p>\n"}));

INSTANTIATE_TEST_SUITE_P(
    GitHub, Constructs,
    testing::Values(
        Case{"| a | b | c |\n|---|:-:|--:|\n| 1 | `x\\|y` | 3 |",
             "<div class=\"table\" tabindex=\"0\">\n<table>\n<thead>\n<tr>\n<th>a</th>\n<th "
             "align=\"center\">b</th>\n<th "
             "align=\"right\">c</th>\n</tr>\n"
             "</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td align=\"center\"><code>x|y</code></td>\n"
             "<td align=\"right\">3</td>\n</tr>\n</tbody>\n</table>\n</div>\n"},
        Case{"| `\\|\\\\|` |\n|---|\n\n`\\|`",
             "<div class=\"table\" "
             "tabindex=\"0\">\n<table>\n<thead>\n<tr>\n<th><code>|\\|</code></th>\n</tr>\n"
             "</thead>\n</table>\n</div>\n<p><code>\\|</code></p>\n"},
        Case{"~~a~~", "<p><del>a</del></p>\n"},
        Case{"www.x.org", "<p><a href=\"http://www.x.org\">www.x.org</a></p>\n"},
        Case{"see https://x.org.", "<p>see <a href=\"https://x.org\">https://x.org</a>.</p>\n"},
        Case{"me@x.org", "<p><a href=\"mailto:me@x.org\">me@x.org</a></p>\n"},
        Case{"- [x] a\n- [ ] b\n- c",
             "<ul>\n<li class=\"task\"><span role=\"img\" aria-label=\"done\">&#9745;</span> a</li>\n"
             "<li class=\"task\"><span role=\"img\" aria-label=\"to do\">&#9744;</span> "
             "b</li>\n<li>c</li>\n</ul>\n"}));

TEST(Markdown, LineEndsOfWindowsAndOldMacsAreLineEnds) {
  EXPECT_EQ("<p>a\nb</p>\n<pre><code>c\nd\n</code></pre>\n", html("a\r\nb\r\n\r\n```\r\nc\r\nd\r\n```\r\n"));
  EXPECT_EQ("<p>a</p>\n<p>b</p>\n", html("a\r\rb"));
}

TEST(Markdown, CharacterReferencesOfHtmlAreAllKnown) {
  EXPECT_EQ("<p>\u2202 \u226B\u0338 fj \u2003 \u200C</p>\n",
            html("&part; &NotGreaterGreater; &fjlig; &emsp; &zwnj;"));
  EXPECT_EQ("<p>a\nb</p>\n", html("a&NewLine;b"));
}

TEST(Markdown, HeadingIdsKeepLettersAndAreUnique) {
  EXPECT_EQ(
      "<h1 id=\"whats-next-größe-2\">What's next?  GRÖẞE 2</h1>\n"
      "<h2 id=\"a-b\">a *b*</h2>\n<h2 id=\"a-b-1\">A-B</h2>\n<h2 id=\"a-b-2\"><em>a</em> b!</h2>\n"
      "<h2 id=\"привет\">Привет</h2>\n<h2 id=\"section\">!!!</h2>\n<h2 id=\"見出し\">見出し</h2>\n",
      html("# What's next?  GRÖẞE 2\n## a \\*b\\*\n## A-B\n## *a* b!\n## Привет\n## !!!\n## 見出し"));
}

TEST(Markdown, IdsOfRawHtmlAndHeadingsDoNotCollide) {
  EXPECT_EQ("<p><a id=\"intro\"></a></p>\n<h2 id=\"intro-1\">Intro</h2>\n",
            html("x<a id=\"intro\"></a>\n\n## Intro").replace(3, 1, ""));
}

TEST(Markdown, FirstHeadingCountsOnlyOfLevelOne) {
  EXPECT_EQ("A & B", Markdown("text\n\n# A *&amp;* B\n\n# C").first_heading());
  EXPECT_EQ("", Markdown("## A\n\n# B").first_heading());
  EXPECT_EQ("", Markdown("text").first_heading());
}

TEST(Markdown, DropsTheHeadingThatIsTheTitle) {
  Markdown same("intro\n\n# The *title*\n\nbody");
  same.drop_heading("The title");
  EXPECT_EQ("<p>intro</p>\n<p>body</p>\n", same.html(nullptr));
  EXPECT_EQ("", same.first_heading());

  Markdown other("# The title\n\nbody");
  other.drop_heading("Another title");
  EXPECT_EQ("<h1 id=\"the-title\">The title</h1>\n<p>body</p>\n", other.html(nullptr));

  Markdown alone("# T");
  alone.drop_heading("T");
  EXPECT_EQ("", alone.html(nullptr));
}

TEST(Markdown, AsksForRelativeImagesOnly) {
  std::vector<std::string> asked;
  const Markdown markdown(
      "![a](my%20pic.png) ![b](https://x.org/b.png) ![c](sub/c.png) <img src=\"d.png\" alt=\"d\">");
  const std::string out = markdown.html([&](const std::string& address) {
    asked.push_back(address);
    return address == "sub/c.png" ? std::string() : "/assets/" + address;
  });
  EXPECT_THAT(asked, testing::ElementsAre("my pic.png", "sub/c.png", "d.png"));
  EXPECT_EQ(
      "<p><img src=\"/assets/my%20pic.png\" alt=\"a\"> <img src=\"https://x.org/b.png\" alt=\"b\"> c "
      "<img src=\"/assets/d.png\" alt=\"d\"></p>\n",
      out);
}

TEST(Markdown, ImagesKeepTheirPlaceFreeUnlessTheAuthorSaysHowMuch) {
  const Markdown markdown("![a](a.png) ![b](b.png) <img src=\"c.png\" alt=\"c\" width=\"80\">");
  const std::string out = markdown.html([](const std::string& address) {
    return address == "b.png" ? Markdown::ShownImage("/b.png")
                              : Markdown::ShownImage("/" + address, 640, 480);
  });
  EXPECT_EQ(
      "<p><img src=\"/a.png\" alt=\"a\" width=\"640\" height=\"480\"> <img src=\"/b.png\" alt=\"b\"> "
      "<img src=\"/c.png\" alt=\"c\" width=\"80\"></p>\n",
      out);
}

TEST(Markdown, ListsImagesWithTheirPlaces) {
  const Markdown markdown(
      "é ![a](a%2Fb.png)\n\n> text ![](c.png)\n\n<p>\n <img alt=\"q\" "
      "src='d&amp;e.png'>\n</p>\n\n![r][s]\n\n[s]: https://x.org/f.png");
  const auto& images = markdown.images();
  ASSERT_EQ(4U, images.size());
  EXPECT_EQ("a/b.png", images[0].address);
  EXPECT_EQ(std::make_pair(1UL, 3UL), std::make_pair(images[0].line, images[0].column));
  EXPECT_EQ("c.png", images[1].address);
  EXPECT_EQ(std::make_pair(3UL, 8UL), std::make_pair(images[1].line, images[1].column));
  EXPECT_EQ("d&e.png", images[2].address);
  EXPECT_EQ("q", images[2].alt);
  EXPECT_EQ(std::make_pair(6UL, 2UL), std::make_pair(images[2].line, images[2].column));
  EXPECT_EQ("https://x.org/f.png", images[3].address);
  EXPECT_EQ(std::make_pair(9UL, 1UL), std::make_pair(images[3].line, images[3].column));
}

TEST(Markdown, MergeFieldsAreMarksOrTheirFallback) {
  const Markdown markdown("Hi *{{ First_Name | you & me }}*, `{{a|b}}` {{x|}}.");
  EXPECT_EQ("<p>Hi <em>you &amp; me</em>, <code>{{a|b}}</code> .</p>\n", markdown.html(nullptr));
  EXPECT_EQ(
      "<p>Hi <em>\x01"
      "first_name\x02you & me\x03</em>, <code>{{a|b}}</code> \x01x\x02\x03.</p>\n",
      markdown.html(nullptr, true));
  EXPECT_THAT(markdown.findings(), testing::IsEmpty());
}

TEST(Markdown, MergeFieldsSurviveEscapesAndReferences) {
  EXPECT_EQ(
      "<p>\x01n\x02"
      "fr\u00e8re\x03</p>\n",
      Markdown("{{n|fr&egrave;re}}").html(nullptr, true));
  EXPECT_THAT(Markdown("| a |\n|---|\n| {{n\\|there}} |").html(nullptr, true),
              testing::HasSubstr("<td>\x01n\x02there\x03</td>"));
  EXPECT_EQ("<p>{{n|x}}</p>\n", Markdown("\\{{n|x}}").html(nullptr, true));
  EXPECT_EQ("<p>a \x01n\x02x\x03 b \x01m\x02y\x03 c</p>\n",
            Markdown("a {{n|x}} b {{m|y}} c").html(nullptr, true));
  EXPECT_EQ("<h1 id=\"for-you\">For \x01n\x02you\x03</h1>\n",
            Markdown("# For {{n|you}}").html(nullptr, true));
  EXPECT_EQ("<p><img src=\"a.png\" alt=\"for you\"></p>\n",
            Markdown("![for {{n|you}}](a.png)").html(nullptr, true));
}

TEST(Markdown, NobodyCanWriteMarks) {
  const Markdown markdown(
      "a \x01name\x02"
      "b\x03 &#1;name&#2;b&#3;");
  EXPECT_EQ("<p>a  name b  \uFFFDname\uFFFDb\uFFFD</p>\n", markdown.html(nullptr, true));
  ASSERT_EQ(3U, markdown.findings().size());
  EXPECT_TRUE(markdown.findings()[0].blocking);
  EXPECT_EQ("control character", markdown.findings()[0].what);
}

TEST(Markdown, ExcerptIsTheFirstParagraphs) {
  const Markdown markdown(
      "# Title\n\n> quote\n\nFirst *para*\nwith a [link](x).\n\n- item\n\nSecond {{n|one}}.");
  EXPECT_EQ("First para with a link. Second one.", markdown.excerpt());
  EXPECT_EQ("First para with a link. Second one.", markdown.excerpt(35));
  EXPECT_EQ("First para with a link. Second\u2026", markdown.excerpt(34));
  EXPECT_EQ("First para with a\u2026", markdown.excerpt(20));
  EXPECT_EQ("First para with a link\u2026", markdown.excerpt(24));
  EXPECT_EQ("", markdown.excerpt(0));
  EXPECT_EQ("one two", Markdown("# T\n\n- one\n- two\n\n```\ncode\n```").excerpt());
  EXPECT_EQ("äöü\u2026", Markdown("äöüäöü").excerpt(4));
}

TEST(Markdown, CountsWords) {
  EXPECT_EQ(0U, Markdown("").words());
  EXPECT_EQ(2U, Markdown("# One\n\ntwo").words());
  EXPECT_EQ(5U, Markdown("It's f**oo**bar - `x y` été").words());
  EXPECT_EQ(2U, Markdown("a\n\n```\nnot these\n```\n\nb ![nor these](x)").words());
  EXPECT_EQ(2U, Markdown("a  \nb").words());
}

TEST(Markdown, MovesKeepTheTree) {
  Markdown first("# a");
  Markdown second = std::move(first);
  first = Markdown("b");
  EXPECT_EQ("<h1 id=\"a\">a</h1>\n", second.html(nullptr));
  EXPECT_EQ("<p>b</p>\n", first.html(nullptr));
}

}  // namespace
}  // namespace templates
