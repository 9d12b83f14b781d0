// Thousands of random steps of a mailing, each compared with a model: at every one, the nine states make up
// the recipients, and each message is in the state that the rules say.
#include <gmock/gmock.h>

#include <random>

#include "support/mailing_model.h"
#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using support::failure_of;
using support::kFriday;
using support::MailingModel;
using namespace std::chrono_literals;

class LedgerModel : public support::StoreContract {
 protected:
  int roll(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  void begin() {
    deliver("mail");
    work_ = claim_one("mail", now_);
    const auto known_suppressed = std::move(model_.suppressed);
    const std::int64_t accepted = model_.accepted;
    model_ = {};
    model_.suppressed = known_suppressed;
    model_.accepted = accepted;
    recipients_ = 1 + roll(40);
    freeze(work_, recipients_);
    for (const MessageRow& row : store().messages(work_.delivery.id, std::nullopt, {}, 1000)) {
      model_.messages[row.id.subscriber.value] = {row.address, row.state, 0, std::nullopt};
    }
    ASSERT_EQ(model_.messages.size(), static_cast<std::size_t>(recipients_));
  }

  MessageId any_message() {
    return {work_.delivery.id, {1 + roll(recipients_ + 1)}};  // now and then one that is none
  }
  Instant some_time_later() { return now_ + 1ms * (1 + roll(600'000)) + 1ms * ++tick_; }

  void claim_some() {
    const auto limit = static_cast<std::size_t>(roll(12));
    std::vector<std::int64_t> claimed;
    const auto call = [&] {
      for (const MessageId& id : claim_messages(work_, limit, now_)) claimed.push_back(id.subscriber.value);
    };
    if (model_.delivery != DeliveryState::working) {
      EXPECT_EQ(failure_of(call), Failure::stale_fence);
      return;
    }
    call();
    EXPECT_EQ(claimed, model_.claim(now_, limit));
  }

  void arm_some() {
    std::vector<MessageId> wanted;
    std::vector<std::int64_t> subscribers;
    for (int i = roll(10); i >= 0; --i) {
      wanted.push_back(any_message());
      subscribers.push_back(wanted.back().subscriber.value);
    }
    const bool stale = roll(8) == 0 || model_.delivery != DeliveryState::working;
    const std::int64_t fence = work_.delivery.fence - (stale ? 1 : 0);
    std::vector<std::int64_t> armed;
    const auto failure = failure_of([&] {
      for (const MessageId& id : store().arm(wanted, fence, now_)) armed.push_back(id.subscriber.value);
    });
    EXPECT_EQ(failure, stale ? std::optional(Failure::stale_fence) : std::nullopt);
    EXPECT_EQ(armed, stale ? std::vector<std::int64_t>() : model_.arm(subscribers));
  }

  void finish_some() {
    constexpr MessageState kEnds[] = {MessageState::accepted, MessageState::accepted,
                                      MessageState::pending,  MessageState::deferred,
                                      MessageState::failed,   MessageState::uncertain};
    std::vector<MessageResult> results;
    for (int i = roll(8); i >= 0; --i) {
      MessageResult each = result(any_message(), kEnds[roll(6)]);
      if (each.state == MessageState::deferred) each.next_at = some_time_later();
      each.charge_attempt = roll(3) != 0;
      results.push_back(each);
    }
    store().finish_messages(results, now_);
    for (const MessageResult& each : results) model_.finish(each.message.subscriber.value, each);
  }

  void unclaim() {
    store().unclaim_messages(work_.delivery.id, now_);
    model_.move_all(MessageState::claimed, MessageState::pending);
  }

  void suppress_one() {
    const std::string left = address(roll(60));
    store().suppress(left, "left", now_);
    model_.suppressed.insert(left);
  }

  void settle_one() {
    const MessageId id = any_message();
    const auto as = static_cast<MessageState>(roll(model::kMessageStates));
    EXPECT_NE(failure_of([&] { store().settle_message(id, as, now_); }).has_value(),
              model_.settle(id.subscriber.value, as));
  }

  void end_attempt() {
    if (model_.delivery != DeliveryState::working) return;
    constexpr DeliveryState kEnds[] = {DeliveryState::ready,     DeliveryState::deferred,
                                       DeliveryState::held,      DeliveryState::uncertain,
                                       DeliveryState::confirmed, DeliveryState::rejected};
    model_.delivery = kEnds[roll(6)];
    const bool goes_on =
        model_.delivery == DeliveryState::ready || model_.delivery == DeliveryState::deferred;
    finish(work_, model_.delivery, goes_on ? std::optional(now_) : std::nullopt, now_);
    model_.end_flight();
  }

  void person() {
    const DeliveryId id = work_.delivery.id;
    switch (roll(4)) {
      case 0:
        EXPECT_NE(failure_of([&] { store().retry(id, now_); }).has_value(), model_.retry());
        return;
      case 1: {
        const bool held = model_.delivery == DeliveryState::held;
        EXPECT_NE(failure_of([&] { store().unhold(id, now_); }).has_value(), held);
        if (held) model_.delivery = DeliveryState::ready;
        return;
      }
      case 2: {
        const bool accepted = roll(2) == 0;
        const bool doubt = model_.delivery == DeliveryState::uncertain;
        EXPECT_NE(failure_of([&] { store().settle(id, accepted, "", now_); }).has_value(), doubt);
        if (doubt) model_.settle_all(accepted);
        return;
      }
      default:
        if (roll(10) != 0) return;
        EXPECT_NE(failure_of([&] { store().cancel(id, "", now_); }).has_value(), model_.cancel());
    }
  }

  void claim_again() {
    if (model_.delivery == DeliveryState::working && *work_.delivery.lease_until <= now_) {
      model_.end_flight();
      model_.delivery = DeliveryState::ready;
    }
    const bool due = model_.delivery == DeliveryState::ready || model_.delivery == DeliveryState::deferred;
    const auto claimed = claim_all("mail", now_);
    ASSERT_EQ(claimed.size(), due ? 1u : 0u) << model::name(model_.delivery);
    if (!due) return;
    work_ = claimed.front();
    model_.delivery = DeliveryState::working;
  }

  void kill() {
    restart();
    const std::size_t armed = static_cast<std::size_t>(model_.count(MessageState::armed));
    EXPECT_EQ(store().recover(now_).size(), armed);
    if (model_.delivery != DeliveryState::working) return;
    model_.end_flight();
    model_.delivery = DeliveryState::ready;
  }

  void let_the_lease_run_out() {
    now_ += 10min + 1ms;
    claim_again();
  }

  void step() {
    now_ += 1ms * roll(20'000);
    if (model::is_final(model_.delivery) && roll(10) == 0) return begin();
    const int kind = roll(100);
    if (kind < 25) return claim_some();
    if (kind < 50) return arm_some();
    if (kind < 70) return finish_some();
    if (kind < 74) return unclaim();
    if (kind < 76) return suppress_one();
    if (kind < 82) return settle_one();
    if (kind < 86) return end_attempt();
    if (kind < 91) return person();
    if (kind < 96) return claim_again();
    if (kind < 98) return kill();
    let_the_lease_run_out();
  }

  void compare(bool each_message) {
    const model::MessageCounts counts = store().message_counts(work_.delivery.id);
    ASSERT_EQ(counts.total(), recipients_);
    for (int i = 0; i < model::kMessageStates; ++i) {
      const auto state = static_cast<MessageState>(i);
      ASSERT_EQ(counts.of(state), model_.count(state)) << model::name(state);
    }
    ASSERT_EQ(delivery(work_.delivery.id).state, model_.delivery);
    ASSERT_EQ(store().accepted_since("mail", kFriday - 1h), model_.accepted);
    if (!each_message) return;
    const auto rows = store().messages(work_.delivery.id, std::nullopt, {}, 1000);
    ASSERT_EQ(rows.size(), model_.messages.size());
    std::optional<Instant> next;
    for (const MessageRow& row : rows) {
      const MailingModel::Message& expected = model_.messages.at(row.id.subscriber.value);
      ASSERT_EQ(row.state, expected.state) << row.id.text();
      ASSERT_EQ(row.attempts, expected.attempts) << row.id.text();
      ASSERT_EQ(row.next_at, expected.next_at) << row.id.text();
      if (expected.next_at && (!next || *expected.next_at < *next)) next = expected.next_at;
    }
    ASSERT_EQ(store().next_message_at(work_.delivery.id), next);
  }

  void run(unsigned seed, int steps) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_.seed(seed);
    begin();
    for (int i = 0; i < steps && !HasFailure(); ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      step();
      compare(i % 5 == 0);
    }
  }

 private:
  std::mt19937 random_;
  MailingModel model_;
  Work work_;
  int recipients_ = 0;
  Instant now_ = kFriday;
  int tick_ = 0;  // so that no two instants are the same
};
STORE_CONTRACT(LedgerModel);

TEST_P(LedgerModel, EveryStepOfAMailingIsAsTheRulesSay1) {
  run(1, 2500);
}
TEST_P(LedgerModel, EveryStepOfAMailingIsAsTheRulesSay2) {
  run(2, 2500);
}
TEST_P(LedgerModel, EveryStepOfAMailingIsAsTheRulesSay3) {
  run(3, 2500);
}
TEST_P(LedgerModel, EveryStepOfAMailingIsAsTheRulesSay4) {
  run(20261127, 2500);
}

}  // namespace
}  // namespace store
