// A planner's world in a few lines: series, drafts, history and now.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "planning/planner.h"

namespace planning {

inline model::Instant at(const char* text) {
  return model::parse_rfc3339(text).value();
}
inline model::LocalDate date(const char* text) {
  return model::parse_date(text).value();
}

struct DraftOf {
  model::Draft draft;
  explicit DraftOf(std::string path) {
    draft.path = std::move(path);
    draft.head.title = "Title of " + draft.path;
    draft.head.series = "friday";
    draft.state = model::DraftState::ready;
  }
  DraftOf& series(const char* key) { return draft.head.series = key, *this; }
  DraftOf& slot(const char* text) { return draft.head.slot = date(text), *this; }
  DraftOf& dated(const char* text) { return draft.head.date = date(text), *this; }
  DraftOf& not_before(const char* text) { return draft.head.not_before = date(text), *this; }
  DraftOf& not_after(const char* text) { return draft.head.not_after = date(text), *this; }
  DraftOf& priority(int priority) { return draft.head.priority = priority, *this; }
  DraftOf& ready_at(const char* text) { return draft.first_ready = at(text), *this; }
  DraftOf& waits(const char* why) {
    draft.state = model::DraftState::waiting;
    draft.why = why;
    return *this;
  }
};

// New York, Fridays at 08:00; it is noon on Tuesday 2026-11-24 in UTC, and nothing is decided yet.
class PlannerTest : public testing::Test {
 protected:
  PlannerTest() {
    input.now = at("2026-11-24T12:00:00Z");
    add_series("friday", "Fri 08:00", "America/New_York");
    input.history["friday"].decided_through = date("2026-11-20");
  }

  config::Series& add_series(const char* key, const char* schedule, const char* zone) {
    config::Series& config = *configs_.emplace_back(std::make_shared<config::Series>());
    config.key = key;
    config.zone = zone;
    config.schedule = schedule;
    config.channels = {"blog", "mail"};
    std::string why;
    input.series[key] =
        SeriesPlan{configs_.back(), zones_.find(zone), Schedule::parse(schedule, why).value()};
    input.history[key].baseline = at("2026-11-01T00:00:00Z");
    return config;
  }
  config::Series& friday() { return *configs_.front(); }

  // Ready one minute after the draft added before it, unless it says otherwise.
  void add(DraftOf of) {
    of.draft.id = model::DraftId{static_cast<std::int64_t>(input.drafts.size()) + 1};
    if (!of.draft.first_ready && of.draft.state == model::DraftState::ready) {
      of.draft.first_ready = at("2026-11-23T00:00:00Z") + std::chrono::minutes(of.draft.id.value);
    }
    input.drafts.push_back(std::move(of.draft));
  }

  void decide(const char* series, const char* day, model::SlotState state,
              model::PostState post = model::PostState::published) {
    DecidedSlot decided;
    decided.occurrence = {series, date(day), input.series.at(series).schedule.time()};
    decided.state = state;
    decided.post = model::PostId{state == model::SlotState::filled ? 7 : 0};
    decided.title = state == model::SlotState::filled ? "Taken" : "";
    decided.post_state = post;
    input.decided.push_back(decided);
  }

  std::string path_of(model::DraftId id) const {
    for (const model::Draft& draft : input.drafts) {
      if (draft.id == id) return draft.path;
    }
    return "-";
  }

  // The first slots, "2026-11-27 a.md".
  std::vector<std::string> slots(std::size_t count) const {
    std::vector<std::string> lines;
    for (const Slot& slot : plan(input).slots) {
      if (lines.size() == count) break;
      std::string line = model::iso_date(slot.occurrence.date) + ' ';
      line += slot.state == model::SlotState::open ? path_of(slot.draft) : std::string(name(slot.state));
      lines.push_back(line);
    }
    return lines;
  }

  // "a.md: why" of each draft without a slot.
  std::vector<std::string> unplanned() const {
    std::vector<std::string> lines;
    for (const Unplanned& draft : plan(input).unplanned) lines.push_back(draft.path + ": " + draft.why);
    return lines;
  }

  std::vector<std::string> problems() const {
    std::vector<std::string> lines;
    for (const auto& [draft, problem] : plan(input).problems) lines.push_back(problem.text());
    return lines;
  }

  // "fill 2026-11-27 a.md: on time".
  std::vector<std::string> decisions() const {
    static constexpr const char* kKinds[] = {"fill", "fill_held", "empty", "missed"};
    std::vector<std::string> lines;
    for (const Decision& decision : due(input)) {
      std::string line = kKinds[static_cast<int>(decision.kind)];
      line += ' ' + model::iso_date(decision.occurrence.date);
      if (decision.draft) line += ' ' + path_of(decision.draft);
      lines.push_back(line + ": " + decision.why);
    }
    return lines;
  }

  PlanInput input;

 private:
  TimeZones zones_;
  std::vector<std::shared_ptr<config::Series>> configs_;
};

using Lines = std::vector<std::string>;

}  // namespace planning
