#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <gumbo.h>

#include "template_testing.h"
#include "templates/theme_files.h"

namespace templates {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

json::object site() {
  return {{"title", "Friday & Co"}, {"url", "https://example.org"}, {"author", "Maria Ek"},
          {"brand", "Northwind"},   {"colour", "#ffcc00"},          {"language", "en"}};
}

json::object series() {
  return {{"key", "friday"}, {"title", "The <Friday> letter"}};
}

// What a post has on every channel.
json::object post() {
  return {{"pid", "01JDPX8T6Q0000000000000000"},
          {"slug", "trust"},
          {"title", "Trust \"is\" <b>all</b> & more"},
          {"summary", "Two sets of numbers & a drawer."},
          {"author", "Åsa O'Neil"},
          {"language", "sv"},
          {"tags", {"trust", "a & b"}},
          {"number", 42},
          {"url", "https://blog.example.org/trust/"},
          {"canonical", ""},
          {"published", "2026-11-27T08:00:00-05:00"},
          {"updated", "2026-11-27T13:00:00Z"},
          {"content", "<p>Hello <em>there</em> &amp; welcome.</p>\n<h2 id=\"x\">Next</h2>"},
          {"image_url", "https://blog.example.org/assets/drawer.png"},
          {"image_alt", "A \"drawer\""},
          {"image_width", 520},
          {"image_height", 300},
          {"words", 612},
          {"reading_minutes", 3}};
}

json::object blog_post() {
  json::object made = post();
  made["series"] = series();
  made["marker"] = "01JDPX8T6Q0000000000000000.1.abcd";
  made["atom_id"] = "tag:blog.example.org,2026-11-27:01JDPX8T6Q0000000000000000";
  return made;
}

json::object blog() {
  return {{"site", site()},
          {"channel", {{"key", "blog"}, {"url", "https://blog.example.org"}}},
          {"theme",
           {{"style_url", "https://blog.example.org/assets/style.css"},
            {"feed_url", "https://blog.example.org/feed.xml"}}}};
}

json::object post_page() {
  json::object variables = blog();
  variables["series"] = series();
  variables["post"] = blog_post();
  variables["edition"] = {{"revision", 1}};
  variables["extra"] = json::object();
  return variables;
}

json::object list_page(std::size_t length) {
  json::object variables = blog();
  variables["posts"] = json::array(length, json::value(blog_post()));
  return variables;
}

json::object feed(std::size_t length) {
  json::object variables = list_page(length);
  variables["feed"] = {{"updated", "2026-11-27T13:00:00Z"}};
  return variables;
}

json::object mail() {
  return {{"site", site()},
          {"series", series()},
          {"post", post()},
          {"edition", {{"revision", 1}}},
          {"extra", json::object()},
          {"channel",
           {{"key", "mail"},
            {"from", "Maria <maria@example.org>"},
            {"why", "You signed up & stayed."},
            {"postal_address", "Northwind\nSveavägen 12"},
            {"unsubscribe_url", "https://example.org/leave?a=\1address\2\3&amp;b=1"}}},
          {"subject", "Trust, \1name\2friend\3"},
          {"preheader", "Two sets of numbers"}};
}

// With every text that may be missing missing.
json::object sparse(json::object variables) {
  const std::set<std::string> kept = {"title",   "url",       "colour", "language", "published",
                                      "updated", "style_url", "key",    "pid",      "feed_url",
                                      "slug",    "content",   "marker", "atom_id"};
  for (auto& [key, value] : variables) {
    const std::string name(key);
    if (value.is_object()) {
      value = sparse(value.get_object());
    } else if (value.is_string() && !kept.contains(name)) {
      value = "";
    } else if (value.is_array()) {
      value = json::array();
    }
  }
  return variables;
}

const TemplateSet& theme() {
  static const TemplateSet set{std::filesystem::path()};
  return set;
}

// Merge marks are filled before a browser sees them.
std::size_t html_errors(std::string page) {
  std::erase_if(page, [](char c) { return c >= '\1' && c <= '\3'; });
  GumboOutput* output = gumbo_parse(page.c_str());
  const std::size_t errors = output->errors.length;
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  return errors;
}

// Names of elements left open, wrongly closed, or a bare & or <: what makes XML unreadable.
std::string xml_fault(std::string_view text) {
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = text.find_first_of("<&", at)) != std::string_view::npos; ++at) {
    const std::size_t end = text.find(text[at] == '<' ? '>' : ';', at);
    if (end == std::string_view::npos) return "unclosed at " + std::to_string(at);
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    if (text[at] == '&') {
      const std::set<std::string_view> known = {"amp", "lt", "gt", "quot", "#39"};
      if (!known.contains(tag)) return "entity " + std::string(tag);
    } else if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "closed " + std::string(tag);
      open.pop_back();
    } else if (!tag.starts_with('?') && !tag.ends_with('/')) {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    }
    at = end;
  }
  return open.empty() ? "" : "open " + open.back();
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++count;
  return count;
}

