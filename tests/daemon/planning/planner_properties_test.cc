#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "daemon/planning/planner_fixture.h"

namespace planning {
namespace {

using PlannerProperties = PlannerTest;

DraftOf random_draft(std::mt19937& random, int number) {
  const auto chance = [&](unsigned of) { return random() % of == 0; };
  const auto some_day = [&] {
    return model::iso_date(model::LocalDate{std::chrono::sys_days{date("2026-11-20")} +
                                            std::chrono::days{static_cast<int>(random() % 70)}});
  };
  DraftOf of(std::to_string(number % 37) + '-' + std::to_string(number) + ".md");
  of.series(chance(3) ? "daily" : "friday").priority(static_cast<int>(random() % 3));
  of.draft.first_ready = at("2026-11-20T00:00:00Z") + std::chrono::hours(random() % 50);
  if (chance(4)) of.slot(some_day().c_str());
  if (chance(4)) of.dated(some_day().c_str());
  if (chance(4)) of.not_before(some_day().c_str());
  if (chance(4)) of.not_after(some_day().c_str());
  if (chance(10)) of.waits("status is draft");
  return of;
}

std::string summary(const Timeline& timeline) {
  std::string text;
  for (const Slot& slot : timeline.slots) text += slot.occurrence.text() + '=' + slot.draft.text() + '\n';
  for (const Unplanned& draft : timeline.unplanned) text += draft.path + ": " + draft.why + '\n';
  for (const auto& [draft, problem] : timeline.problems) text += problem.text() + '\n';
  return text;
}

TEST_F(PlannerProperties, EveryDraftIsInOnePlaceWhateverTheOrderOfInput) {
  add_series("daily", "Mon,Tue,Wed,Thu,Fri 07:30", "Europe/Dublin");
  input.history["daily"].decided_through = date("2026-11-23");
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    input.drafts.clear();
    input.now = at("2026-11-24T12:00:00Z") + std::chrono::hours(random() % 200);
    const int count = static_cast<int>(random() % 120);
    for (int i = 0; i < count; ++i) add(random_draft(random, i));

    const Timeline timeline = plan(input);
    std::set<model::DraftId> placed;
    std::set<model::Occurrence> occurrences;
    for (const Slot& slot : timeline.slots) {
      EXPECT_TRUE(occurrences.insert(slot.occurrence).second) << seed;
      if (slot.draft) {
        EXPECT_TRUE(placed.insert(slot.draft).second) << seed;
      }
    }
    for (const Unplanned& draft : timeline.unplanned) EXPECT_TRUE(placed.insert(draft.draft).second) << seed;
    EXPECT_EQ(input.drafts.size(), placed.size()) << seed;

    const std::string before = summary(timeline);
    std::shuffle(input.drafts.begin(), input.drafts.end(), random);
    EXPECT_TRUE(before == summary(plan(input))) << seed;
  }
}

TEST_F(PlannerProperties, PlacesRespectTheDraftsOwnDates) {
  for (unsigned seed = 100; seed < 140; ++seed) {
    std::mt19937 random(seed);
    input.drafts.clear();
    for (int i = 0; i < 40; ++i) add(random_draft(random, i).series("friday"));
    for (const Slot& slot : plan(input).slots) {
      if (!slot.draft) continue;
      const auto& draft = input.drafts[static_cast<std::size_t>(slot.draft.value) - 1];
      const auto day = slot.occurrence.date;
      EXPECT_EQ(model::DraftState::ready, draft.state) << seed;
      if (draft.head.slot) {
        EXPECT_EQ(*draft.head.slot, day) << seed;
        continue;
      }
      EXPECT_LE(draft.head.not_before.value_or(day), day) << seed;
      EXPECT_GE(draft.head.not_after.value_or(day), day) << seed;
      const auto from = draft.head.date.value_or(day);
      EXPECT_TRUE(from <= day || from <= date("2026-11-24")) << seed;
    }
  }
}

// Ten times the drafts take about ten times as long; a pass over all drafts for each draft, a hundred times.
TEST_F(PlannerProperties, IsNotQuadraticInDrafts) {
  add_series("daily", "Mon,Tue,Wed,Thu,Fri,Sat,Sun 07:30", "Europe/Dublin");
  input.weeks = 50;
  std::mt19937 random(1);
  const auto took = [&](int drafts) {
    for (int i = static_cast<int>(input.drafts.size()); i < drafts; ++i)
      add(DraftOf(std::to_string(i) + "-a-long-name-of-a-draft.md").ready_at("2026-11-23T00:00:00Z"));
    std::shuffle(input.drafts.begin(), input.drafts.end(), random);
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 3; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const Timeline timeline = plan(input);
      least = std::min(least, std::chrono::steady_clock::now() - start);
      EXPECT_EQ(static_cast<std::size_t>(drafts), timeline.unplanned.size() + 50);
    }
    return least;
  };
  const auto few = took(10'000);
  const auto many = took(100'000);
  EXPECT_LT(many, 40 * few);
}

}  // namespace
}  // namespace planning
