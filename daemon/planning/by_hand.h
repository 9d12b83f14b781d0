// What a publish by hand changes of the plan: the plan before and after it, compared. Pure.
#pragma once

#include <optional>
#include <string>

#include "planning/planner.h"

namespace planning {

struct Displaced {
  model::DraftId draft;
  std::string title;
  std::optional<Slot> to;  // the slot that it is planned for afterwards
  std::string why;         // where it gets none
};

struct Aftermath {
  std::optional<Slot> vacated;         // the slot that loses the draft, as it is planned afterwards
  std::optional<Displaced> displaced;  // the draft that loses the slot which is taken
};

// `taken`: the slot that the post takes, if any.
Aftermath after_publishing(const PlanInput& input, model::DraftId draft,
                           const std::optional<model::Occurrence>& taken);

}  // namespace planning
