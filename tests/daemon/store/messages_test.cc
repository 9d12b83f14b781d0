// The ledger of a mailing: claim, arm, result.
#include <gmock/gmock.h>

#include <set>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using support::failure_of;
using support::kFriday;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Messages : public support::StoreContract {
 protected:
  void result_of(MessageId id, MessageState state, std::optional<Instant> next_at = std::nullopt) {
    store().finish_messages({result(id, state, next_at)}, kFriday);
  }
};
STORE_CONTRACT(Messages);

TEST_P(Messages, AClaimTakesNoMoreThanAskedAndNoneTwice) {
  const Work work = mailing(5);
  const auto first = claim_messages(work, 2);
  const auto second = claim_messages(work, 10);
  EXPECT_THAT(first, SizeIs(2));
  EXPECT_THAT(second, SizeIs(3));
  EXPECT_THAT(claim_messages(work), IsEmpty());
  EXPECT_EQ(std::set<MessageId>(first.begin(), first.end()).count(second[0]), 0);
  EXPECT_EQ(count(work.delivery.id, MessageState::claimed), 5);
}

TEST_P(Messages, AMailingThatWasGivenUpHalfWayIsOutAndNotToBeBroughtBack) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work, 2);
  arm(work, messages);
  result_of(messages[0], MessageState::accepted);
  result_of(messages[1], MessageState::failed);
  finish(work, DeliveryState::ready);
  store().cancel(work.delivery.id, "no", kFriday);
  EXPECT_EQ(store().post(work.post.id)->state, model::PostState::partial);
  EXPECT_THAT(store().called_off(10), IsEmpty());
}

TEST_P(Messages, DeferredOnesGoFirstOnceTheyAreDue) {
  const Work work = mailing(4);
  const auto messages = claim_messages(work, 2);
  arm(work, messages);
  result_of(messages[0], MessageState::deferred, kFriday + 2min);
  result_of(messages[1], MessageState::deferred, kFriday + 1min);
  EXPECT_EQ(store().next_message_at(work.delivery.id), kFriday + 1min);
  EXPECT_THAT(claim_messages(work, 1, kFriday + 1min - 1ms), testing::Not(testing::Contains(messages[1])));
  EXPECT_THAT(claim_messages(work, 10, kFriday + 2min),
              testing::AllOf(SizeIs(3), testing::Contains(messages[0])));
  EXPECT_EQ(store().next_message_at(work.delivery.id), std::nullopt);
}

TEST_P(Messages, OnlyWhatIsClaimedUnderThisFenceIsArmedAndOnce) {
  const Work old = mailing(3);
  const auto before = claim_messages(old, 2);
  store().recover(kFriday);
  const Work work = claim_one("mail");
  const auto claimed = claim_messages(work, 1);
  ASSERT_EQ(claimed[0], before[0]);
  EXPECT_THAT(arm(work, {before[0], before[1], before[0], {work.delivery.id, {99}}}), ElementsAre(before[0]));
  EXPECT_THAT(arm(work, claimed), IsEmpty());
  EXPECT_EQ(count(work.delivery.id, MessageState::armed), 1);
  EXPECT_EQ(message(before[1]).state, MessageState::pending);
  EXPECT_THAT(store().arm({}, 99, kFriday), IsEmpty());
}

TEST_P(Messages, AFenceOpensNoOtherMailing) {
  const Work first = mailing(1, "mail");
  const Work second = mailing(1, "mail2");
  ASSERT_EQ(first.delivery.fence, second.delivery.fence);
  const auto a = claim_messages(first);
  const auto b = claim_messages(second);
  finish(second, DeliveryState::held);
  EXPECT_EQ(failure_of([&] { store().arm({a[0], b[0]}, first.delivery.fence, kFriday); }),
            Failure::stale_fence);
  EXPECT_EQ(count(first.delivery.id, MessageState::armed), 0);
}

TEST_P(Messages, WhoLeftBetweenClaimAndDotIsNotWrittenTo) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  store().suppress(address(1), "unsubscribed", kFriday);
  EXPECT_THAT(arm(work, messages), ElementsAre(messages[0], messages[2]));
  EXPECT_EQ(message(messages[1]).state, MessageState::suppressed);
  EXPECT_EQ(count(work.delivery.id, MessageState::suppressed), 1);
  EXPECT_EQ(count(work.delivery.id, MessageState::armed), 2);
  EXPECT_EQ(count(work.delivery.id, MessageState::claimed), 0);
}

TEST_P(Messages, AResultIsKeptWithTheReply) {
  const Work work = mailing(5);
  const auto messages = claim_messages(work);
  arm(work, messages);
  MessageResult free = result(messages[4], MessageState::pending);
  free.charge_attempt = false;
  store().finish_messages(
      {result(messages[0], MessageState::accepted), result(messages[1], MessageState::failed),
       result(messages[2], MessageState::deferred, kFriday + 1h),
       result(messages[3], MessageState::uncertain), free},
      kFriday + 1s);
  restart();
  const auto rows = store().messages(work.delivery.id, std::nullopt, {}, 10);
  ASSERT_THAT(rows, SizeIs(5));
  const MessageState states[] = {MessageState::accepted, MessageState::failed, MessageState::deferred,
                                 MessageState::uncertain, MessageState::pending};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(rows[i].state, states[i]);
    EXPECT_EQ(rows[i].attempts, i == 4 ? 0 : 1);
    EXPECT_EQ(rows[i].reply, "said");
    EXPECT_EQ(rows[i].changed_at, kFriday + 1s);
    EXPECT_EQ(count(work.delivery.id, states[i]), 1);
  }
  EXPECT_EQ(rows[2].next_at, kFriday + 1h);
}

