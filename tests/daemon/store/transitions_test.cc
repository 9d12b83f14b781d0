// The state machine of a delivery as tables: every verb in every state. And what a post's deliveries make
// of it.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using model::PostState;
using support::failure_of;
using support::kFriday;
using support::to_channel;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr DeliveryState kAll[] = {
    DeliveryState::waiting,   DeliveryState::ready,    DeliveryState::working,
    DeliveryState::confirmed, DeliveryState::deferred, DeliveryState::rejected,
    DeliveryState::uncertain, DeliveryState::held,     DeliveryState::cancelled};
const Instant kLater = kFriday + 1min;

class Transitions : public support::StoreContract {
 protected:
  // Brings a delivery that was filled in as ready (or waiting, for that state) into a state.
  void bring(DeliveryId id, DeliveryState state) {
    const std::string channel = delivery(id).channel;
    switch (state) {
      case DeliveryState::waiting:
      case DeliveryState::ready:
        return;
      case DeliveryState::held:
        return store().hold(id, "held", kFriday);
      case DeliveryState::cancelled:
        return store().cancel(id, "cancelled", kFriday);
      default:
        break;
    }
    const Work work = claim_one(channel);
    if (work.delivery.mail) freeze(work, 1);
    if (state != DeliveryState::working) finish(work, state);
  }

  static DeliveryState filled_in(DeliveryState state) {
    return state == DeliveryState::waiting ? DeliveryState::waiting : DeliveryState::ready;
  }

  // What `verb` makes of a delivery in each of kAll; "-" where it is refused, and then nothing changed.
  template <class Verb>
  std::string row(const std::string& kind, Verb verb) {
    std::string row;
    for (const DeliveryState from : kAll) {
      const DeliveryId id = deliver(kind + std::to_string(++channels_), filled_in(from));
      bring(id, from);
      const model::Delivery before = delivery(id);
      EXPECT_EQ(before.state, from);
      const auto failure = failure_of([&] { verb(before); });
      const model::Delivery after = delivery(id);
      if (!row.empty()) row += ' ';
      row += failure ? "-" : model::name(after.state);
      if (!failure) continue;
      EXPECT_NE(failure, Failure::other);
      EXPECT_EQ(after.state, before.state);
      EXPECT_EQ(after.fence, before.fence);
      EXPECT_EQ(after.reply, before.reply);
      EXPECT_EQ(after.changed_at, before.changed_at);
    }
    return row;
  }

  std::string hold(const std::string& kind) {
    return row(kind, [&](const auto& each) { store().hold(each.id, "why", kLater); });
  }
  std::string unhold(const std::string& kind) {
    return row(kind, [&](const auto& each) { store().unhold(each.id, kLater); });
  }
  std::string cancel(const std::string& kind) {
    return row(kind, [&](const auto& each) { store().cancel(each.id, "why", kLater); });
  }
  std::string retry(const std::string& kind) {
    return row(kind, [&](const auto& each) { store().retry(each.id, kLater); });
  }
  std::string settle(const std::string& kind, bool confirmed) {
    return row(kind, [&](const auto& each) { store().settle(each.id, confirmed, "why", kLater); });
  }
  std::string release(DeliveryState to) {
    return row("blog", [&](const auto& each) { store().release(each.id, to, {}, "why", kLater); });
  }
  std::string finish_as(DeliveryState to) {
    DeliveryUpdate update;
    update.state = to;
    return row("blog", [&](const auto& each) { store().finish(each.id, each.fence, update, {}, kLater); });
  }

  PostState together(DeliveryState first, DeliveryState second) {
    const std::string a = "blog" + std::to_string(++channels_);
    const std::string b = "blog" + std::to_string(++channels_);
    const PostId id = publish({to_channel(a, filled_in(first)), to_channel(b, filled_in(second))});
    bring(store().deliveries(id)[0].id, first);
    bring(store().deliveries(id)[1].id, second);
    return post_state(id);
  }

 private:
  int channels_ = 0;
};
STORE_CONTRACT(Transitions);

// The columns:        waiting ready working confirmed deferred rejected uncertain held cancelled

