#include "planning/planner.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "planning/arrangement.h"

namespace planning {
namespace {

Slot shown(const OpenSlot& open, const SeriesSlots& series) {
  Slot slot;
  slot.occurrence = open.occurrence;
  slot.instant = open.instant;
  slot.local = rfc3339_in(*series.plan->zone, open.instant);
  slot.channels = series.plan->config->channels;
  if (open.draft != nullptr) {
    slot.draft = open.draft->id;
    slot.title = open.draft->head.title;
    slot.path = open.draft->path;
    if (!open.draft->head.channels.empty()) slot.channels = open.draft->head.channels;
  }
  if (!open.delay.empty()) slot.obstacles.push_back(open.why);
  if (series.paused) {
    slot.obstacles.emplace_back("series is paused");
  } else if (open.draft == nullptr) {
    slot.obstacles.emplace_back("no draft is ready");
  }
  return slot;
}

std::string obstacle_of(const DecidedSlot& decided) {
  if (decided.state != model::SlotState::filled) return "";
  switch (decided.post_state) {
    case model::PostState::held:
      return "the post is on hold";
    case model::PostState::partial:
      return "the post failed on some channels";
    case model::PostState::failed:
      return "the post failed";
    case model::PostState::cancelled:
      return "the post was cancelled";
    case model::PostState::planned:
    case model::PostState::publishing:
    case model::PostState::published:
      return "";
  }
  return "";
}

void show_decided(const PlanInput& input, const DecidedSlot& decided, const SeriesSlots& series,
                  std::vector<Slot>& slots) {
  const SeriesPlan& plan = *series.plan;
  if (decided.state == model::SlotState::open || decided.occurrence.date < series.today) return;
  Slot slot;
  slot.occurrence = decided.occurrence;
  slot.instant = plan.zone->to_instant(decided.occurrence.date, decided.occurrence.time.since_midnight);
  if (slot.instant > input.now + std::chrono::weeks{input.weeks}) return;
  slot.local = rfc3339_in(*plan.zone, slot.instant);
  slot.state = decided.state;
  slot.post = decided.post;
  slot.title = decided.title;
  slot.out = decided.state == model::SlotState::filled && decided.post_state == model::PostState::published;
  if (!decided.post) slot.channels = plan.config->channels;
  if (auto obstacle = obstacle_of(decided); !obstacle.empty()) slot.obstacles.push_back(std::move(obstacle));
  for (const model::Delivery& delivery : decided.deliveries) {
    slot.channels.push_back(delivery.channel);
    if (!model::stands_in_the_way(delivery.state)) continue;
    slot.obstacles.push_back(delivery.channel + ' ' +
                             std::string(model::face(delivery.state, delivery.mail)) +
                             (delivery.reply.empty() ? "" : ": " + delivery.reply));
  }
  slots.push_back(std::move(slot));
}

Decision decide(const OpenSlot& slot) {
  Decision decision;
  decision.occurrence = slot.occurrence;
  decision.instant = slot.instant;
  if (slot.draft != nullptr) {
    decision.kind = slot.with_draft;
    decision.draft = slot.draft->id;
    decision.why = slot.why;
  } else {
    decision.kind = slot.without_draft;
    decision.why = slot.delay.empty() ? "no draft is ready" : slot.delay + ", and no draft is ready";
  }
  return decision;
}

template <typename T>
void sort_by_time(std::vector<T>& slots) {
  std::sort(slots.begin(), slots.end(), [](const T& a, const T& b) {
    return std::tie(a.instant, a.occurrence) < std::tie(b.instant, b.occurrence);
  });
}

}  // namespace

Timeline plan(const PlanInput& input) {
  Arrangement all = arrange(input, Purpose::plan);
  Timeline timeline;
  timeline.at = input.now;
  std::map<std::string_view, const SeriesSlots*> by_key;
  for (const SeriesSlots& series : all.series) {
    by_key.emplace(series.key, &series);
    for (const OpenSlot& open : series.open) timeline.slots.push_back(shown(open, series));
    if (series.next_due && (!timeline.next_due || *series.next_due < *timeline.next_due)) {
      timeline.next_due = series.next_due;
    }
  }
  for (const DecidedSlot& decided : input.decided) {
    const auto series = by_key.find(decided.occurrence.series);
    if (series != by_key.end()) show_decided(input, decided, *series->second, timeline.slots);
  }
  sort_by_time(timeline.slots);

  timeline.unplanned.reserve(all.refused.size());
  for (Refused& refused : all.refused) {
    const model::Draft& draft = *refused.draft;
    if (refused.problem) timeline.problems.emplace(draft.id, std::move(*refused.problem));
    timeline.unplanned.push_back({draft.id, draft.path, draft.head.title, std::move(refused.why)});
  }
  return timeline;
}

std::pair<model::LocalDate, model::LocalDate> first_open_date(const std::string& series,
                                                              const SeriesPlan& plan,
                                                              const PlanInput& input) {
  const SeriesSlots slots = find_slots(series, plan, input);
  return {slots.today, slots.open.empty() ? slots.today : slots.open.front().occurrence.date};
}

std::vector<Decision> due(const PlanInput& input) {
  const Arrangement all = arrange(input, Purpose::due);
  std::vector<Decision> decisions;
  for (const SeriesSlots& series : all.series) {
    decisions.insert(decisions.end(), series.forgone.begin(), series.forgone.end());
    for (const OpenSlot& slot : series.open) {
      if (slot.due) decisions.push_back(decide(slot));
    }
  }
  sort_by_time(decisions);
  return decisions;
}

}  // namespace planning
