#include "mailing/judge.h"

#include <gtest/gtest.h>

namespace mailing {
namespace {

using namespace std::chrono_literals;
using model::MessageState;
using publishers::Fault;
using publishers::Outcome;
using publishers::Receipt;

const model::MessageId kMessage{{31}, {204}};
const model::Instant kNow = *model::parse_rfc3339("2026-11-27T13:05:00Z");

store::MessageResult judged(Outcome outcome, Fault fault, model::milliseconds age = 0ms) {
  return judge(kMessage, Receipt::failed(outcome, fault, "said"), kNow, age);
}

TEST(Judge, AcceptedAndUncertainAreWhatTheySay) {
  EXPECT_EQ(judged(Outcome::confirmed, Fault::none).state, MessageState::accepted);
  EXPECT_EQ(judged(Outcome::uncertain, Fault::connect).state, MessageState::uncertain);
}

TEST(Judge, ARefusedAddressHasFailed) {
  const store::MessageResult result = judged(Outcome::rejected, Fault::permanent_recipient);
  EXPECT_EQ(result.state, MessageState::failed);
  EXPECT_EQ(result.reply, "said");
}

TEST(Judge, WhatIsNotTheRecipientsFaultCostsThemNothing) {
  for (const Fault fault : {Fault::connect, Fault::tls, Fault::auth, Fault::local, Fault::none}) {
    const store::MessageResult result = judged(Outcome::deferred, fault);
    EXPECT_EQ(result.state, MessageState::pending);
    EXPECT_FALSE(result.charge_attempt);
  }
  EXPECT_EQ(judged(Outcome::rejected, Fault::auth).state, MessageState::pending);
}

TEST(Judge, ATransientRefusalWaitsAsLongAsItIsOldWithinBounds) {
  EXPECT_EQ(judged(Outcome::deferred, Fault::transient, 1s).next_at, kNow + 300s);
  EXPECT_EQ(judged(Outcome::deferred, Fault::transient, 20min).next_at, kNow + 20min);
  EXPECT_EQ(judged(Outcome::deferred, Fault::transient, 10h).next_at, kNow + 4000s);
}

TEST(Judge, AfterThreeDaysItHasFailed) {
  const store::MessageResult result = judged(Outcome::deferred, Fault::transient, 72h);
  EXPECT_EQ(result.state, MessageState::failed);
  EXPECT_EQ(result.reply, "said (given up after 3 days)");
}

Alarm::Verdict recorded(Alarm& alarm, Outcome outcome, Fault fault) {
  return alarm.record(Receipt::failed(outcome, fault, "said"));
}

TEST(Alarm, AFarEndThatIsAwayPausesAndRefusedCredentialsHold) {
  Alarm alarm;
  EXPECT_EQ(recorded(alarm, Outcome::deferred, Fault::connect), Alarm::Verdict::pause);
  EXPECT_EQ(recorded(alarm, Outcome::rejected, Fault::auth), Alarm::Verdict::hold);
  EXPECT_EQ(recorded(alarm, Outcome::rejected, Fault::tls), Alarm::Verdict::hold);
}

TEST(Alarm, TwentyRefusalsOfTheTextInARowHoldTheMailing) {
  Alarm alarm;
  for (int i = 0; i < 19; ++i) {
    EXPECT_EQ(recorded(alarm, Outcome::rejected, Fault::permanent_content), Alarm::Verdict::go_on);
  }
  EXPECT_EQ(recorded(alarm, Outcome::rejected, Fault::permanent_content), Alarm::Verdict::hold);
  EXPECT_EQ(alarm.why(), "20 messages in a row were refused for our text or our set-up: said");
}

TEST(Alarm, OneAcceptedMessageBeginsTheCountAnew) {
  Alarm alarm;
  for (int i = 0; i < 19; ++i) recorded(alarm, Outcome::rejected, Fault::sender_policy);
  recorded(alarm, Outcome::confirmed, Fault::none);
  EXPECT_EQ(recorded(alarm, Outcome::rejected, Fault::sender_policy), Alarm::Verdict::go_on);
}

TEST(Alarm, RefusedAddressesAreNoAlarm) {
  Alarm alarm;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(recorded(alarm, Outcome::rejected, Fault::permanent_recipient), Alarm::Verdict::go_on);
  }
}

}  // namespace
}  // namespace mailing
