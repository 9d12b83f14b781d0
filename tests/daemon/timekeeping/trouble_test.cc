// What comes between the plan and the post.
#include "keeper_fixture.h"

namespace timekeeping {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST_F(KeeperTest, ADraftThatWasEditedWhileItWasRenderedIsPublishedAsItIsNow) {
  start();
  const model::DraftId a = save("a.md");
  meanwhile_ = [this] { save("a.md", "friday", "better text"); };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(asked_, 2);
  ASSERT_EQ(posts().size(), 1u);
  EXPECT_EQ(posts().at(0).draft, a);
  EXPECT_EQ(posts().at(0).draft_revision, 2);
}

TEST_F(KeeperTest, ADraftThatIsSavedAgainAndAgainIsNoProblem) {
  start();
  const model::DraftId a = save("a.md");
  int saves = 0;
  std::function<void()> again = [&] {
    save("a.md", "friday", "text " + std::to_string(++saves));
    if (saves < 4) meanwhile_ = again;
  };
  meanwhile_ = again;
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(draft(a).state, model::DraftState::published);
  EXPECT_EQ(posts().at(0).draft_revision, 5);
}

TEST_F(KeeperTest, ADraftThatWasTakenOutWhileItWasRenderedMakesRoomForTheNext) {
  start();
  const model::DraftId a = save("a.md");
  save("b.md");
  meanwhile_ = [this, a] {
    house_->in_store([a](store::Store& store) { store.set_draft_state(a, model::DraftState::gone, ""); });
  };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled b.md publishing"));
}

TEST_F(KeeperTest, APostThatWasRenderedForTheConfigurationBeforeIsRenderedAgain) {
  start();
  save("a.md");
  meanwhile_ = [this] { keeper_->configure(series_); };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(asked_, 2);
  ASSERT_EQ(posts().size(), 1u);
  EXPECT_EQ(posts().at(0).pid, "P2");
}

TEST_F(KeeperTest, ADraftWhoseAddressIsAnotherPostsBecomesAProblemAndTheNextTakesTheSlot) {
  start();
  const model::DraftId other = save("other.md", "friday", "text", "trust");
  const model::DraftId a = save("a.md", "friday", "text", "trust");
  const model::DraftId b = save("b.md");
  // The slug is free when the plan is made.
  house_->in_store([&](store::Store& store) {
    store.set_draft_state(other, model::DraftState::waiting, "status is draft");
  });
  meanwhile_ = [this, other] { publish_by_hand(other); };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled b.md publishing"));
  EXPECT_EQ(draft(b).state, model::DraftState::published);
  EXPECT_EQ(draft(a).state, model::DraftState::problem);
  EXPECT_EQ(draft(a).why, "the address \"trust\" belongs to p1, \"other.md\"; give this one another slug");
  EXPECT_THAT(audit(a.text()), ElementsAre(draft(a).why));
  EXPECT_EQ(asked_, 3);
  // Mended, it has its place again.
  save("a.md", "friday", "text", "trust-again");
  keeper_->nudge();
  look();
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 a.md"));
}

TEST_F(KeeperTest, ASlotThatAPersonFilledMeanwhileIsLeftToThem) {
  start();
  save("a.md");
  const model::DraftId b = save("b.md");
  meanwhile_ = [this, b] { publish_by_hand(b, "2026-11-27"); };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled b.md publishing"));
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 a.md"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(KeeperTest, ADraftThatCantBeRenderedBecomesAProblemAndTheNextTakesTheSlot) {
  start();
  const model::DraftId a = save("a.md");
  save("b.md");
  faults_["a.md"] = {true, "a.md: the text is blown up"};
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(draft(a).state, model::DraftState::problem);
  EXPECT_EQ(draft(a).why, "a.md: the text is blown up");
  EXPECT_THAT(audit(a.text()), ElementsAre("a.md: the text is blown up"));
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled b.md publishing"));
  EXPECT_THAT(log_.str(), HasSubstr("draft d1: can't be rendered: a.md: the text is blown up"));
}

TEST_F(KeeperTest, WhenNoDraftCanBeRenderedTheSlotIsEmpty) {
  start();
  save("a.md");
  faults_["a.md"] = {true, "no"};
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 empty"));
}

TEST_F(KeeperTest, AQuarantinedDraftStaysQuarantined) {
  start();
  const model::DraftId a = save("a.md");
  faults_["a.md"] = {true, "it ended fridayd three times"};
  meanwhile_ = [this, a] {
    house_->in_store(
        [a](store::Store& store) { store.set_draft_state(a, model::DraftState::quarantined, "poison"); });
  };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(draft(a).state, model::DraftState::quarantined);
  EXPECT_EQ(draft(a).why, "poison");
}

TEST_F(KeeperTest, ADraftThatWasMendedWhileItFailedIsTriedAgain) {
  start();
  const model::DraftId a = save("a.md");
  faults_["a.md"] = {true, "no"};
  meanwhile_ = [this] {
    save("a.md", "friday", "mended");
    meanwhile_ = [this] { faults_.clear(); };
  };
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(draft(a).state, model::DraftState::published);
  EXPECT_EQ(posts().at(0).draft_revision, 2);
}

TEST_F(KeeperTest, WhenTheHouseFailsItIsTriedAgainInTenSecondsAndNotBefore) {
  start();
  const model::DraftId a = save("a.md");
  faults_["a.md"] = {false, "no worker"};
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(draft(a).state, model::DraftState::ready);
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_THAT(log_.str(), HasSubstr("slot friday 2026-11-27 08:00: no worker; trying again in 10 s"));
  pass(9s);
  EXPECT_EQ(asked_, 1);
  faults_.clear();
  pass(1s);
  EXPECT_EQ(asked_, 2);
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, ANudgeDoesNotForgetTheSecondTry) {
  start();
  save("a.md");
  faults_["a.md"] = {false, "no worker"};
  pass_to("2026-11-27T13:00:00Z");
  pass(4s);
  keeper_->nudge();
  look();
  EXPECT_EQ(asked_, 1);
  pass(5500ms);
  EXPECT_EQ(asked_, 2);
}

TEST_F(KeeperTest, AStuckSeriesDoesNotHoldUpTheOthersNorLosesASlot) {
  add_series("noon", "Fri 12:00", "Etc/UTC");
  start();
  save("a.md");
  save("n.md", "noon");
  faults_["n.md"] = {false, "no worker"};
  pass_to("2026-11-27T13:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  // A week on the newest is made up for, and the one before it is on record.
  reach("2026-12-04T12:10:00Z");
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  faults_.clear();
  pass(10s);
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing", "noon 2026-11-27 missed",
                                   "noon 2026-12-04 filled n.md publishing"));
}

