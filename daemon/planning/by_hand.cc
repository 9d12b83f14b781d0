#include "planning/by_hand.h"

#include <algorithm>
#include <utility>

namespace planning {
namespace {

// Far enough that whoever loses a slot ahead is seen in the next one.
int weeks_to_look(const PlanInput& input, const std::optional<model::Occurrence>& taken) {
  if (!taken) return input.weeks;
  const auto ahead = std::chrono::sys_days{taken->date} - std::chrono::floor<std::chrono::days>(input.now);
  const auto weeks = static_cast<int>(std::chrono::ceil<std::chrono::weeks>(ahead).count());
  return std::max(input.weeks, weeks + kHorizonWeeks);
}

PlanInput once_published(PlanInput input, model::DraftId draft,
                         const std::optional<model::Occurrence>& taken) {
  std::erase_if(input.drafts, [&](const model::Draft& each) { return each.id == draft; });
  if (taken) {
    DecidedSlot decided;
    decided.occurrence = *taken;
    decided.state = model::SlotState::filled;
    input.decided.push_back(std::move(decided));
  }
  return input;
}

const Slot* slot_of(const Timeline& timeline, model::DraftId draft) {
  const auto found = std::find_if(timeline.slots.begin(), timeline.slots.end(),
                                  [&](const Slot& slot) { return slot.draft == draft; });
  return found == timeline.slots.end() ? nullptr : &*found;
}

const Slot* slot_at(const Timeline& timeline, const model::Occurrence& occurrence) {
  const auto found = std::find_if(timeline.slots.begin(), timeline.slots.end(),
                                  [&](const Slot& slot) { return slot.occurrence == occurrence; });
  return found == timeline.slots.end() ? nullptr : &*found;
}

std::string why_unplanned(const Timeline& timeline, model::DraftId draft) {
  const auto found = std::find_if(timeline.unplanned.begin(), timeline.unplanned.end(),
                                  [&](const Unplanned& each) { return each.draft == draft; });
  return found == timeline.unplanned.end() ? "" : found->why;
}

Displaced displaced(const Slot& before, const Timeline& after) {
  Displaced draft{before.draft, before.title, std::nullopt, ""};
  if (const Slot* const to = slot_of(after, before.draft)) {
    draft.to = *to;
  } else {
    draft.why = why_unplanned(after, before.draft);
  }
  return draft;
}

}  // namespace

Aftermath after_publishing(const PlanInput& input, model::DraftId draft,
                           const std::optional<model::Occurrence>& taken) {
  PlanInput looked_at = input;
  looked_at.weeks = weeks_to_look(input, taken);
  const Timeline before = plan(looked_at);
  const Timeline after = plan(once_published(std::move(looked_at), draft, taken));

  Aftermath aftermath;
  const Slot* const own = slot_of(before, draft);
  if (own != nullptr && own->occurrence != taken) {
    if (const Slot* const then = slot_at(after, own->occurrence)) aftermath.vacated = *then;
  }
  const Slot* const target = taken ? slot_at(before, *taken) : nullptr;
  if (target != nullptr && target->draft && target->draft != draft) {
    aftermath.displaced = displaced(*target, after);
  }
  return aftermath;
}

}  // namespace planning
