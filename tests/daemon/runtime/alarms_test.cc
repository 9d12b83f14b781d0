#include "runtime/alarms.h"

#include <gtest/gtest.h>

#include <vector>

namespace runtime {
namespace {

using namespace std::chrono_literals;

// A clock that is set by hand and wakes like the real one: when its alarm is due, or when it was set.
class ManualClock final : public WallClock {
 public:
  model::Instant now() const override { return now_; }
  void set_alarm(model::Instant due, std::function<void()> wake) override {
    due_ = due;
    wake_ = std::move(wake);
  }
  void cancel() override { wake_ = nullptr; }
  void pass(model::milliseconds span) {
    now_ += span;
    if (now_ >= due_) wake();
  }
  void set(model::Instant now) {
    now_ = now;
    wake();
  }
  void wake() {
    const auto call = wake_;
    if (call) call();
  }
  model::Instant due() const { return due_; }

 private:
  model::Instant now_ = *model::parse_rfc3339("2026-11-27T12:00:00Z");
  model::Instant due_ = model::Instant::max();
  std::function<void()> wake_;
};

TEST(Alarms, RingsAtItsInstantAndNotBefore) {
  ManualClock clock;
  Alarms alarms(clock);
  int rung = 0;
  Alarms::Alarm alarm(alarms, [&] { ++rung; });
  alarm.set(clock.now() + 10min);
  clock.pass(9min);
  EXPECT_EQ(rung, 0);
  clock.pass(1min);
  EXPECT_EQ(rung, 1);
  clock.pass(2h);
  EXPECT_EQ(rung, 1);
}

TEST(Alarms, TheClockIsArmedForTheEarliestAndAnHourAtTheMost) {
  ManualClock clock;
  Alarms alarms(clock);
  Alarms::Alarm late(alarms, [] {});
  Alarms::Alarm early(alarms, [] {});
  late.set(clock.now() + 48h);
  EXPECT_EQ(clock.due(), clock.now() + 1h);
  early.set(clock.now() + 5min);
  EXPECT_EQ(clock.due(), clock.now() + 5min);
}

TEST(Alarms, AClockThatWasSetRingsEverybody) {
  ManualClock clock;
  Alarms alarms(clock);
  int rung = 0;
  Alarms::Alarm first(alarms, [&] { ++rung; });
  Alarms::Alarm second(alarms, [&] { ++rung; });
  first.set(clock.now() + 48h);
  second.set(clock.now() + 72h);
  clock.set(clock.now() - 30min);
  EXPECT_EQ(rung, 2);
}

TEST(Alarms, AnAlarmMaySetItselfAgainWhenItRings) {
  ManualClock clock;
  Alarms alarms(clock);
  std::vector<model::Instant> rung;
  Alarms::Alarm* self = nullptr;
  Alarms::Alarm alarm(alarms, [&] {
    rung.push_back(clock.now());
    self->set(clock.now() + 10min);
  });
  self = &alarm;
  alarm.set(clock.now() + 10min);
  clock.pass(10min);
  clock.pass(10min);
  EXPECT_EQ(rung.size(), 2u);
}

TEST(Alarms, AnAlarmThatIsGoneDoesNotRing) {
  ManualClock clock;
  Alarms alarms(clock);
  int rung = 0;
  {
    Alarms::Alarm alarm(alarms, [&] { ++rung; });
    alarm.set(clock.now() + 1min);
  }
  clock.pass(2min);
  EXPECT_EQ(rung, 0);
}

}  // namespace
}  // namespace runtime
