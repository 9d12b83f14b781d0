// Instants, local dates and their texts. A slot is a local date and time, never an instant: the instant
// is computed afresh from the zone's rules whenever it is needed.
#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace model {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using LocalDate = std::chrono::year_month_day;
using std::chrono::milliseconds;

// Local wall time, in minutes since midnight.
struct TimeOfDay {
  std::chrono::minutes since_midnight{0};
  auto operator<=>(const TimeOfDay&) const = default;
};

std::string rfc3339(Instant instant);  // "2026-11-27T13:00:00Z", whole seconds
std::string rfc3339(Instant instant, std::chrono::seconds utc_offset);  // "2026-11-27T08:00:00-05:00"
std::optional<Instant> parse_rfc3339(std::string_view text);  // any offset, fractions to milliseconds
std::string iso_date(LocalDate date);                         // "2026-11-27"
std::optional<LocalDate> parse_date(std::string_view text);   // YYYY-MM-DD, a real date
std::string hh_mm(TimeOfDay time);                            // "08:00"
std::optional<TimeOfDay> parse_hh_mm(std::string_view text);  // H:MM or HH:MM, up to 23:59
std::string for_people(milliseconds span);                    // "2 h 5 min", "45 s", "3 days"

// The wall clock. now() may jump either way between two calls.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

}  // namespace model
