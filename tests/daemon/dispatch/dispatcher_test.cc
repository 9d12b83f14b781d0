// One post to one blog: every outcome of every step, and what is done next.
#include "dispatch/dispatcher.h"

#include "dispatcher_fixture.h"

namespace dispatch {
namespace {

constexpr Outcome kFailures[] = {Outcome::deferred, Outcome::rejected, Outcome::uncertain};

TEST_F(DispatcherTest, PublishesInTwoStepsAndLooksWhetherReadersSeeIt) {
  publish("hello");
  EXPECT_THAT(blog().calls(),
              ElementsAre("prepare hello", "publish b1", "live_check https://blog.example/hello/"));
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(delivery("hello").stage, model::Stage::published);
  EXPECT_EQ(delivery("hello").remote_id, "b1");
  EXPECT_THAT(blog().keys(), ElementsAre("key of hello on blog"));
  const auto post = house().read([](store::Store& store) { return store.post_by_slug("hello").value(); });
  EXPECT_EQ(post.state, model::PostState::published);
  EXPECT_EQ(post.permalink, "https://blog.example/hello/");
  ASSERT_EQ(receipts("hello").size(), 1U);
  EXPECT_EQ(receipts("hello").front().receipt.outcome, Outcome::confirmed);
}

TEST_F(DispatcherTest, EachStepIsRecordedBeforeTheNextEffect) {
  blog().keep_waiting();
  queue("hello");
  house().run_until([&] { return blog().calls_under_way() == 1; });
  EXPECT_EQ(delivery("hello").stage, model::Stage::preparing);
  blog().next(Call::publish, loses_reply());
  blog().next(Call::find, refuses(Outcome::deferred, Fault::none, "HTTP 503"));
  blog().let_go();
  house().settle();
  EXPECT_EQ(delivery("hello").stage, model::Stage::publishing);
  EXPECT_EQ(delivery("hello").remote_id, "b1");
}

TEST_F(DispatcherTest, ItsImagesGoAlong) {
  store::NewDelivery to_blog = support::delivery_to("blog");
  publishers::Asset chart;
  chart.name = "chart.png";
  chart.sha256 = "c0ffee";
  to_blog.edition.assets.push_back(chart);
  house().in_store([](store::Store& store) {
    store::DraftSeen seen;
    seen.path = "other.md";
    seen.bytes = "text";
    seen.sha256 = "sha256 of text";
    seen.assets.push_back({"chart.png", "c0ffee", "image/png", 1, 1});
    seen.asset_bytes["c0ffee"] = "bytes";
    return store.put_draft(seen, kFriday);
  });
  put("hello", {to_blog});
  dispatcher().nudge();
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
  const auto urls = house().read(
      [](store::Store& store) { return store.asset_urls(store.post_by_slug("hello").value().id); });
  EXPECT_EQ(urls.at("c0ffee"), "https://blog.example/assets/chart.png");
}

// prepare ------------------------------------------------------------------------------------------

TEST_F(DispatcherTest, TriesAgainAfterTheTimeTheFarEndAskedFor) {
  blog().next(Call::prepare, refuses(Outcome::deferred, Fault::throttle, "HTTP 503", 20min));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "deferred: HTTP 503");
  house().pass(20min - 1ms);
  EXPECT_EQ(blog().count("prepare"), 1U);
  house().pass(1ms);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_THAT(blog().keys(), ElementsAre("key of hello on blog", "key of hello on blog"));
}

TEST_F(DispatcherTest, TriesAgainByItselfWhereTheFarEndAskedForNothing) {
  blog().next(Call::prepare, refuses(Outcome::deferred, Fault::transient, "HTTP 503"));
  publish("hello");
  EXPECT_EQ(waits("hello"), 5s);
  EXPECT_EQ(delivery("hello").stage, model::Stage::none);
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("find"), 0U);  // it was told that nothing had happened
}

TEST_F(DispatcherTest, ARejectedPostWaitsForAPerson) {
  blog().next(Call::prepare, refuses(Outcome::rejected, Fault::permanent_content, "HTTP 422"));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "rejected: HTTP 422");
  house().pass(48h);
  EXPECT_EQ(blog().count("prepare"), 1U);
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_THAT(blog().keys(), ElementsAre("key of hello on blog", "key of hello on blog"));
}

