#include "intake/text.h"

#include <gtest/gtest.h>

namespace intake {
namespace {

TEST(Text, HasOneFormOfLineEnds) {
  EXPECT_EQ("a\nb\nc\n\nd", normalised("\xEF\xBB\xBF"
                                       "a\r\nb\rc\n\rd"));
  EXPECT_EQ("", normalised("\xEF\xBB\xBF"));
}

TEST(Text, PlacesCountCharactersFromOne) {
  EXPECT_EQ((Place{1, 1}), place_of("abc", 0));
  EXPECT_EQ((Place{2, 2}), place_of("a\r\n\xC3\xBCx", 5));
  EXPECT_EQ((Place{3, 1}), place_of("a\rb\nc", 4));
}

TEST(Text, NamesTheFirstByteThatIsNotUtf8) {
  EXPECT_EQ(std::nullopt, first_bad_utf8("a \xC3\xBC \xE2\x80\x94 \xF0\x9F\x8E\x89"));
  EXPECT_EQ(1U, first_bad_utf8("a\x93").value());
  EXPECT_EQ(0U, first_bad_utf8("\xC0\x80").value());          // overlong
  EXPECT_EQ(0U, first_bad_utf8("\xE0\x80\x80").value());      // overlong
  EXPECT_EQ(0U, first_bad_utf8("\xED\xA0\x80").value());      // surrogate
  EXPECT_EQ(0U, first_bad_utf8("\xF4\x90\x80\x80").value());  // beyond Unicode
  EXPECT_EQ(2U, first_bad_utf8("ab\xE2\x80").value());        // cut off
}

TEST(Text, FindsControlCharacters) {
  EXPECT_EQ(std::nullopt, first_control("a\tb\r\n\xC2\xA0"));
  EXPECT_EQ(1U, first_control("a\x01").value());
  EXPECT_EQ(1U, first_control("a\x7F").value());
  EXPECT_EQ(1U, first_control("a\xC2\x85").value());
}

TEST(Text, EscapesWhatCannotBeShown) {
  EXPECT_EQ("\\xff\xC3\xBC.md", escaped_bytes("\xFF\xC3\xBC.md"));
  EXPECT_EQ("a\\x0ab\\x1b", escaped_bytes("a\nb\x1B"));
}

TEST(Text, IsCutBetweenCharacters) {
  EXPECT_EQ("a", cut("a\xC3\xBC", 2));
  EXPECT_EQ("a\xC3\xBC", cut("a\xC3\xBC", 3));
}

}  // namespace
}  // namespace intake
