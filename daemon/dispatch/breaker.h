// Keeps a channel from being tried while its far end is away, so that its items pay nothing: pure but for
// its own small state.
#pragma once

#include "model/time.h"
#include "publishers/receipt.h"

namespace dispatch {

class Breaker {
 public:
  // Five connection faults in a row open it for a minute, each further one for twice as long, at most a
  // quarter of an hour; a single try is let through then. Refused credentials or certificate open it
  // until reset(). Our own disk's faults say nothing about the far end.
  void record(const publishers::Receipt& receipt, model::Instant now);
  void reset() { *this = Breaker(); }

  bool lets_through(model::Instant now) const { return now >= open_until_; }
  model::Instant open_until() const { return open_until_; }
  bool needs_person() const { return open_until_ == model::Instant::max(); }

 private:
  int in_a_row_ = 0;
  model::milliseconds pause_ = std::chrono::minutes(1);
  model::Instant open_until_ = model::Instant::min();
};

}  // namespace dispatch
