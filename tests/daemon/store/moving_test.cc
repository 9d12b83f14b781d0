// Mailings too large to be moved at once: cancelled, tried again, and begun anew, with a restart in the
// midst.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using support::failure_of;
using support::kFriday;
using namespace std::chrono_literals;

constexpr int kReaders = 25'000;

class Moving : public support::StoreContract {
 protected:
  // All of its messages failed.
  DeliveryId failed() {
    const Work work = mailing(kReaders);
    std::vector<MessageResult> results;
    for (const MessageId& id : claim_messages(work, kReaders)) {
      results.push_back(result(id, MessageState::failed));
    }
    store().finish_messages(results, kFriday);
    finish(work, DeliveryState::rejected);
    return work.delivery.id;
  }
  // How often there was more.
  int carry_on() {
    int times = 0;
    while (store().carry_on(kFriday)) ++times;
    return times;
  }
};
STORE_CONTRACT(Moving);

TEST_P(Moving, ACancelledMailingIsCancelledAtOnceAndItsMessagesFollow) {
  const Work work = mailing(kReaders);
  store().recover(kFriday);
  const DeliveryId id = work.delivery.id;
  store().cancel(id, "why", kFriday);
  EXPECT_EQ(delivery(id).state, DeliveryState::cancelled);
  EXPECT_EQ(count(id, MessageState::cancelled), 10'000);
  restart();
  EXPECT_EQ(carry_on(), 2);
  EXPECT_EQ(count(id, MessageState::cancelled), kReaders);
  EXPECT_EQ(store().message_counts(id).total(), kReaders);
  EXPECT_FALSE(store().carry_on(kFriday));
}

TEST_P(Moving, OneThatIsTriedAgainIsHeldUntilItsLastMessageIsReady) {
  const DeliveryId id = failed();
  store().retry(id, kFriday);
  EXPECT_EQ(delivery(id).state, DeliveryState::held);
  EXPECT_EQ(count(id, MessageState::pending), 10'000);
  EXPECT_EQ(failure_of([&] { store().unhold(id, kFriday); }), Failure::not_allowed);
  restart();
  EXPECT_TRUE(claim_all("mail").empty());
  EXPECT_EQ(carry_on(), 2);
  EXPECT_EQ(delivery(id).state, DeliveryState::ready);
  EXPECT_EQ(delivery(id).attempts, 0);
  EXPECT_EQ(count(id, MessageState::pending), kReaders);
  const auto again = claim_all("mail");
  ASSERT_EQ(again.size(), 1U);
  int claimed = 0;
  for (std::size_t some = 1; some > 0; claimed += static_cast<int>(some)) {
    some = claim_messages(again.front(), 7'000).size();
  }
  EXPECT_EQ(claimed, kReaders) << "nobody stands before where the pending ones are sought";
}

TEST_P(Moving, OneThatIsTriedAgainCanBeCancelledMeanwhile) {
  const DeliveryId id = failed();
  store().retry(id, kFriday);
  store().cancel(id, "why", kFriday);
  carry_on();
  EXPECT_EQ(delivery(id).state, DeliveryState::cancelled);
  EXPECT_EQ(count(id, MessageState::pending), 0);
  EXPECT_EQ(count(id, MessageState::cancelled), 10'000);
  EXPECT_EQ(count(id, MessageState::failed), kReaders - 10'000);
}

TEST_P(Moving, AnUnfinishedFixingIsForgottenBitByBit) {
  deliver("mail");
  const Work work = claim_one("mail");
  const DeliveryId id = work.delivery.id;
  const std::int64_t fence = work.delivery.fence;
  EXPECT_FALSE(store().forget_freeze(id, fence));
  store().freeze_begin(id, fence, "text");
  for (int chunk = 0; chunk < 2; ++chunk) {
    std::vector<Recipient> list;
    for (int i = 0; i < 8'000; ++i) list.push_back({address(chunk * 8'000 + i), "", {}});
    store().freeze_chunk(id, fence, list, {{"nobody", "no address"}});
  }
  EXPECT_TRUE(store().forget_freeze(id, fence));
  EXPECT_EQ(store().message_counts(id).total(), 6'000);
  EXPECT_EQ(store().message_counts(id).excluded, 0);
  EXPECT_FALSE(store().forget_freeze(id, fence));
  EXPECT_EQ(store().message_counts(id).total(), 0);
  freeze(work, 3);
  EXPECT_EQ(failure_of([&] { store().forget_freeze(id, fence); }), Failure::not_allowed);
  EXPECT_EQ(failure_of([&] { store().forget_freeze(id, fence - 1); }), Failure::stale_fence);
  EXPECT_EQ(store().message_counts(id).total(), 3);
}

TEST_P(Moving, WhoIsFoundToHaveLeftGetsNothingOfThisMailing) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  store().suppress_messages({messages[1]}, "left", kFriday);
  EXPECT_EQ(message(messages[1]).state, MessageState::suppressed);
  EXPECT_EQ(message(messages[1]).reply, "left");
  EXPECT_EQ(arm(work, messages).size(), 2U);
  // What is on its way is past that.
  store().suppress_messages({messages[0]}, "left", kFriday);
  EXPECT_EQ(message(messages[0]).state, MessageState::armed);
  EXPECT_EQ(count(work.delivery.id, MessageState::suppressed), 1);
  EXPECT_FALSE(store().suppressed(address(1)));
}

}  // namespace
}  // namespace store
