#include "intake/published_file.h"

#include <gtest/gtest.h>

#include "intake/front_matter.h"
#include "intake/text.h"

namespace intake {
namespace {

using namespace std::chrono_literals;

constexpr model::LocalDate kDate{2026y, std::chrono::November, 27d};
const std::string kLink = "https://example.org/trust/";

std::string published(std::string_view bytes) {
  return with_publication(bytes, kLink, kDate);
}

TEST(PublishedFile, KeepsTheHeadAndAddsTwoLines) {
  EXPECT_EQ(
      "---\ntitle:   Trust   # mine\ntags:\n  - a\npermalink: https://example.org/trust/\npublished: "
      "2026-11-27\n"
      "---\n\nText.\n",
      published("---\ntitle:   Trust   # mine\ntags:\n  - a\n---\n\nText.\n"));
}

TEST(PublishedFile, GivesATextWithoutAHeadOne) {
  EXPECT_EQ("---\npermalink: https://example.org/trust/\npublished: 2026-11-27\n---\n\n# Trust\n\nText.",
            published("# Trust\n\nText."));
  EXPECT_EQ("---\npermalink: https://example.org/trust/\npublished: 2026-11-27\n---\n\n---\n\nText.\n",
            published("---\n\nText.\n"));
}

TEST(PublishedFile, WritesTomlIntoToml) {
  EXPECT_EQ(
      "+++\npermalink = \"https://example.org/trust/\"\npublished = 2026-11-27\ntitle = \"Trust\"\n[params]\n"
      "published = 1\n+++\nText.\n",
      published("+++\ntitle = \"Trust\"\n[params]\npublished = 1\n+++\nText.\n"));
}

TEST(PublishedFile, MakesUtf8OfUtf16) {
  EXPECT_EQ("---\npermalink: https://example.org/trust/\npublished: 2026-11-27\n---\n\nHi",
            published(std::string_view("\xFE\xFF\0H\0i", 6)));
}

TEST(PublishedFile, KeepsMarkAndLineEnds) {
  EXPECT_EQ(
      "\xEF\xBB\xBF---\r\ntitle: x\r\npermalink: https://example.org/trust/\r\npublished: 2026-11-27\r\n"
      "...\r\nText.\r\nMore.\n",
      published("\xEF\xBB\xBF---\r\ntitle: x\r\n...\r\nText.\r\nMore.\n"));
  EXPECT_EQ("---\rtitle: x\rpermalink: https://example.org/trust/\rpublished: 2026-11-27\r---\rText.",
            published("---\rtitle: x\r---\rText."));
}

TEST(PublishedFile, ReplacesLinesOfTheSameKey) {
  EXPECT_EQ(
      "---\npublished: 2026-11-27\nPERMALINKS: /y/\npermalink: https://example.org/trust/\n---\nText.\n",
      published("---\nPublished: true\nPERMALINKS: /y/\n---\nText.\n"));
  EXPECT_EQ(published("---\ntitle: x\n---\nText.\n"), published(published("---\ntitle: x\n---\nText.\n")));
}

TEST(PublishedFile, QuotesAnAddressThatNeedsIt) {
  EXPECT_EQ("---\npermalink: \"https://example.org/?a=#b\"\npublished: 2026-11-27\n---\n\nText.",
            with_publication("Text.", "https://example.org/?a=#b", kDate));
}

TEST(PublishedFile, CanBeReadAgain) {
  for (const std::string text :
       {"Text.", "---\ntitle: x\n---\nText.", "+++\ntitle = \"x\"\n[a]\nb=1\n+++\nText.",
        "---\nsummary: |\n  x\n  y\n---\nText."}) {
    const Head head = read_head(normalised(published(text)), "a.md");
    ASSERT_EQ(1U, head.problems.size()) << text;  // only this one:
    EXPECT_EQ("this text was published on 2026-11-27", head.problems.front().what);
    EXPECT_EQ(kLink, head.front.extra.at("permalink").as_string().c_str());
    EXPECT_EQ("Text.", trimmed(head.body));
  }
}

TEST(PublishedFile, LiesInAFolderOfItsYear) {
  EXPECT_EQ("2026/2026-11-27-trust", published_stem(kDate, "trust"));
}

}  // namespace
}  // namespace intake