TEST_F(KeeperTest, ASecondTryThatAReloadBringsForwardIsMadeAtOnce) {
  start();
  save("a.md");
  faults_["a.md"] = {false, "none of its channels is configured"};
  pass_to("2026-11-27T13:00:00Z");
  faults_.clear();
  keeper_->configure(series_);
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
}

TEST_F(KeeperTest, NudgesWaitForFiftyQuietMilliseconds) {
  start();
  const int before = timelines_;
  for (int i = 0; i < 9; ++i) {
    keeper_->nudge();
    pass(49ms);
  }
  EXPECT_EQ(timelines_, before);
  pass(1ms);
  EXPECT_EQ(timelines_, before + 1);
  pass(10s);
  EXPECT_EQ(timelines_, before + 1);
}

TEST_F(KeeperTest, NudgesWithoutEndWaitForHalfASecond) {
  start();
  const int before = timelines_;
  for (int i = 0; i < 11; ++i) {
    keeper_->nudge();
    pass(45ms);
  }
  EXPECT_EQ(timelines_, before);
  keeper_->nudge();
  pass(5ms);
  EXPECT_EQ(timelines_, before + 1);
}

TEST_F(KeeperTest, TheTimelineCanBeSeenAtAnotherLength) {
  start();
  save("a.md");
  keeper_->nudge();
  look();
  EXPECT_EQ(keeper_->timeline()->slots.size(), 8u);
  const planning::Timeline longer = keeper_->timeline_for(52);
  ASSERT_EQ(longer.slots.size(), 52u);
  EXPECT_EQ(longer.slots.front().title, "a.md");
  EXPECT_THAT(longer.slots.back().local, StartsWith("2027-11-19T08:00:00"));
  EXPECT_EQ(keeper_->timeline_for(1).slots.size(), 1u);
  EXPECT_EQ(keeper_->timeline()->slots.size(), 8u);
}

TEST_F(KeeperTest, BeforeTheFirstPlanTheTimelineIsEmptyAndNeverNull) {
  start();
  SteadyTime time;
  const auto fresh = keeper(time);
  ASSERT_NE(fresh->timeline(), nullptr);
  EXPECT_THAT(fresh->timeline()->slots, IsEmpty());
  EXPECT_THAT(fresh->timeline_for(8).slots, IsEmpty());
  fresh->stop();
}

}  // namespace
}  // namespace timekeeping
