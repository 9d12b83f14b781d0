// The daemon is abandoned after each of its steps in turn, with whatever it had asked for done and not heard
// of, and another one begins on the same store: crash windows W8 to W14.
#include <algorithm>

#include "dispatcher_fixture.h"

namespace dispatch {
namespace {

struct Story {
  const char* name;
  std::function<void(FarBlog&)> script;
  std::size_t most_created = 1;  // posts that ever were there, visible or not
};

void PrintTo(const Story& story, std::ostream* out) {
  *out << story.name;
}

class DispatcherCrash : public DispatcherTest, public testing::WithParamInterface<Story> {};

TEST_P(DispatcherCrash, OnePostIsVisibleAndItsKeyIsAlwaysTheSame) {
  bool more = true;
  int steps = 0;
  for (; more; ++steps) {
    const std::string slug = "post-" + std::to_string(steps);
    const std::size_t before = blog().posts().size();
    const std::size_t keys = blog().keys().size();
    GetParam().script(blog());
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    crash();
    start();
    house().pass(1h);
    EXPECT_EQ(state_of(slug), "confirmed: https://blog.example/" + slug + '/') << steps;
    EXPECT_EQ(blog().visible(slug), 1U) << steps;
    EXPECT_LE(blog().posts().size(), before + GetParam().most_created) << steps;
    const std::vector<std::string> all = blog().keys();
    EXPECT_TRUE(std::all_of(all.begin() + static_cast<std::ptrdiff_t>(keys), all.end(), [&](const auto& key) {
      return key == "key of " + slug + " on blog";
    })) << steps;
    ASSERT_LT(steps, 200);
  }
  EXPECT_GT(steps, 8);  // the steps of one attempt at least
}

// Twice in a row, the second time in the midst of finding out.
TEST_P(DispatcherCrash, AndSoItIsAfterTwoCrashes) {
  constexpr int kFirst[] = {3, 4, 5, 6, 7};
  for (const int first : kFirst) {
    bool more = true;
    for (int steps = 1; more; ++steps) {
      const std::string slug = "post-" + std::to_string(first) + '-' + std::to_string(steps);
      const std::size_t before = blog().posts().size();
      GetParam().script(blog());
      queue(slug);
      for (int i = 0; i < first; ++i) house().step();
      crash();
      start();
      for (int i = 0; i < steps && more; ++i) more = house().step();
      crash();
      start();
      house().pass(1h);
      EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed) << slug;
      EXPECT_EQ(blog().visible(slug), 1U) << slug;
      EXPECT_LE(blog().posts().size(), before + GetParam().most_created) << slug;
      ASSERT_LT(steps, 200);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Stories, DispatcherCrash,
    testing::Values(
        Story{"AllGoesWell", [](FarBlog&) {}},
        Story{"TheCreateIsNotAnswered", [](FarBlog& blog) { blog.next(Call::prepare, loses_reply()); }},
        Story{"TheCreateIsLost", [](FarBlog& blog) { blog.next(Call::prepare, loses_request()); }},
        Story{"ThePublishIsNotAnswered", [](FarBlog& blog) { blog.next(Call::publish, loses_reply()); }},
        Story{"ThePublishIsLost", [](FarBlog& blog) { blog.next(Call::publish, loses_request()); }},
        Story{"ReadersDoNotSeeItAtOnce",
              [](FarBlog& blog) {
                blog.next(Call::live_check, refuses(Outcome::deferred, Fault::none, "HTTP 404"));
              }}),
    [](const auto& each) { return each.param.name; });

TEST_F(DispatcherTest, ACrashBeforeAnyEffectDoubtsNothing) {
  blog().keep_waiting();
  put("hello", {support::delivery_to("blog")});
  crash();
  start();
  EXPECT_THAT(house().recovered(), IsEmpty());
}

TEST_F(DispatcherTest, ACrashInTheMidstNamesTheDeliveryThatIsLookedUp) {
  blog().keep_waiting();
  queue("hello");
  house().run_until([&] { return blog().calls_under_way() == 1; });
  blog().let_go();
  crash();
  start();
  ASSERT_EQ(house().recovered().size(), 1U);
  EXPECT_EQ(house().recovered().front(), "v1 on blog: it is looked up");
  house().settle();
  EXPECT_EQ(state_of("hello"), kLive);
  EXPECT_EQ(blog().count("prepare"), 1U);
}

}  // namespace
}  // namespace dispatch
