// Poison: a draft that ends the process each time it is rendered.
#include "rendering/attempts.h"

#include <latch>

#include "maker_fixture.h"

namespace rendering {
namespace {

using model::DraftState;

class AttemptsTest : public MakerTest {
 protected:
  // The process ends while the draft is being rendered, and starts again.
  void crash_while_rendering(model::DraftId id) {
    boost::asio::thread_pool busy(1);
    std::latch gone(1);
    boost::asio::post(busy, [&] { gone.wait(); });
    maker_ = std::make_unique<PostMaker>(house_->executor(), busy, house_->store(), almanac());
    maker_->configure(std::make_shared<const config::Config>(config_), facts_);
    maker_->make(request(id), clock_.now(), [](const PostMaker::Made&) {});
    house_->in_store([](store::Store&) {});
    house_->crash();
    gone.count_down();
    busy.join();
    crash();
    start();
  }
};

TEST_F(AttemptsTest, TheThirdCrashQuarantinesTheDraftAndTheFourthNeverComes) {
  const model::DraftId id = save(seen());
  for (int crashes = 0; crashes < 3; ++crashes) {
    EXPECT_EQ(draft(id).state, DraftState::ready);
    crash_while_rendering(id);
  }
  const auto made = make(request(id));
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().of_draft);
  EXPECT_EQ(
      made.error().what,
      "trust.md has a problem: fridayd ended three times while rendering this file; change it, or take it "
      "out");
  EXPECT_EQ(draft(id).state, DraftState::quarantined);
  EXPECT_EQ(draft(id).why, "fridayd ended three times while rendering this file; change it, or take it out");
  const auto events = house_->in_store([&](store::Store& store) { return store.events(id.text(), 10); });
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events.front().what.substr(0, 13), "quarantined: ");
  // It stays where it is, whoever asks.
  EXPECT_FALSE(make(request(id)));
}

TEST_F(AttemptsTest, ADraftThatWasChangedIsTriedAgain) {
  const model::DraftId id = save(seen());
  for (int crashes = 0; crashes < 3; ++crashes) crash_while_rendering(id);
  ASSERT_FALSE(make(request(id)));
  save(seen("Mended.\n"));
  EXPECT_EQ(draft(id).state, DraftState::ready);
  EXPECT_TRUE(make(request(id)));
}

TEST_F(AttemptsTest, CrashesOfAnotherRevisionDoNotCount) {
  const model::DraftId id = save(seen());
  crash_while_rendering(id);
  crash_while_rendering(id);
  save(seen("Mended.\n"));
  crash_while_rendering(id);
  crash_while_rendering(id);
  EXPECT_TRUE(make(request(id)));
}

TEST_F(AttemptsTest, OneThatWentWellForgetsTheCrashesBeforeIt) {
  const model::DraftId id = save(seen());
  for (int round = 0; round < 3; ++round) {
    crash_while_rendering(id);
    crash_while_rendering(id);
    EXPECT_TRUE(make(request(id)));
  }
}

TEST_F(AttemptsTest, FaultsAreNoCrashes) {
  const model::DraftId id = save(seen());
  facts_.erase("mail");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(make(request(id)));
  facts_["mail"].mail = true;
  EXPECT_TRUE(make(request(id)));
}

TEST_F(AttemptsTest, ManyLooksAtOnceAreNoCrashes) {
  const model::DraftId id = save(seen());
  maker_->configure(std::make_shared<const config::Config>(config_), facts_);
  int well = 0;
  for (int i = 0; i < 8; ++i) {
    maker_->make(request(id), clock_.now(), [&](const PostMaker::Made& made) { well += made ? 1 : 0; });
  }
  house_->settle();
  EXPECT_EQ(well, 8);
  crash();
  start();
  EXPECT_TRUE(make(request(id)));
}

}  // namespace
}  // namespace rendering
