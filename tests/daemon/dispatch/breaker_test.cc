#include "dispatch/breaker.h"

#include <gtest/gtest.h>

namespace dispatch {
namespace {

using namespace std::chrono_literals;
using publishers::Fault;
using publishers::Outcome;
using publishers::Receipt;

const model::Instant kNow{};

Receipt fault(Fault fault) {
  return Receipt::failed(Outcome::deferred, fault, "said");
}

TEST(Breaker, FiveConnectionFaultsInARowOpenItForAMinute) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.record(fault(Fault::connect), kNow);
  EXPECT_TRUE(breaker.lets_through(kNow));
  breaker.record(fault(Fault::connect), kNow);
  EXPECT_FALSE(breaker.lets_through(kNow + 59s));
  EXPECT_TRUE(breaker.lets_through(kNow + 60s));
}

TEST(Breaker, EachFurtherFaultDoublesThePauseUpToAQuarterOfAnHour) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.record(fault(Fault::connect), kNow);
  for (const auto pause : {1min, 2min, 4min, 8min, 15min, 15min}) {
    breaker.record(fault(Fault::connect), kNow);
    EXPECT_EQ(breaker.open_until(), kNow + pause);
  }
}

TEST(Breaker, AnyAnswerClosesIt) {
  Breaker breaker;
  for (int i = 0; i < 5; ++i) breaker.record(fault(Fault::connect), kNow);
  breaker.record(fault(Fault::transient), kNow);
  EXPECT_TRUE(breaker.lets_through(kNow));
}

TEST(Breaker, OurOwnDisksFaultsSayNothingAboutTheFarEnd) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.record(fault(Fault::connect), kNow);
  breaker.record(fault(Fault::local), kNow);
  EXPECT_TRUE(breaker.lets_through(kNow));
  breaker.record(fault(Fault::connect), kNow);
  EXPECT_FALSE(breaker.lets_through(kNow));
}

TEST(Breaker, RefusedCredentialsOpenItUntilAPersonResetsIt) {
  Breaker breaker;
  breaker.record(fault(Fault::auth), kNow);
  EXPECT_TRUE(breaker.needs_person());
  EXPECT_FALSE(breaker.lets_through(kNow + std::chrono::hours(24 * 365)));
  breaker.reset();
  EXPECT_TRUE(breaker.lets_through(kNow));
}

}  // namespace
}  // namespace dispatch
