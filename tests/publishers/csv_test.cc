#include "publishers/email/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace publishers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Gives `text` in pieces of `piece` bytes at most.
CsvReader::Source source_of(std::string text, std::size_t piece = 1U << 20U) {
  return [text = std::move(text), piece, at = std::size_t{0}](char* to, std::size_t most) mutable {
    const std::size_t size = std::min({most, piece, text.size() - at});
    text.copy(to, size, at);
    at += size;
    return size;
  };
}

std::vector<CsvRow> rows(const std::string& text, char separator = ',', std::size_t piece = 1U << 20U) {
  CsvReader reader(source_of(text, piece), separator);
  std::vector<CsvRow> all;
  CsvRow row;
  while (reader.next(row)) all.push_back(row);
  return all;
}

// "line:value|value", or "line!fault".
std::vector<std::string> read(const std::string& text, char separator = ',', std::size_t piece = 1U << 20U) {
  std::vector<std::string> all;
  for (const CsvRow& row : rows(text, separator, piece)) {
    std::string shown = std::to_string(row.line) + (row.fault.empty() ? ":" : "!" + row.fault);
    for (const std::string& value : row.values) shown += (&value == row.values.data() ? "" : "|") + value;
    all.push_back(shown);
  }
  return all;
}

TEST(Csv, SplitsRowsIntoValues) {
  EXPECT_THAT(read("a,b,c\n1,2,3\n"), ElementsAre("1:a|b|c", "2:1|2|3"));
  EXPECT_THAT(read("a,b\r\n1,2\r\n"), ElementsAre("1:a|b", "2:1|2"));
  EXPECT_THAT(read("a,b\r1,2"), ElementsAre("1:a|b", "1:1|2"));
  EXPECT_THAT(read("a,,c\n,,x"), ElementsAre("1:a||c", "2:||x"));
  EXPECT_THAT(read("a;b,c\n", ';'), ElementsAre("1:a|b,c"));
  EXPECT_THAT(read("a\tb\n", '\t'), ElementsAre("1:a|b"));
  EXPECT_THAT(read(" a , b \n"), ElementsAre("1: a | b "));
  EXPECT_THAT(read(""), IsEmpty());
}

TEST(Csv, TakesQuotedValuesWithSeparatorsQuotesAndLineBreaks) {
  EXPECT_THAT(read("\"a,b\",\"say \"\"hi\"\"\",\"x\ny\"\n1,2,3\n"),
              ElementsAre("1:a,b|say \"hi\"|x\ny", "3:1|2|3"));
  EXPECT_THAT(read("\"\",\"\"\"\"\n"), ElementsAre("1:|\""));
  EXPECT_THAT(read("\"a\",\"b\""), ElementsAre("1:a|b"));
}

TEST(Csv, PassesOverRowsWithoutAValue) {
  EXPECT_THAT(read("\n\na\n\r\n  \n,,,\n\"\",\" \"\nb\n\n"), ElementsAre("3:a", "8:b"));
}

TEST(Csv, KeepsAFaultToItsLine) {
  EXPECT_THAT(read("a,b\n1,x\"y\n2,z\n"),
              ElementsAre("1:a|b", "2!a quote stands inside a value that has no quotes", "3:2|z"));
  EXPECT_THAT(read("a,b\n\"1\"x,y\n2,z\n"), ElementsAre("1:a|b", "2!text follows a quoted value", "3:2|z"));
  EXPECT_THAT(read("a,b\n\"1,y\n2,z\n3,w\n"),
              ElementsAre("1:a|b", "2!a quoted value has no end", "3:2|z", "4:3|w"));
}

TEST(Csv, BoundsARow) {
  const std::string much(70'000, 'x');
  EXPECT_THAT(read("a\n" + much + "\nb\n"), ElementsAre("1:a", "2!the row is longer than 64 KiB", "3:b"));
  EXPECT_THAT(read("a\n\"" + much + "\"\nb\n"), ElementsAre("1:a", testing::StartsWith("2!"), "3:b"));
  EXPECT_THAT(read("a\n\"" + much), ElementsAre("1:a", "2!a quoted value has no end"));
  EXPECT_THAT(read(std::string(199, ',') + "x\n"), ElementsAre(testing::EndsWith("|x")));
  EXPECT_THAT(read(std::string(200, ',') + "x\nb\n"),
              ElementsAre("1!the row has more than 200 values", "2:b"));
}

TEST(Csv, ReadsTheSameInPiecesOfAnySize) {
  static constexpr char kLikely[] = "ab,\"\r\n ;\"\"";
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    const std::size_t size = random() % 60;
    while (text.size() < size) text += kLikely[random() % (sizeof kLikely - 1)];
    const std::vector<std::string> whole = read(text);
    for (const std::size_t piece : {1U, 2U, 3U, 7U}) ASSERT_EQ(read(text, ',', piece), whole) << text;
  }
}

TEST(Csv, GivesBackWhatWasWrittenByTheRules) {
  std::mt19937 random(4);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::vector<std::string>> written;
    std::string text;
    const std::size_t height = 1 + random() % 5;
    for (std::size_t y = 0; y < height; ++y) {
      std::vector<std::string> row = {"x"};
      while (random() % 4 != 0) {
        std::string value;
        while (random() % 5 != 0) value += "a,\"\r\n\xC3\xBC"[random() % 7];
        row.push_back(value);
      }
      for (std::size_t x = 0; x < row.size(); ++x) {
        if (x > 0) text += ',';
        text += '"';
        for (const char c : row[x]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += '"';
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
      written.push_back(row);
    }
    std::vector<std::vector<std::string>> got;
    for (const CsvRow& row : rows(text)) {
      EXPECT_EQ(row.fault, "");
      got.push_back(row.values);
    }
    ASSERT_EQ(got, written);
  }
}

}  // namespace
}  // namespace publishers
