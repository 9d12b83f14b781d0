// Why a draft can't have the slot that it names, and which ones it may name instead. Asked once all drafts
// that can have theirs do.
#pragma once

#include <optional>
#include <vector>

#include "planning/slots.h"

namespace planning {

// Without the file; nothing for a slot that is merely further ahead than the plan goes.
std::optional<model::Problem> slot_problem(model::LocalDate date, const SeriesSlots& slots,
                                           const std::vector<DecidedSlot>& decided, model::Instant now);

}  // namespace planning
