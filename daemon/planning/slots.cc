#include "planning/slots.h"

#include <algorithm>
#include <set>
#include <utility>

namespace planning {
namespace {

using model::for_people;
using model::Instant;
using model::LocalDate;
using model::Occurrence;
using std::chrono::days;
using std::chrono::sys_days;

constexpr int kMostWeeks = 520;
constexpr int kLastYear = 9999;
constexpr std::chrono::weeks kMostLock{52};

SeriesHistory history_of(const std::string& series, const PlanInput& input) {
  const auto known = input.history.find(series);
  if (known != input.history.end()) return known->second;
  SeriesHistory fresh;
  fresh.baseline = input.now;
  return fresh;
}

// Any decision about a date holds for the whole date, so that a changed time of day gives no second slot.
std::set<LocalDate> decided_dates(const std::string& series, const PlanInput& input) {
  std::set<LocalDate> dates;
  for (const DecidedSlot& slot : input.decided) {
    if (slot.occurrence.series == series && slot.state != model::SlotState::open)
      dates.insert(slot.occurrence.date);
  }
  return dates;
}

LocalDate first_date(const SeriesPlan& plan, const SeriesHistory& history) {
  const auto local = plan.zone->to_local(std::chrono::floor<std::chrono::seconds>(history.baseline));
  // A slot that was shifted over a missing day comes up to a day after its date.
  sys_days first{std::chrono::floor<days>(local).time_since_epoch() - days{2}};
  if (history.decided_through) first = std::max(first, sys_days{*history.decided_through} + days{1});
  return LocalDate{first};
}

Decision forgo(const OpenSlot& slot, Decision::Kind kind, std::string why) {
  Decision decision;
  decision.kind = kind;
  decision.occurrence = slot.occurrence;
  decision.instant = slot.instant;
  decision.why = std::move(why);
  return decision;
}

// What the rules for missed slots say of the newest slot that is due. False: it is not to be filled.
bool judge(OpenSlot& slot, const config::Series& config, Instant now) {
  const auto late = now - slot.instant;
  slot.why = late < model::milliseconds{0} ? "on time, decided " + for_people(late) + " ahead" : "on time";
  if (late <= kOnTime) return true;
  slot.delay = for_people(late) + " late";
  slot.without_draft = Decision::Kind::missed;
  if (config.if_missed == config::IfMissed::skip) {
    slot.why = slot.delay + ", and if_missed is skip";
    return false;
  }
  if (late > config.grace) {
    slot.with_draft = Decision::Kind::fill_held;
    slot.why = slot.delay + ", past the grace of " + for_people(config.grace);
  } else if (config.if_missed == config::IfMissed::hold) {
    slot.with_draft = Decision::Kind::fill_held;
    slot.why = slot.delay + ", and if_missed is hold";
  } else {
    slot.why = slot.delay + ", within the grace of " + for_people(config.grace);
  }
  return true;
}

// Of two dates on one instant one was left out by its zone: once is enough.
bool has_twin(const std::vector<OpenSlot>& slots, std::size_t i) {
  return i + 1 < slots.size() && slots[i + 1].instant == slots[i].instant;
}

std::string why_twin(const OpenSlot& later) {
  return "its time zone left this date out; it falls together with the slot of " +
         model::iso_date(later.occurrence.date);
}

// Splits off the due slots that are not to be filled.
void judge_due(SeriesSlots& slots, const config::Series& config, Instant now) {
  std::size_t reached = 0;  // how many have had their instant; the newest of them may be made up for
  while (reached < slots.open.size() && slots.open[reached].instant <= now) ++reached;
  std::vector<OpenSlot> kept;
  for (std::size_t i = 0; i < slots.open.size(); ++i) {
    OpenSlot& slot = slots.open[i];
    if (has_twin(slots.open, i)) {
      if (slot.due) slots.forgone.push_back(forgo(slot, Decision::Kind::missed, why_twin(slots.open[i + 1])));
    } else if (slot.due && slots.paused) {
      slots.forgone.push_back(forgo(slot, Decision::Kind::empty, "series is paused"));
    } else if (i + 1 < reached) {
      slots.forgone.push_back(
          forgo(slot, Decision::Kind::missed,
                for_people(now - slot.instant) + " late, and only the newest missed slot is made up for"));
    } else if (!slot.due || judge(slot, config, now)) {
      kept.push_back(std::move(slot));
    } else {
      slots.forgone.push_back(forgo(slot, Decision::Kind::missed, slot.why));
    }
  }
  slots.open = std::move(kept);
}

}  // namespace

SeriesSlots find_slots(const std::string& series, const SeriesPlan& plan, const PlanInput& input) {
  const SeriesHistory history = history_of(series, input);
  const std::set<LocalDate> decided = decided_dates(series, input);
  const auto lock =
      std::clamp<model::milliseconds>(plan.config->lock_before, model::milliseconds{0}, kMostLock);
  const Instant until = input.now + std::chrono::weeks{std::clamp(input.weeks, 0, kMostWeeks)};
  const auto local_now = plan.zone->to_local(std::chrono::floor<std::chrono::seconds>(input.now));

  SeriesSlots slots;
  slots.key = series;
  slots.plan = &plan;
  slots.paused = history.paused;
  slots.today = LocalDate{std::chrono::floor<days>(local_now)};
  std::size_t ahead = 0;
  for (LocalDate date = first_date(plan, history);; date = LocalDate{sys_days{date} + days{1}}) {
    date = plan.schedule.on_or_after(date);
    if (static_cast<int>(date.year()) > kLastYear) break;
    OpenSlot slot;
    slot.occurrence = Occurrence{series, date, plan.schedule.time()};
    slot.instant = plan.zone->to_instant(date, plan.schedule.time().since_midnight);
    const Instant decide_at = slot.instant - lock;
    if (slot.instant <= history.baseline || decided.count(date) != 0) continue;
    slot.due = decide_at <= input.now;
    const Instant next = slot.due ? slot.instant : decide_at;
    if (next > input.now && (!slots.next_due || next < *slots.next_due)) slots.next_due = next;
    if (!slot.due && (slot.instant > until || ahead == kMostSlots)) break;
    if (!slot.due) ++ahead;
    slots.open.push_back(std::move(slot));
  }
  judge_due(slots, *plan.config, input.now);
  return slots;
}

}  // namespace planning
