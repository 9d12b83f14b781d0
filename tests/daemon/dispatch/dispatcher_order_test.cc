// What runs beside what, what stops it, and what people and a full disk do to it meanwhile.
#include "dispatcher_fixture.h"
#include "support/faulty_disk.h"

namespace dispatch {
namespace {

TEST_F(DispatcherTest, OnePostAtATimeOnAChannelAndChannelsSideBySide) {
  for (const char* channel : {"blog", "other"}) blog(channel).keep_waiting();
  configure();
  for (const char* slug : {"one", "two", "three"}) {
    put(slug, {support::delivery_to("blog"), support::delivery_to("other")});
  }
  dispatcher().nudge();
  house().run_until(
      [&] { return blog("blog").calls_under_way() == 1 && blog("other").calls_under_way() == 1; });
  for (const char* channel : {"blog", "other"}) blog(channel).let_go();
  house().settle();
  for (const char* channel : {"blog", "other"}) {
    EXPECT_EQ(blog(channel).most_at_once(), 1);
    for (const char* slug : {"one", "two", "three"}) {
      EXPECT_EQ(delivery(slug, channel).state, DeliveryState::confirmed);
      EXPECT_EQ(blog(channel).visible(slug), 1U);
    }
    // One post is done before the next begins.
    EXPECT_THAT(blog(channel).calls(),
                ElementsAre("prepare one", "publish b1", "live_check https://blog.example/one/",
                            "prepare two", "publish b2", "live_check https://blog.example/two/",
                            "prepare three", "publish b3", "live_check https://blog.example/three/"));
  }
}

TEST_F(DispatcherTest, ASlowChannelKeepsNoOtherWaiting) {
  blog("slow").keep_waiting();
  configure();
  queue("stuck", "slow");
  house().run_until([&] { return blog("slow").calls_under_way() == 1; });
  queue("hello");
  house().run_until([&] { return delivery("hello").state == DeliveryState::confirmed; });
  EXPECT_EQ(delivery("stuck", "slow").state, DeliveryState::working);
  blog("slow").let_go();
}

// Halt and stop ------------------------------------------------------------------------------------

TEST_F(DispatcherTest, HaltedNothingStartsUntilResumed) {
  dispatcher().halt(true);
  publish("hello");
  house().pass(24h);
  EXPECT_THAT(blog().calls(), IsEmpty());
  dispatcher().halt(false);
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
}

TEST_F(DispatcherTest, HaltedWhatIsNotVisibleYetDoesNotBecomeSo) {
  blog().keep_waiting();
  queue("hello");
  house().run_until([&] { return blog().calls_under_way() == 1; });
  dispatcher().halt(true);
  blog().let_go();
  house().settle();
  EXPECT_THAT(blog().calls(), ElementsAre("prepare hello"));
  EXPECT_EQ(state_of("hello"), "ready: stopped before it was done; it goes on after `fridayctl resume`");
  EXPECT_EQ(delivery("hello").stage, model::Stage::prepared);
  EXPECT_EQ(delivery("hello").attempts, 0);
  house().pass(24h);
  EXPECT_EQ(blog().visible("hello"), 0U);
  dispatcher().halt(false);
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

// Wherever the halt falls, nothing begins after it, and what began is known.
TEST_F(DispatcherTest, AHaltMayComeAtAnyMoment) {
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "post-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    const std::size_t begun = blog().calls().size();
    dispatcher().halt(true);
    house().settle();
    // A call that a worker was told of is made; the live check of what was published belongs to it.
    EXPECT_LE(blog().calls().size(), begun + 2) << steps;
    const DeliveryState state = delivery(slug).state;
    EXPECT_NE(state, DeliveryState::working) << steps;
    const std::size_t visible = blog().visible(slug);
    house().pass(1h);
    EXPECT_EQ(blog().visible(slug), visible) << steps;
    dispatcher().halt(false);
    house().settle();
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed) << steps;
    EXPECT_EQ(blog().visible(slug), 1U) << steps;
    ASSERT_LT(steps, 200);
  }
  EXPECT_EQ(blog().count("find"), 0U);  // nothing was ever in doubt
}

TEST_F(DispatcherTest, StopWaitsForTheCallThatIsUnderWay) {
  blog().keep_waiting();
  queue("hello");
  queue("other");
  house().run_until([&] { return blog().calls_under_way() == 1; });
  bool stopped = false;
  dispatcher().stop([&] { stopped = true; });
  house().run_until([&] { return !house().step(); });
  EXPECT_FALSE(stopped);
  blog().let_go();
  house().settle();
  EXPECT_TRUE(stopped);
  EXPECT_THAT(blog().calls(), ElementsAre("prepare hello"));
  EXPECT_EQ(state_of("hello"), "ready: the daemon was stopped before it was done");
  dispatcher().nudge();
  house().pass(1h);
  EXPECT_EQ(blog().calls().size(), 1U);
  crash();
  start();
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(delivery("other").state, DeliveryState::confirmed);
  EXPECT_EQ(blog().count("prepare hello") + blog().posts().size(), 2U);
}

TEST_F(DispatcherTest, StopMayComeAtAnyMomentAndIsToldOnce) {
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "post-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    int stopped = 0;
    std::size_t calls = 0;
    dispatcher().stop([&] {
      ++stopped;
      calls = blog().calls().size();
      EXPECT_NE(delivery(slug).state, DeliveryState::working) << steps;
    });
    house().settle();
    EXPECT_EQ(stopped, 1) << steps;
    EXPECT_EQ(blog().calls().size(), calls) << steps;
    crash();
    start();
    EXPECT_THAT(house().recovered(), IsEmpty()) << steps;
    house().settle();
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed) << steps;
    EXPECT_EQ(blog().visible(slug), 1U) << steps;
    ASSERT_LT(steps, 200);
  }
}

