#include "model/time.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace model {
namespace {

using namespace std::chrono_literals;

Instant at(std::int64_t ms) {
  return Instant{milliseconds{ms}};
}

TEST(Rfc3339, IsWrittenInWholeSecondsCountedDown) {
  EXPECT_EQ("2026-11-27T13:00:00Z", rfc3339(at(1795784400000)));
  EXPECT_EQ("2026-11-27T13:00:00Z", rfc3339(at(1795784400999)));
  EXPECT_EQ("1969-12-31T23:59:59Z", rfc3339(at(-1)));
}

TEST(Rfc3339, IsWrittenWithAnOffset) {
  EXPECT_EQ("2026-11-27T08:00:00-05:00", rfc3339(at(1795784400000), -5h));
  EXPECT_EQ("2026-11-27T18:45:00+05:45", rfc3339(at(1795784400000), 5h + 45min));
  EXPECT_EQ("2026-11-27T13:00:00+00:00", rfc3339(at(1795784400000), 0s));
  EXPECT_EQ("2026-11-27T12:30:00-00:30", rfc3339(at(1795784400000), -30min));
}

TEST(Rfc3339, KeepsTheInstantWhereAnOffsetHasSeconds) {
  const std::string text = rfc3339(at(0), -(44min + 30s));
  EXPECT_EQ("1969-12-31T23:16:00-00:44", text);
  EXPECT_EQ(at(0), parse_rfc3339(text));
}

TEST(Rfc3339, IsReadWithAnyOffsetAndFraction) {
  EXPECT_EQ(at(1795784400000), parse_rfc3339("2026-11-27T13:00:00Z"));
  EXPECT_EQ(at(1795784400000), parse_rfc3339("2026-11-27t08:00:00-05:00"));
  EXPECT_EQ(at(1795784400250), parse_rfc3339("2026-11-27 13:00:00.2509z"));
  EXPECT_EQ(at(1795784400500), parse_rfc3339("2026-11-27T18:45:00.5+05:45"));
  EXPECT_EQ(at(1483228800000), parse_rfc3339("2016-12-31T23:59:60Z"));
}

TEST(Rfc3339, RefusesAnythingElse) {
  for (const char* text :
       {"", "2026-11-27", "2026-11-27T13:00Z", "2026-11-27T13:00:00", "2026-11-27T13:00:00.Z",
        "2026-11-27T24:00:00Z", "2026-11-27T13:60:00Z", "2026-11-27T13:00:60Z", "2026-02-30T13:00:00Z",
        "2026-11-27T13:00:00+5:00", "2026-11-27T13:00:00+05:60", "2026-11-27T13:00:00Z ",
        "x026-11-27T13:00:00Z", "2026-11-27T13:00:00+0500", "+026-11-27T13:00:00Z", "2026-11-27T1a:00:00Z"}) {
    EXPECT_EQ(std::nullopt, parse_rfc3339(text)) << text;
  }
}

TEST(Date, IsWrittenAndRead) {
  const LocalDate date{std::chrono::year{2028}, std::chrono::month{2}, std::chrono::day{29}};
  EXPECT_EQ("2028-02-29", iso_date(date));
  EXPECT_EQ(date, parse_date("2028-02-29"));
  for (const char* text : {"", "2026-02-29", "2026-2-09", "2026-13-01", "2026-00-01", "2026-01-00",
                           "26-01-01", "2026-01-011", "2026/01/01", " 2026-01-01"}) {
    EXPECT_EQ(std::nullopt, parse_date(text)) << text;
  }
}

TEST(TimeOfDayText, IsWrittenAndRead) {
  EXPECT_EQ("07:05", hh_mm(TimeOfDay{7h + 5min}));
  EXPECT_EQ(TimeOfDay{8h}, parse_hh_mm("8:00"));
  EXPECT_EQ(TimeOfDay{23h + 59min}, parse_hh_mm("23:59"));
  EXPECT_EQ(TimeOfDay{0min}, parse_hh_mm("00:00"));
  for (const char* text :
       {"", "8", "800", "24:00", "08:60", "8:0", "008:00", "08:00:00", ":30", "-8:00", "08.00"}) {
    EXPECT_EQ(std::nullopt, parse_hh_mm(text)) << text;
  }
}

TEST(SpanForPeople, NamesTheTwoLargestUnitsThatMatter) {
  const std::vector<std::pair<milliseconds, std::string>> table = {
      {0ms, "0 s"},
      {250ms, "250 ms"},
      {1999ms, "1 s"},
      {45s, "45 s"},
      {60s, "1 min"},
      {150s, "2 min 30 s"},
      {12min + 5s, "12 min"},
      {2h + 5min, "2 h 5 min"},
      {12h, "12 h"},
      {24h, "1 day"},
      {36h + 20min, "1 day 12 h"},
      {72h, "3 days"},
      {75h, "3 days"},
      {-45s, "45 s"},
  };
  for (const auto& [span, text] : table) EXPECT_EQ(text, for_people(span));
}

}  // namespace
}  // namespace model
