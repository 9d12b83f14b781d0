#include "dispatch/retry.h"

#include <gtest/gtest.h>

namespace dispatch {
namespace {

using namespace std::chrono_literals;
using model::DeliveryState;
using publishers::Fault;
using publishers::Outcome;
using publishers::Receipt;

NextStep after(Outcome outcome, Fault fault, int attempts) {
  return next_step(Receipt::failed(outcome, fault, "said"), attempts);
}

TEST(Retry, WaitsLongerEachTimeThenAnHour) {
  const model::milliseconds waits[] = {5s, 15s, 1min, 5min, 15min, 1h, 1h, 1h};
  for (int attempt = 1; attempt <= 8; ++attempt) {
    const NextStep step = after(Outcome::deferred, Fault::transient, attempt);
    EXPECT_EQ(step.state, DeliveryState::deferred);
    EXPECT_EQ(step.wait, waits[attempt - 1]) << attempt;
    EXPECT_TRUE(step.charge_attempt);
  }
}

TEST(Retry, HoldsAfterADayOfTrying) {
  EXPECT_EQ(after(Outcome::deferred, Fault::transient, kMostPostAttempts - 1).state, DeliveryState::deferred);
  EXPECT_EQ(after(Outcome::deferred, Fault::transient, kMostPostAttempts).state, DeliveryState::held);
}

TEST(Retry, NobodyThereCostsNoAttempt) {
  EXPECT_FALSE(after(Outcome::deferred, Fault::connect, 1).charge_attempt);
}

TEST(Retry, TheFarEndsWishIsKeptToUpToADay) {
  Receipt receipt = Receipt::failed(Outcome::deferred, Fault::throttle, "429");
  receipt.retry_after = 20min;
  EXPECT_EQ(next_step(receipt, 1).wait, model::milliseconds(20min));
  receipt.retry_after = 240h;
  EXPECT_EQ(next_step(receipt, 1).wait, model::milliseconds(24h));
  receipt.retry_after = 0s;
  EXPECT_EQ(next_step(receipt, 1).wait, model::milliseconds(1s));
}

TEST(Retry, RefusedCredentialsWaitForAPersonAndCostNothing) {
  for (const Fault fault : {Fault::auth, Fault::tls}) {
    for (const Outcome outcome : {Outcome::deferred, Outcome::rejected}) {
      const NextStep step = after(outcome, fault, 1);
      EXPECT_EQ(step.state, DeliveryState::held);
      EXPECT_FALSE(step.wait);
      EXPECT_FALSE(step.charge_attempt);
    }
  }
}

TEST(Retry, UncertainIsAskedAgainAndNeverBecomesARetry) {
  EXPECT_EQ(after(Outcome::uncertain, Fault::none, 1).state, DeliveryState::uncertain);
  EXPECT_EQ(after(Outcome::uncertain, Fault::none, 1).wait, model::milliseconds(5s));
  const NextStep last = after(Outcome::uncertain, Fault::none, kMostPostAttempts);
  EXPECT_EQ(last.state, DeliveryState::uncertain);
  EXPECT_FALSE(last.wait);
}

TEST(Retry, RejectedIsOver) {
  EXPECT_EQ(after(Outcome::rejected, Fault::permanent_content, 1).state, DeliveryState::rejected);
}

}  // namespace
}  // namespace dispatch