TEST_F(DispatcherTest, AReloadMayTakeAChannelAwayAtAnyMoment) {
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "post-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    dispatcher().configure({}, house().epoch());
    house().settle();
    EXPECT_NE(delivery(slug).state, DeliveryState::working) << steps;
    configure();
    house().settle();
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed) << steps;
    EXPECT_EQ(blog().visible(slug), 1U) << steps;
    ASSERT_LT(steps, 200);
  }
}

// People -------------------------------------------------------------------------------------------

const auto kHold = [](store::Store& store, auto id, auto now) { store.hold(id, "held by ada", now); };
const auto kUnhold = [](store::Store& store, auto id, auto now) { store.unhold(id, now); };
const auto kCancel = [](store::Store& store, auto id, auto now) {
  store.cancel(id, "cancelled by ada", now);
};
const auto kRetry = [](store::Store& store, auto id, auto now) { store.retry(id, now); };

TEST_F(DispatcherTest, AHeldPostWaitsAndACancelledOneNeverGoes) {
  for (const char* slug : {"hello", "never"}) {
    blog().next(Call::prepare, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
    publish(slug);
  }
  say("hello", kHold);
  say("never", kCancel);
  house().pass(24h);
  EXPECT_EQ(state_of("hello"), "held: held by ada");
  EXPECT_EQ(state_of("never"), "cancelled: cancelled by ada");
  EXPECT_EQ(blog().calls().size(), 2U);
  say("hello", kUnhold);
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().visible("never"), 0U);
}

TEST_F(DispatcherTest, WhatIsUnderWayIsNeitherHeldNorCancelledNorTriedBeside) {
  blog().keep_waiting();
  queue("hello");
  house().run_until([&] { return blog().calls_under_way() == 1; });
  EXPECT_EQ(refused("hello", kHold), store::Failure::not_allowed);
  EXPECT_EQ(refused("hello", kCancel), store::Failure::not_allowed);
  EXPECT_EQ(refused("hello", kRetry), store::Failure::not_allowed);
  blog().let_go();
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().most_at_once(), 1);
  EXPECT_EQ(blog().calls().size(), 3U);
}

