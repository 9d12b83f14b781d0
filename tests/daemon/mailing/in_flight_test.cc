// How arms gather before a commit. That a commit comes before the dot is mailing_test's.
#include "mailing/in_flight.h"

#include <gmock/gmock.h>

#include "support/house.h"
#include "support/temp_folder.h"

namespace mailing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

class InFlightTest : public testing::Test {
 protected:
  void open(InFlight::Gather gather) {
    InFlight::Hooks hooks;
    hooks.left = [this](const std::vector<std::uint64_t>& tokens) {
      groups_.push_back(tokens.size());
      return std::vector<std::uint64_t>();
    };
    hooks.settled = [](std::size_t) {};
    hooks.failed = [this](const store::StoreError&) { ++failed_; };
    gate_ = std::make_unique<InFlight>(house_.executor(), house_.store(), house_.alarms(),
                                       model::DeliveryId{1}, 1, gather, std::move(hooks));
  }
  void arm(std::uint64_t token) {
    gate_->arm(token, [this](bool) { ++answered_; });
  }

  support::TempFolder folder_;
  support::ManualClock clock_{model::Instant{}};
  support::House house_{clock_, folder_ / "fridayd.db"};
  std::unique_ptr<InFlight> gate_;
  std::vector<std::size_t> groups_;
  int answered_ = 0;
  int failed_ = 0;  // there is no such delivery
};

TEST_F(InFlightTest, GoesAtOnceWhenEveryConnectionWaits) {
  open({2, 1h});
  arm(1);
  house_.settle();
  EXPECT_THAT(groups_, IsEmpty());
  arm(2);
  house_.settle();
  EXPECT_THAT(groups_, ElementsAre(2));
  EXPECT_EQ(answered_, 2);
}

TEST_F(InFlightTest, GoesWithoutTheOthersAfterAWhile) {
  open({2, std::chrono::microseconds(1)});
  arm(1);
  house_.run_until([&] { return answered_ == 1; });
  EXPECT_THAT(groups_, ElementsAre(1));
}

TEST_F(InFlightTest, CallsNobodyOnceItIsGone) {
  open({2, 1h});
  arm(1);
  gate_.reset();
  house_.settle();
  EXPECT_THAT(groups_, IsEmpty());
  EXPECT_EQ(answered_, 0);
}

}  // namespace
}  // namespace mailing