TEST(Theme, HoldsItsFilesByteForByte) {
  for (const ThemeFile& file : default_theme()) {
    std::ifstream stream(std::string(FRIDAYD_SOURCE_DIR "/templates/default/") + std::string(file.name));
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_EQ(file.text, text) << file.name;
  }
  EXPECT_EQ(default_theme().size(), 8U);
}

TEST(Theme, PagesAreWellFormed) {
  EXPECT_EQ(html_errors(theme().render("blog/post.html.j2", post_page())), 0U);
  EXPECT_EQ(html_errors(theme().render("blog/index.html.j2", list_page(15))), 0U);
  EXPECT_EQ(html_errors(theme().render("blog/404.html.j2", blog())), 0U);
  EXPECT_EQ(html_errors(theme().render("email/post.html.j2", mail())), 0U);
}

TEST(Theme, PagesAreWellFormedWithLittleToShow) {
  EXPECT_EQ(html_errors(theme().render("blog/post.html.j2", sparse(post_page()))), 0U);
  EXPECT_EQ(html_errors(theme().render("blog/index.html.j2", sparse(list_page(1)))), 0U);
  EXPECT_EQ(html_errors(theme().render("email/post.html.j2", sparse(mail()))), 0U);
  EXPECT_EQ(xml_fault(theme().render("blog/feed.xml.j2", sparse(feed(1)))), "");
}

TEST(Theme, ThePostPageCarriesTheMarkAndWhatOthersShowOfIt) {
  const std::string page = theme().render("blog/post.html.j2", post_page());
  EXPECT_THAT(page, HasSubstr("<html lang=\"sv\">"));
  EXPECT_THAT(page, HasSubstr("<meta name=\"fridayd\" content=\"01JDPX8T6Q0000000000000000.1.abcd\">"));
  EXPECT_THAT(page, HasSubstr("<link rel=\"canonical\" href=\"https://blog.example.org/trust/\">"));
  EXPECT_THAT(page, HasSubstr("<meta name=\"description\" content=\"Two sets of numbers &amp; a drawer.\">"));
  EXPECT_THAT(page, HasSubstr("<meta property=\"og:image:alt\" content=\"A &quot;drawer&quot;\">"));
  EXPECT_THAT(page, HasSubstr("<h1>Trust &quot;is&quot; &lt;b&gt;all&lt;/b&gt; &amp; more</h1>"));
  EXPECT_THAT(page, HasSubstr("<p>Hello <em>there</em> &amp; welcome.</p>"));
  EXPECT_THAT(page, HasSubstr("<time datetime=\"2026-11-27T08:00:00-05:00\">27 November 2026</time>"));
  EXPECT_EQ(count_of(page, "<h1"), 1U);
}

TEST(Theme, TheLeadingImageKeepsItsPlaceFree) {
  EXPECT_THAT(theme().render("blog/post.html.j2", post_page()),
              HasSubstr("alt=\"A &quot;drawer&quot;\" width=\"520\" height=\"300\">"));
  EXPECT_THAT(theme().render("email/post.html.j2", mail()), HasSubstr(" width=\"520\" height=\"300\" "));
  json::object unknown = post_page();
  unknown["post"].as_object()["image_width"] = 0;
  EXPECT_THAT(theme().render("blog/post.html.j2", unknown), Not(HasSubstr(" width=\"")));
}

