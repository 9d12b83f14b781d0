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
