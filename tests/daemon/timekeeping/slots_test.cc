// A slot is decided once, whatever the clock, the process and the drafts do.
#include "keeper_fixture.h"

namespace timekeeping {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(KeeperTest, ASlotIsFilledAtItsInstantAndNotBefore) {
  start();
  const model::DraftId a = save("a.md");
  save("b.md");
  keeper_->nudge();
  look();
  EXPECT_THAT(planned(3), ElementsAre("2026-11-27 a.md", "2026-12-04 b.md", "2026-12-11 -"));
  pass_to("2026-11-27T12:59:59Z");
  EXPECT_THAT(slots(), IsEmpty());
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(draft(a).state, model::DraftState::published);
  EXPECT_EQ(posts().at(0).due_at, at("2026-11-27T13:00:00Z"));
  EXPECT_THAT(audit(posts().at(0).id.text()), ElementsAre("fills friday 2026-11-27 08:00, on time"));
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 b.md"));
  EXPECT_EQ(decided_, 1);
}

TEST_F(KeeperTest, NoSeriesStandsEmptyBecauseAnotherHasThousandsOfDrafts) {
  add_series("monday", "Mon 08:00", "America/New_York");
  start();
  house_->in_store([&](store::Store& store) {
    store::DraftSeen seen;
    seen.sha256 = std::string(64, 'b');
    seen.head.series = "monday";
    seen.head.priority = 9;
    seen.head.date = date("2026-11-30");
    for (int i = 0; i < 2500; ++i) {
      seen.path = std::to_string(i) + ".md";
      store.put_draft(seen, clock_.now());
    }
  });
  save("a.md");
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, DraftsOfASeriesThatIsNotFollowedAreToldOf) {
  start();
  save("a.md", "monday");
  save("b.md", "");
  keeper_->nudge();
  look();
  ASSERT_EQ(keeper_->timeline()->unplanned.size(), 2u);
  EXPECT_EQ(keeper_->timeline()->unplanned[0].why, "there is no series 'monday'");
  EXPECT_EQ(keeper_->timeline()->unplanned[1].why, "it is of no series");
}

TEST_F(KeeperTest, WallTimeHoldsOverTheEndOfSummerTime) {
  clock_.move_to(at("2026-10-29T12:00:00Z"));
  start();
  save("a.md");
  save("b.md");
  pass_to("2026-10-30T12:00:00Z");
  pass_to("2026-11-06T12:59:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-10-30 filled a.md publishing"));
  pass_to("2026-11-06T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-10-30 filled a.md publishing",
                                   "friday 2026-11-06 filled b.md publishing"));
}

