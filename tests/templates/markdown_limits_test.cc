// Hostile bodies: the output is bounded, and the time grows with the size and not with its square.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>

#include "templates/markdown.h"

namespace templates {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;

std::string repeated(std::string_view piece, std::size_t size) {
  std::string out;
  out.reserve(size + piece.size());
  while (out.size() < size) out += piece;
  return out;
}

std::string joined(std::string_view head, std::string_view body, std::string_view tail = {}) {
  std::string out(head);
  out.append(body).append(tail);
  return out;
}

// Processor time of this thread, which a busy machine does not change much.
double seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Outcome {
  double seconds = 0;
  std::size_t largest_output = 0;
};

Outcome process(const std::string& body) {
  Outcome outcome;
  const double start = seconds();
  const Markdown markdown(body);
  outcome.largest_output = std::max(markdown.html(nullptr).size(), markdown.text(nullptr).size());
  static_cast<void>(markdown.excerpt());
  static_cast<void>(markdown.words());
  static_cast<void>(unfinished_text(markdown));
  outcome.seconds = seconds() - start;
  return outcome;
}

struct Flood {
  const char* name;
  std::string (*make)(std::size_t size);
};

std::ostream& operator<<(std::ostream& out, const Flood& flood) {
  return out << flood.name;
}

class Floods : public testing::TestWithParam<Flood> {};

TEST_P(Floods, CostTimeAndSpaceInProportion) {
  constexpr std::size_t kSmall = 40'000;
  constexpr std::size_t kTimes = 8;
  const std::string small = GetParam().make(kSmall);
  const std::string large = GetParam().make(kSmall * kTimes);
  double first = 1e9;
  double second = 1e9;
  for (int i = 0; i < 3; ++i) first = std::min(first, process(small).seconds);
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = process(large);
    second = std::min(second, outcome.seconds);
    // One node may end behind the limit, and open elements are closed.
    EXPECT_LE(outcome.largest_output, 10 * large.size() + 2 * kMiB);
  }
  // A square would be 64 times; caches and small numbers make a line up to three times its slope.
  EXPECT_LT(second, 3 * kTimes * first + 0.02) << "small: " << first << " s";
}

#define FLOOD(name, expression)                                   \
  Flood {                                                         \
    name, [](std::size_t n) -> std::string { return expression; } \
  }

