// The outbox: what is claimed and when, fences, leases.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::PostState;
using model::Stage;
using support::failure_of;
using support::kFriday;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Claims : public support::StoreContract {
 protected:
  std::vector<std::int64_t> claimed_ids(const std::string& channel, Instant now, std::size_t limit = 100) {
    std::vector<std::int64_t> ids;
    for (const Work& work : store().claim({channel}, {1, 1, now + 10min}, now, limit)) {
      ids.push_back(work.delivery.id.value);
    }
    return ids;
  }
};
STORE_CONTRACT(Claims);

TEST_P(Claims, AClaimBringsAllThatAnAttemptNeeds) {
  const DeliveryId id = deliver("blog");
  const Work work = store().claim({"blog"}, {3, 7, kFriday + 5min}, kFriday, 1).at(0);
  EXPECT_EQ(work.delivery.id, id);
  EXPECT_EQ(work.delivery.state, DeliveryState::working);
  EXPECT_EQ(work.delivery.attempts, 1);
  EXPECT_EQ(work.delivery.fence, 1);
  EXPECT_EQ(work.delivery.lease_until, kFriday + 5min);
  EXPECT_EQ(work.delivery.key, "key of blog");
  EXPECT_EQ(work.post.id, work.delivery.post);
  EXPECT_EQ(work.post.state, PostState::publishing);
  EXPECT_EQ(work.edition.title, "for blog");
  EXPECT_EQ(delivery(id).state, DeliveryState::working);
}

TEST_P(Claims, WhatIsClaimedIsClaimedOnce) {
  deliver("blog");
  EXPECT_THAT(claim_all("blog"), SizeIs(1));
  EXPECT_THAT(claim_all("blog"), IsEmpty());
}

TEST_P(Claims, AClaimIsOfItsChannelsAndNoMoreThanAsked) {
  deliver("blog");
  deliver("blog");
  const DeliveryId other = deliver("other");
  EXPECT_THAT(claim_all("none"), IsEmpty());
  EXPECT_THAT(claimed_ids("other", kFriday), ElementsAre(other.value));
  EXPECT_THAT(store().claim({"blog"}, {}, kFriday, 0), IsEmpty());
  EXPECT_THAT(claimed_ids("blog", kFriday, 1), SizeIs(1));
  EXPECT_THAT(claimed_ids("blog", kFriday, 1), SizeIs(1));
}

TEST_P(Claims, SeveralChannelsShareTheLimit) {
  deliver("blog");
  deliver("other");
  deliver("other");
  EXPECT_THAT(store().claim({"blog", "other"}, {1, 1, kFriday + 1h}, kFriday, 2), SizeIs(2));
  EXPECT_THAT(store().claim({"blog", "other"}, {1, 1, kFriday + 1h}, kFriday, 2), SizeIs(1));
}

TEST_P(Claims, TheOneDueLongestGoesFirst) {
  const DeliveryId first = deliver("blog");
  const DeliveryId second = deliver("blog");
  const DeliveryId third = deliver("blog", DeliveryState::waiting);
  store().release(third, DeliveryState::ready, kFriday - 1h, "", kFriday);
  for (const Work& work : claim_all("blog")) {
    finish(work, DeliveryState::deferred, kFriday + (work.delivery.id == first ? 2min : 1min));
  }
  EXPECT_THAT(claimed_ids("blog", kFriday + 1h), ElementsAre(second.value, third.value, first.value));
}

TEST_P(Claims, NothingIsClaimedBeforeItsTime) {
  const DeliveryId id = deliver("blog", DeliveryState::waiting);
  EXPECT_THAT(claim_all("blog"), IsEmpty());
  store().release(id, DeliveryState::ready, kFriday + 1h, "", kFriday);
  EXPECT_THAT(claim_all("blog", kFriday + 1h - 1ms), IsEmpty());
  finish(claim_one("blog", kFriday + 1h), DeliveryState::deferred, kFriday + 2h);
  EXPECT_THAT(claim_all("blog", kFriday + 2h - 1ms), IsEmpty());
  finish(claim_one("blog", kFriday + 2h), DeliveryState::uncertain, kFriday + 3h);
  EXPECT_THAT(claim_all("blog", kFriday + 3h - 1ms), IsEmpty());
  EXPECT_THAT(claim_all("blog", kFriday + 3h), SizeIs(1));
}

TEST_P(Claims, WhatIsHeldCancelledOrOverIsNeverClaimed) {
  store().hold(deliver("blog"), "wait", kFriday);
  store().cancel(deliver("blog"), "no", kFriday);
  deliver("blog", DeliveryState::held);
  for (const DeliveryState end : {DeliveryState::confirmed, DeliveryState::rejected, DeliveryState::held}) {
    deliver("blog");
    finish(claim_one("blog"), end);
  }
  EXPECT_THAT(claim_all("blog", kFriday + 10000h), IsEmpty());
}

TEST_P(Claims, WhatIsUncertainOrDeferredWithoutAnInstantWaitsForAPerson) {
  deliver("blog");
  finish(claim_one("blog"), DeliveryState::uncertain);
  deliver("blog");
  finish(claim_one("blog"), DeliveryState::deferred);
  EXPECT_THAT(claim_all("blog", kFriday + 10000h), IsEmpty());
  EXPECT_EQ(store().next_delivery_at(), std::nullopt);
}

