#include "planning/arrangement.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace planning {
namespace {

using Drafts = std::vector<const model::Draft*>;

// How many slots a timeline shows whatever becomes of the others.
std::size_t settled_count(const std::vector<SeriesSlots>& all, const PlanInput& input) {
  std::unordered_map<std::string_view, model::LocalDate> today;
  std::size_t count = 0;
  for (const SeriesSlots& series : all) {
    today.emplace(series.key, series.today);
    count += static_cast<std::size_t>(
        std::count_if(series.open.begin(), series.open.end(), [](const OpenSlot& slot) { return slot.due; }));
  }
  for (const DecidedSlot& slot : input.decided) {
    const auto series = today.find(slot.occurrence.series);
    if (series != today.end() && slot.occurrence.date >= series->second) ++count;
  }
  return count;
}

// Leaves `most` slots that are not due, the earliest.
void keep_earliest(std::vector<SeriesSlots>& all, std::size_t most) {
  using Key = std::pair<model::Instant, std::string>;
  const auto key_of = [](const OpenSlot& slot) { return Key(slot.instant, slot.occurrence.series); };
  std::vector<Key> keys;
  for (const SeriesSlots& series : all) {
    for (const OpenSlot& slot : series.open) {
      if (!slot.due) keys.push_back(key_of(slot));
    }
  }
  if (keys.size() <= most) return;
  std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(most), keys.end());
  const Key limit = keys[most];
  for (SeriesSlots& series : all) {
    const auto beyond = std::find_if(series.open.begin(), series.open.end(), [&](const OpenSlot& slot) {
      return !slot.due && key_of(slot) >= limit;
    });
    series.open.erase(beyond, series.open.end());
  }
}

// The ready drafts of each series, and those that have no place in any.
struct Sorted {
  std::vector<Drafts> queues;
  Drafts strays;
  Drafts waiting;  // or held
};

Sorted sort_out(const std::vector<SeriesSlots>& all, const std::vector<model::Draft>& drafts) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < all.size(); ++i) index.emplace(all[i].key, i);
  Sorted sorted;
  sorted.queues.resize(all.size());
  for (const model::Draft& draft : drafts) {
    if (draft.state == model::DraftState::waiting || draft.shown_state() == model::DraftState::held) {
      sorted.waiting.push_back(&draft);
    } else if (draft.state == model::DraftState::ready && !draft.post) {
      const auto found = index.find(draft.head.series);
      (found == index.end() ? sorted.strays : sorted.queues[found->second]).push_back(&draft);
    }
  }
  return sorted;
}

std::string why_not(const model::Draft& draft) {
  if (draft.shown_state() == model::DraftState::held) return draft.shown_why();
  return draft.why.empty() ? "waits" : "waits: " + draft.why;
}

void refuse_others(Sorted sorted, std::vector<Refused>& refused) {
  const auto by_id = [](const model::Draft* a, const model::Draft* b) { return a->id < b->id; };
  std::sort(sorted.strays.begin(), sorted.strays.end(), by_id);
  for (const model::Draft* draft : sorted.strays) {
    const std::string& series = draft->head.series;
    refused.push_back(
        {draft, series.empty() ? "it is of no series" : "there is no series '" + series + "'", nullptr});
  }
  std::sort(sorted.waiting.begin(), sorted.waiting.end(), by_id);
  for (const model::Draft* draft : sorted.waiting) {
    refused.push_back({draft, why_not(*draft), nullptr});
  }
}

bool has_due(const SeriesSlots& series) {
  return std::any_of(series.open.begin(), series.open.end(), [](const OpenSlot& slot) { return slot.due; });
}

}  // namespace

Arrangement arrange(const PlanInput& input, Purpose purpose) {
  Arrangement all;
  for (const auto& [key, plan] : input.series) all.series.push_back(find_slots(key, plan, input));
  keep_earliest(all.series, kMostSlots - std::min(kMostSlots, settled_count(all.series, input)));
  if (purpose == Purpose::due && std::none_of(all.series.begin(), all.series.end(), has_due)) return all;

  Sorted sorted = sort_out(all.series, input.drafts);
  for (std::size_t i = 0; i < all.series.size(); ++i) {
    if (purpose == Purpose::due && !has_due(all.series[i])) continue;
    auto refused = assign(all.series[i], sorted.queues[i], input.decided, input.now);
    if (purpose == Purpose::plan) std::move(refused.begin(), refused.end(), std::back_inserter(all.refused));
  }
  if (purpose == Purpose::plan) refuse_others(std::move(sorted), all.refused);
  return all;
}

}  // namespace planning
