#include "daemon/planning/planner_fixture.h"

namespace planning {
namespace {

using UnplannedTest = PlannerTest;

// Drafts without a slot.

TEST_F(UnplannedTest, SaysWhyADraftHasNoSlot) {
  input.weeks = 2;
  add(DraftOf("a.md"));
  add(DraftOf("b.md"));
  add(DraftOf("c.md"));
  add(DraftOf("d.md").not_before("2026-11-28"));
  add(DraftOf("e.md").not_before("2027-03-01"));
  add(DraftOf("f.md").dated("2027-03-01"));
  add(DraftOf("g.md").slot("2027-03-05"));
  add(DraftOf("h.md").not_after("2026-11-23"));
  add(DraftOf("i.md").series("nowhere"));
  add(DraftOf("j.md").waits("status is draft"));
  EXPECT_EQ((Lines{"g.md: its slot 2027-03-05 is further ahead than the plan goes",
                   "f.md: its date 2027-03-01 is further ahead than the plan goes",
                   "c.md: after 2 slots that are taken", "d.md: after 1 slot that is taken",
                   "e.md: its not_before 2027-03-01 is further ahead than the plan goes",
                   "h.md: its not_after 2026-11-23 has passed", "i.md: there is no series 'nowhere'",
                   "j.md: waits: status is draft"}),
            unplanned());
  EXPECT_EQ(Lines{}, problems());
}

TEST_F(UnplannedTest, TakesNoDraftThatIsWaitingOrTaken) {
  add(DraftOf("a.md").waits("not ready"));
  add(DraftOf("b.md"));
  add(DraftOf("c.md"));
  input.drafts[1].post = model::PostId{3};
  input.drafts[2].state = model::DraftState::problem;
  EXPECT_EQ(Lines{"2026-11-27 -"}, slots(1));
  EXPECT_EQ(Lines{"a.md: waits: not ready"}, unplanned());
}

TEST_F(UnplannedTest, TakesNoDraftThatIsHeldAndTheNextOneMovesUp) {
  add(DraftOf("a.md"));
  add(DraftOf("b.md"));
  add(DraftOf("c.md").waits("not ready"));
  input.drafts[0].held = "on hold: a typo (ada)";
  input.drafts[2].held = "on hold by ada";
  EXPECT_EQ(Lines{"2026-11-27 b.md"}, slots(1));
  EXPECT_EQ((Lines{"a.md: on hold: a typo (ada)", "c.md: on hold by ada; not ready"}), unplanned());
}

// A slot that can't be kept.

TEST_F(UnplannedTest, ASlotThatIsNoneNamesTheTwoNearest) {
  add(DraftOf("a.md").slot("2026-12-05"));
  EXPECT_EQ(Lines{"a.md: slot 2026-12-05 is no slot of friday, which comes out Fri 08:00; "
                  "write 2026-12-04 or 2026-12-11, or take the line out"},
            problems());
  EXPECT_EQ(Lines{"a.md: its slot 2026-12-05 is no slot of friday, which comes out Fri 08:00"}, unplanned());
  EXPECT_EQ(Lines{"2026-11-27 -"}, slots(1));
}

TEST_F(UnplannedTest, ASlotThatIsNoneBeforeTheFirstNamesTheNextTwo) {
  add(DraftOf("a.md").slot("2026-11-25"));
  EXPECT_EQ(Lines{"a.md: slot 2026-11-25 is no slot of friday, which comes out Fri 08:00; "
                  "write 2026-11-27 or 2026-12-04, or take the line out"},
            problems());
}

TEST_F(UnplannedTest, ASlotFarAheadThatIsNoneIsToldAtOnce) {
  add(DraftOf("a.md").slot("2027-11-27"));
  EXPECT_EQ(Lines{"a.md: slot 2027-11-27 is no slot of friday, which comes out Fri 08:00; "
                  "write 2027-11-26 or 2027-12-03, or take the line out"},
            problems());
}

TEST_F(UnplannedTest, APastSlotIsAProblem) {
  add(DraftOf("a.md").slot("2026-11-20"));
  EXPECT_EQ(Lines{"a.md: slot 2026-11-20 has passed; write 2026-11-27 or 2026-12-04, or take the line out"},
            problems());
  EXPECT_EQ(Lines{"a.md: its slot 2026-11-20 has passed"}, unplanned());
}

TEST_F(UnplannedTest, ADecidedSlotIsAProblem) {
  decide("friday", "2026-11-27", model::SlotState::skipped);
  decide("friday", "2026-12-04", model::SlotState::filled);
  add(DraftOf("a.md").slot("2026-11-27"));
  add(DraftOf("b.md").slot("2026-12-04"));
  EXPECT_EQ(
      (Lines{
          "a.md: slot 2026-11-27 is skipped; write 2026-12-11 or 2026-12-18, or take the line out",
          "b.md: slot 2026-12-04 is filled already; write 2026-12-11 or 2026-12-18, or take the line out"}),
      problems());
}

TEST_F(UnplannedTest, OfTwoDraftsForOneSlotTheOneFirstReadyKeepsIt) {
  add(DraftOf("late.md").slot("2026-12-04").priority(9).ready_at("2026-11-23T10:00:00Z"));
  add(DraftOf("first.md").slot("2026-12-04").ready_at("2026-11-23T09:00:00Z"));
  add(DraftOf("other.md").slot("2026-12-11"));
  EXPECT_EQ((Lines{"2026-11-27 -", "2026-12-04 first.md", "2026-12-11 other.md"}), slots(3));
  EXPECT_EQ(Lines{"late.md: slot 2026-12-04 is taken by first.md, which was ready first; "
                  "write 2026-11-27 or 2026-12-18, or take the line out"},
            problems());
}

TEST_F(UnplannedTest, AProblemHoldsNobodyElseBack) {
  add(DraftOf("a.md").slot("2026-12-05"));
  add(DraftOf("b.md"));
  EXPECT_EQ(Lines{"2026-11-27 b.md"}, slots(1));
}

}  // namespace
}  // namespace planning
