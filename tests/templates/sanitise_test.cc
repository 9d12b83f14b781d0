// What raw HTML and hostile Markdown become. Each output is read again by an independent HTML5 parser: it may
// hold only the elements, attributes and addresses that docs/writing-drafts.md lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <gumbo.h>

#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "templates/markdown.h"
#include "templates/sanitise_address.h"

namespace templates {
namespace {

const std::set<std::string, std::less<>> kElements = {
    "p",       "br",      "hr",     "h1",      "h2",         "h3",   "h4",     "h5",
    "h6",      "em",      "strong", "b",       "i",          "u",    "s",      "del",
    "ins",     "mark",    "small",  "abbr",    "cite",       "q",    "code",   "kbd",
    "samp",    "var",     "sub",    "sup",     "a",          "img",  "ul",     "ol",
    "li",      "dl",      "dt",     "dd",      "blockquote", "pre",  "figure", "figcaption",
    "details", "summary", "table",  "caption", "colgroup",   "col",  "thead",  "tbody",
    "tfoot",   "tr",      "td",     "th",      "div",        "span", "section"};

const std::set<std::string, std::less<>> kAttributes = {
    "href", "src",      "alt",     "title",   "width", "height",     "lang",
    "dir",  "id",       "colspan", "rowspan", "scope", "align",      "start",
    "open", "datetime", "cite",    "class",   "role",  "aria-label", "tabindex"};

// An address as browsers read it: no tabs, line breaks, or control characters in front.
std::string scheme_of(std::string_view address) {
  std::string read;
  for (const char c : address) {
    if (static_cast<unsigned char>(c) > 0x20) read += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  const std::size_t end = read.find_first_of(":/?#");
  return end == std::string::npos || read[end] != ':' ? std::string() : read.substr(0, end);
}

void check_attribute(const GumboAttribute& attribute, std::vector<std::string>& faults) {
  const std::string name = attribute.name;
  const std::string value = attribute.value;
  if (kAttributes.count(name) == 0) faults.push_back("attribute " + name);
  if (name == "class" && value != "task" && value != "table" && value.rfind("language-", 0) != 0)
    faults.push_back("class " + value);
  if (name == "href" || name == "src" || name == "cite") {
    static const std::set<std::string> kSchemes = {"", "http", "https", "mailto", "tel"};
    if (kSchemes.count(scheme_of(value)) == 0) faults.push_back("address " + value);
    for (const char c : value) {
      if (static_cast<unsigned char>(c) <= 0x20 || c == '\\')
        faults.push_back("character in address " + value);
    }
  }
}

void check_element(const GumboElement& element, std::vector<std::string>& faults) {
  const std::string name = gumbo_normalized_tagname(element.tag);
  const bool frame = name == "html" || name == "head" || name == "body";
  if (!frame && kElements.count(name) == 0) faults.push_back("element <" + name + ">");
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML) faults.push_back("foreign <" + name + ">");
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    check_attribute(*static_cast<const GumboAttribute*>(element.attributes.data[i]), faults);
  }
}

std::vector<std::string> faults_of(const std::string& html) {
  std::vector<std::string> faults;
  GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size());
  std::vector<const GumboNode*> left = {output->document};  // comments may stand beside the root
  while (!left.empty()) {
    const GumboNode* node = left.back();
    left.pop_back();
    if (node->type == GUMBO_NODE_COMMENT || node->type == GUMBO_NODE_CDATA ||
        node->type == GUMBO_NODE_TEMPLATE) {
      faults.emplace_back("comment or template");
    }
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_DOCUMENT) continue;
    if (node->type == GUMBO_NODE_ELEMENT) check_element(node->v.element, faults);
    const GumboVector& children =
        node->type == GUMBO_NODE_ELEMENT ? node->v.element.children : node->v.document.children;
    for (unsigned i = 0; i < children.length; ++i)
      left.push_back(static_cast<const GumboNode*>(children.data[i]));
  }
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  return faults;
}