TEST(Theme, ACanonicalAddressElsewhereIsNamed) {
  json::object variables = post_page();
  variables["post"].as_object()["canonical"] = "https://elsewhere.example/original";
  EXPECT_THAT(theme().render("blog/post.html.j2", variables),
              HasSubstr("<link rel=\"canonical\" href=\"https://elsewhere.example/original\">"));
}

TEST(Theme, StructuredDataIsJson) {
  const std::string page = theme().render("blog/post.html.j2", post_page());
  constexpr std::string_view kBegin = "<script type=\"application/ld+json\">";
  const std::size_t at = page.find(kBegin) + kBegin.size();
  const json::value data = json::parse(page.substr(at, page.find("</script>", at) - at));
  EXPECT_EQ(data.at("headline").as_string(), "Trust \"is\" <b>all</b> & more");
  EXPECT_EQ(data.at("author").at("name").as_string(), "Åsa O'Neil");
  EXPECT_EQ(data.at("image").as_string(), "https://blog.example.org/assets/drawer.png");
}

TEST(Theme, NoScriptRunsAndNothingIsFetchedFromElsewhere) {
  for (const std::string& page :
       {theme().render("blog/post.html.j2", post_page()), theme().render("email/post.html.j2", mail())}) {
    EXPECT_EQ(count_of(page, "<script"), count_of(page, "<script type=\"application/ld+json\">"));
    EXPECT_THAT(page, Not(HasSubstr("@import")));
    EXPECT_THAT(page, Not(HasSubstr("@font-face")));
  }
  EXPECT_THAT(std::string(theme().file("blog/style.css")), Not(HasSubstr("url(")));
}

TEST(Theme, TheAccentIsMadeReadable) {
  const std::string page = theme().render("blog/404.html.j2", blog());
  EXPECT_THAT(page, HasSubstr("--accent:#ffcc00;--link-on-light:#8"));
  EXPECT_THAT(page, HasSubstr("--link-on-dark:#ffcc00"));
}

TEST(Theme, TheIndexShowsTheNewestInFullAndNamesTheRest) {
  const std::string page = theme().render("blog/index.html.j2", list_page(15));
  EXPECT_EQ(count_of(page, "<article"), 12U);
  EXPECT_EQ(count_of(page, "<li lang=\"sv\">"), 3U);
  EXPECT_EQ(count_of(theme().render("blog/index.html.j2", list_page(12)), "class=\"archive\""), 0U);
  EXPECT_THAT(theme().render("blog/index.html.j2", list_page(0)),
              HasSubstr("Nothing has been published yet."));
}

