#include <gtest/gtest.h>

#include "planning/planner.h"

namespace planning {
namespace {

class ResolveTest : public testing::Test {
 protected:
  void add(const char* key, const char* zone, const char* schedule) {
    config::Series& series = config.series[key];
    series.key = key;
    series.zone = zone;
    series.schedule = schedule;
    series.zone_position = {"fridayd.toml", 10, 1};
    series.schedule_position = {"fridayd.toml", 11, 1};
  }
  std::string faults_of(const char* zone, const char* schedule) {
    config = {};
    add("friday", zone, schedule);
    config::Faults faults;
    plans = resolve_series(config, zones, faults);
    return faults.text();
  }

  config::Config config;
  TimeZones zones;
  std::map<std::string, SeriesPlan> plans;
};

TEST_F(ResolveTest, GivesZoneAndSchedule) {
  EXPECT_EQ("", faults_of("America/New_York", "fri 8:00"));
  ASSERT_EQ(1u, plans.size());
  EXPECT_EQ("America/New_York", plans.at("friday").zone->name());
  EXPECT_EQ("Fri 08:00", plans.at("friday").schedule.text());
  config = {};
  EXPECT_EQ("friday", plans.at("friday").config->key) << "a plan outlives its configuration";
}

TEST_F(ResolveTest, ReportsEveryFaultWithItsPlace) {
  EXPECT_EQ(
      "fridayd.toml:10:1: 'Amercia/New_York' is no time zone; write \"America/New_York\"\n"
      "fridayd.toml:11:1: 'Fryday' is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun, with "
      "commas "
      "between\n",
      faults_of("Amercia/New_York", "Fryday 08:00"));
  EXPECT_TRUE(plans.empty());
}

TEST_F(ResolveTest, NamesAnExampleWhereNoZoneIsNear) {
  EXPECT_EQ(
      "fridayd.toml:10:1: 'Middle-earth/The_Shire' is no time zone; write an IANA name such as "
      "\"America/New_York\"\n",
      faults_of("Middle-earth/The_Shire", "Fri 08:00"));
}

TEST_F(ResolveTest, KeepsTheSoundSeriesBesideABrokenOne) {
  add("broken", "Nowhere", "Fri 08:00");
  add("sound", "Europe/Berlin", "Mon 09:00");
  config::Faults faults;
  plans = resolve_series(config, zones, faults);
  EXPECT_FALSE(faults.empty());
  EXPECT_EQ(0u, plans.count("broken"));
  EXPECT_EQ(1u, plans.count("sound"));
}

TEST_F(ResolveTest, LeavesAMissingKeyToWhoeverReadTheFile) {
  EXPECT_EQ("", faults_of("", ""));
  EXPECT_TRUE(plans.empty());
}

}  // namespace
}  // namespace planning
