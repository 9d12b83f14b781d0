#include "planning/planner.h"

#include "daemon/planning/planner_fixture.h"

namespace planning {
namespace {

TEST_F(PlannerTest, ShowsEightWeeksOfSlotsInLocalTime) {
  const Timeline timeline = plan(input);
  ASSERT_EQ(8u, timeline.slots.size());
  const Slot& first = timeline.slots.front();
  EXPECT_EQ("friday 2026-11-27 08:00", first.occurrence.text());
  EXPECT_EQ("2026-11-27T13:00:00Z", model::rfc3339(first.instant));
  EXPECT_EQ("2026-11-27T08:00:00-05:00", first.local);
  EXPECT_EQ(Lines{"no draft is ready"}, first.obstacles);
  EXPECT_EQ((Lines{"blog", "mail"}), first.channels);
  EXPECT_EQ("2027-01-15T08:00:00-05:00", timeline.slots.back().local);
  EXPECT_EQ(at("2026-11-24T12:00:00Z"), timeline.at);
  EXPECT_EQ(at("2026-11-27T13:00:00Z"), timeline.next_due);
}

TEST_F(PlannerTest, ShowsTheDraftWithItsTitleAndItsOwnChannels) {
  DraftOf own("a.md");
  own.draft.head.channels = {"blog"};
  add(own);
  const Slot first = plan(input).slots.front();
  EXPECT_EQ(model::DraftId{1}, first.draft);
  EXPECT_EQ("Title of a.md", first.title);
  EXPECT_EQ(Lines{"blog"}, first.channels);
  EXPECT_EQ(Lines{}, first.obstacles);
}

TEST_F(PlannerTest, KeepsTheWallTimeOverTheChangeOfClocks) {
  add_series("early", "Sun 02:30", "America/New_York");
  input.series.erase("friday");
  input.now = at("2027-03-01T12:00:00Z");
  input.history["early"].decided_through = date("2027-02-28");
  input.weeks = 3;
  Lines local;
  for (const Slot& slot : plan(input).slots) local.push_back(slot.local);
  EXPECT_EQ((Lines{"2027-03-07T02:30:00-05:00", "2027-03-14T03:30:00-04:00", "2027-03-21T02:30:00-04:00"}),
            local);
}

// Order.

TEST_F(PlannerTest, TheOneFirstReadyGoesFirst) {
  add(DraftOf("a.md").ready_at("2026-11-23T10:00:00Z"));
  add(DraftOf("b.md").ready_at("2026-11-23T09:00:00Z"));
  EXPECT_EQ((Lines{"2026-11-27 b.md", "2026-12-04 a.md", "2026-12-11 -"}), slots(3));
}

TEST_F(PlannerTest, ThePathDecidesBetweenEquals) {
  add(DraftOf("b.md").ready_at("2026-11-23T10:00:00Z"));
  add(DraftOf("a.md").ready_at("2026-11-23T10:00:00Z"));
  EXPECT_EQ((Lines{"2026-11-27 a.md", "2026-12-04 b.md"}), slots(2));
}

TEST_F(PlannerTest, PriorityGoesBeforeTheMomentOfReadiness) {
  add(DraftOf("a.md"));
  add(DraftOf("b.md").priority(2));
  add(DraftOf("c.md").priority(-1));
  add(DraftOf("d.md").priority(1));
  EXPECT_EQ((Lines{"2026-11-27 b.md", "2026-12-04 d.md", "2026-12-11 a.md", "2026-12-18 c.md"}), slots(4));
}

TEST_F(PlannerTest, ADateToComePinsToTheFirstSlotOnOrAfterIt) {
  add(DraftOf("high.md").priority(9));
  add(DraftOf("dated.md").dated("2026-11-25"));
  EXPECT_EQ((Lines{"2026-11-27 dated.md", "2026-12-04 high.md"}), slots(2));
  input.drafts[1].head.date = date("2026-12-04");
  EXPECT_EQ((Lines{"2026-11-27 high.md", "2026-12-04 dated.md"}), slots(2));
}

TEST_F(PlannerTest, OfTwoDatesForOneSlotTheEarlierGoesFirst) {
  add(DraftOf("b.md").dated("2026-11-26").priority(5));
  add(DraftOf("a.md").dated("2026-11-25"));
  EXPECT_EQ((Lines{"2026-11-27 a.md", "2026-12-04 b.md"}), slots(2));
}

TEST_F(PlannerTest, APastDateAndTodayPlayNoPart) {
  add(DraftOf("a.md"));
  add(DraftOf("b.md").dated("2026-11-23"));
  add(DraftOf("c.md").dated("2026-11-24"));
  EXPECT_EQ((Lines{"2026-11-27 a.md", "2026-12-04 b.md", "2026-12-11 c.md"}), slots(3));
}

TEST_F(PlannerTest, ADateKeepsItsSlotOnTheDayItself) {
  add(DraftOf("high.md").priority(9));
  add(DraftOf("dated.md").dated("2026-11-27"));
  for (const char* now : {"2026-11-27T03:00:00Z", "2026-11-27T06:00:00Z", "2026-11-27T12:59:59Z"}) {
    input.now = at(now);
    EXPECT_EQ((Lines{"2026-11-27 dated.md", "2026-12-04 high.md"}), slots(2)) << now;
  }
}

TEST_F(PlannerTest, NotBeforeKeepsADraftOutOfEarlierSlots) {
  add(DraftOf("a.md").not_before("2026-11-28").priority(9));
  add(DraftOf("b.md"));
  add(DraftOf("c.md").not_before("2026-12-04"));
  EXPECT_EQ((Lines{"2026-11-27 b.md", "2026-12-04 a.md", "2026-12-11 c.md"}), slots(3));
}

TEST_F(PlannerTest, NotAfterKeepsADraftOutOfLaterSlots) {
  add(DraftOf("a.md"));
  add(DraftOf("b.md").not_after("2026-12-03"));
  add(DraftOf("c.md").not_after("2026-12-04"));
  EXPECT_EQ((Lines{"2026-11-27 a.md", "2026-12-04 c.md", "2026-12-11 -"}), slots(3));
  EXPECT_EQ(Lines{"b.md: no slot is free until its not_after 2026-12-03"}, unplanned());
}

TEST_F(PlannerTest, ASlotGoesBeforeEverything) {
  add(DraftOf("high.md").priority(9));
  add(DraftOf("dated.md").dated("2026-12-04"));
  add(DraftOf("own.md").slot("2026-12-04").not_after("2026-11-30"));
  EXPECT_EQ((Lines{"2026-11-27 high.md", "2026-12-04 own.md", "2026-12-11 dated.md"}), slots(3));
  EXPECT_EQ(Lines{}, problems());
}

TEST_F(PlannerTest, SeriesDoNotMix) {
  add_series("brief", "Thu 09:00", "Europe/Berlin");
  add(DraftOf("a.md"));
  add(DraftOf("b.md").series("brief"));
  EXPECT_EQ((Lines{"2026-11-26 b.md", "2026-11-27 a.md", "2026-12-03 -", "2026-12-04 -"}),
            (input.history["brief"].decided_through = date("2026-11-20"), slots(4)));
}

TEST_F(PlannerTest, SlotsOfOneInstantAreOrderedBySeries) {
  add_series("another", "Fri 08:00", "America/New_York");
  input.history["another"].decided_through = date("2026-11-20");
  const auto slots = plan(input).slots;
  EXPECT_EQ("another", slots[0].occurrence.series);
  EXPECT_EQ("friday", slots[1].occurrence.series);
}

// History.

TEST_F(PlannerTest, ASkippedSlotIsShownAndTheQueueMovesOn) {
  decide("friday", "2026-12-04", model::SlotState::skipped);
  add(DraftOf("a.md"));
  add(DraftOf("b.md"));
  EXPECT_EQ((Lines{"2026-11-27 a.md", "2026-12-04 skipped", "2026-12-11 b.md"}), slots(3));
}

TEST_F(PlannerTest, AFilledSlotShowsItsPost) {
  decide("friday", "2026-11-27", model::SlotState::filled, model::PostState::held);
  add(DraftOf("a.md"));
  const Slot slot = plan(input).slots.front();
  EXPECT_EQ(model::SlotState::filled, slot.state);
  EXPECT_EQ(model::PostId{7}, slot.post);
  EXPECT_EQ("Taken", slot.title);
  EXPECT_EQ(Lines{"the post is on hold"}, slot.obstacles);
  EXPECT_FALSE(slot.draft);
  EXPECT_EQ((Lines{"2026-11-27 filled", "2026-12-04 a.md"}), slots(2));
  EXPECT_EQ(at("2026-12-04T13:00:00Z"), plan(input).next_due);
}

TEST_F(PlannerTest, ShowsWhatWasDecidedToday) {
  decide("friday", "2026-11-20", model::SlotState::filled);
  decide("friday", "2026-11-27", model::SlotState::filled);
  input.history["friday"].decided_through = date("2026-11-27");
  input.now = at("2026-11-28T04:59:00Z");
  EXPECT_EQ((Lines{"2026-11-27 filled", "2026-12-04 -"}), slots(2));
  input.now = at("2026-11-28T05:00:00Z");
  EXPECT_EQ(Lines{"2026-12-04 -"}, slots(1));
}

TEST_F(PlannerTest, AFilledSlotTellsItsOwnChannelsAndWhatTheyStandAt) {
  decide("friday", "2026-11-27", model::SlotState::filled, model::PostState::partial);
  const auto add_delivery = [&](const char* channel, model::DeliveryState state, const char* reply) {
    model::Delivery& delivery = input.decided.back().deliveries.emplace_back();
    delivery.channel = channel;
    delivery.mail = channel == std::string("letter");
    delivery.state = state;
    delivery.reply = reply;
  };
  add_delivery("wiki", model::DeliveryState::confirmed, "200 OK");
  add_delivery("letter", model::DeliveryState::held, "the password is wrong");
  const Slot slot = plan(input).slots.front();
  EXPECT_EQ((Lines{"wiki", "letter"}), slot.channels);
  EXPECT_EQ((Lines{"the post failed on some channels", "letter on hold: the password is wrong"}),
            slot.obstacles);
}

TEST_F(PlannerTest, AChangedTimeGivesNoSecondSlotOnADecidedDate) {
  decide("friday", "2026-11-27", model::SlotState::filled);
  std::string why;
  input.series["friday"].schedule = *Schedule::parse("Fri 17:00", why);
  EXPECT_EQ((Lines{"2026-11-27 filled", "2026-12-04 -"}), slots(2));
  input.decided.clear();
  input.history["friday"].decided_through = date("2026-11-27");
  EXPECT_EQ(Lines{"2026-12-04 -"}, slots(1));
}

TEST_F(PlannerTest, APausedSeriesShowsItsSlotsUnfilled) {
  add(DraftOf("a.md"));
  input.history["friday"].paused = true;
  const Timeline timeline = plan(input);
  ASSERT_EQ(8u, timeline.slots.size());
  EXPECT_EQ(Lines{"series is paused"}, timeline.slots[0].obstacles);
  EXPECT_FALSE(timeline.slots[0].draft);
  EXPECT_EQ(Lines{"a.md: series is paused"}, unplanned());
}

TEST_F(PlannerTest, ALateSlotIsShownWithItsDelay) {
  input.now = at("2026-11-27T15:05:00Z");
  add(DraftOf("a.md"));
  EXPECT_EQ((Lines{"2026-11-27 a.md", "2026-12-04 -"}), slots(2));
  EXPECT_EQ(Lines{"2 h 5 min late, within the grace of 12 h"}, plan(input).slots[0].obstacles);
  EXPECT_EQ(at("2026-12-04T13:00:00Z"), plan(input).next_due);
}

TEST_F(PlannerTest, NextDueIsTheLockAndAfterItTheSlot) {
  friday().lock_before = std::chrono::hours(2);
  EXPECT_EQ(at("2026-11-27T11:00:00Z"), plan(input).next_due);
  input.now = at("2026-11-27T11:00:00Z");
  EXPECT_EQ(at("2026-11-27T13:00:00Z"), plan(input).next_due);
  input.weeks = 0;
  input.history["friday"].decided_through = date("2026-11-27");
  EXPECT_EQ(at("2026-12-04T11:00:00Z"), plan(input).next_due);
}

TEST_F(PlannerTest, AZoneThatLeavesADateOutGivesOneSlotForTwo) {
  input.series.erase("friday");
  add_series("apia", "Fri,Sat 08:00", "Pacific/Apia");
  input.history["apia"] = {at("2011-12-28T00:00:00Z"), std::nullopt, false};
  input.now = at("2011-12-29T00:00:00Z");
  EXPECT_EQ((Lines{"2011-12-31 -", "2012-01-06 -"}), slots(2));
}

TEST_F(PlannerTest, StopsAt400Slots) {
  input.weeks = 60;
  for (const char* key : {"a", "b", "c"}) {
    add_series(key, "Mon,Tue,Wed,Thu,Fri,Sat,Sun 08:00", "America/New_York");
    input.history[key].decided_through = date("2026-11-24");
  }
  decide("a", "2026-11-30", model::SlotState::skipped);
  const auto slots = plan(input).slots;
  EXPECT_EQ(kMostSlots, slots.size());
  // The earliest are kept, of all series: the last days are as full as the first.
  std::set<std::string> on_last_days;
  for (std::size_t i = slots.size() - 4; i < slots.size(); ++i)
    on_last_days.insert(slots[i].occurrence.series);
  EXPECT_LE(3u, on_last_days.size());
}

}  // namespace
}  // namespace planning