// Every tag is closed by its own end tag, in order.
bool is_well_nested(std::string_view html) {
  static const std::set<std::string, std::less<>> kVoid = {"br", "hr", "img", "col"};
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string_view::npos) return false;
    const std::string_view tag = html.substr(at + 1, end - at - 1);
    const std::string name(tag.substr(0, tag.find(' ')));
    if (tag.front() == '/') {
      if (open.empty() || "/" + open.back() != name) return false;
      open.pop_back();
    } else if (kVoid.count(name) == 0) {
      open.push_back(name);
    }
  }
  return open.empty();
}

constexpr std::array kAttacks = {
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script >alert(1)</script >",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<script>alert('<!--')</script>-->",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=\"x\" title=\"><img src=x onerror=alert(1)>\">",
    "<img src='x' alt='\" onerror=\"alert(1)'>",
    "<img src=x:x onerror=alert(1)//",
    "<img src=javascript:alert(1)>",
    "<img src=\"jav\tascript:alert(1)\">",
    "<img src=\"jav&#x09;ascript:alert(1)\">",
    "<img src=\" &#14; javascript:alert(1)\">",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<img srcset=\"x 1x, javascript:alert(1) 2x\">",
    "<img lowsrc=javascript:alert(1) dynsrc=x>",
    "<image src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1) type=image>",
    "<input autofocus onfocus=alert(1)>",
    "<select onfocus=alert(1) autofocus><option>x</select>",
    "<textarea autofocus onfocus=alert(1)></textarea><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><img src=\"</style><img src=x onerror=alert(1)//\">",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<base href=\"javascript:alert(1)//\">",
    "<body onload=alert(1)>",
    "<html onmouseover=alert(1)><head><script>alert(1)</script></head>",
    "<frameset onload=alert(1)><frame src=x></frameset>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><script>alert(1)</script>\"></noembed>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<title><img title=\"</title><img src=x onerror=alert(1)>\">",
    "<plaintext><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=\"java&Tab;script:alert(1)\">x</a>",
    "<a href=\"java&NewLine;script:alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert(1)\">x</a>",
    "<a href=\"&#106;&#97;vascript:alert(1)\">x</a>",
    "<a href=\"&#0000106avascript:alert(1)\">x</a>",
    "<a href=\"&#x6Aavascript:alert(1)\">x</a>",
    "<a href=\"\x01javascript:alert(1)\">x</a>",
    "<a href=\"&#1;javascript:alert(1)\">x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"blob:https://x/1\">x</a>",
    "<a href=\"view-source:javascript:alert(1)\">x</a>",
    "<a href=\"x\" href=\"javascript:alert(1)\">x</a>",
    "<a\x0Bhref=javascript:alert(1)>x</a>",
    "<a/href=javascript:alert(1)>x</a>",
    "<a href=x onclick=alert(1) ONMOUSEOVER=alert(1)>x</a>",
    "<a href=\"\\\\evil.example\">x</a>",
    "<q cite=\"javascript:alert(1)\">x</q>",
    "<blockquote cite=\"java\tscript:alert(1)\">x</blockquote>",
    "<table background=javascript:alert(1)><tr><td background=javascript:alert(1)>x</table>",
    "<table><td><script>alert(1)</script></td></table><table><a href=javascript:alert(1)>",
    "<p id=\"x\" onclick=alert(1) is=evil slot=y>",
    "<x onclick=alert(1)>x</x>",
    "<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--a--!><img src=x onerror=alert(1)>-->",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"javascript:alert(1)\">]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "<%<!--'%><script>alert(1);</script -->",
    "<b <script>alert(1)</script>0",
    "<div title=\"`><img src=x onerror=alert(1)>`\">",
    "<div><p title='</div><img src=x onerror=alert(1)>'>",
    "<pre>\n<listing>\n<img src=x onerror=alert(1)></pre>",
    "<img src=x alt=`` onerror=alert(1)``>",
    "<a title='&quot; onclick=&quot;alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](javascript&colon;alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](<&#32;javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](x.png \"a\\\" onerror=alert(1) b=\\\"\")",
    "![\" onerror=\"alert(1)](x.png)",
    "[x](x 'a\" onclick=\"alert(1)')",
    "[x](\"onclick=alert(1))",
    "```\"onclick=alert(1)\nx\n```",
    "```<script>\nx\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "# <img src=x onerror=alert(1)>",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "{{n|<script>alert(1)</script>}}",
    "{{n|\" onclick=\"alert(1)}}",
};

