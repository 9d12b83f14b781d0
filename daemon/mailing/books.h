// What the ledger says of a mailing, and what its delivery comes to: pure.
#pragma once

#include <optional>
#include <string>

#include "model/delivery.h"
#include "model/time.h"

namespace mailing {

// "3 of 5 accepted, 1 failed, 1 may have arrived; 2 rows left out"
std::string books(const model::MessageCounts& counts);

struct Standing {
  model::MessageCounts counts;                 // none claimed or armed
  std::optional<model::Instant> next_message;  // when the first deferred one is due
  std::optional<model::Instant> next_day;      // set when the day's share of the channel is used up
};

struct Ending {
  model::DeliveryState state = model::DeliveryState::confirmed;
  std::optional<model::Instant> next_at;  // deferred: always there
};

// Deferred while any message is left to send, then uncertain while one is in doubt; rejected if all failed.
Ending ending(const Standing& standing, model::Instant now);

}  // namespace mailing