TEST(Theme, TheIndexOfTenThousandPostsStaysWithinTheSteps) {
  EXPECT_EQ(count_of(theme().render("blog/index.html.j2", list_page(10'000)), "<li lang=\"sv\">"), 9'988U);
}

TEST(Theme, TheFeedIsAtom) {
  const std::string page = theme().render("blog/feed.xml.j2", feed(2));
  EXPECT_EQ(xml_fault(page), "");
  EXPECT_TRUE(page.starts_with(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\""));
  EXPECT_THAT(page, HasSubstr("<updated>2026-11-27T13:00:00Z</updated>\n<author>"));
  EXPECT_THAT(page, HasSubstr("<id>tag:blog.example.org,2026-11-27:01JDPX8T6Q0000000000000000</id>"));
  EXPECT_THAT(
      page, HasSubstr("<content type=\"html\">&lt;p&gt;Hello &lt;em&gt;there&lt;/em&gt; &amp;amp; welcome."));
  EXPECT_EQ(count_of(page, "<entry "), 2U);
  EXPECT_EQ(xml_fault(theme().render("blog/feed.xml.j2", feed(0))), "");
}

TEST(Theme, TheMailSaysWhyFromWhereAndHowToLeave) {
  const std::string page = theme().render("email/post.html.j2", mail());
  EXPECT_THAT(page, HasSubstr("You signed up &amp; stayed."));
  EXPECT_THAT(page, HasSubstr("Northwind\nSveavägen 12"));
  EXPECT_THAT(page, HasSubstr("<a href=\"https://example.org/leave?a=\1address\2\3&amp;b=1\""));
  EXPECT_THAT(page, HasSubstr("<title>Trust, \1name\2friend\3</title>"));
  EXPECT_THAT(page, HasSubstr(">Read on the web</a>"));
  EXPECT_THAT(page, HasSubstr("Two sets of numbers"));
}

TEST(Theme, TheMailHasNoLinkToABlogThatDoesNotCarryIt) {
  json::object variables = mail();
  variables["post"].as_object()["url"] = "";
  EXPECT_THAT(theme().render("email/post.html.j2", variables), Not(HasSubstr("Read on the web")));
  EXPECT_THAT(theme().render("email/post.txt.j2", variables), Not(HasSubstr("Read on the web")));
}

TEST(Theme, TheMailFitsWhatMailboxesShow) {
  const std::string page = theme().render("email/post.html.j2", mail());
  EXPECT_LT(page.size(), 16'000U);
  const std::size_t style = page.find("<style>\n");
  EXPECT_LT(page.find("</style>", style) - style, 8'000U);
  EXPECT_EQ(count_of(page, "cellpadding"), count_of(page, "<table role=\"presentation\""));
}

TEST(Theme, TheTextOfTheMail) {
  json::object variables = mail();
  variables["post"].as_object()["title"] = "Trust & more";
  variables["post"].as_object()["content"] = "Hello \1name\2friend\3,\n\nthe text.";
  variables["channel"].as_object()["unsubscribe_url"] = "https://example.org/leave?a=1&b=1";
  EXPECT_EQ(theme().render("email/post.txt.j2", variables),
            "The <Friday> letter\n\nTrust & more\nÅsa O'Neil, 27 November 2026\n\n"
            "Hello \1name\2friend\3,\n\nthe text.\n\n"
            "Read on the web:\nhttps://blog.example.org/trust/\n\n"
            "--------\nYou signed up & stayed.\nLeave this list: https://example.org/leave?a=1&b=1\n\n"
            "Northwind\nSveavägen 12\n");
}

void collect(const std::string& path, const json::value& value, std::set<std::string>& names) {
  if (value.is_object() && !value.get_object().empty()) {
    for (const auto& each : value.get_object()) {
      const std::string name(each.key());
      collect(path.empty() ? name : path + '.' + name, each.value(), names);
    }
  } else if (path == "posts") {
    names.insert(path);
    collect("post", value.get_array().front(), names);
  } else {
    names.insert(path);
  }
}

std::set<std::string> known_in(const json::object& variables) {
  std::set<std::string> names;
  collect("", variables, names);
  return names;
}

// Rows "| `NAME` | IN, IN | ..." of the manual whose IN is one of `places`.
std::set<std::string> documented(const std::set<std::string>& places) {
  std::ifstream manual(FRIDAYD_SOURCE_DIR "/docs/templates.md");
  std::set<std::string> names;
  std::string line;
  while (std::getline(manual, line) && line != "## Variables") {
  }
  while (std::getline(manual, line)) {
    if (!line.starts_with("| `")) continue;
    const std::size_t end = line.find('`', 3);
    const std::size_t from = line.find("| ", end) + 2;
    const std::string in = line.substr(from, line.find(" |", from) - from);
    for (std::size_t at = 0; at < in.size();) {
      const std::size_t comma = std::min(in.find(", ", at), in.size());
      if (places.contains(in.substr(at, comma - at))) names.insert(line.substr(3, end - 3));
      at = comma + 2;
    }
  }
  return names;
}

// A name that a template uses and that is not here fails in the tests above.
TEST(Theme, TheManualListsEveryVariable) {
  EXPECT_EQ(documented({"all", "blog", "post"}), known_in(post_page()));
  EXPECT_EQ(documented({"all", "blog", "index"}), known_in(list_page(1)));
  EXPECT_EQ(documented({"all", "blog", "feed"}), known_in(feed(1)));
  EXPECT_EQ(documented({"all", "blog"}), known_in(blog()));
  EXPECT_EQ(documented({"all", "email"}), known_in(mail()));
}

}  // namespace
}  // namespace templates
