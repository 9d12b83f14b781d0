// The wall clock of a test: it stands still until it is moved, and outlives the house that it wakes.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <utility>

#include "runtime/wall_clock.h"

namespace support {

class ManualClock final : public runtime::WallClock {
 public:
  explicit ManualClock(model::Instant now) : now_(now.time_since_epoch().count()) {}

  model::Instant now() const override { return model::Instant(model::milliseconds(now_.load())); }
  void set_alarm(model::Instant due, std::function<void()> wake) override {
    due_ = due;
    wake_ = std::move(wake);
  }
  void cancel() override {
    due_.reset();
    wake_ = nullptr;
  }

  std::optional<model::Instant> due() const { return due_; }
  void move_to(model::Instant now) { now_ = now.time_since_epoch().count(); }
  // The alarm that was set rings; it may set another.
  void ring() {
    const auto wake = std::exchange(wake_, nullptr);
    due_.reset();
    if (wake) wake();
  }

 private:
  std::atomic<model::milliseconds::rep> now_;
  std::optional<model::Instant> due_;
  std::function<void()> wake_;
};

}  // namespace support