TEST_F(KeeperTest, AfterARestartAFilledSlotIsNotFilledAgain) {
  start();
  save("a.md");
  save("b.md");
  pass_to("2026-11-27T13:00:00Z");
  down_until("2026-11-27T13:00:00Z");
  down_until("2026-11-27T13:00:20Z");
  pass_to("2026-11-28T12:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(posts().size(), 1u);
}

TEST_F(KeeperTest, AProcessThatEndsBetweenPlanAndPostLeavesTheSlotToTheNext) {
  start();
  save("a.md");
  meanwhile_ = [this] { keeper_->stop(); };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(slots(), IsEmpty());
  down_until("2026-11-27T13:00:05Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(posts().size(), 1u);
}

TEST_F(KeeperTest, WhatWasDecidedTodayIsShownUntilMidnightInTheSeriesZone) {
  start();
  save("a.md");
  pass_to("2026-11-28T04:59:59Z");
  EXPECT_EQ(keeper_->timeline()->slots.front().state, model::SlotState::filled);
  pass_to("2026-11-28T05:00:00Z");
  EXPECT_EQ(keeper_->timeline()->slots.front().state, model::SlotState::open);
}

TEST_F(KeeperTest, WhoAsksForAPlanIsToldOnceItIsThereOrNeverWillBe) {
  start();
  save("a.md");
  std::vector<std::string> seen;
  keeper_->nudge();
  keeper_->plan_at_once([&] { seen = planned(1); });
  keeper_->plan_at_once([&] { seen.push_back("again"); });
  house_->settle();
  EXPECT_THAT(seen, ElementsAre("2026-11-27 a.md", "again"));
  keeper_->plan_at_once([&] { seen.push_back("stopped"); });
  keeper_->stop();
  keeper_->plan_at_once([&] { seen.push_back("late"); });
  EXPECT_THAT(seen, ElementsAre("2026-11-27 a.md", "again", "stopped", "late"));
}

TEST_F(KeeperTest, AnotherScheduleMakesUpForNothing) {
  clock_.move_to(at("2026-11-23T15:00:00Z"));  // 10:00 on a Monday
  start();
  save("a.md");
  std::string why;
  series_.at("friday").schedule = planning::Schedule::parse("Mon 08:00", why).value();
  keeper_->configure(series_);
  look();
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_THAT(planned(1), ElementsAre("2026-11-30 a.md"));
}

TEST_F(KeeperTest, ASeriesThatComesBackMakesUpForNothing) {
  start();
  save("a.md");
  const auto before = std::exchange(series_, {});
  keeper_->configure(series_);
  pass_to("2026-11-27T15:00:00Z");
  series_ = before;
  keeper_->configure(series_);
  look();
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 a.md"));
}

TEST_F(KeeperTest, AClockSetForwardOverASlotMakesUpForIt) {
  start();
  save("a.md");
  set_clock("2026-11-27T15:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_THAT(audit(posts().at(0).id.text()),
              ElementsAre("fills friday 2026-11-27 08:00, 2 h late, within the grace of 12 h"));
}

TEST_F(KeeperTest, AClockSetBackOverASlotFillsItNoSecondTime) {
  start();
  save("a.md");
  save("b.md");
  pass_to("2026-11-27T13:00:00Z");
  set_clock("2026-11-27T11:00:00Z");
  pass_to("2026-11-27T14:00:00Z");
  set_clock("2026-11-20T13:00:00Z");
  pass_to("2026-11-27T14:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(posts().size(), 1u);
}

TEST_F(KeeperTest, AClockSetBackBeforeASlotStillFillsItOnTime) {
  start();
  save("a.md");
  pass_to("2026-11-27T12:50:00Z");
  set_clock("2026-11-27T12:20:00Z");
  pass_to("2026-11-27T12:59:00Z");
  EXPECT_THAT(slots(), IsEmpty());
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, TwoKeepersOfOneStoreFillASlotOnce) {
  start();
  save("a.md");
  save("b.md");
  SteadyTime other_time;
  const auto other = keeper(other_time);
  other->configure(series_);
  pass(500ms, other_time);
  reach("2026-11-27T13:00:00Z");
  // Both plan before either of them stores its post.
  meanwhile_ = [&] {
    const auto ring = other_time.ring;
    other_time.due.reset();
    ring();
  };
  look();
  pass(500ms, other_time);
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(posts().size(), 1u);
  other->stop();
}

TEST_F(KeeperTest, ManyLooksAtADueSlotFillItOnce) {
  start();
  save("a.md");
  save("b.md");
  reach("2026-11-27T13:00:00Z");
  meanwhile_ = [this] {
    keeper_->nudge();
    pass(500ms);
    keeper_->nudge();
  };
  look();
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(KeeperTest, ASlotWithoutADraftIsRecordedAsEmptyAndTold) {
  start();
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 empty"));
  EXPECT_THAT(audit("friday 2026-11-27"), ElementsAre("empty: no draft is ready"));
  EXPECT_THAT(log_.str(), HasSubstr("slot friday 2026-11-27 08:00 is empty: no draft is ready"));
  EXPECT_EQ(decided_, 1);
  save("late.md");
  keeper_->nudge();
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 empty"));
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 late.md"));
}

TEST_F(KeeperTest, AMissedSlotWithinTheGraceIsPublished) {
  start();
  save("a.md");
  down_until("2026-11-28T01:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, AMissedSlotBeyondTheGraceIsHeld) {
  start();
  save("a.md");
  down_until("2026-11-28T01:00:01Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md held"));
  EXPECT_THAT(audit(posts().at(0).id.text()),
              ElementsAre("fills friday 2026-11-27 08:00, 12 h late, past the grace of 12 h"));
}

TEST_F(KeeperTest, AMissedSlotMayBeHeldAlways) {
  friday().if_missed = config::IfMissed::hold;
  start();
  save("a.md");
  down_until("2026-11-27T13:05:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md held"));
}

TEST_F(KeeperTest, AMissedSlotMayBeLeftOut) {
  friday().if_missed = config::IfMissed::skip;
  start();
  save("a.md");
  down_until("2026-11-27T13:05:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 missed"));
  EXPECT_THAT(audit("friday 2026-11-27"), ElementsAre("missed: 5 min late, and if_missed is skip"));
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 a.md"));
}

TEST_F(KeeperTest, OfSeveralMissedSlotsOnlyTheNewestIsMadeUpForAndEachIsTold) {
  start();
  save("a.md");
  save("b.md");
  down_until("2026-12-18T14:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 missed", "friday 2026-12-04 missed",
                                   "friday 2026-12-11 missed", "friday 2026-12-18 filled a.md publishing"));
  EXPECT_THAT(planned(1), ElementsAre("2026-12-25 b.md"));
  EXPECT_THAT(log_.str(),
              HasSubstr("slot friday 2026-12-04 08:00 is missed: 14 days late, and only the newest "
                        "missed slot is made up for"));
}

TEST_F(KeeperTest, WhileHaltedNothingIsDecidedAndTheNewestSlotIsMadeUpForAfterwards) {
  start();
  save("a.md");
  keeper_->halt(true);
  look();
  pass_to("2026-11-27T13:30:00Z");
  keeper_->nudge();
  look();
  EXPECT_THAT(slots(), IsEmpty());
  keeper_->halt(false);
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, AHaltThatEndsBeforeASlotLeavesItOnTime) {
  start();
  save("a.md");
  keeper_->halt(true);
  pass_to("2026-11-26T13:00:00Z");
  keeper_->halt(false);
  look();
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(audit(posts().at(0).id.text()), ElementsAre("fills friday 2026-11-27 08:00, on time"));
}

TEST_F(KeeperTest, TheFirstStartMissesNothing) {
  clock_.move_to(at("2026-11-27T13:00:01Z"));
  start();
  save("a.md");
  keeper_->nudge();
  look();
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 a.md"));
}

TEST_F(KeeperTest, AFirstStartThatEndsEarlyIsTheFirstAllTheSame) {
  house_.emplace(clock_, folder_ / "fridayd.db");
  keeper_ = keeper(time_);
  keeper_->configure(series_);
  save("a.md");
  down_until("2026-11-27T14:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, ASlotRightAfterTheFirstStartCounts) {
  clock_.move_to(at("2026-11-27T12:59:59Z"));
  start();
  reach("2026-11-27T13:00:00Z");
  save("a.md");
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, ASeriesThatIsNewBeginsNowAndTheOthersGoOn) {
  start();
  add_series("monday", "Mon 09:00", "Europe/Berlin");
  pass_to("2026-11-26T12:00:00Z");
  keeper_->configure(series_);
  save("a.md");
  save("m.md", "monday");
  look();
  pass_to("2026-11-30T08:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing",
                                   "monday 2026-11-30 filled m.md publishing"));
}

TEST_F(KeeperTest, ASkippedSlotStaysSkippedOverALongAbsence) {
  start();
  save("a.md");
  skip("friday", "2026-11-27");
  down_until("2026-12-03T12:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 skipped"));
  pass_to("2026-12-04T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 skipped", "friday 2026-12-04 filled a.md publishing"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(KeeperTest, ALockedSlotIsFilledAheadOfItsInstantWeekAfterWeek) {
  friday().lock_before = 2h;
  start();
  save("a.md");
  save("b.md");
  save("c.md");
  pass_to("2026-11-27T10:59:00Z");
  EXPECT_THAT(slots(), IsEmpty());
  pass_to("2026-11-27T11:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_EQ(posts().at(0).due_at, at("2026-11-27T13:00:00Z"));
  pass_to("2026-12-03T12:00:00Z");
  pass_to("2026-12-04T11:00:00Z");
  down_until("2026-12-10T12:00:00Z");
  pass_to("2026-12-11T11:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing",
                                   "friday 2026-12-04 filled b.md publishing",
                                   "friday 2026-12-11 filled c.md publishing"));
  EXPECT_EQ(asked_, 3);
  // What lies behind is not looked at again.
  const auto series = house_->in_store([](store::Store& store) { return store.series(); });
  EXPECT_EQ(series.at("friday").decided_through, date("2026-12-11"));
}

TEST_F(KeeperTest, ASlotTakenByHandAheadOfItsTurnLeavesTheEarlierOnesOpen) {
  start();
  const model::DraftId early = save("early.md");
  save("a.md");
  publish_by_hand(early, "2026-12-11");
  keeper_->nudge();
  look();
  EXPECT_THAT(planned(2), ElementsAre("2026-11-27 a.md", "2026-12-04 -"));
  pass_to("2026-11-27T13:00:00Z");
  pass_to("2026-12-18T12:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing", "friday 2026-12-04 empty",
                                   "friday 2026-12-11 filled early.md publishing"));
}

TEST_F(KeeperTest, OnceStoppedNothingIsDecided) {
  start();
  save("a.md");
  keeper_->stop();
  pass_to("2026-11-27T13:00:00Z");
  keeper_->nudge();
  look();
  EXPECT_THAT(slots(), IsEmpty());
}

}  // namespace
}  // namespace timekeeping
