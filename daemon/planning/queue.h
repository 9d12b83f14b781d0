// Gives the drafts of one series their slots, in the order that planner.h tells.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "planning/slots.h"

namespace planning {

struct Refused {
  const model::Draft* draft = nullptr;
  std::string why;
  std::unique_ptr<model::Problem> problem;  // mostly none
};

// Sets OpenSlot::draft. Returns the drafts that got none, in the order of the queue; `drafts` are ready ones
// of this series, in any order. `decided` are the decided slots of all series.
std::vector<Refused> assign(SeriesSlots& slots, const std::vector<const model::Draft*>& drafts,
                            const std::vector<DecidedSlot>& decided, model::Instant now);

}  // namespace planning
