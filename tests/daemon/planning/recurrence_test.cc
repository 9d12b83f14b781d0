#include "planning/recurrence.h"

#include <gtest/gtest.h>

namespace planning {
namespace {

using model::Instant;

Schedule schedule(std::string_view text) {
  std::string why;
  const auto parsed = Schedule::parse(text, why);
  EXPECT_TRUE(parsed) << why;
  return parsed.value_or(Schedule{});
}

std::string fault(std::string_view text) {
  std::string why = "none";
  EXPECT_FALSE(Schedule::parse(text, why)) << text;
  return why;
}

std::vector<std::string> next(const char* text, const char* zone_name, const char* after, std::size_t count,
                              const char* starts = nullptr) {
  TimeZones zones;
  const Zone zone = zones.find(zone_name);
  const auto from = starts ? model::parse_date(starts) : std::nullopt;
  std::vector<std::string> texts;
  for (const auto instant : next_instants(schedule(text), *zone, *model::parse_rfc3339(after), count, from)) {
    texts.push_back(rfc3339_in(*zone, instant));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(ScheduleText, IsReadInItsForms) {
  EXPECT_EQ("Fri 08:00", schedule("Fri 08:00").text());
  EXPECT_EQ("Fri 08:00", schedule("  friday   8:00\t").text());
  EXPECT_EQ("Mon,Wed,Fri 07:30", schedule("FRI,mon, Wednesday 07:30").text());
  EXPECT_EQ("Mon,Tue,Wed,Thu,Fri,Sat,Sun 23:59", schedule("sun,sat,fri,thu,wed,tue,mon 23:59").text());
}

TEST(ScheduleText, FaultsSayWhatToWrite) {
  const std::string example = R"(as in "Fri 08:00" or "Mon,Wed,Fri 07:30")";
  EXPECT_EQ("the schedule is empty; write days and a time, " + example, fault(""));
  EXPECT_EQ("the schedule is empty; write days and a time, " + example, fault(" \t "));
  EXPECT_EQ("'Fri' has no time; write days and a time, " + example, fault("Fri"));
  EXPECT_EQ("'every Friday morning' has no time; write days and a time, " + example,
            fault("every Friday morning"));
  EXPECT_EQ("'08:00' names no day; write days and a time, " + example, fault("08:00"));
  EXPECT_EQ("'24:00' is no time of day; write hours and minutes from 00:00 to 23:59, " + example,
            fault("Fri 24:00"));
  EXPECT_EQ("'8am' is no time of day; write hours and minutes from 00:00 to 23:59, " + example,
            fault("Fri 8am"));
  EXPECT_EQ("'8' is no time of day; write hours and minutes from 00:00 to 23:59, " + example, fault("Fri 8"));
  EXPECT_EQ("'Fryday' is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun, with commas between",
            fault("Mon,Fryday 08:00"));
  EXPECT_EQ("'Mon Wed' is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun, with commas between",
            fault("Mon Wed 08:00"));
  EXPECT_EQ("there is a comma too many; write one comma between two days, " + example,
            fault("Mon,,Fri 08:00"));
  EXPECT_EQ("there is a comma too many; write one comma between two days, " + example, fault("Mon, 08:00"));
  EXPECT_EQ("Friday is named twice; write each day once", fault("Fri,Mon,friday 08:00"));
  EXPECT_EQ("'Fr?i' is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun, with commas between",
            fault("Fr\ni 08:00"));
  EXPECT_EQ("'" + std::string(40, 'x') + "...' has no time; write days and a time, " + example,
            fault(std::string(100, 'x')));
}

TEST(ScheduleDays, AreFoundOnOrAfterADate) {
  const Schedule two = schedule("Mon,Fri 08:00");
  EXPECT_EQ(model::parse_date("2026-11-27"), two.on_or_after(*model::parse_date("2026-11-24")));
  EXPECT_EQ(model::parse_date("2026-11-27"), two.on_or_after(*model::parse_date("2026-11-27")));
  EXPECT_EQ(model::parse_date("2026-11-30"), two.on_or_after(*model::parse_date("2026-11-28")));
  EXPECT_TRUE(two.matches(*model::parse_date("2026-11-30")));
  EXPECT_FALSE(two.matches(*model::parse_date("2026-12-01")));
}

TEST(NextInstants, AreStrictlyAfter) {
  EXPECT_EQ((Texts{"2026-11-27T08:00:00-05:00", "2026-12-04T08:00:00-05:00"}),
            next("Fri 08:00", "America/New_York", "2026-11-27T12:59:59.999Z", 2));
  EXPECT_EQ((Texts{"2026-12-04T08:00:00-05:00"}),
            next("Fri 08:00", "America/New_York", "2026-11-27T13:00:00Z", 1));
  EXPECT_EQ(Texts{}, next("Fri 08:00", "America/New_York", "2026-11-27T13:00:00Z", 0));
}

TEST(NextInstants, BeginAtTheGivenDate) {
  EXPECT_EQ((Texts{"2026-12-11T08:00:00-05:00"}),
            next("Fri 08:00", "America/New_York", "2026-11-27T13:00:00Z", 1, "2026-12-05"));
}

TEST(NextInstants, KeepTheWallTimeOverTheWeeksOfTheChange) {
  EXPECT_EQ((Texts{"2026-03-01T02:30:00-05:00", "2026-03-08T03:30:00-04:00", "2026-03-15T02:30:00-04:00"}),
            next("Sun 02:30", "America/New_York", "2026-02-25T00:00:00Z", 3));
  EXPECT_EQ((Texts{"2026-10-25T01:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-08T01:30:00-05:00"}),
            next("Sun 01:30", "America/New_York", "2026-10-20T00:00:00Z", 3));
  // Within the second pass of the fold the slot has been.
  EXPECT_EQ((Texts{"2026-11-08T01:30:00-05:00"}),
            next("Sun 01:30", "America/New_York", "2026-11-01T06:10:00Z", 1));
}

TEST(NextInstants, GiveOneForTwoDatesOnOneInstant) {
  EXPECT_EQ((Texts{"2011-12-29T08:00:00-10:00", "2011-12-31T08:00:00+14:00", "2012-01-05T08:00:00+14:00"}),
            next("Thu,Fri,Sat 08:00", "Pacific/Apia", "2011-12-29T00:00:00Z", 3));
  EXPECT_EQ((Texts{"2011-12-31T08:00:00+14:00"}),
            next("Fri 08:00", "Pacific/Apia", "2011-12-30T17:00:00Z", 1));
}

TEST(NextInstants, EndWithTheYear9999) {
  EXPECT_EQ((Texts{"9999-12-31T08:00:00+00:00"}), next("Fri 08:00", "UTC", "9999-12-25T00:00:00Z", 5));
}

}  // namespace
}  // namespace planning
