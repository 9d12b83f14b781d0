#include "planning/queue.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "planning/slot_problem.h"

namespace planning {
namespace {

using model::Draft;
using model::Instant;
using model::iso_date;
using model::LocalDate;

// The first free slot from any place on, in nearly constant time.
class FreeSlots {
 public:
  explicit FreeSlots(std::size_t count) : next_(count + 1) { std::iota(next_.begin(), next_.end(), 0u); }
  std::size_t from(std::size_t index) {
    while (next_[index] != index) {
      next_[index] = next_[next_[index]];
      index = next_[index];
    }
    return index;
  }
  void take(std::size_t index) { next_[index] = index + 1; }

 private:
  std::vector<std::size_t> next_;
};

enum class Rank : unsigned char { slot, date, rest };

// A draft's place in the queue, apart from the draft itself so that sorting stays in the cache.
struct Place {
  Rank rank = Rank::rest;
  LocalDate date{};  // of ranks slot and date
  int priority = 0;
  Instant first_ready{};
  model::DraftId id;
  const Draft* draft = nullptr;

  auto key() const { return std::tuple(rank, date, -static_cast<long>(priority), first_ready); }
};

bool before(const Place& a, const Place& b) {
  const auto left = a.key();
  const auto right = b.key();
  if (left != right) return left < right;
  return std::tie(a.draft->path, a.id) < std::tie(b.draft->path, b.id);
}

// For those that get no slot anyhow: spares comparing the paths of a hundred thousand equals.
bool roughly_before(const Place& a, const Place& b) {
  return std::tuple(a.key(), a.id) < std::tuple(b.key(), b.id);
}

class Queue {
 public:
  Queue(SeriesSlots& slots, const std::vector<DecidedSlot>& decided, Instant now)
      : slots_(slots), decided_(decided), now_(now), free_(slots.open.size()) {
    for (const OpenSlot& slot : slots.open) dates_.push_back(slot.occurrence.date);
  }

  std::vector<Refused> assign(const std::vector<const Draft*>& drafts) {
    std::vector<Place> own;
    std::vector<Place> others;
    for (const Draft* draft : drafts) {
      const Place place = place_of(*draft);
      (place.rank == Rank::slot ? own : others).push_back(place);
    }
    std::sort(own.begin(), own.end(), before);
    for (const Place& place : own) take_own(place);
    for (const Place& place : astray_) refuse_own(place);
    refused_.reserve(drafts.size());
    take_in_turn(others);
    return std::move(refused_);
  }

 private:
  Place place_of(const Draft& draft) const {
    Place place;
    place.draft = &draft;
    place.id = draft.id;
    place.first_ready = draft.first_ready.value_or(Instant::max());
    if (draft.head.slot) {
      place.rank = Rank::slot;
      place.date = *draft.head.slot;
      return place;
    }
    place.priority = draft.head.priority;
    // On its own day a date still pins the draft to that day's slot, so that nothing changes at midnight.
    if (draft.head.date && (*draft.head.date > slots_.today || index_of(*draft.head.date))) {
      place.rank = Rank::date;
      place.date = *draft.head.date;
    }
    return place;
  }

  std::optional<std::size_t> index_of(LocalDate date) const {
    const auto found = std::lower_bound(dates_.begin(), dates_.end(), date);
    if (found == dates_.end() || *found != date) return std::nullopt;
    return static_cast<std::size_t>(found - dates_.begin());
  }

  void give(std::size_t index, const Draft& draft) {
    slots_.open[index].draft = &draft;
    free_.take(index);
  }

  void take_own(const Place& place) {
    const auto index = index_of(place.date);
    if (index && slots_.open[*index].draft == nullptr) {
      give(*index, *place.draft);
    } else {
      astray_.push_back(place);
    }
  }

  void refuse_own(const Place& place) {
    auto known = problems_.find(place.date);
    if (known == problems_.end()) {
      known = problems_.emplace(place.date, slot_problem(place.date, slots_, decided_, now_)).first;
    }
    Refused refused{place.draft, "its slot " + iso_date(place.date) + " is further ahead than the plan goes",
                    nullptr};
    if (const auto& problem = known->second) {
      refused.why = "its " + problem->what;
      refused.problem = std::make_unique<model::Problem>(*problem);
      refused.problem->file = place.draft->path;
    }
    refused_.push_back(std::move(refused));
  }

  // Puts only as many in order as there are slots to give.
  void take_in_turn(std::vector<Place>& places) {
    const auto after = [](const Place& a, const Place& b) { return before(b, a); };
    std::make_heap(places.begin(), places.end(), after);
    auto end = places.end();
    while (end != places.begin() && free_.from(0) < dates_.size()) {
      std::pop_heap(places.begin(), end, after);
      take_first(*--end);
    }
    std::sort(places.begin(), end, roughly_before);
    for (auto place = places.begin(); place != end; ++place) take_first(*place);
  }

  void take_first(const Place& place) {
    const Draft& draft = *place.draft;
    const std::size_t from = first_index(place);
    const std::size_t index = free_.from(from);
    if (index < dates_.size() && (!draft.head.not_after || dates_[index] <= *draft.head.not_after)) {
      give(index, draft);
    } else {
      refused_.push_back({&draft, why_none(place, from), nullptr});
    }
  }

  std::size_t first_index(const Place& place) const {
    std::optional<LocalDate> earliest = place.draft->head.not_before;
    if (place.rank == Rank::date && (!earliest || *earliest < place.date)) earliest = place.date;
    if (!earliest) return 0;
    const auto first = std::lower_bound(dates_.begin(), dates_.end(), *earliest);
    return static_cast<std::size_t>(first - dates_.begin());
  }

  std::string why_none(const Place& place, std::size_t from) const {
    const model::FrontMatter& head = place.draft->head;
    if (head.not_after && *head.not_after < slots_.today) {
      return "its not_after " + iso_date(*head.not_after) + " has passed";
    }
    if (head.not_after && !dates_.empty() && *head.not_after < dates_.back()) {
      return "no slot is free until its not_after " + iso_date(*head.not_after);
    }
    if (from < dates_.size()) {
      const std::size_t taken = dates_.size() - from;
      return taken == 1 ? "after 1 slot that is taken"
                        : "after " + std::to_string(taken) + " slots that are taken";
    }
    if (place.rank == Rank::date && (!head.not_before || *head.not_before < place.date)) {
      return "its date " + iso_date(place.date) + " is further ahead than the plan goes";
    }
    if (head.not_before && !dates_.empty()) {
      return "its not_before " + iso_date(*head.not_before) + " is further ahead than the plan goes";
    }
    return "no slot is free";
  }

  SeriesSlots& slots_;
  const std::vector<DecidedSlot>& decided_;
  Instant now_;
  std::vector<LocalDate> dates_;
  FreeSlots free_;
  std::vector<Place> astray_;                                    // whose `slot` can't be kept
  std::map<LocalDate, std::optional<model::Problem>> problems_;  // the same for all drafts of a date
  std::vector<Refused> refused_;
};

}  // namespace

std::vector<Refused> assign(SeriesSlots& slots, const std::vector<const Draft*>& drafts,
                            const std::vector<DecidedSlot>& decided, Instant now) {
  if (slots.paused) {
    std::vector<Refused> refused;
    refused.reserve(drafts.size());
    for (const Draft* draft : drafts) refused.push_back({draft, "series is paused", nullptr});
    std::sort(refused.begin(), refused.end(),
              [](const Refused& a, const Refused& b) { return a.draft->id < b.draft->id; });
    return refused;
  }
  return Queue(slots, decided, now).assign(drafts);
}

}  // namespace planning
