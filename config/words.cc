// Durations, sizes and slips of the hand.
#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <utility>

#include "config/load.h"

namespace config {
namespace {

// A number and the letters behind it, taken off the front of `text`; false at the end or on a fault.
bool take_part(std::string_view& text, std::uint64_t& number, std::string_view& unit) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::size_t letters = 0;
  while (letters < text.size() &&
         ((text[letters] >= 'a' && text[letters] <= 'z') || (text[letters] >= 'A' && text[letters] <= 'Z'))) {
    ++letters;
  }
  unit = text.substr(0, letters);
  text.remove_prefix(letters);
  return true;
}

std::optional<std::uint64_t> milliseconds_in(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1000;
  if (unit == "m" || unit == "min") return 60'000;
  if (unit == "h") return 3'600'000;
  if (unit == "d") return 86'400'000;
  if (unit == "w") return 604'800'000;
  return std::nullopt;
}

std::optional<std::uint64_t> bytes_in(std::string_view unit) {
  if (unit.empty() || unit == "B") return 1;
  if (unit == "kB") return 1000;
  if (unit == "MB") return 1'000'000;
  if (unit == "GB") return 1'000'000'000;
  if (unit == "KiB") return 1u << 10;
  if (unit == "MiB") return 1u << 20;
  if (unit == "GiB") return 1u << 30;
  return std::nullopt;
}

// Letters added, left out or changed, and neighbours swapped.
std::size_t slips(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t other = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + other});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::uint64_t kMost = 86'400'000ull * 3660;  // ten years
  if (text.empty()) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::uint64_t number = 0;
    std::string_view unit;
    if (!take_part(text, number, unit)) return std::nullopt;
    const auto factor = milliseconds_in(unit);
    if (!factor || number > kMost / *factor) return std::nullopt;
    total += number * *factor;
    if (total > kMost) return std::nullopt;
  }
  return std::chrono::milliseconds(total);
}

std::optional<std::uintmax_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  std::string_view unit;
  if (!take_part(text, number, unit) || !text.empty()) return std::nullopt;
  const auto factor = bytes_in(unit);
  if (!factor || number > std::numeric_limits<std::uintmax_t>::max() / *factor) return std::nullopt;
  return number * *factor;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kShortWord = 5;
  std::string best;
  std::size_t best_distance = 3;
  for (const std::string& candidate : known) {
    const std::size_t distance = slips(word, candidate);
    const std::size_t allowed = candidate.size() == 1 ? 0 : candidate.size() <= kShortWord ? 1 : 2;
    if (distance <= allowed && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace config
