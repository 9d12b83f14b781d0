// How fast messages may leave: an even pace, at most a tenth of a second ahead of it. Pure: the caller
// brings the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace publishers::smtp {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Rate {
  std::int64_t count = 0;  // from 1
  std::chrono::seconds per{1};
  bool operator==(const Rate&) const = default;
};

// "5/s", "60/min", "1000/h"; nothing for anything else.
std::optional<Rate> parse_rate(std::string_view text);

// A token bucket, kept as the moment at which it is full again.
class TokenBucket {
 public:
  // Without a rate it never runs dry.
  explicit TokenBucket(std::optional<Rate> rate);

  // Takes a token if there is one.
  bool take(SteadyTime now);
  // When there is a token; not later than `now` if there is one already.
  SteadyTime ready_at(SteadyTime now) const;

 private:
  std::chrono::nanoseconds interval_{0};
  std::chrono::nanoseconds ahead_{0};
  SteadyTime full_at_{};
};

}  // namespace publishers::smtp