TEST_F(DispatcherTest, AfterALostReplyItFindsWhatItCreated) {
  blog().next(Call::prepare, loses_reply());
  publish("hello");
  EXPECT_EQ(state_of("hello"), "uncertain: no reply");
  EXPECT_EQ(waits("hello"), 5s);
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_THAT(blog().calls(), ElementsAre("prepare hello", "find hello", "publish b1",
                                          "live_check https://blog.example/hello/"));
}

TEST_F(DispatcherTest, AfterALostRequestItFindsNothingAndCreates) {
  blog().next(Call::prepare, loses_request());
  publish("hello");
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_THAT(blog().calls(), ElementsAre("prepare hello", "find hello", "prepare hello", "publish b1",
                                          "live_check https://blog.example/hello/"));
  EXPECT_EQ(blog().visible("hello"), 1U);
}

TEST_F(DispatcherTest, ABugInPrepareHoldsItAndARetryLooksFirst) {
  for (const bool done : {true, false}) {
    const std::string slug = done ? "created" : "not-created";
    blog().next(Call::prepare, breaks(done));
    publish(slug);
    EXPECT_EQ(state_of(slug), "held: the publisher failed: a bug in the publisher");
    const std::size_t calls = blog().calls().size();
    house().pass(48h);
    EXPECT_EQ(blog().calls().size(), calls);
    retry(slug);
    EXPECT_EQ(blog().calls().at(calls), "find " + slug);
    EXPECT_EQ(state_of(slug), "confirmed: https://blog.example/" + slug + '/');
    EXPECT_EQ(blog().visible(slug), 1U);
    EXPECT_EQ(blog().posts().size(), done ? 1U : 2U);
  }
}

// publish ------------------------------------------------------------------------------------------

TEST_F(DispatcherTest, APublishThatIsPutOffIsAskedForAgainByItsId) {
  blog().next(Call::publish, refuses(Outcome::deferred, Fault::transient, "HTTP 503"));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "deferred: HTTP 503");
  EXPECT_EQ(delivery("hello").stage, model::Stage::prepared);
  house().pass(5s);
  EXPECT_THAT(blog().calls(), ElementsAre("prepare hello", "publish b1", "publish b1",
                                          "live_check https://blog.example/hello/"));
}

TEST_F(DispatcherTest, AfterALostPublishItLooksAndPublishesTheSame) {
  for (const bool done : {true, false}) {
    const std::string slug = done ? "shown" : "not-shown";
    blog().next(Call::publish, done ? loses_reply() : loses_request());
    publish(slug);
    EXPECT_EQ(state_of(slug), "uncertain: no reply");
    house().pass(5s);
    EXPECT_EQ(state_of(slug), "confirmed: https://blog.example/" + slug + '/');
    EXPECT_EQ(blog().visible(slug), 1U);
    EXPECT_EQ(blog().count("prepare"), done ? 1U : 2U);
    EXPECT_EQ(blog().count("find"), done ? 1U : 2U);
  }
}

TEST_F(DispatcherTest, AfterARejectedPublishARetryLooksFirst) {
  blog().next(Call::publish, refuses(Outcome::rejected, Fault::none, "HTTP 403"));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "rejected: HTTP 403");
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("find"), 1U);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

TEST_F(DispatcherTest, ABugInPublishHoldsItAndARetryLooksFirst) {
  blog().next(Call::publish, breaks(true));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "held: the publisher failed: a bug in the publisher");
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("find"), 1U);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

TEST_F(DispatcherTest, WhatSomebodyThrewAwayOverThereIsCreatedAgain) {
  blog().next(Call::publish, loses_reply());
  publish("hello");
  blog().lose("hello");
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 2U);
  EXPECT_EQ(blog().visible("hello"), 1U);
}

// live check ---------------------------------------------------------------------------------------