class Attacks : public testing::TestWithParam<const char*> {};

TEST_P(Attacks, LeaveNothingActive) {
  const std::string attack = GetParam();
  for (const std::string& body :
       {attack, "a " + attack + " b", "<div>\n" + attack + "\n</div>", "> - " + attack + "\n\nafter",
        "<table><tr>" + attack, "<svg>" + attack, "*a <b>" + attack + "* c</b>", "<p title=\"" + attack,
        "<!-- -->" + attack}) {
    const std::string html = Markdown(body).html(nullptr);
    EXPECT_THAT(faults_of(html), testing::IsEmpty()) << body << "\nbecame\n" << html;
    EXPECT_TRUE(is_well_nested(html)) << body << "\nbecame\n" << html;
  }
}

INSTANTIATE_TEST_SUITE_P(Sanitise, Attacks, testing::ValuesIn(kAttacks));

TEST(Attacks, AreReadByTheChecksOfThisTest) {
  for (const char* active :
       {"<script>x</script>", "<img src=x onerror=y>", "<a href=\"java\tscript:x\">y</a>", "<svg></svg>",
        "<!-- x -->", "<p style=x>", "<p class=x>", "<iframe></iframe>"}) {
    EXPECT_THAT(faults_of(active), testing::Not(testing::IsEmpty())) << active;
  }
  EXPECT_FALSE(is_well_nested("<b><i></b></i>"));
  EXPECT_FALSE(is_well_nested("<b>"));
}

std::string html(std::string_view body) {
  return Markdown(body).html(nullptr);
}

struct Case {
  const char* raw;
  const char* html;
};

class RawHtmlCases : public testing::TestWithParam<Case> {};

TEST_P(RawHtmlCases, Become) {
  EXPECT_EQ(GetParam().html, html(GetParam().raw));
}

