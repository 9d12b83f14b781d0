#include "service/brake.h"

#include <gmock/gmock.h>

#include "support/store_thread_fixture.h"

namespace service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr model::Instant kNow{};

class BrakeTest : public support::StoreThreadFixture {
 protected:
  BrakeTest() {
    start();
    brake_.emplace(*thread_, [this](bool halted) { moves_.push_back(halted); });
  }
  void stop() {
    brake_->stop("ada", kNow, [](store::Store&) {}, [this](store::Result<void>) { ++answers_; });
  }
  void resume() {
    brake_->resume("ada", kNow, [](store::Store&) {}, [this](store::Result<void>) { ++answers_; });
  }
  void answered(int answers) {
    run_until([&] { return answers_ == answers; });
  }

  std::optional<Brake> brake_;
  std::vector<bool> moves_;
  int answers_ = 0;
};

TEST_F(BrakeTest, HoldsFromTheMomentItIsPulled) {
  stop();
  EXPECT_TRUE(brake_->halted());
  answered(1);
  EXPECT_THAT(stored("stopped"), HasSubstr("stopped by ada"));
}

TEST_F(BrakeTest, AStopOutlivesAResumeThatWasUnderWay) {
  stop();
  answered(1);
  {
    const support::Hold hold(*thread_);
    resume();
    stop();
  }
  answered(3);
  EXPECT_TRUE(brake_->halted());
  EXPECT_NE(stored("stopped"), "");
  EXPECT_THAT(moves_, ElementsAre(true));
  resume();
  answered(4);
  EXPECT_FALSE(brake_->halted());
  EXPECT_EQ(stored("stopped"), "");
}

TEST_F(BrakeTest, TheFileIsRememberedForAStartThatCannotSeeIt) {
  brake_->stop_file(true);
  EXPECT_THAT(brake_->why(), HasSubstr("STOP"));
  run_until([&] { return stored("stop_file") == "there"; });
  resume();
  answered(1);
  EXPECT_TRUE(brake_->halted()) << "only its going ends what a file began";
  brake_->stop_file(false);
  EXPECT_FALSE(brake_->halted());
  run_until([&] { return stored("stop_file").empty(); });
}

}  // namespace
}  // namespace service