TEST_F(DispatcherTest, WhatReadersDoNotSeeIsPublishedAgainAndNeverCreatedAgain) {
  for (const Outcome outcome : kFailures) {
    const std::string slug = "post-" + std::to_string(static_cast<int>(outcome));
    const std::size_t before = blog().posts().size();
    blog().next(Call::live_check, refuses(outcome, Fault::none, "HTTP 404"));
    publish(slug);
    EXPECT_EQ(state_of(slug),
              "deferred: published, but not seen at https://blog.example/" + slug + "/: HTTP 404");
    house().pass(5s);
    EXPECT_EQ(state_of(slug), "confirmed: https://blog.example/" + slug + '/');
    EXPECT_EQ(blog().posts().size(), before + 1);
  }
  EXPECT_EQ(blog().count("find"), 0U);
}

TEST_F(DispatcherTest, TheLiveCheckIsPutOffAsLongAsTheSiteAsks) {
  blog().next(Call::live_check, refuses(Outcome::deferred, Fault::throttle, "HTTP 429", 90s));
  publish("hello");
  EXPECT_EQ(waits("hello"), 90s);
}

TEST_F(DispatcherTest, ASiteWhoseCertificateIsWrongDoesNotStopTheChannel) {
  blog().next(Call::live_check, refuses(Outcome::deferred, Fault::tls, "certificate has expired"));
  publish("hello");
  EXPECT_EQ(delivery("hello").state, DeliveryState::deferred);
  publish("other");
  EXPECT_EQ(state_of("other"), "confirmed: https://blog.example/other/");
}

TEST_F(DispatcherTest, ABugInTheLiveCheckHoldsIt) {
  blog().next(Call::live_check, breaks(false));
  publish("hello");
  EXPECT_EQ(state_of("hello"), "held: the publisher failed: a bug in the publisher");
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

// find ---------------------------------------------------------------------------------------------

TEST_F(DispatcherTest, WhatCanNotBeLookedUpStaysUncertainAndIsAskedAgain) {
  for (const Outcome outcome : kFailures) {
    const std::string slug = "post-" + std::to_string(static_cast<int>(outcome));
    blog().next(Call::prepare, loses_reply());
    blog().next(Call::find, refuses(outcome, Fault::none, "HTTP 500"));
    publish(slug);
    house().pass(5s);
    EXPECT_EQ(state_of(slug), "uncertain: HTTP 500");
    EXPECT_EQ(waits(slug), 15s);
    house().pass(15s);
    EXPECT_EQ(state_of(slug), "confirmed: https://blog.example/" + slug + '/');
    EXPECT_EQ(blog().visible(slug), 1U);
  }
  EXPECT_EQ(blog().posts().size(), 3U);
}

TEST_F(DispatcherTest, ABugInFindHoldsItAndCreatesNothing) {
  blog().next(Call::prepare, loses_reply());
  blog().next(Call::find, breaks(false));
  publish("hello");
  house().pass(5s);
  EXPECT_EQ(state_of("hello"), "held: the publisher failed: a bug in the publisher");
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

TEST_F(DispatcherTest, AnUncertainPostIsAskedForADayAndNeverCreatedAgain) {
  blog().next(Call::prepare, loses_request());
  for (int i = 0; i < 100; ++i) blog().next(Call::find, refuses(Outcome::deferred, Fault::none, "HTTP 500"));
  publish("hello");
  house().pass(48h);
  EXPECT_EQ(delivery("hello").state, DeliveryState::uncertain);
  EXPECT_FALSE(delivery("hello").next_at);
  EXPECT_EQ(blog().count("find"), 29U);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

TEST_F(DispatcherTest, WhereNothingCanBeLookedUpAPersonIsAskedAtOnce) {
  blog().can.find = false;
  blog().next(Call::prepare, loses_reply());
  publish("hello");
  house().pass(48h);
  EXPECT_EQ(state_of("hello"),
            "uncertain: its reply was lost and this kind of channel can't be asked; look there, then say "
            "`fridayctl settle`");
  EXPECT_FALSE(delivery("hello").next_at);
  EXPECT_THAT(blog().calls(), ElementsAre("prepare hello"));
  EXPECT_EQ(receipts("hello").size(), 2U);
}

TEST_F(DispatcherTest, AnUncertainPostIsAskedForAtOnceWhenAPersonSaysSo) {
  blog().next(Call::prepare, loses_reply());
  publish("hello");
  retry("hello");
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

}  // namespace
}  // namespace dispatch