INSTANTIATE_TEST_SUITE_P(
    Sanitise, RawHtmlCases,
    testing::Values(
        Case{"a <kbd>b</kbd> H<sub>2</sub>O <mark>*c*</mark>",
             "<p>a <kbd>b</kbd> H<sub>2</sub>O <mark><em>c</em></mark></p>\n"},
        Case{"<b>a <i>b</b> c</i> d", "<p><b>a <i>b</i></b> c d</p>\n"},
        Case{"*a <b>b* c</b>", "<p><em>a <b>b</b></em> c</p>\n"},
        Case{"<b>a\n\nb</b>", "<p><b>a</b></p>\n<p>b</p>\n"},
        Case{"a<br>b<br/>c</br>", "<p>a<br>\nb<br>\nc</p>\n"},
        Case{"<div align=CENTER>\n\n# a\n\n</div>", "<div align=\"center\">\n<h1 id=\"a\">a</h1>\n</div>\n"},
        Case{"> <div>\n> a\n\nb", "<blockquote>\n<div>\na\n</div>\n</blockquote>\n<p>b</p>\n"},
        Case{"<details><summary>a</summary>\n\n- b\n\n</details>\n\nc",
             "<details>\n<summary>a</summary>\n<ul>\n<li>b</li>\n</ul>\n</details>\n<p>c</p>\n"},
        Case{"<table><tr><td>a<td>b<tr><th scope=row colspan=2 rowspan=0>c</table>",
             "<div class=\"table\" tabindex=\"0\">\n<table>\n<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n<tr>\n<th "
             "scope=\"row\" "
             "colspan=\"2\">c</th>\n</tr>\n</table>\n</div>\n"},
        Case{"<table>a<td>b</table>",
             "<div class=\"table\" "
             "tabindex=\"0\">\n<table>\n<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n</table>\n</div>\n"},
        Case{"<table><colgroup><col width=10%><tr><td>\n\n*a*\n\n</td></tr></table>",
             "<div class=\"table\" tabindex=\"0\">\n<table>\n<colgroup>\n<col "
             "width=\"10%\">\n</colgroup>\n<tr>\n<td><p><em>a</em></p>\n</td>\n</tr>\n</table>\n</div>\n"},
        Case{"<ul><li>a<li>b<ol start=3><li>c</ol></ul>",
             "<ul>\n<li>a</li>\n<li>b<ol start=\"3\">\n<li>c</li>\n</ol>\n</li>\n</ul>\n"},
        Case{"<ul>a</ul>", "<ul>\n<li>a</li>\n</ul>\n"},
        Case{"<dl><dt>a<dd>b<dt>c</dl>", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n<dt>c</dt>\n</dl>\n"},
        Case{"<td>a</td> <li>b", "<p>a b</p>\n"}, Case{"<p>a<p>b", "<p>a</p>\n<p>b</p>\n"},
        Case{"<p>a<div>b</div>", "<p>a</p>\n<div>b</div>\n"}, Case{"a <div>b</div>", "<p>a b</p>\n"},
        Case{"<h2>a</h2>", "<h2 id=\"a\">a</h2>\n"},
        Case{"<h2>a</h2>\nb *c*<h3>d</h3>",
             "<h2 id=\"a\">a</h2>\n<p>b <em>c</em></p>\n<h3 id=\"d\">d</h3>\n"},
        Case{"- x\n\n  <h2 id=b>a</h2>", "<ul>\n<li><p>x</p>\n<h2 id=\"b\">a</h2>\n</li>\n</ul>\n"},
        Case{"<!-- x --> a\n\n> <img src=b.png alt=c>\n> d <div>e</div> f",
             "<p>a</p>\n<blockquote>\n<p><img src=\"b.png\" "
             "alt=\"c\">\nd</p>\n<div>e</div>\n<p>f</p>\n</blockquote>\n"},
        Case{"<ins>\n\na\n\n</ins>", "<ins>\n<p>a</p>\n</ins>"},
        Case{"<div>\n<b>a</b>\n<i>b</i> <u>c</u>\n</div>", "<div><b>a</b> <i>b</i> <u>c</u></div>\n"},

        Case{"<pre>\n a <b>b</b>\n</pre>", "<pre>\n a <b>b</b>\n</pre>\n"},
        Case{"<a href=\"a b\" title='x\"y'>c</a>", "<p><a href=\"a%20b\" title=\"x&quot;y\">c</a></p>\n"},
        Case{"<a href=x>a [b](c) </a>d", "<p><a href=\"x\">a b </a>d</p>\n"},
        Case{"[a <a href=x>b</a>](c)", "<p><a href=\"c\">a b</a></p>\n"},
        Case{"x <a href=a>b <a href=c>d</a>", "<p>x <a href=\"a\">b </a><a href=\"c\">d</a></p>\n"},
        Case{"<img src=a.png width=10px height=1000000 alt='&lt;'>",
             "<p><img src=\"a.png\" alt=\"&lt;\" width=\"10\"></p>\n"},
        Case{"<img alt=only>", "<p>only</p>\n"}, Case{"<img src=data:x alt=\"text\">", "<p>text</p>\n"},
        Case{"<svg><svg></svg>a</svg>b", "<p>b</p>\n"}, Case{"a <svg/> b", "<p>a  b</p>\n"},
        Case{"a <svg><svg a=/ /><math/>b</svg> c <svg a=/>d</svg>", "<p>a  c </p>\n"},
        Case{"a <object/> b</object>c", "<p>a c</p>\n"},
        Case{"<script>\n\nif (a < b) \"</b>\";\n\n</script>\n\nafter", "<p>after</p>\n"},
        Case{"a <script>\"<b>\" *x*</script> b", "<p>a  b</p>\n"},
        Case{"<form>a <input> b</form>", "<p>a  b</p>\n"},
        Case{"a < b, a <3, <> </> & <1", "<p>a &lt; b, a &lt;3, &lt;&gt; &lt;/&gt; &amp; &lt;1</p>\n"},
        Case{"<div>a &amp; &lt;b&gt; &copy;&#65;&nope;</div>",
             "<div>a &amp; &lt;b&gt; \u00a9A&amp;nope;</div>\n"},
        Case{"<span id=\"a b\" lang=de dir=RTL>x</span><span id=ok>y</span><span id=ok>z</span>",
             "<p><span lang=\"de\" dir=\"rtl\">x</span><span id=\"ok\">y</span><span>z</span></p>\n"},
        Case{"<figure>\n<img src=a.png alt=b>\n<figcaption>c</figcaption>\n</figure>",
             "<figure>\n<img src=\"a.png\" alt=\"b\"><figcaption>c</figcaption>\n</figure>\n"},
        Case{"<del cite=\"/x\" datetime=\"2026-01-01\">a</del>",
             "<p><del cite=\"/x\" datetime=\"2026-01-01\">a</del></p>\n"}));

TEST(Sanitise, ItsOutputIsAFixedPoint) {
  for (const char* body :
       {"<div>a <b>b</b></div>", "<ul><li>a<li>b</ul>", "<details open><summary>a</summary>b</details>",
        "<dl><dt>a<dd>b</dl>", "<figure><img src=a.png alt=b><figcaption>c</figcaption></figure>"}) {
    const std::string once = html(body);
    EXPECT_EQ(once, html(once)) << body;
  }
}

TEST(Address, SchemesAreAllowedByName) {
  const auto link = [](std::string_view address) { return check_address(address, AddressUse::kLink); };
  EXPECT_EQ("https://x.org/a%20b", link("https://x.org/a b").text);
  EXPECT_EQ(AddressKind::kAbsolute, link("HTTP://x").kind);
  EXPECT_EQ(AddressKind::kAbsolute, link("mailto:a@b.org").kind);
  EXPECT_EQ(AddressKind::kAbsolute, link("tel:+49-1").kind);
  EXPECT_EQ(AddressKind::kRelative, link("a/b:c").kind);
  EXPECT_EQ(AddressKind::kRelative, link("?a:b").kind);
  EXPECT_EQ(AddressKind::kFragment, link("#a:b").kind);
  EXPECT_EQ("https://x.org/a", link("//x.org/a").text);
  EXPECT_EQ("https://x.org/a", link("\\/x.org/a").text);
  EXPECT_EQ("%5Cx", link("\\x").text);
  EXPECT_EQ("x%22%3E", link("x\">").text);
  for (const std::string_view refused : {"", " ", "a:b", "javascript:x", "1:x", "\u00e9:x", "ftp://x",
                                         "file:///x", "///x", "//", "java\nscript:x", "\x01javascript:x",
                                         "a\x01"
                                         "b",
                                         "a\x7f"
                                         "b",
                                         "%6a:x"}) {
    EXPECT_EQ(AddressKind::kRefused, link(refused).kind) << refused;
  }
  EXPECT_EQ(AddressKind::kRefused, check_address("mailto:a@b", AddressUse::kImage).kind);
  EXPECT_EQ(AddressKind::kRefused, check_address("#a", AddressUse::kImage).kind);
}

TEST(Address, PercentSignsOfRelativeOnesAreDecoded) {
  EXPECT_EQ("my pic.png", decode_relative_address("my%20pic.png"));
  EXPECT_EQ("\u00e9%.png", decode_relative_address("%C3%A9%25.png"));
  EXPECT_EQ("a%0Ab", decode_relative_address("a%0Ab"));
  EXPECT_EQ("a%00b", decode_relative_address("a%00b"));
  EXPECT_EQ("%FFa", decode_relative_address("%FFa"));
  EXPECT_EQ("%C0%AF", decode_relative_address("%C0%AF"));
  EXPECT_EQ("100%", decode_relative_address("100%"));
  EXPECT_EQ("%zz", decode_relative_address("%zz"));
}

}  // namespace
}  // namespace templates