TEST_P(Transitions, OfABlog) {
  EXPECT_EQ(hold("blog"), "held held - - held - - - -");
  EXPECT_EQ(unhold("blog"), "- - - - - - - ready -");
  EXPECT_EQ(cancel("blog"), "cancelled cancelled - - cancelled cancelled - cancelled -");
  EXPECT_EQ(retry("blog"), "- - - - ready ready uncertain ready -");
  EXPECT_EQ(settle("blog", true), "- - - - - - confirmed - -");
  EXPECT_EQ(settle("blog", false), "- - - - - - rejected - -");
}

TEST_P(Transitions, OfAMailing) {
  EXPECT_EQ(hold("mail"), "held held - - held - - - -");
  EXPECT_EQ(unhold("mail"), "- - - - - - - ready -");
  EXPECT_EQ(cancel("mail"), "cancelled cancelled - - cancelled cancelled cancelled cancelled -");
  EXPECT_EQ(retry("mail"), "- - - - ready ready - ready -");
  EXPECT_EQ(settle("mail", true), "- - - - - - confirmed - -");
}

TEST_P(Transitions, OnlyWhatWaitsIsReleased) {
  EXPECT_EQ(release(DeliveryState::ready), "ready - - - - - - - -");
  EXPECT_EQ(release(DeliveryState::held), "held - - - - - - - -");
  EXPECT_EQ(release(DeliveryState::working), "- - - - - - - - -");
  EXPECT_EQ(release(DeliveryState::confirmed), "- - - - - - - - -");
}

TEST_P(Transitions, OnlyAnAttemptUnderWayEndsAndOnlyInAnEnd) {
  for (const DeliveryState end : {DeliveryState::ready, DeliveryState::confirmed, DeliveryState::deferred,
                                  DeliveryState::rejected, DeliveryState::uncertain, DeliveryState::held}) {
    EXPECT_EQ(finish_as(end), "- - " + std::string(model::name(end)) + " - - - - - -");
  }
  for (const DeliveryState none :
       {DeliveryState::waiting, DeliveryState::working, DeliveryState::cancelled}) {
    EXPECT_EQ(finish_as(none), "- - - - - - - - -");
  }
}

TEST_P(Transitions, WhatIsNoDeliveryIsNotFound) {
  const DeliveryId none{99};
  EXPECT_EQ(failure_of([&] { store().hold(none, "", kFriday); }), Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().unhold(none, kFriday); }), Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().cancel(none, "", kFriday); }), Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().retry(none, kFriday); }), Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().settle(none, true, "", kFriday); }), Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().release(none, DeliveryState::ready, {}, "", kFriday); }),
            Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().settle_message({none, {1}}, MessageState::failed, kFriday); }),
            Failure::not_found);
}

TEST_P(Transitions, AVerbShutsOutWhoeverHeldAClaim) {
  const DeliveryId id = deliver("blog");
  const Work work = claim_one("blog");
  finish(work, DeliveryState::deferred);
  store().hold(id, "wait", kFriday);
  EXPECT_GT(delivery(id).fence, work.delivery.fence);
  const std::int64_t held = delivery(id).fence;
  store().unhold(id, kFriday);
  EXPECT_GT(delivery(id).fence, held);
}

TEST_P(Transitions, WhatWaitedWaitsAgain) {
  NewDelivery mail = to_channel("mail", DeliveryState::waiting);
  mail.after = "blog";
  mail.blog_deadline = kFriday + 4h;
  const PostId post = publish({to_channel("blog"), mail});
  const DeliveryId id = store().deliveries(post)[1].id;
  store().hold(id, "wait", kFriday + 1h);
  store().unhold(id, kFriday + 25h);
  EXPECT_EQ(delivery(id).state, DeliveryState::waiting);
  // A day on hold is no day of waiting for the blog.
  EXPECT_EQ(store().waiting().at(0).blog_deadline, kFriday + 28h);
  store().hold(id, "wait", kFriday + 26h);
  store().unhold(id, kFriday + 25h);  // the clock was set back
  EXPECT_EQ(store().waiting().at(0).blog_deadline, kFriday + 28h);
}

