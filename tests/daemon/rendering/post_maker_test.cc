// The post that a draft becomes: its deliveries, and what they wait for.
#include "maker_fixture.h"
#include "rendering/identity.h"

namespace rendering {
namespace {

using model::DeliveryState;
using testing::ElementsAre;
using testing::StartsWith;

std::vector<std::string> channels_of(const store::NewPost& post) {
  std::vector<std::string> keys;
  for (const store::NewDelivery& delivery : post.deliveries) keys.push_back(delivery.channel);
  return keys;
}

TEST_F(MakerTest, APostHasADeliveryWithItsEditionForEachChannel) {
  const model::DraftId id = save(seen());
  const store::NewPost made = post(request(id));
  EXPECT_EQ(made.draft, id);
  EXPECT_EQ(made.draft_revision, 1);
  EXPECT_EQ(made.occurrence, request(id).occurrence);
  EXPECT_EQ(made.series, "friday");
  EXPECT_EQ(made.slug, "trust");
  EXPECT_EQ(made.title, "Trust");
  EXPECT_EQ(made.state, model::PostState::publishing);
  EXPECT_EQ(made.created_at, clock_.now());
  EXPECT_EQ(made.due_at, at("2026-11-27T13:00:00Z"));
  EXPECT_THAT(channels_of(made), ElementsAre("blog", "mail"));
  for (const store::NewDelivery& delivery : made.deliveries) {
    EXPECT_EQ(delivery.state, DeliveryState::waiting);
    EXPECT_EQ(delivery.edition.pid, made.pid);
    EXPECT_EQ(delivery.edition.slug, "trust");
    EXPECT_EQ(delivery.edition.content_html, "<p>The text.</p>\n");
    EXPECT_EQ(delivery.edition.series_title, "Sales Leadership Friday");
    EXPECT_EQ(delivery.edition.published_at, at("2026-11-27T13:00:00Z"));
    EXPECT_EQ(delivery.edition.updated_at, delivery.edition.published_at);
    EXPECT_EQ(delivery.edition.published_local, "2026-11-27T08:00:00-05:00");
    EXPECT_EQ(delivery.edition.zone, "America/New_York");
    EXPECT_EQ(delivery.edition.language, "en-GB");
  }
  EXPECT_FALSE(made.deliveries[0].mail);
  EXPECT_TRUE(made.deliveries[1].mail);
  EXPECT_EQ(made.pid.size(), 26u);
}

TEST_F(MakerTest, ThePostIsWhatTheStoreTakes) {
  const store::NewPost made = post_of(seen());
  const model::PostId id =
      house_->in_store([&](store::Store& store) { return store.fill(made, clock_.now()); });
  const publishers::Edition stored =
      house_->in_store([&](store::Store& store) { return store.edition(id, "mail"); });
  EXPECT_EQ(publishers::to_json(stored), publishers::to_json(made.deliveries[1].edition));
}

TEST_F(MakerTest, KeysAndMarkersAreTheSites) {
  const store::NewPost made = post_of(seen());
  const std::string key = house_->in_store([](store::Store& store) { return store.site_key(); });
  EXPECT_EQ(made.deliveries[0].edition.marker, marker(key, made.pid, 1));
  EXPECT_NE(made.deliveries[0].edition.marker, marker("another site's key", made.pid, 1));
  EXPECT_EQ(made.deliveries[0].key, delivery_key(key, made.pid, "blog"));
  EXPECT_NE(made.deliveries[0].key, made.deliveries[1].key);
}

TEST_F(MakerTest, TheMailWaitsForTheBlogAndTheBlogForNobody) {
  config_.series["friday"].blog_deadline = 4h;
  config_.series["friday"].if_blog_fails = config::IfBlogFails::send_without_link;
  config_.channels["mail"].delay = 15min;
  const store::NewPost made = post_of(seen());
  EXPECT_EQ(made.deliveries[0].after, "");
  EXPECT_EQ(made.deliveries[0].blog_deadline, std::nullopt);
  EXPECT_EQ(made.deliveries[0].if_blog_fails, "");
  EXPECT_EQ(made.deliveries[0].delay, 0s);
  EXPECT_EQ(made.deliveries[1].after, "blog");
  EXPECT_EQ(made.deliveries[1].delay, 15min);
  // From now on, where the slot is made up for.
  EXPECT_EQ(made.deliveries[1].blog_deadline, clock_.now() + 4h);
  EXPECT_EQ(made.deliveries[1].if_blog_fails, "send_without_link");
  EXPECT_EQ(made.deliveries[1].not_before, std::nullopt);
}

TEST_F(MakerTest, TheDeadlineOfAPostMadeAheadCountsFromItsSlot) {
  clock_.move_to(at("2026-11-27T11:00:00Z"));
  config_.series["friday"].blog_deadline = 1h;
  EXPECT_EQ(post_of(seen()).deliveries[1].blog_deadline, at("2026-11-27T14:00:00Z"));
}

TEST_F(MakerTest, EachWayOutOfAFailedBlogHasItsName) {
  const model::DraftId id = save(seen());
  EXPECT_EQ(post(request(id)).deliveries[1].if_blog_fails, "wait");
  config_.series["friday"].if_blog_fails = config::IfBlogFails::hold;
  EXPECT_EQ(post(request(id)).deliveries[1].if_blog_fails, "hold");
}

TEST_F(MakerTest, AChannelMayHaveItsOwnHour) {
  config_.channels["mail"].at = "09:30";
  EXPECT_EQ(post_of(seen()).deliveries[1].not_before, at("2026-11-27T14:30:00Z"));
}

TEST_F(MakerTest, AChannelThatThePostDoesNotGoToIsNotWaitedFor) {
  store::DraftSeen mail_only = seen();
  mail_only.head.channels = {"mail"};
  const store::NewPost made = post_of(mail_only);
  EXPECT_THAT(channels_of(made), ElementsAre("mail"));
  EXPECT_EQ(made.deliveries[0].after, "");
  EXPECT_EQ(made.deliveries[0].blog_deadline, std::nullopt);
  EXPECT_EQ(made.permalink, "");
  EXPECT_EQ(made.deliveries[0].edition.permalink, "");
}

TEST_F(MakerTest, TheDraftsChannelsGoBeforeTheSeriesAndThoseAskedForBeforeBoth) {
  add_channel("other");
  store::DraftSeen own = seen();
  own.head.channels = {"other"};
  const model::DraftId id = save(own);
  EXPECT_THAT(channels_of(post(request(id))), ElementsAre("other"));
  PostRequest by_hand = request(id);
  by_hand.channels = {"mail", "blog"};
  EXPECT_THAT(channels_of(post(by_hand)), ElementsAre("mail", "blog"));
}

TEST_F(MakerTest, AChannelThatIsNamedTwiceGetsThePostOnce) {
  store::DraftSeen twice = seen();
  twice.head.channels = {"mail", "blog", "mail"};
  EXPECT_THAT(channels_of(post_of(twice)), ElementsAre("mail", "blog"));
}

TEST_F(MakerTest, AChannelThatIsSwitchedOffOrGoneIsLeftOut) {
  config_.series["friday"].channels = {"blog", "mail", "gone"};
  config_.channels["blog"].enabled = false;
  facts_.erase("blog");
  const store::NewPost made = post_of(seen());
  EXPECT_THAT(channels_of(made), ElementsAre("mail"));
  EXPECT_EQ(made.deliveries[0].after, "");
}

TEST_F(MakerTest, WithoutAnyChannelTheDraftIsToBlameOnlyForItsOwn) {
  config_.channels["blog"].enabled = false;
  config_.channels["mail"].enabled = false;
  add_channel("off").enabled = false;
  const auto of_series = make(request(save(seen())));
  ASSERT_FALSE(of_series);
  EXPECT_FALSE(of_series.error().of_draft);
  EXPECT_EQ(of_series.error().what, "none of its channels is configured and enabled");
  store::DraftSeen own = seen();
  own.head.channels = {"off"};
  const auto of_draft = make(request(save(own)));
  ASSERT_FALSE(of_draft);
  EXPECT_TRUE(of_draft.error().of_draft);
}

TEST_F(MakerTest, AChannelThatIsNotOpenIsTheHousesFault) {
  facts_.erase("mail");
  const auto made = make(request(save(seen())));
  ASSERT_FALSE(made);
  EXPECT_FALSE(made.error().of_draft);
  EXPECT_EQ(made.error().what, "the channel \"mail\" is not open");
}

TEST_F(MakerTest, EveryEditionCarriesAPermalinkThatIsKnownBeforehand) {
  config_.series["friday"].channels = {"blog", "second", "mail"};
  add_channel("second");
  facts_["second"].permalink = [](const std::string& slug) { return "https://two.example/" + slug; };
  const store::NewPost made = post_of(seen());
  EXPECT_EQ(made.permalink, "https://example.org/trust/");
  EXPECT_EQ(made.deliveries[0].edition.permalink, "https://example.org/trust/");
  EXPECT_EQ(made.deliveries[1].edition.permalink, "https://two.example/trust");
  EXPECT_EQ(made.deliveries[2].edition.permalink, "https://example.org/trust/");
}

TEST_F(MakerTest, WhereTheBlogChoosesTheAddressNoneIsPromised) {
  facts_["blog"].permalink = [](const std::string&) { return std::optional<std::string>(); };
  EXPECT_EQ(post_of(seen()).permalink, "");
}

TEST_F(MakerTest, AHeldPostHoldsEveryDeliveryAndSaysWhy) {
  PostRequest held = request(save(seen()));
  held.held = true;
  held.why = "14 h late, past the grace of 12 h";
  const store::NewPost made = post(held);
  EXPECT_EQ(made.state, model::PostState::held);
  ASSERT_EQ(made.deliveries.size(), 2u);
  for (const store::NewDelivery& delivery : made.deliveries) {
    EXPECT_EQ(delivery.state, DeliveryState::held);
    EXPECT_EQ(delivery.reply, "14 h late, past the grace of 12 h");
  }
}

TEST_F(MakerTest, PostsAreNumberedWithinTheirSeries) {
  const store::NewPost first = post_of(seen());
  EXPECT_EQ(first.deliveries[0].edition.number, 1);
  house_->in_store([&](store::Store& store) { store.fill(first, clock_.now()); });
  store::DraftSeen next = seen();
  next.path = "next.md";
  next.head.slug = "next";
  EXPECT_EQ(edition_of(next).number, 2);
  config::Series& monday = config_.series["monday"];
  monday = config_.series["friday"];
  monday.key = "monday";
  next.path = "other.md";
  next.head.slug = "other";
  next.head.series = "monday";
  EXPECT_EQ(edition_of(next).number, 1);
}

TEST_F(MakerTest, WhatWasCalledOffCanBeMadeAgain) {
  const store::NewPost first = post_of(seen());
  const model::PostId id =
      house_->in_store([&](store::Store& store) { return store.fill(first, clock_.now()); });
  EXPECT_FALSE(make(request(first.draft)).has_value());
  house_->in_store([&](store::Store& store) {
    for (const model::Delivery& delivery : store.deliveries(id))
      store.cancel(delivery.id, "no", clock_.now());
  });
  EXPECT_EQ(post(request(first.draft)).deliveries[0].edition.number, 2);
}

TEST_F(MakerTest, TheLatestRevisionIsRendered) {
  save(seen("First.\n"));
  const store::NewPost made = post_of(seen("Second.\n"));
  EXPECT_EQ(made.draft_revision, 2);
  EXPECT_EQ(made.deliveries[0].edition.content_html, "<p>Second.</p>\n");
}

TEST_F(MakerTest, AnUnknownSeriesIsTheDraftsFault) {
  store::DraftSeen stray = seen();
  stray.head.series = "sunday";
  const auto made = make(request(save(stray)));
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().of_draft);
  EXPECT_EQ(made.error().what, "unknown series \"sunday\"");
}

TEST_F(MakerTest, ATextThatGrewOverItsLimitIsTheDraftsFaultInWordsForItsAuthor) {
  std::string deep;
  for (int i = 0; i < 150; ++i) deep += "> ";
  const auto made = make(request(save(seen(deep + "deep\n"))));
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().of_draft);
  EXPECT_THAT(made.error().what, StartsWith("trust.md: "));
}