TEST_F(DispatcherTest, AnUncertainPostIsLookedUpAndNeverCancelled) {
  blog().next(Call::prepare, loses_reply());
  publish("hello");
  EXPECT_EQ(refused("hello", kCancel), store::Failure::not_allowed);
  say("hello", [](store::Store& store, auto id, auto now) { store.settle(id, true, "seen by ada", now); });
  house().pass(24h);
  EXPECT_EQ(delivery("hello").state, DeliveryState::confirmed);
  EXPECT_EQ(blog().calls().size(), 1U);
}

// Somebody else took the delivery over in the midst of a call: this attempt writes nothing more.
TEST_F(DispatcherTest, AnAttemptWhoseClaimIsGoneWritesNothingAndIsLookedInto) {
  for (const Call call : {Call::prepare, Call::publish, Call::live_check}) {
    const std::string slug = "post-" + std::to_string(static_cast<int>(call));
    const std::size_t posts = blog().posts().size();
    const std::size_t finds = blog().count("find");
    blog().keep_waiting({call});
    queue(slug);
    house().run_until([&] { return blog().calls_under_way() == 1; });
    house().in_store([&](store::Store& store) { return store.recover(clock_.now()); });
    const std::int64_t fence = delivery(slug).fence;
    blog().let_go();
    house().settle();
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed);
    EXPECT_EQ(delivery(slug).fence, fence + 1);  // one more claim, and it alone wrote
    EXPECT_EQ(receipts(slug).size(), 1U);
    EXPECT_EQ(blog().visible(slug), 1U);
    EXPECT_EQ(blog().posts().size(), posts + 1);
    EXPECT_EQ(blog().count("find"), finds + 1);
  }
}

// A full disk --------------------------------------------------------------------------------------

class DispatcherOnAFullDisk : public DispatcherTest {
 protected:
  DispatcherOnAFullDisk() { store_retry_ = 20ms; }
  ~DispatcherOnAFullDisk() override { crash(); }
  support::FaultyDisk disk_;
};

TEST_F(DispatcherOnAFullDisk, NothingNewStartsAndItGoesOnByItself) {
  put("hello", {support::delivery_to("blog")});
  disk_.set_full(true);
  dispatcher().nudge();
  house().settle();
  EXPECT_THAT(blog().calls(), IsEmpty());
  disk_.set_full(false);
  house().run_until([&] { return delivery("hello").state == DeliveryState::confirmed; });
  EXPECT_EQ(blog().calls().size(), 3U);
}

TEST_F(DispatcherOnAFullDisk, WhatWasDoneIsRecordedOnceThereIsSpaceAndNothingElseBegins) {
  blog("other");
  configure();
  for (const Call call : {Call::prepare, Call::publish, Call::live_check}) {
    const std::string slug = "post-" + std::to_string(static_cast<int>(call));
    const std::size_t posts = blog().posts().size();
    store::NewDelivery later = support::delivery_to("other");
    later.delay = 1min;
    put(slug + "-later", {later});
    blog().keep_waiting({call});
    queue(slug);
    queue(slug + "-next");
    house().run_until([&] { return blog().calls_under_way() == 1; });
    disk_.set_full(true);
    blog().let_go();
    house().pass(2min);
    EXPECT_EQ(blog().posts().size(), posts + 1);
    EXPECT_EQ(blog("other").count("prepare " + slug + "-later"), 0U);
    EXPECT_EQ(delivery(slug).state, DeliveryState::working);
    EXPECT_NE(delivery(slug + "-next").state, DeliveryState::working);
    disk_.set_full(false);
    house().run_until([&] { return delivery(slug).state != DeliveryState::working; });
    house().pass(5s);
    house().run_until([&] { return delivery(slug + "-later", "other").state == DeliveryState::confirmed; });
    house().settle();
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed);
    EXPECT_EQ(delivery(slug + "-next").state, DeliveryState::confirmed);
    EXPECT_EQ(blog().visible(slug), 1U);
    EXPECT_EQ(blog().posts().size(), posts + 2);
  }
}

}  // namespace
}  // namespace dispatch