TEST_P(Messages, AResultThatComesTwiceOrTooLateCountsOnce) {
  const Work work = mailing(2);
  const auto messages = claim_messages(work);
  arm(work, messages);
  result_of(messages[0], MessageState::accepted);
  result_of(messages[0], MessageState::failed);
  store().finish_messages(
      {result(messages[1], MessageState::failed), result(messages[1], MessageState::accepted)}, kFriday);
  EXPECT_EQ(message(messages[0]).state, MessageState::accepted);
  EXPECT_EQ(message(messages[0]).attempts, 1);
  EXPECT_EQ(message(messages[1]).state, MessageState::failed);
  result_of({work.delivery.id, {99}}, MessageState::accepted);
  EXPECT_EQ(store().message_counts(work.delivery.id).total(), 2);
  EXPECT_EQ(store().accepted_since("mail", kFriday), 1);
}

TEST_P(Messages, WhatNeverReachedTheDotHasAResultToo) {
  const Work work = mailing(1);
  const auto messages = claim_messages(work);
  result_of(messages[0], MessageState::failed);
  EXPECT_EQ(message(messages[0]).state, MessageState::failed);
}

TEST_P(Messages, NoMessageEndsInAStateThatIsNoEnd) {
  const Work work = mailing(2);
  const auto messages = claim_messages(work);
  arm(work, messages);
  for (const MessageState none : {MessageState::claimed, MessageState::armed, MessageState::suppressed,
                                  MessageState::cancelled, MessageState::deferred /* without an instant */}) {
    EXPECT_EQ(failure_of([&] {
                store().finish_messages(
                    {result(messages[0], MessageState::accepted), result(messages[1], none)}, kFriday);
              }),
              Failure::not_allowed);
  }
  EXPECT_EQ(count(work.delivery.id, MessageState::armed), 2);
  EXPECT_EQ(store().accepted_since("mail", kFriday), 0);
}

TEST_P(Messages, WhatWasClaimedAndNotSentGoesBack) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  arm(work, {messages[0]});
  store().unclaim_messages(work.delivery.id, kFriday);
  EXPECT_EQ(count(work.delivery.id, MessageState::pending), 2);
  EXPECT_EQ(count(work.delivery.id, MessageState::armed), 1);
  EXPECT_THAT(arm(work, {messages[1]}), IsEmpty());
  EXPECT_THAT(claim_messages(work), ElementsAre(messages[1], messages[2]));
}

TEST_P(Messages, AMailingThatEndsLeavesNothingInTheAir) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  arm(work, {messages[0]});
  finish(work, DeliveryState::ready);
  EXPECT_EQ(message(messages[0]).state, MessageState::uncertain);
  EXPECT_EQ(count(work.delivery.id, MessageState::pending), 2);
  result_of(messages[0], MessageState::accepted);
  EXPECT_EQ(message(messages[0]).state, MessageState::uncertain);
}

TEST_P(Messages, TheAcceptedOfADayAreCountedByChannel) {
  const Work work = mailing(4);
  const auto messages = claim_messages(work);
  arm(work, messages);
  const Instant midnight = std::chrono::floor<std::chrono::days>(kFriday);
  store().finish_messages({result(messages[0], MessageState::accepted)}, midnight - 1ms);
  store().finish_messages(
      {result(messages[1], MessageState::accepted), result(messages[2], MessageState::failed)}, midnight);
  store().finish_messages({result(messages[3], MessageState::accepted)}, midnight + 20h);
  restart();
  EXPECT_EQ(store().accepted_since("mail", midnight), 2);
  EXPECT_EQ(store().accepted_since("mail", midnight - 1h), 3);
  EXPECT_EQ(store().accepted_since("mail", midnight + 21h), 0);
  EXPECT_EQ(store().accepted_since("other", midnight), 0);
}

TEST_P(Messages, ResultsOfSeveralMailingsCountForTheirOwnChannels) {
  const Work first = mailing(1, "mail");
  const Work second = mailing(1, "mail2");
  const auto a = claim_messages(first);
  const auto b = claim_messages(second);
  arm(first, a);
  arm(second, b);
  store().finish_messages({result(a[0], MessageState::accepted), result(b[0], MessageState::accepted)},
                          kFriday);
  EXPECT_EQ(store().accepted_since("mail", kFriday), 1);
  EXPECT_EQ(store().accepted_since("mail2", kFriday), 1);
}

TEST_P(Messages, ListsComeInPagesByState) {
  const Work work = mailing(6);
  const auto messages = claim_messages(work, 4);
  arm(work, messages);
  for (const MessageId& each : messages) {
    result_of(each, each.subscriber.value % 2 == 0 ? MessageState::accepted : MessageState::failed);
  }
  const auto ids = [&](std::optional<MessageState> state, model::SubscriberId after, std::size_t limit) {
    std::vector<std::int64_t> found;
    for (const MessageRow& row : store().messages(work.delivery.id, state, after, limit)) {
      found.push_back(row.id.subscriber.value);
    }
    return found;
  };
  EXPECT_THAT(ids(std::nullopt, {}, 4), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(ids(std::nullopt, {4}, 4), ElementsAre(5, 6));
  EXPECT_THAT(ids(MessageState::accepted, {}, 10), ElementsAre(2, 4));
  EXPECT_THAT(ids(MessageState::accepted, {2}, 10), ElementsAre(4));
  EXPECT_THAT(ids(MessageState::failed, {}, 1), ElementsAre(1));
  EXPECT_THAT(ids(MessageState::failed, {1}, 10), ElementsAre(3));
  EXPECT_THAT(ids(MessageState::pending, {}, 10), ElementsAre(5, 6));
  EXPECT_THAT(ids(MessageState::uncertain, {}, 10), IsEmpty());
}

}  // namespace
}  // namespace store