TEST_F(MakerTest, WhatCantBePublishedIsNotRendered) {
  const auto refused = [this](model::DraftState state, const char* why) {
    const model::DraftId id = save(seen());
    house_->in_store([&](store::Store& store) { store.set_draft_state(id, state, why); });
    const auto made = make(request(id));
    return made ? "it was rendered" : made.error().what;
  };
  EXPECT_EQ(refused(model::DraftState::problem, "no alt"), "trust.md has a problem: no alt");
  EXPECT_EQ(refused(model::DraftState::quarantined, "poison"), "trust.md has a problem: poison");
  EXPECT_EQ(refused(model::DraftState::gone, ""), "trust.md is no longer in the folder");
  EXPECT_EQ(refused(model::DraftState::waiting, "status is draft"), "it was rendered");
  const model::DraftId id = save(seen());
  const store::NewPost made = post(request(id));
  house_->in_store([&](store::Store& store) { store.fill(made, clock_.now()); });
  EXPECT_EQ(make(request(id)).error().what, "trust.md is published already");
  EXPECT_EQ(make(request(model::DraftId{99})).error().what, "d99 is no draft");
  EXPECT_TRUE(make(request(model::DraftId{99})).error().of_draft);
}

TEST_F(MakerTest, WhenTheStoreIsClosedTheHouseHasFailed) {
  const model::DraftId id = save(seen());
  house_->store().stop();
  const auto made = make(request(id));
  ASSERT_FALSE(made);
  EXPECT_FALSE(made.error().of_draft);
}

}  // namespace
}  // namespace rendering
