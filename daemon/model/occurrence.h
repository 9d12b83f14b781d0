// One instance of a series' schedule. People's word for it is slot.
#pragma once

#include <compare>
#include <string>

#include "model/time.h"

namespace model {

struct Occurrence {
  std::string series;
  LocalDate date{};
  TimeOfDay time;

  auto operator<=>(const Occurrence&) const = default;
  std::string text() const { return series + ' ' + iso_date(date) + ' ' + hh_mm(time); }
};

// Stored; never renumber.
enum class SlotState { open = 0, filled = 1, empty = 2, skipped = 3, missed = 4 };
std::string_view name(SlotState state);

}  // namespace model
