// Tables: no line wider than the terminal, nothing on it that could move the cursor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/columns.h"
#include "cli/print.h"

namespace cli {
namespace {

using testing::HasSubstr;

TEST(Columns, ColoursTakeNoRoomAndWideCharactersTwo) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("\033[31mabc\033[0m"), 3U);
  EXPECT_EQ(columns("na\u00efve"), 5U);
  EXPECT_EQ(columns("\u6f22\u5b57"), 4U);
  EXPECT_EQ(columns("e\u0301"), 1U);
}

TEST(Columns, WhatIsCutEndsWithAnEllipsisAndItsColour) {
  EXPECT_EQ(cut_to("trust", 5), "trust");
  EXPECT_EQ(cut_to("trusting", 5), "trus\u2026");
  EXPECT_EQ(cut_to("\033[31mtrusting\033[0m", 5), "\033[31mtrus\u2026\033[0m");
  EXPECT_EQ(cut_to("\u6f22\u5b57\u6f22", 4), "\u6f22\u2026");
}

TEST(Table, TheWidestColumnsGiveWayAndNoLineIsWiderThanTheTerminal) {
  Table table({"ID", "TITLE", "SAID"});
  table.row({"d12", std::string(60, 't'), std::string(90, 's')});
  const std::string text = table.text(60);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(columns(text.substr(begin, end - begin)), 60U);
    begin = end + 1;
  }
  EXPECT_THAT(text, HasSubstr("d12  "));
  EXPECT_THAT(table.text(1000), HasSubstr(std::string(90, 's')));
}

TEST(Table, TheFirstColumnByWhichARowIsKnownGivesWayLast) {
  Table table({"WHEN", "WHAT"});
  table.row({"2026-11-27 08:00 -05:00", std::string(40, 't')});
  EXPECT_THAT(table.text(40), HasSubstr("2026-11-27 08:00 -05:00  ttttttttt"));
  EXPECT_THAT(table.text(24), HasSubstr("2026-11-27 08\u2026  ttttttt\u2026"));
  Table single({"WHEN"});
  single.row({"2026-11-27 08:00 -05:00"});
  EXPECT_THAT(single.text(12), HasSubstr("2026-11-27 \u2026"));
}

TEST(Table, WhatAProgramReadsIsWholeCellsWithTabsAndNoHeads) {
  Table table({"ID", "TITLE", "SAID"});
  table.row({"d12", std::string(300, 't'), ""});
  table.row({"d13", "two words", "550 no"});
  EXPECT_EQ(table.rows(), "d12\t" + std::string(300, 't') + "\t\nd13\ttwo words\t550 no\n");
  EXPECT_EQ(Table({"ID"}).rows(), "");
}

TEST(Print, ControlCharactersOfOthersAreEscaped) {
  const boost::json::object body{{"title", "a\033[2J\u009b1A\x7f\nb"}};
  EXPECT_EQ(text_of(body, "title"), "a\\x1b[2J\\xc2\\x9b1A\\x7f\\x0ab");
  EXPECT_EQ(shown("one\ntwo\r\a"), "one\ntwo\\x0d\\x07");
}

}  // namespace
}  // namespace cli
