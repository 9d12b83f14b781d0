// When it is tried again, when a channel is left alone, and when what waits may start.
#include "dispatch/retry.h"
#include "dispatcher_fixture.h"

namespace dispatch {
namespace {

TEST_F(DispatcherTest, WaitsLongerEachTime) {
  for (int i = 0; i < 8; ++i) blog().next(Call::prepare, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
  publish("hello");
  std::size_t calls = 1;
  for (const model::milliseconds wait :
       {model::milliseconds(5s), model::milliseconds(15s), model::milliseconds(1min),
        model::milliseconds(5min), model::milliseconds(15min), model::milliseconds(1h),
        model::milliseconds(1h), model::milliseconds(1h)}) {
    EXPECT_EQ(waits("hello"), wait);
    house().pass(wait - 1ms);
    EXPECT_EQ(blog().count("prepare"), calls);
    house().pass(1ms);
    EXPECT_EQ(blog().count("prepare"), ++calls);
  }
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(receipts("hello").size(), 9U);
  for (const std::string& key : blog().keys()) EXPECT_EQ(key, "key of hello on blog");
}

TEST_F(DispatcherTest, AfterADayOfTryingItIsHeld) {
  for (int i = 0; i < 100; ++i)
    blog().next(Call::prepare, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
  publish("hello");
  house().pass(48h);
  EXPECT_EQ(state_of("hello"), "held: HTTP 503");
  EXPECT_EQ(blog().count("prepare"), static_cast<std::size_t>(kMostPostAttempts));
}

TEST_F(DispatcherTest, ARetryByHandBeginsTheWaitsAnew) {
  for (int i = 0; i < 5; ++i) blog().next(Call::prepare, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
  publish("hello");
  house().pass(81s);
  EXPECT_EQ(waits("hello"), 5min - 1s);
  retry("hello");
  EXPECT_EQ(waits("hello"), 5s);
}

TEST_F(DispatcherTest, NobodyThereCostsNoAttempt) {
  blog().next(Call::prepare, refuses(Outcome::deferred, Fault::connect, "connection refused"));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "deferred: connection refused");
  EXPECT_EQ(delivery("hello").attempts, 0);
  house().pass(5s);
  EXPECT_EQ(delivery("hello").attempts, 1);
  EXPECT_EQ(state_of("hello"), kLive);
}

TEST_F(DispatcherTest, AFarEndThatIsAwayIsLeftAloneLongerEachTime) {
  for (int i = 0; i < 8; ++i) {
    blog().next(Call::prepare, refuses(Outcome::deferred, Fault::connect, "connection refused"));
  }
  publish("hello");
  house().pass(4 * 5s);
  queue("other");
  EXPECT_EQ(blog().count("prepare"), 5U);
  std::size_t calls = 5;
  for (const auto pause : {1min, 2min, 4min}) {
    const Breaker* breaker = dispatcher().breaker("blog");
    ASSERT_NE(breaker, nullptr);
    EXPECT_EQ(breaker->open_until(), clock_.now() + pause);
    EXPECT_FALSE(breaker->needs_person());
    house().pass(pause - 1ms);
    EXPECT_EQ(blog().count("prepare"), calls);  // nor is the other post's turn
    house().pass(1ms);
    EXPECT_EQ(blog().count("prepare"), ++calls);  // a single try
  }
  house().pass(8min);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(state_of("other"), "confirmed: https://blog.example/other/");
}

TEST_F(DispatcherTest, RefusedCredentialsStopTheChannelUntilItIsConfiguredAnew) {
  for (const Fault fault : {Fault::auth, Fault::tls}) {
    const std::string slug = fault == Fault::auth ? "auth" : "tls";
    blog().next(Call::prepare, refuses(Outcome::deferred, fault, "refused"));
    publish(slug);
    EXPECT_EQ(state_of(slug), "held: refused");
    EXPECT_EQ(delivery(slug).attempts, 0);
    EXPECT_TRUE(dispatcher().breaker("blog")->needs_person());
    const std::size_t calls = blog().calls().size();
    publish("after-" + slug);
    house().pass(48h);
    EXPECT_EQ(blog().calls().size(), calls);
    EXPECT_EQ(delivery("after-" + slug).state, DeliveryState::ready);
    configure();
    house().settle();
    EXPECT_EQ(delivery("after-" + slug).state, DeliveryState::confirmed);
    retry(slug);
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed);
  }
}

TEST_F(DispatcherTest, ALookUpThatIsRefusedStaysUncertain) {
  blog().next(Call::prepare, loses_reply());
  blog().next(Call::find, refuses(Outcome::deferred, Fault::auth, "HTTP 401"));
  publish("hello");
  house().pass(48h);
  EXPECT_EQ(state_of("hello"), "uncertain: HTTP 401");
  configure();
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

TEST_F(DispatcherTest, WhatIsDueOnAChannelThatIsNotThereHidesNobodysTime) {
  put("elsewhere", {support::delivery_to("unknown")});
  blog().next(Call::prepare, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
  publish("hello");
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(delivery("elsewhere", "unknown").state, DeliveryState::ready);
}

// What waits ---------------------------------------------------------------------------------------

TEST_F(DispatcherTest, WaitsForItsDelayAndItsHour) {
  store::NewDelivery delayed = support::delivery_to("blog");
  delayed.delay = 30min;
  store::NewDelivery later = support::delivery_to("blog");
  later.not_before = kFriday + 2h;
  put("delayed", {delayed});
  put("later", {later});
  dispatcher().nudge();
  house().pass(30min - 1ms);
  EXPECT_THAT(blog().calls(), IsEmpty());
  house().pass(1ms);
  EXPECT_EQ(delivery("delayed").state, DeliveryState::confirmed);
  house().pass(90min - 1ms);
  EXPECT_EQ(delivery("later").state, DeliveryState::ready);
  house().pass(1ms);
  EXPECT_EQ(delivery("later").state, DeliveryState::confirmed);
}

TEST_F(DispatcherTest, TheMailMayStartOnceTheBlogIsLive) {
  blog().next(Call::live_check, refuses(Outcome::deferred, Fault::none, "HTTP 404"));
  put("hello", {support::delivery_to("blog"), support::mail_after("mail", "blog", kFriday + 4h)});
  dispatcher().nudge();
  house().settle();
  EXPECT_EQ(state_of("hello", "mail"), "waiting");
  const int before = released_;
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(state_of("hello", "mail"), "ready");
  EXPECT_EQ(delivery("hello", "mail").next_at, clock_.now());
  EXPECT_EQ(released_, before + 1);
}

TEST_F(DispatcherTest, ABlogThatIsNotLiveInTimeHoldsTheMailAndSaysSo) {
  for (int i = 0; i < 100; ++i)
    blog().next(Call::prepare, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
  put("hello", {support::delivery_to("blog"), support::mail_after("mail", "blog", kFriday + 4h)});
  dispatcher().nudge();
  house().pass(4h - 1ms);
  EXPECT_EQ(state_of("hello", "mail"), "waiting");
  const int before = changed_;
  house().pass(1ms);
  EXPECT_EQ(state_of("hello", "mail"), "held: channel \"blog\" was not confirmed in time");
  EXPECT_GT(changed_, before);
  const auto events = house().read(
      [id = delivery("hello", "mail").id](store::Store& store) { return store.events(id.text(), 10); });
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().what, "channel \"blog\" was not confirmed in time");
}

TEST_F(DispatcherTest, AMailThatMayGoWithoutALinkGoesWhenTheBlogFails) {
  blog().next(Call::prepare, refuses(Outcome::rejected, Fault::none, "HTTP 422"));
  put("hello",
      {support::delivery_to("blog"), support::mail_after("mail", "blog", kFriday + 4h, "send_without_link")});
  dispatcher().nudge();
  house().settle();
  EXPECT_EQ(state_of("hello", "mail"), "ready: channel \"blog\" failed; sent without a link to it");
}

}  // namespace
}  // namespace dispatch
