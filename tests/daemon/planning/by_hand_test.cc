// Publishing by hand: who loses a slot, who gets it, and where those go that have to make room.
#include "planning/by_hand.h"

#include <gmock/gmock.h>

#include "daemon/planning/planner_fixture.h"

namespace planning {
namespace {

class ByHandTest : public PlannerTest {
 protected:
  // "2026-11-27: b.md; c.md -> 2026-12-04"
  std::string after(int draft, const char* taken = nullptr) const {
    std::optional<model::Occurrence> occurrence;
    if (taken != nullptr) occurrence = {"friday", date(taken), {std::chrono::hours(8)}};
    const Aftermath all = after_publishing(input, model::DraftId{draft}, occurrence);
    std::string text;
    if (all.vacated)
      text += model::iso_date(all.vacated->occurrence.date) + ": " + path_of(all.vacated->draft);
    if (!all.displaced) return text;
    if (!text.empty()) text += "; ";
    text += path_of(all.displaced->draft) + " -> ";
    return text +
           (all.displaced->to ? model::iso_date(all.displaced->to->occurrence.date) : all.displaced->why);
  }
};

TEST_F(ByHandTest, OutOfTurnItsSlotGoesToTheNextInTheQueue) {
  for (const char* name : {"a.md", "b.md", "c.md"}) add(DraftOf(name));
  EXPECT_EQ(after(1), "2026-11-27: b.md");
  EXPECT_EQ(after(2), "2026-12-04: c.md");
  const Aftermath first = after_publishing(input, model::DraftId{1}, std::nullopt);
  EXPECT_EQ(first.vacated->title, "Title of b.md");
  EXPECT_EQ(first.vacated->local, "2026-11-27T08:00:00-05:00");
}

TEST_F(ByHandTest, WhereNobodyFollowsItsSlotIsLeftEmpty) {
  add(DraftOf("a.md"));
  EXPECT_EQ(after(1), "2026-11-27: -");
  add(DraftOf("later.md").not_before("2026-12-01"));
  EXPECT_EQ(after(1), "2026-11-27: -");
}

TEST_F(ByHandTest, ADraftWithoutASlotChangesNothing) {
  add(DraftOf("a.md"));
  add(DraftOf("waits.md").waits("status is draft"));
  EXPECT_EQ(after(2), "");
  EXPECT_EQ(after(99), "");
}

TEST_F(ByHandTest, TheSlotThatItIsPlannedForIsItsOwn) {
  for (const char* name : {"a.md", "b.md"}) add(DraftOf(name));
  EXPECT_EQ(after(1, "2026-11-27"), "");
}

TEST_F(ByHandTest, WhoWasPlannedForTheSlotThatIsTakenMovesOn) {
  for (const char* name : {"a.md", "b.md", "c.md"}) add(DraftOf(name));
  EXPECT_EQ(after(3, "2026-11-27"), "2026-12-11: b.md; a.md -> 2026-12-04");
  EXPECT_EQ(after(2, "2026-11-27"), "2026-12-04: a.md; a.md -> 2026-12-04");
  // The one behind comes forward where the slot before it becomes free.
  EXPECT_EQ(after(1, "2026-12-04"), "2026-11-27: b.md; b.md -> 2026-11-27");
  EXPECT_EQ(after(3, "2026-12-18"), "2026-12-11: -");
}

TEST_F(ByHandTest, WhoWantsThisVerySlotGetsNoOther) {
  add(DraftOf("pinned.md").slot("2026-11-27"));
  add(DraftOf("b.md"));
  EXPECT_THAT(after(2, "2026-11-27"), testing::StartsWith("2026-12-04: -; pinned.md -> its slot 2026-11-27"));
}

TEST_F(ByHandTest, BeyondTheHorizonTheNextSlotIsSeenAsWell) {
  add(DraftOf("far.md").dated("2027-06-04"));
  add(DraftOf("b.md"));
  EXPECT_EQ(after(2, "2027-06-04"), "2026-11-27: -; far.md -> 2027-06-11");
}

TEST_F(ByHandTest, OtherSeriesKeepTheirSlots) {
  add_series("monday", "Mon 08:00", "UTC");
  add(DraftOf("a.md"));
  add(DraftOf("m.md").series("monday"));
  EXPECT_EQ(after(1), "2026-11-27: -");
}

}  // namespace
}  // namespace planning
