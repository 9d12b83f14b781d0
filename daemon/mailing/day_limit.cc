#include "mailing/day_limit.h"

#include <algorithm>

namespace mailing {

DayLimit day_limit(store::Store& store, const std::string& channel, std::int64_t per_day,
                   model::Instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  return {std::max<std::int64_t>(0, per_day - store.accepted_since(channel, today)),
          today + std::chrono::days(1)};
}

}  // namespace mailing
