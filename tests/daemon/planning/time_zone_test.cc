#include "planning/time_zone.h"

#include <gtest/gtest.h>

namespace planning {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

sys_seconds utc(const char* text) {
  return std::chrono::floor<seconds>(*model::parse_rfc3339(text));
}

std::string instant_of(const Zone& zone, const char* date, std::chrono::minutes time) {
  return model::rfc3339(zone->to_instant(*model::parse_date(date), time));
}

TEST(ZoneTest, ShiftsAWallTimeInAGapAndTakesTheFirstPassOfAFold) {
  TimeZones zones;
  const Zone york = zones.find("America/New_York");
  EXPECT_EQ("2026-03-08T06:59:00Z", instant_of(york, "2026-03-08", 1h + 59min));
  EXPECT_EQ("2026-03-08T07:30:00Z", instant_of(york, "2026-03-08", 2h + 30min));
  EXPECT_EQ("2026-03-08T07:00:00Z", instant_of(york, "2026-03-08", 3h));
  EXPECT_EQ("2026-11-01T05:30:00Z", instant_of(york, "2026-11-01", 1h + 30min));
  EXPECT_EQ("2026-11-01T07:00:00Z", instant_of(york, "2026-11-01", 2h));
}

TEST(ZoneTest, ShiftsAcrossADayThatWasLeftOut) {
  TimeZones zones;
  const Zone apia = zones.find("Pacific/Apia");
  EXPECT_EQ("2011-12-29T18:00:00Z", instant_of(apia, "2011-12-29", 8h));
  EXPECT_EQ("2011-12-30T18:00:00Z", instant_of(apia, "2011-12-30", 8h));
  EXPECT_EQ("2011-12-30T18:00:00Z", instant_of(apia, "2011-12-31", 8h));
  EXPECT_EQ("2011-12-31T18:00:00Z", instant_of(apia, "2012-01-01", 8h));
}

TEST(ZoneTest, TellsLocalTimeAndItsText) {
  TimeZones zones;
  const Zone nepal = zones.find("Asia/Kathmandu");
  const auto local = nepal->to_local(utc("2026-11-27T18:30:00Z"));
  EXPECT_EQ(std::chrono::local_days{std::chrono::year{2026} / 11 / 28} + 15min, local);
  EXPECT_EQ("2026-11-28T00:15:00+05:45",
            rfc3339_in(*nepal, *model::parse_rfc3339("2026-11-27T18:30:00.999Z")));
  EXPECT_EQ("Asia/Kathmandu", nepal->name());
}

TEST(ZoneTest, FollowsTheRuleAtTheEndForEver) {
  TimeZones zones;
  EXPECT_EQ("2099-07-03T12:00:00Z", instant_of(zones.find("America/New_York"), "2099-07-03", 8h));
  EXPECT_EQ("2099-01-02T13:00:00Z", instant_of(zones.find("America/New_York"), "2099-01-02", 8h));
  // Dublin's rule calls winter the daylight time, an hour behind its standard time.
  EXPECT_EQ("2099-07-03T07:00:00Z", instant_of(zones.find("Europe/Dublin"), "2099-07-03", 8h));
  EXPECT_EQ("2099-01-02T08:00:00Z", instant_of(zones.find("Europe/Dublin"), "2099-01-02", 8h));
}

}  // namespace
}  // namespace planning