INSTANTIATE_TEST_SUITE_P(
    Markdown, Floods,
    testing::Values(
        FLOOD("brackets", repeated("[", n)), FLOOD("images", repeated("![", n)),
        FLOOD("half links", repeated("[a](", n)), FLOOD("half links in angles", repeated("[a](<b", n)),
        FLOOD("closing brackets", repeated("[", n / 2) + repeated("a](b)", n / 2)),
        FLOOD("less", repeated("<", n)), FLOOD("half tags", repeated("<a ", n)),
        FLOOD("comments", repeated("a <!-- ", n)), FLOOD("comment blocks", repeated("<!-- a\n\n", n)),
        FLOOD("instructions", repeated("a <?", n)), FLOOD("declarations", repeated("a <!A ", n)),
        FLOOD("CDATA", repeated("a <![CDATA[", n)), FLOOD("bold", joined("x ", repeated("<b>", n))),
        FLOOD("bold, not closed", joined("x ", repeated("<b>", n / 2), repeated("</i>", n / 2))),
        FLOOD("divs", repeated("<div>", n)), FLOOD("div blocks", repeated("<div>\n\n", n)),
        FLOOD("paragraph tags", repeated("<p>", n)), FLOOD("tables", repeated("<table>", n)),
        FLOOD("rows", joined("<table>", repeated("<tr><td>", n))), FLOOD("lists", repeated("<ul><li>", n)),
        FLOOD("svgs", repeated("<svg>", n)), FLOOD("scripts", joined("<div>", repeated("<script>", n))),
        FLOOD("inline scripts", repeated("x <script>a\n\n", n)),
        FLOOD("links in links", joined("x ", repeated("<a href=x>", n))),
        FLOOD("attributes", joined("<div ", repeated("a=1 b c ", n), ">")), FLOOD("quotes", repeated(">", n)),
        FLOOD("quotes, lazy", repeated(">", n / 2) + joined("x", repeated("\nx", n / 2))),
        FLOOD("deep list", repeated("- ", n)),
        FLOOD("deep list, lazy", repeated("- ", n / 2) + joined("x", repeated("\nx", n / 2))),
        FLOOD("deep list, empty lines", repeated("- ", n / 2) + joined("x", repeated("\n\n", n / 2), "x")),
        FLOOD("deep numbers", repeated("1. ", n) + joined("x", repeated("\n\n", n))),
        FLOOD("quotes and lists", repeated("> - ", n)), FLOOD("stars", repeated("*a **a ", n)),
        FLOOD("underscores", repeated("_a ", n)), FLOOD("strikes", repeated("~~a ", n)),
        FLOOD("deep emphasis", repeated("*", n / 2) + joined("a", repeated("*", n / 2))),
        FLOOD("backticks", repeated("`a ``b ", n)), FLOOD("ampersands", repeated("&a", n)),
        FLOOD("references", repeated("&#1;&x;", n)), FLOOD("backslashes", repeated("\\", n)),
        FLOOD("escaped fields", repeated("\\{{", n)), FLOOD("braces", repeated("{{", n)),
        FLOOD("fields", repeated("{{a|b}}", n)), FLOOD("bad fields", repeated("{{a}} ", n)),
        FLOOD("headings", repeated("# a\n", n)), FLOOD("empty headings", repeated("# \n", n)),
        FLOOD("bare addresses", repeated("www.a.b ", n)), FLOOD("mail addresses", repeated("a@b.c ", n)),
        FLOOD("image list", repeated("![](b)", n)),
        FLOOD("image list in HTML", joined("x ", repeated("<img src=a>", n))),
        FLOOD("nested images", repeated("![", n / 10) + repeated("a", n / 2) + repeated("](b)", n / 4)),
        FLOOD("one definition", joined("[a]: ", repeated("x", n / 2), "\n\n") + repeated("[a] ", n / 2)),
        FLOOD("one refused definition",
              joined("[a]: javascript:", repeated("x", n / 2), "\n\n") + repeated("[a] ", n / 2)),
        FLOOD("one title", joined("[a]: x '", repeated("&amp;", n / 2), "'\n\n") + repeated("![a] ", n / 2)),
        FLOOD("table of columns",
              repeated("|a", n / 4) + joined("|\n", repeated("|---", n / 2), "|\n") + repeated("|\n", n / 4)),
        FLOOD("table of rows", joined("|a|b|\n|---|---|\n", repeated("|\n", n))),
        FLOOD("padded table", joined("|", repeated("x", 60), "|b|\n|---|--:|\n") + repeated("|a|b\n", n)),
        FLOOD("quoted breaks", repeated("> ", 190) + repeated("x  \n", n)),
        FLOOD("half highlights", repeated("==a ", n)), FLOOD("highlights", repeated("==a== ", n)),
        FLOOD("equals signs", repeated("=", n) + repeated("a==", n)),
        FLOOD("percentages", repeated("1%% ", n)), FLOOD("percentage lines", repeated("1%%\n%%\n", n)),
        FLOOD("percentages and code", repeated("1%%\n\n```\n%%\n```\n", n)),
        FLOOD("percent signs", repeated("%", n)), FLOOD("percents", joined("a", repeated("%%a ", n), "%%")),
        FLOOD("percent lines", repeated("%%\n", n)), FLOOD("percent pairs", repeated("> %%\n> %%\n", n)),
        FLOOD("percents and code", repeated("`a` %% ``` %% <!-- ", n)),
        FLOOD("percents in code", joined("%%\n", repeated("```\n%% %%\n```\n", n))),
        FLOOD("percents in quotes", joined("%%", repeated("\n>>> a", n), "%%")),
        FLOOD("escaped percents", repeated("\\\\\\%%", n)), FLOOD("callouts", repeated("> [!a] b\n\n", n)),
        FLOOD("long callout", joined("> [!a] b", repeated("\n> b  ", n))),
        FLOOD("half callouts", joined("> ", repeated("[!a", n))),
        FLOOD("embeds", repeated("![[a.png|b]] ", n)), FLOOD("half embeds", repeated("![[a", n)),
        FLOOD("embeds closed late", repeated("![[a ", n) + "]]"), FLOOD("notes", repeated("![[a]]\n\n", n)),
        FLOOD("notes in a row", repeated("![[a]]", n)), FLOOD("embeds and stars", repeated("![[a*]]*", n)),
        FLOOD("wiki links", repeated("[[a|b]] ", n)), FLOOD("half wiki links", repeated("[[a|", n)),
        FLOOD("attributes of Pandoc", repeated("`a`{.b} ", n)), FLOOD("half of them", repeated("`a`{.b ", n)),
        FLOOD("attributes of headings", repeated("# a {#b}\n", n)),
        FLOOD("long ones", joined("# a {", repeated(".b ", n), "}")),
        FLOOD("half strings", repeated("`a`{b=\"c ", n)),
        FLOOD("control characters", repeated("\x01\x02", n)), FLOOD("long line", repeated("a", n))));

