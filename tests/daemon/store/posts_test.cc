// Posts: the shelf of a blog, the file that is put away.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::PostState;
using support::failure_of;
using support::kFriday;
using support::to_channel;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Posts : public support::StoreContract {};
STORE_CONTRACT(Posts);

TEST_P(Posts, APostIsPutAwayOnceAllIsOver) {
  const PostId id = publish({to_channel("blog"), to_channel("mail")});
  const auto to_file = [&] { return store().posts_to_file(10).size(); };
  finish(claim_one("blog"), DeliveryState::confirmed);
  EXPECT_EQ(to_file(), 0);
  const Work work = claim_one("mail");
  finish(work, DeliveryState::held);
  EXPECT_EQ(to_file(), 0);
  store().cancel(work.delivery.id, "no", kFriday);
  EXPECT_EQ(post_state(id), PostState::partial);
  EXPECT_EQ(to_file(), 1);
  store().post_filed(id, "2026/2026-11-27-on-a.md");
  EXPECT_EQ(to_file(), 0);
  EXPECT_EQ(failure_of([&] { store().post_filed({99}, "x"); }), Failure::not_found);

  publish({to_channel("blog")});
  finish(claim_one("blog"), DeliveryState::rejected);
  EXPECT_EQ(to_file(), 0);
}

TEST_P(Posts, ANumberComesOnceWhateverBecomesOfItsPost) {
  const auto number_of = [&](PostId id) { return store().edition(id, "blog").number; };
  // All were made while none of them was there yet.
  std::vector<NewPost> made;
  for (const char* path : {"a.md", "b.md", "c.md"}) {
    made.push_back(new_post(put(path), {to_channel("blog"), to_channel("mail")}));
    for (NewDelivery& delivery : made.back().deliveries) delivery.edition.number = 1;
  }
  std::vector<PostId> ids;
  for (const NewPost& post : made) ids.push_back(store().fill(post, kFriday));
  EXPECT_EQ(number_of(ids[1]), 2);
  EXPECT_EQ(store().edition(ids[2], "mail").number, 3);
  for (const PostId id : {ids[0], ids[2]}) {
    for (const model::Delivery& delivery : store().deliveries(id)) store().cancel(delivery.id, "no", kFriday);
  }
  EXPECT_EQ(store().next_number("friday"), 4);
  EXPECT_EQ(number_of(publish({to_channel("blog")})), 4);
  EXPECT_EQ(number_of(ids[1]), 2);
  EXPECT_EQ(store().next_number("monday"), 1);
}

TEST_P(Posts, ADraftThatWasCalledOffIsPublishedAgainOnlyAsItIs) {
  const model::Draft draft = put("a.md");
  const NewPost first = new_post(draft, {to_channel("blog")});
  const PostId id = store().fill(first, kFriday);
  NewPost again = first;
  again.pid = "again";
  EXPECT_EQ(failure_of([&] { store().fill(again, kFriday); }), Failure::conflict);
  EXPECT_THAT(store().called_off(10), IsEmpty());
  EXPECT_EQ(store().called_off_as(draft.sha256), std::nullopt);

  store().cancel(store().deliveries(id).front().id, "no", kFriday);
  ASSERT_TRUE(store().called_off_as(draft.sha256));
  EXPECT_EQ(store().called_off_as(draft.sha256)->id, draft.id);
  EXPECT_THAT(store().called_off(10), ElementsAre(testing::Field(&model::Draft::id, draft.id)));
  const PostId second = store().fill(again, kFriday);
  EXPECT_EQ(store().draft(draft.id)->post, second);
  EXPECT_THAT(store().called_off(10), IsEmpty());

  store().cancel(store().deliveries(second).front().id, "no", kFriday);
  put("a.md", "changed since");
  again.pid = "once more";
  EXPECT_EQ(failure_of([&] { store().fill(again, kFriday); }), Failure::conflict);
}

