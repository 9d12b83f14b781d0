// All series with their slots and the drafts in them: what both plan() and due() read off.
#pragma once

#include <vector>

#include "planning/queue.h"

namespace planning {

struct Arrangement {
  std::vector<SeriesSlots> series;
  std::vector<Refused> refused;
};

// For due() only the series that have a slot to decide get their drafts, and nobody is told who gets none.
enum class Purpose { plan, due };

// With at most kMostSlots slots, decided ones counted, of those ahead the earliest.
Arrangement arrange(const PlanInput& input, Purpose purpose);

}  // namespace planning
