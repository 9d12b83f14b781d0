// The planner: one pure function of configuration, drafts, history and now. Daemon, command line, page
// and STATUS.md show its value; nothing of it is stored.
//
// Order of drafts (design: slot, then date, then priority, then the moment a draft first became ready,
// then path). A draft with `slot` gets that very slot; `date` in the future pins to the first slot on or
// after it; `not_before` keeps a draft out of earlier slots, `not_after` out of later ones.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "model/delivery.h"
#include "model/draft.h"
#include "model/occurrence.h"
#include "planning/recurrence.h"

namespace planning {

inline constexpr int kHorizonWeeks = 8;
inline constexpr std::size_t kMostSlots = 400;
// A slot handled within this time after its instant is on time, not missed.
inline constexpr model::milliseconds kOnTime = std::chrono::seconds(60);

// A series as the planner needs it: configuration checked and resolved. Outlives the configuration that it
// was made from, for a plan may be under way while another one is taken.
struct SeriesPlan {
  std::shared_ptr<const config::Series> config;
  Zone zone;
  Schedule schedule;
};

// What was decided already, as the store tells it.
struct DecidedSlot {
  model::Occurrence occurrence;
  model::SlotState state = model::SlotState::open;
  model::PostId post;
  std::string title;  // of the post
  model::PostState post_state = model::PostState::planned;
  std::vector<model::Delivery> deliveries;  // of the post
};

struct SeriesHistory {
  model::Instant baseline{};                        // first start: slots at or before it never count
  std::optional<model::LocalDate> decided_through;  // slots up to this local date are decided
  bool paused = false;
};

struct PlanInput {
  std::map<std::string, SeriesPlan> series;
  std::map<std::string, SeriesHistory> history;
  std::vector<model::Draft> drafts;  // ready and waiting ones, any order
  std::vector<DecidedSlot>
      decided;  // those at or after `now`'s date that are decided (skipped, filled early)
  model::Instant now{};
  int weeks = kHorizonWeeks;
};

struct Slot {
  model::Occurrence occurrence;
  model::Instant instant{};
  std::string local;                                // RFC 3339 in the series' zone
  model::SlotState state = model::SlotState::open;  // open: undecided
  model::DraftId draft;                             // the draft that would fill it, if any
  model::PostId post;                               // once decided
  std::string title;
  std::string path;  // of that draft's file
  std::vector<std::string> channels;
  bool out = false;                    // filled, and published on all channels
  std::vector<std::string> obstacles;  // what stands in its way, for people; empty: nothing
};

struct Unplanned {
  model::DraftId draft;
  std::string path;
  std::string title;
  // "after 40 slots that are taken", "waits: status is draft", "on hold by ada", "its slot 2026-11-20 has
  // passed"
  std::string why;
};

struct Timeline {
  model::Instant at{};
  std::vector<Slot> slots;           // by instant, then series
  std::vector<Unplanned> unplanned;  // ready or waiting drafts without a slot in the horizon
  // Drafts whose `slot` can't be kept: to be told beside the file. By draft.
  std::map<model::DraftId, model::Problem> problems;
  std::optional<model::Instant> next_due;  // the first undecided slot's instant (or lock) after `at`
};

Timeline plan(const PlanInput& input);

// Today in the zone of the series, and the date of the first slot that a draft of it may get, by all of
// `input` but its drafts; today's if there is none. Whoever loads drafts for a plan needs those for it first
// of all.
std::pair<model::LocalDate, model::LocalDate> first_open_date(const std::string& series,
                                                              const SeriesPlan& plan, const PlanInput& input);

// What has to be decided now: every slot that is due (its instant, or lock_before earlier, is reached)
// and undecided, oldest first. Of several missed ones of a series only the newest may be published or
// held, the older ones are missed. Slots of a paused series go by empty.
struct Decision {
  enum class Kind { fill, fill_held, empty, missed };
  Kind kind = Kind::empty;
  model::Occurrence occurrence;
  model::Instant instant{};
  model::DraftId draft;  // fill, fill_held
  std::string why;       // for the log and the audit: "on time", "12 min late, within the grace of 12 h"
};

std::vector<Decision> due(const PlanInput& input);

// Checks `series` of a configuration: zone and schedule. Faults carry the places of their keys.
std::map<std::string, SeriesPlan> resolve_series(const config::Config& config, TimeZones& zones,
                                                 config::Faults& faults);

}  // namespace planning