TEST_P(Transitions, WhatWasFilledInOnHoldWaitsOnceLetGo) {
  const DeliveryId id = deliver("blog", DeliveryState::held);
  store().unhold(id, kFriday);
  EXPECT_EQ(delivery(id).state, DeliveryState::waiting);
}

TEST_P(Transitions, WhatIsHeldBecauseItsWaitEndedBadlyDoesNotWaitAgain) {
  const DeliveryId id = deliver("mail", DeliveryState::waiting);
  store().release(id, DeliveryState::held, std::nullopt, "the blog failed", kFriday);
  EXPECT_EQ(delivery(id).reply, "the blog failed");
  store().unhold(id, kFriday);
  EXPECT_EQ(delivery(id).state, DeliveryState::ready);
  EXPECT_THAT(claim_all("mail"), SizeIs(1));
}

TEST_P(Transitions, WhatAnAttemptLeftOnHoldIsReadyOnceLetGo) {
  const DeliveryId id = deliver("blog", DeliveryState::waiting);
  store().release(id, DeliveryState::ready, std::nullopt, "", kFriday);
  const Work work = claim_one("blog");
  DeliveryUpdate update;
  update.state = DeliveryState::held;
  update.charge_attempt = false;
  store().finish(id, work.delivery.fence, update, {}, kFriday);
  store().unhold(id, kFriday);
  EXPECT_EQ(delivery(id).state, DeliveryState::ready);
}

TEST_P(Transitions, AHoldKeepsTheHour) {
  const DeliveryId id = deliver("mail", DeliveryState::waiting);
  store().release(id, DeliveryState::ready, kFriday + 2h, "", kFriday);
  store().hold(id, "wait", kFriday);
  EXPECT_EQ(store().next_delivery_at(), std::nullopt);
  store().unhold(id, kFriday + 1h);
  EXPECT_THAT(claim_all("mail", kFriday + 1h), IsEmpty());
  EXPECT_THAT(claim_all("mail", kFriday + 2h), SizeIs(1));
}

TEST_P(Transitions, ARetryBeginsAtOnceAndCountsAfresh) {
  const DeliveryId id = deliver("blog");
  finish(claim_one("blog"), DeliveryState::deferred, kFriday + 24h);
  store().retry(id, kFriday);
  EXPECT_EQ(delivery(id).attempts, 0);
  EXPECT_EQ(claim_one("blog").delivery.attempts, 1);
}

TEST_P(Transitions, ARetryOfADoubtIsALookAndNoNewAttempt) {
  const DeliveryId id = deliver("blog");
  const Work work = claim_one("blog");
  store().enter_stage(id, work.delivery.fence, model::Stage::preparing, "");
  DeliveryUpdate update;
  update.state = DeliveryState::uncertain;
  update.stage = model::Stage::preparing;
  store().finish(id, work.delivery.fence, update, {}, kFriday);
  EXPECT_THAT(claim_all("blog"), IsEmpty());
  store().retry(id, kFriday);
  EXPECT_EQ(claim_one("blog").delivery.stage, model::Stage::preparing);
}

TEST_P(Transitions, APostIsWhatItsDeliveriesMakeOfIt) {
  const DeliveryState ends[] = {DeliveryState::confirmed, DeliveryState::rejected, DeliveryState::held,
                                DeliveryState::cancelled};
  const PostState expected[4][4] = {
      {PostState::published, PostState::partial, PostState::held, PostState::partial},
      {PostState::partial, PostState::failed, PostState::held, PostState::failed},
      {PostState::held, PostState::held, PostState::held, PostState::held},
      {PostState::partial, PostState::failed, PostState::held, PostState::cancelled},
  };
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) {
      EXPECT_EQ(together(ends[a], ends[b]), expected[a][b])
          << model::name(ends[a]) << ", " << model::name(ends[b]);
    }
  }
  for (const DeliveryState moving : {DeliveryState::waiting, DeliveryState::ready, DeliveryState::working,
                                     DeliveryState::deferred, DeliveryState::uncertain}) {
    for (const DeliveryState other : kAll) EXPECT_EQ(together(moving, other), PostState::publishing);
  }
}

}  // namespace
}  // namespace store
