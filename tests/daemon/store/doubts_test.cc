// What people do to a mailing: settle its doubts, send again, call it off.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using support::failure_of;
using support::kFriday;
using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

class Doubts : public support::StoreContract {
 protected:
  void result_of(MessageId id, MessageState state, std::optional<Instant> next_at = std::nullopt) {
    store().finish_messages({result(id, state, next_at)}, kFriday);
  }

  // A mailing of which message 0 is uncertain, its delivery too; the others have the state `rest`.
  struct InDoubt {
    DeliveryId id;
    std::vector<MessageId> messages;
  };
  InDoubt in_doubt(int recipients, MessageState rest) {
    const Work work = mailing(recipients);
    const auto messages = claim_messages(work);
    arm(work, messages);
    for (const MessageId& each : messages)
      result_of(each, each == messages[0] ? MessageState::uncertain : rest);
    finish(work, DeliveryState::uncertain);
    return {work.delivery.id, messages};
  }
};
STORE_CONTRACT(Doubts);

TEST_P(Doubts, ACancelStopsWhatHasNotLeft) {
  const Work work = mailing(5);
  const auto messages = claim_messages(work, 4);
  arm(work, {messages[0], messages[1], messages[2]});
  result_of(messages[0], MessageState::accepted);
  result_of(messages[1], MessageState::deferred, kFriday + 1h);
  result_of(messages[2], MessageState::uncertain);
  finish(work, DeliveryState::deferred, kFriday + 1h);
  store().cancel(work.delivery.id, "wrong text", kFriday);
  EXPECT_EQ(count(work.delivery.id, MessageState::cancelled), 3);
  EXPECT_EQ(count(work.delivery.id, MessageState::accepted), 1);
  EXPECT_EQ(count(work.delivery.id, MessageState::uncertain), 1);

  // A doubt can still be settled; sent again it is not.
  EXPECT_EQ(failure_of([&] { store().settle_message(messages[2], MessageState::pending, kFriday); }),
            Failure::not_allowed);
  store().settle_message(messages[2], MessageState::accepted, kFriday);
  EXPECT_EQ(delivery(work.delivery.id).state, DeliveryState::cancelled);
}

TEST_P(Doubts, ARetrySendsToThoseThatFailedAndToNobodyElse) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  arm(work, messages);
  result_of(messages[0], MessageState::accepted);
  result_of(messages[1], MessageState::failed);
  result_of(messages[2], MessageState::accepted);
  finish(work, DeliveryState::confirmed);
  store().retry(work.delivery.id, kFriday);
  EXPECT_THAT(claim_messages(claim_one("mail")), ElementsAre(messages[1]));
}

TEST_P(Doubts, ARetryOfADeferredMailingGoesAtOnce) {
  const Work work = mailing(2);
  const auto messages = claim_messages(work);
  arm(work, messages);
  for (const MessageId& each : messages) result_of(each, MessageState::deferred, kFriday + 1h);
  finish(work, DeliveryState::deferred, kFriday + 1h);
  store().retry(work.delivery.id, kFriday);
  EXPECT_THAT(claim_messages(claim_one("mail")), SizeIs(2));
}

TEST_P(Doubts, ADoubtIsSettledAsAccepted) {
  const InDoubt doubt = in_doubt(2, MessageState::accepted);
  store().settle_message(doubt.messages[0], MessageState::accepted, kFriday);
  EXPECT_EQ(message(doubt.messages[0]).state, MessageState::accepted);
  EXPECT_EQ(message(doubt.messages[0]).attempts, 1);
  EXPECT_EQ(delivery(doubt.id).state, DeliveryState::confirmed);
}

TEST_P(Doubts, ADoubtIsSettledAsFailed) {
  const InDoubt doubt = in_doubt(2, MessageState::accepted);
  store().settle_message(doubt.messages[0], MessageState::failed, kFriday);
  EXPECT_EQ(delivery(doubt.id).state, DeliveryState::confirmed);
}

TEST_P(Doubts, AMailingThatReachedNobodyHasFailed) {
  const InDoubt doubt = in_doubt(2, MessageState::failed);
  store().settle_message(doubt.messages[0], MessageState::failed, kFriday);
  EXPECT_EQ(delivery(doubt.id).state, DeliveryState::rejected);
}

