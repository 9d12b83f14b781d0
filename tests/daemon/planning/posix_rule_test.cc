#include "planning/posix_rule.h"

#include <gtest/gtest.h>

#include "model/time.h"

namespace planning {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

sys_seconds utc(const char* text) {
  return std::chrono::floor<seconds>(*model::parse_rfc3339(text));
}

seconds rule_at(const char* rule, const char* instant) {
  const auto parsed = PosixRule::parse(rule);
  return parsed ? parsed->offset_at(utc(instant)) : seconds{-1};
}

TEST(PosixRuleTest, ReadsEveryFormOfADay) {
  EXPECT_EQ(-5h, rule_at("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z"));
  EXPECT_EQ(-4h, rule_at("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z"));
  EXPECT_EQ(-5h, rule_at("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z"));
  // Jn never counts 29 February, n does: day 60 is 1 March in every year, day 59 only in common ones.
  EXPECT_EQ(0s, rule_at("AAA0BBB,J60/0,J300/0", "2028-02-29T23:59:59Z"));
  EXPECT_EQ(1h, rule_at("AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z"));
  EXPECT_EQ(1h, rule_at("AAA0BBB,59/0,299/0", "2028-02-29T00:00:00Z"));
  EXPECT_EQ(0s, rule_at("AAA0BBB,59/0,299/0", "2027-02-28T23:59:59Z"));
  EXPECT_EQ(1h, rule_at("AAA0BBB,59/0,299/0", "2027-03-01T00:00:00Z"));
}

TEST(PosixRuleTest, ReadsQuotedNamesFractionsAndHoursOutsideTheDay) {
  EXPECT_EQ(3h, rule_at("<+03>-3", "2026-01-01T00:00:00Z"));
  EXPECT_EQ(5h + 30min + 15s, rule_at("AAA-5:30:15", "2026-01-01T00:00:00Z"));
  // Nuuk: the day before the last Sunday, 22:00 and 23:00 there.
  EXPECT_EQ(-2h, rule_at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z"));
  EXPECT_EQ(-1h, rule_at("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z"));
  // Gaza: the Saturday after the fourth Thursday is Thursday plus 50 hours.
  EXPECT_EQ(2h, rule_at("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z"));
  EXPECT_EQ(3h, rule_at("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z"));
  // A change a week after the end of its year.
  EXPECT_EQ(0s, rule_at("AAA0BBB,J365/167,J100/0", "2027-01-06T22:59:59Z"));
  EXPECT_EQ(1h, rule_at("AAA0BBB,J365/167,J100/0", "2027-01-06T23:00:00Z"));
}

TEST(PosixRuleTest, KnowsDaylightTimeBehindStandardTimeAndAllTheYear) {
  EXPECT_EQ(1h, rule_at("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z"));
  EXPECT_EQ(0s, rule_at("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z"));
  for (const char* day :
       {"2026-01-01T03:59:59Z", "2026-01-01T04:00:00Z", "2026-07-01T00:00:00Z", "2026-12-31T23:59:59Z"}) {
    EXPECT_EQ(-4h, rule_at("XXX3EDT4,0/0,J365/23", day)) << day;
  }
}

TEST(PosixRuleTest, RefusesWhatIsNoRule) {
  for (const char* rule : {"",
                           "A0",
                           "AAA",
                           "AAA25",
                           "AAA0BBB",
                           "AAA0BBB,M3.2.0",
                           "AAA0BBB,M13.2.0,M11.1.0",
                           "AAA0BBB,M3.0.0,M11.1.0",
                           "AAA0BBB,M3.6.0,M11.1.0",
                           "AAA0BBB,M3.2.7,M11.1.0",
                           "AAA0BBB,J0,J5",
                           "AAA0BBB,J366,J5",
                           "AAA0BBB,366,5",
                           "AAA0BBB,M3.2.0/168,M11.1.0",
                           "AAA0BBB,M3.2.0,M11.1.0,",
                           "AAA0BBB,M3.2.0,M11.1.0/2 ",
                           "<AAA0",
                           "<>0",
                           "AAA0:60",
                           "AAA0:",
                           "A+A0",
                           "AAA0BBB,M3,M4",
                           "AAA0BBB,M3.2.0/,M11.1.0",
                           "AAA0000"}) {
    EXPECT_FALSE(PosixRule::parse(rule)) << rule;
  }
}

}  // namespace
}  // namespace planning
