// When to try again: pure, its numbers pinned in tests.
#pragma once

#include <optional>

#include "model/delivery.h"
#include "publishers/receipt.h"

namespace dispatch {

struct NextStep {
  model::DeliveryState state = model::DeliveryState::deferred;
  std::optional<model::milliseconds> wait;  // none: a person has to look
  bool charge_attempt = true;
};

// After attempt number `attempts` (from 1) of a post's delivery ended in `receipt`. Posts: 5 s, 15 s,
// 1 min, 5 min, 15 min, 1 h, then hourly; held after 24 h of trying. The far end's own wish is kept to,
// up to a day. Nobody there: not charged. Refused credentials or certificate: held at once.
NextStep next_step(const publishers::Receipt& receipt, int attempts);

inline constexpr int kMostPostAttempts = 30;  // 6 short waits and 24 hours

}  // namespace dispatch