TEST_P(Doubts, ADoubtIsSettledBySendingAgain) {
  const InDoubt doubt = in_doubt(2, MessageState::accepted);
  store().settle_message(doubt.messages[0], MessageState::pending, kFriday);
  EXPECT_EQ(delivery(doubt.id).state, DeliveryState::ready);
  EXPECT_THAT(claim_messages(claim_one("mail")), ElementsAre(doubt.messages[0]));
}

TEST_P(Doubts, ADeliveryEndsWithItsLastDoubt) {
  const InDoubt doubt = in_doubt(2, MessageState::uncertain);
  store().settle_message(doubt.messages[1], MessageState::failed, kFriday);
  EXPECT_EQ(delivery(doubt.id).state, DeliveryState::uncertain);
  store().settle_message(doubt.messages[0], MessageState::accepted, kFriday);
  EXPECT_EQ(delivery(doubt.id).state, DeliveryState::confirmed);
}

TEST_P(Doubts, ADoubtOfAMailingUnderWayIsSettledBesides) {
  const Work work = mailing(2);
  const auto messages = claim_messages(work);
  arm(work, messages);
  result_of(messages[0], MessageState::uncertain);
  store().settle_message(messages[0], MessageState::pending, kFriday);
  EXPECT_EQ(delivery(work.delivery.id).state, DeliveryState::working);
  EXPECT_THAT(claim_messages(work), ElementsAre(messages[0]));
}

TEST_P(Doubts, OnlyADoubtIsSettledAndOnlyAsSomething) {
  const InDoubt doubt = in_doubt(2, MessageState::accepted);
  const auto refused = [&](MessageId id, MessageState as) {
    return failure_of([&] { store().settle_message(id, as, kFriday); });
  };
  EXPECT_EQ(refused(doubt.messages[1], MessageState::failed), Failure::not_allowed);
  for (const MessageState as : {MessageState::claimed, MessageState::armed, MessageState::deferred,
                                MessageState::uncertain, MessageState::suppressed, MessageState::cancelled}) {
    EXPECT_EQ(refused(doubt.messages[0], as), Failure::not_allowed);
  }
  EXPECT_EQ(refused({doubt.id, {99}}, MessageState::failed), Failure::not_found);
  EXPECT_EQ(count(doubt.id, MessageState::uncertain), 1);
}

TEST_P(Doubts, AWholeMailingIsSettledAtOnce) {
  const InDoubt accepted = in_doubt(3, MessageState::uncertain);
  store().settle(accepted.id, true, "asked around", kFriday);
  EXPECT_EQ(count(accepted.id, MessageState::accepted), 3);
  EXPECT_EQ(delivery(accepted.id).state, DeliveryState::confirmed);
  const InDoubt failed = in_doubt(3, MessageState::uncertain);
  store().settle(failed.id, false, "asked around", kFriday);
  EXPECT_EQ(count(failed.id, MessageState::failed), 3);
  EXPECT_EQ(delivery(failed.id).state, DeliveryState::rejected);
}

TEST_P(Doubts, AMailingToNobodyHasNotFailed) {
  const Work work = mailing(0);
  finish(work, DeliveryState::uncertain);
  store().settle(work.delivery.id, false, "", kFriday);
  EXPECT_EQ(delivery(work.delivery.id).state, DeliveryState::confirmed);
}

TEST_P(Doubts, ABlogThatIsSettledAsLiveIsLiveWhereItWasToBe) {
  const auto settled = [&](const std::string& first, const std::string& second, bool confirmed) {
    NewDelivery one = support::to_channel("blog");
    NewDelivery two = support::to_channel("blog2");
    one.edition.permalink = first;
    two.edition.permalink = second;
    const PostId post = publish({one, two});
    finish(claim_one("blog2"), DeliveryState::uncertain);
    store().settle(store().deliveries(post).at(1).id, confirmed, "seen by ada", kFriday);
    finish(claim_one("blog"), DeliveryState::uncertain);
    store().settle(store().deliveries(post).at(0).id, confirmed, "seen by ada", kFriday);
    return std::vector<std::string>{store().deliveries(post).at(0).permalink,
                                    store().deliveries(post).at(1).permalink, store().post(post)->permalink};
  };
  const std::string a = "https://a.example/1/";
  const std::string b = "https://b.example/1/";
  EXPECT_THAT(settled(a, b, true), ElementsAre(a, b, a));
  EXPECT_THAT(settled("", b, true), ElementsAre("", b, b));
  EXPECT_THAT(settled(a, b, false), ElementsAre("", "", ""));
}

}  // namespace
}  // namespace store
