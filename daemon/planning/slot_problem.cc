#include "planning/slot_problem.h"

#include <algorithm>

namespace planning {
namespace {

using model::iso_date;
using model::LocalDate;
using std::chrono::days;
using std::chrono::sys_days;

class Slots {
 public:
  Slots(const SeriesSlots& slots, const std::vector<DecidedSlot>& decided, model::Instant now)
      : slots_(slots), decided_(decided), now_(now) {}

  const std::string& series() const { return slots_.key; }
  std::string schedule() const { return slots_.plan->schedule.text(); }
  bool matches(LocalDate date) const { return slots_.plan->schedule.matches(date); }

  const OpenSlot* open(LocalDate date) const {
    const auto found =
        std::lower_bound(slots_.open.begin(), slots_.open.end(), date,
                         [](const OpenSlot& slot, LocalDate d) { return slot.occurrence.date < d; });
    return found != slots_.open.end() && found->occurrence.date == date ? &*found : nullptr;
  }

  const DecidedSlot* decided(LocalDate date) const {
    const auto found = std::find_if(decided_.begin(), decided_.end(), [&](const DecidedSlot& slot) {
      return slot.occurrence.series == series() && slot.occurrence.date == date &&
             slot.state != model::SlotState::open;
    });
    return found == decided_.end() ? nullptr : &*found;
  }

  bool passed(LocalDate date) const {
    const auto& [config, zone, schedule] = *slots_.plan;
    return date < slots_.today || zone->to_instant(date, schedule.time().since_midnight) <= now_;
  }

  // That a draft could still name.
  bool on_offer(LocalDate date) const {
    if (!matches(date) || decided(date) || passed(date)) return false;
    const OpenSlot* slot = open(date);
    return slot == nullptr || slot->draft == nullptr;
  }

 private:
  const SeriesSlots& slots_;
  const std::vector<DecidedSlot>& decided_;
  model::Instant now_;
};

// The slots on offer nearest to a date, one on each side where there is one.
std::vector<LocalDate> nearest_two(const Slots& slots, LocalDate date, LocalDate today) {
  constexpr days kReach{366};
  std::vector<LocalDate> found;
  const sys_days middle{date};
  const sys_days begin = std::max(sys_days{today}, middle - kReach);
  for (sys_days day = middle - days{1}; day >= begin && found.empty(); day -= days{1}) {
    if (slots.on_offer(LocalDate{day})) found.emplace_back(day);
  }
  const sys_days after = std::max(middle + days{1}, sys_days{today});
  for (sys_days day = after; day <= after + kReach && found.size() < 2; day += days{1}) {
    if (slots.on_offer(LocalDate{day})) found.emplace_back(day);
  }
  return found;
}

std::string fault_of(const Slots& slots, LocalDate date) {
  const std::string slot = "slot " + iso_date(date);
  if (const OpenSlot* open = slots.open(date)) {
    return open->draft == nullptr ? ""
                                  : slot + " is taken by " + open->draft->path + ", which was ready first";
  }
  if (const DecidedSlot* decided = slots.decided(date)) {
    if (decided->state == model::SlotState::skipped) return slot + " is skipped";
    if (decided->state == model::SlotState::filled) return slot + " is filled already";
  }
  if (slots.passed(date)) return slot + " has passed";
  if (!slots.matches(date))
    return slot + " is no slot of " + slots.series() + ", which comes out " + slots.schedule();
  return "";
}

}  // namespace

std::optional<model::Problem> slot_problem(LocalDate date, const SeriesSlots& series,
                                           const std::vector<DecidedSlot>& decided, model::Instant now) {
  const Slots slots(series, decided, now);
  model::Problem problem;
  problem.what = fault_of(slots, date);
  if (problem.what.empty()) return std::nullopt;
  for (const LocalDate other : nearest_two(slots, date, series.today)) {
    problem.todo += (problem.todo.empty() ? "write " : " or ") + iso_date(other);
  }
  problem.todo += problem.todo.empty() ? "take the line out" : ", or take the line out";
  return problem;
}

}  // namespace planning
