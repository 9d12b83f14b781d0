// The rule at the end of a TZif file, "EST5EDT,M3.2.0,M11.1.0": POSIX TZ with the extensions of RFC 8536
// (hours of change from -167 to 167, quoted names, daylight time that lies behind standard time).
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace planning {

class PosixRule {
 public:
  // Nothing for a text that is no rule; never reads past it.
  static std::optional<PosixRule> parse(std::string_view text);

  std::chrono::seconds offset_at(std::chrono::sys_seconds instant) const;
  // Appends the changes in (after, until], in no order.
  void add_changes(std::chrono::sys_seconds after, std::chrono::sys_seconds until,
                   std::vector<std::chrono::sys_seconds>& changes) const;

  // A day of the year and a wall time on it, which may lie days before or after.
  struct Moment {
    enum class Kind { julian, day_of_year, month_week_day };
    Kind kind = Kind::day_of_year;
    unsigned day = 0;  // of the year: from 1 without 29 February (julian), from 0 with it; or of the week
    unsigned week = 0;
    unsigned month = 0;
    std::chrono::seconds time = std::chrono::hours(2);
    std::chrono::local_seconds in(std::chrono::year year) const;
  };

 private:
  struct Daylight {
    std::chrono::seconds offset{0};
    Moment start;
    Moment end;
  };
  // Start and end of daylight time.
  std::array<std::chrono::sys_seconds, 2> changes_in(std::chrono::year year, const Daylight& daylight) const;

  std::chrono::seconds standard_{0};
  std::optional<Daylight> daylight_;
};

}  // namespace planning
