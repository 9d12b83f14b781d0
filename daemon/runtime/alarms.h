// Many alarms over the one wall clock. House thread only.
#pragma once

#include <functional>
#include <list>

#include "runtime/wall_clock.h"

namespace runtime {

class Alarms {
 public:
  // One owner's alarm: rings when its instant is reached, when the clock was set, or early; the owner
  // compares with now() and sets it again.
  class Alarm {
   public:
    Alarm(Alarms& alarms, std::function<void()> ring);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    void set(model::Instant due);
    void clear();

   private:
    friend class Alarms;
    Alarms& alarms_;
    std::function<void()> ring_;
    model::Instant due_ = model::Instant::max();
    std::list<Alarm*>::iterator place_;
  };

  explicit Alarms(WallClock& clock) : clock_(clock) {}
  model::Instant now() const { return clock_.now(); }
  // Nothing rings any more.
  void stop() { clock_.cancel(); }

 private:
  void arm();
  void wake();

  WallClock& clock_;
  std::list<Alarm*> all_;
  model::Instant armed_ = model::Instant::max();
  model::Instant last_seen_ = model::Instant::min();
};

}  // namespace runtime
