#include "templates/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace templates {
namespace {

TEST(Merge, MarksFields) {
  EXPECT_EQ("Hi \x01name\x02there\x03!", mark_merge_fields("Hi {{name|there}}!"));
  EXPECT_EQ(
      "\x01"
      "a_b-1\x02 x \x03",
      mark_merge_fields("{{A_b-1| x }}").replace(7, 1, " x "));
  EXPECT_EQ(
      "\x01n\x02"
      "a|b\x03",
      mark_merge_fields("{{n|a|b}}"));
  EXPECT_EQ("\x01n\x02\x03", mark_merge_fields("{{ n | }}"));
  EXPECT_EQ("plain", mark_merge_fields("plain"));
}

TEST(Merge, WhatIsNotOfTheFormStays) {
  for (const std::string text :
       {"{{", "{{}}", "{{|x}}", "{{1a|x}}", "{{a b|x}}", "{{n|x}", "{n|x}}", "{{n|{x}}", "{{n|a\nb}}"}) {
    std::vector<std::string> unresolved;
    EXPECT_EQ(text, mark_merge_fields(text, &unresolved));
    EXPECT_THAT(unresolved, testing::IsEmpty()) << text;
  }
  EXPECT_EQ("{\x01n\x02x\x03}", mark_merge_fields("{{{n|x}}}"));
}

TEST(Merge, TellsOfFieldsWithoutFallback) {
  std::vector<std::string> unresolved;
  EXPECT_EQ(
      "{{Name}} \x01"
      "b\x02"
      "c\x03 {{d}}",
      mark_merge_fields("{{Name}} {{b|c}} {{d}}", &unresolved));
  EXPECT_THAT(unresolved, testing::ElementsAre("name", "d"));
}

TEST(Merge, MarksInTheTextAreTakenOut) {
  EXPECT_EQ("axbyc", mark_merge_fields("a\x01x\x02"
                                       "by\x03"
                                       "c"));
  EXPECT_EQ("{{n|a b}}", mark_merge_fields("{{n|a\x01 b}}"));
}

TEST(Merge, CutsIntoPieces) {
  const auto pieces = merge_pieces("Hi \x01n\x02you\x03, \x01m\x02\x03");
  ASSERT_EQ(4U, pieces.size());
  EXPECT_EQ("Hi ", pieces[0].literal);
  EXPECT_EQ("n", pieces[1].name);
  EXPECT_EQ("you", pieces[1].fallback);
  EXPECT_EQ(", ", pieces[2].literal);
  EXPECT_EQ("m", pieces[3].name);
  EXPECT_EQ("", pieces[3].fallback);
  EXPECT_THAT(merge_pieces(""), testing::IsEmpty());
}

TEST(Merge, BrokenMarksAreLiteral) {
  for (const std::string text : {"a\x01", "a\x01n", "a\x01n\x02", "a\x01n\x03", "a\x02n\x03"}) {
    const auto pieces = merge_pieces(text);
    ASSERT_EQ(1U, pieces.size()) << text;
    EXPECT_EQ(text, pieces[0].literal);
  }
  EXPECT_EQ("\x01x", with_fallbacks("\x01\x01n\x02x\x03"));
}

TEST(Merge, FallbacksReplaceMarks) {
  EXPECT_EQ("Hi you, ", with_fallbacks(mark_merge_fields("Hi {{n|you}}, {{m|}}")));
}

}  // namespace
}  // namespace templates