TEST_P(Posts, WhatNeedsAPersonIsFoundAndCounted) {
  const PostId id = publish({to_channel("blog"), to_channel("web"), to_channel("mail")});
  EXPECT_EQ(store().stuck_deliveries(10).all, 0);
  finish(claim_one("blog"), DeliveryState::rejected);
  finish(claim_one("web"), DeliveryState::deferred, kFriday + 1h);
  finish(claim_one("mail"), DeliveryState::uncertain);
  const Some<Stuck> stuck = store().stuck_deliveries(1);
  EXPECT_EQ(stuck.all, 2);
  ASSERT_THAT(stuck.items, SizeIs(1));
  EXPECT_EQ(stuck.items[0].delivery.channel, "mail");
  EXPECT_EQ(stuck.items[0].title, "On draft1.md");
  EXPECT_EQ(stuck.items[0].draft, store().post(id)->draft);
  for (const model::Delivery& delivery : store().deliveries(id)) store().cancel(delivery.id, "no", kFriday);
  EXPECT_EQ(store().stuck_deliveries(1).all, 0);
}

// Its index names the states by number: they are those that the timeline shows, but for what is tried again
// by itself.
TEST_P(Posts, WhatNeedsAPersonIsWhatStandsInTheWayForGood) {
  for (const DeliveryState state : {DeliveryState::confirmed, DeliveryState::rejected,
                                    DeliveryState::uncertain, DeliveryState::held, DeliveryState::ready}) {
    const std::int64_t before = store().stuck_deliveries(1).all;
    const std::string channel = "to" + std::to_string(static_cast<int>(state));
    deliver(channel);
    if (state != DeliveryState::ready) finish(claim_one(channel), state);
    EXPECT_EQ(store().stuck_deliveries(1).all - before, model::stands_in_the_way(state) ? 1 : 0)
        << model::name(state);
  }
}

TEST_P(Posts, TheShelfHoldsWhatIsConfirmedNewestFirst) {
  std::vector<PostId> ids;
  for (int i = 0; i < 4; ++i) {
    NewPost post = new_post(put("shelf" + std::to_string(i) + ".md"), {to_channel("blog")});
    post.deliveries[0].edition.published_at =
        std::chrono::floor<std::chrono::seconds>(kFriday + 1h * (i == 3 ? 1 : i));
    ids.push_back(store().fill(post, kFriday));
    DeliveryUpdate update;
    update.state = i == 2 ? DeliveryState::rejected : DeliveryState::confirmed;
    if (i == 0) update.permalink = "https://blog.example/where-it-is/";
    const Work work = claim_one("blog");
    store().finish(work.delivery.id, work.delivery.fence, update, {}, kFriday);
  }
  const auto pid_is = [](const char* pid) { return testing::Field(&publishers::Edition::pid, pid); };
  const auto all = store().confirmed_editions("blog", 0);
  EXPECT_THAT(
      all, ElementsAre(pid_is("pid of shelf3.md"), pid_is("pid of shelf1.md"), pid_is("pid of shelf0.md")));
  EXPECT_EQ(all[2].permalink, "https://blog.example/where-it-is/");
  EXPECT_THAT(store().confirmed_editions("blog", 2), SizeIs(2));
  EXPECT_THAT(store().confirmed_editions("other", 0), IsEmpty());
}

TEST_P(Posts, AssetAddressesComeFromConfirmedBlogs) {
  const PostId id = publish({to_channel("blog"), to_channel("other")});
  publishers::Receipt receipt;
  receipt.outcome = publishers::Outcome::confirmed;
  receipt.asset_urls = {{"sha", "https://blog.example/a.png"}};
  DeliveryUpdate update;
  update.state = DeliveryState::confirmed;
  const Work work = claim_one("blog");
  EXPECT_THAT(store().asset_urls(id), IsEmpty());
  store().finish(work.delivery.id, work.delivery.fence, update, receipt, kFriday);
  receipt.asset_urls = {{"other", "https://other.example/b.png"}};
  update.state = DeliveryState::deferred;
  const Work other = claim_one("other");
  store().finish(other.delivery.id, other.delivery.fence, update, receipt, kFriday);
  EXPECT_THAT(store().asset_urls(id), ElementsAre(testing::Pair("sha", "https://blog.example/a.png")));
}

}  // namespace
}  // namespace store