TEST_P(Claims, AStaleFenceIsRefusedEverywhere) {
  const DeliveryId id = deliver("mail");
  const Work old = claim_one("mail");
  finish(old, DeliveryState::ready);
  const Work now = claim_one("mail");
  ASSERT_GT(now.delivery.fence, old.delivery.fence);
  freeze(now, 3);
  const auto messages = claim_messages(now);
  const auto refuses = [&](std::int64_t fence, Failure kind) {
    EXPECT_EQ(failure_of([&] { store().renew(id, fence, kFriday + 1h); }), kind);
    EXPECT_EQ(failure_of([&] { store().enter_stage(id, fence, Stage::sending, ""); }), kind);
    EXPECT_EQ(failure_of([&] { store().finish(id, fence, {}, {}, kFriday); }), kind);
    EXPECT_EQ(failure_of([&] { store().freeze_begin(id, fence, ""); }), kind);
    EXPECT_EQ(failure_of([&] { store().freeze_chunk(id, fence, {}, {}); }), kind);
    EXPECT_EQ(failure_of([&] { store().freeze_end(id, fence, kFriday); }), kind);
    EXPECT_EQ(failure_of([&] { store().claim_messages(id, fence, {}, kFriday, 1); }), kind);
    EXPECT_EQ(failure_of([&] { store().arm({messages[0]}, fence, kFriday); }), kind);
  };
  refuses(old.delivery.fence, Failure::stale_fence);
  refuses(now.delivery.fence + 1, Failure::stale_fence);
  EXPECT_EQ(delivery(id).state, DeliveryState::working);
  EXPECT_EQ(count(id, model::MessageState::claimed), 3);

  // The same fence is stale once the attempt is over.
  finish(now, DeliveryState::deferred);
  refuses(now.delivery.fence, Failure::stale_fence);
  EXPECT_EQ(failure_of([&] { store().renew({99}, 1, kFriday); }), Failure::not_found);
}

TEST_P(Claims, ARenewedLeaseLastsLonger) {
  const DeliveryId id = deliver("blog");
  const Work work = claim_one("blog");
  store().renew(id, work.delivery.fence, kFriday + 1h);
  EXPECT_EQ(delivery(id).lease_until, kFriday + 1h);
  EXPECT_THAT(claim_all("blog", kFriday + 1h - 1ms), IsEmpty());
  EXPECT_THAT(claim_all("blog", kFriday + 1h), SizeIs(1));
  EXPECT_EQ(failure_of([&] { store().renew(id, work.delivery.fence, kFriday + 2h); }), Failure::stale_fence);
}

TEST_P(Claims, AClaimThatRanOutIsTakenOverAndItsHolderShutOut) {
  const DeliveryId id = deliver("blog");
  const Work lost = claim_one("blog");
  store().enter_stage(id, lost.delivery.fence, Stage::preparing, "");
  const Work taken = claim_one("blog", kFriday + 10min);
  EXPECT_EQ(taken.delivery.id, id);
  EXPECT_GT(taken.delivery.fence, lost.delivery.fence);
  EXPECT_EQ(taken.delivery.stage, Stage::preparing);  // so that it is looked up first
  EXPECT_EQ(failure_of([&] { finish(lost, DeliveryState::confirmed); }), Failure::stale_fence);
  EXPECT_THAT(store().events(id.text(), 10), SizeIs(1));
}

TEST_P(Claims, AClaimThatRanOutGivesItsMessagesBackAndNamesTheArmedOnes) {
  const Work lost = mailing(3);
  const auto messages = claim_messages(lost);
  arm(lost, {messages[0]});
  const Work taken = claim_one("mail", kFriday + 10min);
  EXPECT_EQ(count(taken.delivery.id, model::MessageState::uncertain), 1);
  EXPECT_EQ(count(taken.delivery.id, model::MessageState::pending), 2);
  const auto events = store().events(taken.delivery.id.text(), 10);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_THAT(events[0].what, testing::HasSubstr(messages[0].text() + " r0@example.org"));
  EXPECT_EQ(failure_of([&] { arm(lost, {messages[1]}); }), Failure::stale_fence);
  EXPECT_THAT(claim_messages(taken), ElementsAre(messages[1], messages[2]));
}

TEST_P(Claims, TheNextMomentIsTheEarliestThatBringsWork) {
  EXPECT_EQ(store().next_delivery_at(), std::nullopt);
  deliver("blog", DeliveryState::held);
  deliver("blog", DeliveryState::waiting);
  EXPECT_EQ(store().next_delivery_at(), std::nullopt);
  for (const auto wait : {3h, 1h, 2h}) {
    deliver("other");
    finish(claim_one("other"), wait == 1h ? DeliveryState::uncertain : DeliveryState::deferred,
           kFriday + wait);
  }
  EXPECT_EQ(store().next_delivery_at(), kFriday + 1h);
  EXPECT_EQ(store().next_delivery_at(kFriday + 1h), kFriday + 2h);
  EXPECT_EQ(store().next_delivery_at(kFriday + 3h), std::nullopt);
}

TEST_P(Claims, WhatIsDueAndCantGoHidesNothing) {
  deliver("of a channel that is down");
  deliver("blog");
  finish(claim_one("blog"), DeliveryState::deferred, kFriday + 1h);
  EXPECT_LE(store().next_delivery_at().value(), kFriday);
  EXPECT_EQ(store().next_delivery_at(kFriday), kFriday + 1h);
}

}  // namespace
}  // namespace store
