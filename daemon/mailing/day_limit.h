// How much of a channel's daily share is left; counted in the store, so that a restart forgets nothing.
#pragma once

#include <cstdint>
#include <string>

#include "store/store.h"

namespace mailing {

struct DayLimit {
  std::int64_t left = 0;
  model::Instant next_day{};  // days are UTC's
};

DayLimit day_limit(store::Store& store, const std::string& channel, std::int64_t per_day, model::Instant now);

}  // namespace mailing
