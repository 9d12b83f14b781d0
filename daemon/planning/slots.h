// The undecided slots of one series: those ahead, the late one that may still be filled, and the due ones
// for which no draft is wanted any more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planning/planner.h"

namespace planning {

struct OpenSlot {
  model::Occurrence occurrence;
  model::Instant instant{};
  bool due = false;
  Decision::Kind with_draft = Decision::Kind::fill;      // or fill_held
  Decision::Kind without_draft = Decision::Kind::empty;  // or missed
  std::string why;                                       // of the decision with a draft
  std::string delay;                                     // "12 min late", or empty
  const model::Draft* draft = nullptr;
};

struct SeriesSlots {
  std::string key;
  const SeriesPlan* plan = nullptr;
  bool paused = false;
  model::LocalDate today{};       // in the series' zone
  std::vector<OpenSlot> open;     // by date
  std::vector<Decision> forgone;  // due, and not to be filled; oldest first
  std::optional<model::Instant> next_due;
};

SeriesSlots find_slots(const std::string& series, const SeriesPlan& plan, const PlanInput& input);

}  // namespace planning
