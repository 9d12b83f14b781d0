#include "publishers/email/smtp_rate.h"

#include <algorithm>
#include <charconv>

namespace publishers::smtp {
namespace {

constexpr std::chrono::nanoseconds kAhead = std::chrono::milliseconds(100);
constexpr std::int64_t kMostCount = 1'000'000;

}  // namespace

std::optional<Rate> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Rate rate;
  const auto [end, error] = std::from_chars(text.data(), text.data() + slash, rate.count);
  if (error != std::errc() || end != text.data() + slash) return std::nullopt;
  if (rate.count < 1 || rate.count > kMostCount) return std::nullopt;
  const std::string_view unit = text.substr(slash + 1);
  if (unit == "s") return rate;
  rate.per = std::chrono::minutes(1);
  if (unit == "min") return rate;
  rate.per = std::chrono::hours(1);
  if (unit == "h") return rate;
  return std::nullopt;
}

TokenBucket::TokenBucket(std::optional<Rate> rate) {
  if (!rate) return;
  interval_ = std::chrono::nanoseconds(rate->per) / rate->count;
  ahead_ = std::max(std::chrono::nanoseconds(0), kAhead - interval_);
}

SteadyTime TokenBucket::ready_at(SteadyTime now) const {
  if (interval_.count() == 0) return now;
  // Compared so that an unused bucket, full since the beginning of time, does not overflow.
  return full_at_ <= now ? now : full_at_ - ahead_;
}

bool TokenBucket::take(SteadyTime now) {
  if (ready_at(now) > now) return false;
  full_at_ = std::max(full_at_, now) + interval_;
  return true;
}

}  // namespace publishers::smtp
