// A ticker whose time stands still until a test moves it.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "runtime/ticker.h"

namespace support {

struct SteadyTime {
  runtime::Tick now{std::chrono::seconds(1000)};
  std::optional<runtime::Tick> due;
  std::function<void()> ring;

  // Rings as often as it is due on the way.
  void pass(runtime::Tick::duration time) {
    const runtime::Tick end = now + time;
    while (due && *due <= end) {
      now = *std::exchange(due, std::nullopt);
      std::exchange(ring, nullptr)();
    }
    now = end;
  }
};

class ManualTicker final : public runtime::Ticker {
 public:
  explicit ManualTicker(SteadyTime& time) : time_(time) {}
  runtime::Tick now() const override { return time_.now; }
  void set(runtime::Tick due, std::function<void()> ring) override {
    time_.due = due;
    time_.ring = std::move(ring);
  }
  void cancel() override { time_.due.reset(); }

 private:
  SteadyTime& time_;
};

}  // namespace support
