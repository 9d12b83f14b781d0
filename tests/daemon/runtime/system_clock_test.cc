// The real clock's alarm, in real time: what is tested here is the kernel's timer itself.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "runtime/wall_clock.h"

namespace runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What the kernel says of this process's timers on CLOCK_REALTIME.
std::vector<std::string> realtime_timers() {
  std::vector<std::string> timers;
  for (const auto& entry : fs::directory_iterator("/proc/self/fdinfo")) {
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    if (text.str().find("clockid: 0\n") != std::string::npos) timers.push_back(text.str());
  }
  return timers;
}

class SystemClock : public testing::Test {
 protected:
  // Until nothing is waited for any more, or the test has waited in vain.
  void run() { loop_.run_for(10s); }
  void alarm_at(model::Instant due, const std::string& name) {
    clock_->set_alarm(due, [this, name] {
      rung_.push_back(name);
      at_ = clock_->now();
      clock_->cancel();
    });
  }

  boost::asio::io_context loop_;
  std::unique_ptr<WallClock> clock_ = make_system_clock(loop_.get_executor());
  std::vector<std::string> rung_;
  model::Instant at_{};
};

TEST_F(SystemClock, RingsAtItsInstantAndNotBefore) {
  const auto due = clock_->now() + 50ms;
  alarm_at(due, "a");
  run();
  EXPECT_THAT(rung_, ElementsAre("a"));
  EXPECT_GE(at_, due);
}

TEST_F(SystemClock, AnInstantThatHasPassedRingsAtOnce) {
  alarm_at(clock_->now() - 24h, "yesterday");
  run();
  EXPECT_THAT(rung_, ElementsAre("yesterday"));
  alarm_at(model::Instant{}, "1970");
  loop_.restart();
  run();
  EXPECT_THAT(rung_, ElementsAre("yesterday", "1970"));
}

TEST_F(SystemClock, AnAlarmReplacesTheOneBefore) {
  alarm_at(clock_->now() + 20ms, "first");
  alarm_at(clock_->now() + 60ms, "second");
  run();
  EXPECT_THAT(rung_, ElementsAre("second"));
}

TEST_F(SystemClock, WhoIsWokenMaySetTheNextAlarm) {
  clock_->set_alarm(clock_->now() + 20ms, [this] {
    rung_.emplace_back("first");
    alarm_at(clock_->now() + 20ms, "second");
  });
  run();
  EXPECT_THAT(rung_, ElementsAre("first", "second"));
}

TEST_F(SystemClock, CancelledItRingsNotAndHoldsUpNobody) {
  alarm_at(clock_->now() + 20ms, "a");
  clock_->cancel();
  run();
  EXPECT_TRUE(loop_.stopped());
  EXPECT_THAT(rung_, IsEmpty());
}

TEST_F(SystemClock, SetAnewRightAfterItWasCancelledItRings) {
  alarm_at(clock_->now() + 1h, "a");
  clock_->cancel();
  alarm_at(clock_->now() + 20ms, "b");
  run();
  EXPECT_THAT(rung_, ElementsAre("b"));
}

TEST_F(SystemClock, WhatItWaitedForEndsWithIt) {
  alarm_at(clock_->now() - 1h, "a");
  clock_.reset();
  run();
  EXPECT_TRUE(loop_.stopped());
  EXPECT_THAT(rung_, IsEmpty());
}

// The kernel ends the wait when somebody sets the clock, and it is looked at every hour in any case.
TEST_F(SystemClock, IsOneAbsoluteTimerThatASetClockCancels) {
  alarm_at(clock_->now() + 24h * 365, "a");
  const auto timers = realtime_timers();
  ASSERT_EQ(timers.size(), 1u);
  EXPECT_THAT(timers[0], HasSubstr("settime flags: 03\n"));  // TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
  long left = 0;
  std::istringstream(timers[0].substr(timers[0].find("it_value: (") + 11)) >> left;
  EXPECT_GT(left, 3590);
  EXPECT_LE(left, 3600);
}

}  // namespace
}  // namespace runtime