bool has(const Markdown& markdown, std::string_view what) {
  return std::any_of(markdown.findings().begin(), markdown.findings().end(),
                     [&](const Finding& finding) { return finding.blocking && finding.what == what; });
}

TEST(Limits, OutputBlownUpIsAProblem) {
  const std::string grows = "the text grows to more than 10 times its size plus 1 MiB";
  EXPECT_TRUE(
      has(Markdown(joined("[a]: ", repeated("x", 20'000), "\n\n") + repeated("[a] ", 20'000)), grows));
  EXPECT_TRUE(has(Markdown(repeated("|a", 6'000) + joined("|\n", repeated("|---", 12'000), "|\n") +
                           repeated("|\n", 6'000)),
                  grows));
  EXPECT_FALSE(has(Markdown(repeated("***\n", 500'000) + repeated("# \n", 300'000)), grows));
  EXPECT_FALSE(has(Markdown(repeated("&<> ", 2 * kMiB)), grows));
  EXPECT_FALSE(has(Markdown(repeated("- a\n", kMiB)), grows));
  EXPECT_FALSE(has(Markdown(repeated("[a](/b) *c* ", kMiB)), grows));
}

TEST(Limits, WhatIsTruncatedIsStillWellNested) {
  const std::string html =
      Markdown(joined("> ", repeated("[a]", 20'000), "\n\n[a]: ") + repeated("x", 20'000)).html(nullptr);
  EXPECT_THAT(html, testing::StartsWith("<blockquote>\n<p><a href=\"xxx"));
  EXPECT_THAT(html, testing::EndsWith("</a></p>\n</blockquote>\n"));
}

TEST(Limits, ContentTooDeepIsNotRendered) {
  const std::string html = Markdown(repeated("> ", 240) + "deep\n\nafter").html(nullptr);
  EXPECT_THAT(html, testing::Not(testing::HasSubstr("deep")));
  EXPECT_THAT(html, testing::EndsWith("<p>after</p>\n"));
  std::size_t quotes = 0;
  for (std::size_t at = html.find("<blockquote>"); at != std::string::npos;
       at = html.find("<blockquote>", at + 1))
    ++quotes;
  EXPECT_EQ(100U, quotes);
}

TEST(Limits, ManyBareAddressesStayText) {
  const Markdown markdown(repeated("www.example.org ", 100'000));
  EXPECT_THAT(markdown.html(nullptr), testing::Not(testing::HasSubstr("<a ")));
  ASSERT_EQ(1U, markdown.findings().size());
  EXPECT_EQ("too many addresses in the text to make links of them", markdown.findings()[0].what);
  EXPECT_FALSE(markdown.findings()[0].blocking);
}

}  // namespace
}  // namespace templates
