// A schedule: local wall time on days of the week, in a zone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/time.h"
#include "planning/time_zone.h"

namespace planning {

class Schedule {
 public:
  // "Fri 08:00", "Mon,Wed,Fri 07:30": English days of three letters or whole, any case. On a fault
  // returns nothing and says in `why` what was wrong and what to write.
  static std::optional<Schedule> parse(std::string_view text, std::string& why);

  model::TimeOfDay time() const { return time_; }
  bool matches(model::LocalDate date) const;
  // The first matching date on or after `date`.
  model::LocalDate on_or_after(model::LocalDate date) const;
  std::string text() const;  // in its usual form, "Fri 08:00"

 private:
  unsigned weekdays_ = 0;  // bit 0: Sunday
  model::TimeOfDay time_;
};

// The next `count` instants strictly after `after`, in order; two dates on one instant (a zone that left
// a day out) give one. `starts`: no occurrence before that date.
std::vector<std::chrono::sys_seconds> next_instants(const Schedule& schedule, const TimeZone& zone,
                                                    model::Instant after, std::size_t count,
                                                    std::optional<model::LocalDate> starts = std::nullopt);

}  // namespace planning
