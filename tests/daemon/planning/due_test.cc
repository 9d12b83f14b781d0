#include "daemon/planning/planner_fixture.h"

namespace planning {
namespace {

using config::IfMissed;
using namespace std::chrono_literals;

class DueTest : public PlannerTest {
 protected:
  Lines decisions_at(const char* now) {
    input.now = at(now);
    return decisions();
  }
};

TEST_F(DueTest, NothingBeforeTheSlot) {
  add(DraftOf("a.md"));
  EXPECT_EQ(Lines{}, decisions_at("2026-11-27T12:59:59.999Z"));
}

TEST_F(DueTest, FillsOnTime) {
  add(DraftOf("a.md"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: on time"}, decisions_at("2026-11-27T13:00:00Z"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: on time"}, decisions_at("2026-11-27T13:01:00Z"));
}

TEST_F(DueTest, RecordsAnEmptySlot) {
  EXPECT_EQ(Lines{"empty 2026-11-27: no draft is ready"}, decisions_at("2026-11-27T13:00:00Z"));
  EXPECT_EQ(Lines{"missed 2026-11-27: 12 min late, and no draft is ready"},
            decisions_at("2026-11-27T13:12:00Z"));
}

TEST_F(DueTest, FillsWithTheDraftThatThePlanShowed) {
  add(DraftOf("high.md").priority(9));
  add(DraftOf("dated.md").dated("2026-11-27"));
  const std::string planned = slots(1).front();
  EXPECT_EQ("2026-11-27 dated.md", planned);
  for (const char* now : {"2026-11-27T13:00:00Z", "2026-11-27T23:00:00Z", "2026-11-28T00:59:00Z"}) {
    EXPECT_EQ("fill " + planned, decisions_at(now).at(0).substr(0, 5 + planned.size())) << now;
  }
}

TEST_F(DueTest, ALateSlotStillBelongsToTheDraftThatNamesIt) {
  add(DraftOf("high.md").priority(9));
  add(DraftOf("own.md").slot("2026-11-27"));
  EXPECT_EQ(Lines{"fill 2026-11-27 own.md: 2 h late, within the grace of 12 h"},
            decisions_at("2026-11-27T15:00:00Z"));
  EXPECT_EQ(Lines{}, problems());
}

TEST_F(DueTest, ADraftReadySinceTheSlotMayStillFillIt) {
  add(DraftOf("a.md").ready_at("2026-11-27T14:00:00Z"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: 2 h late, within the grace of 12 h"},
            decisions_at("2026-11-27T15:00:00Z"));
}

TEST_F(DueTest, PolicyPublish) {
  add(DraftOf("a.md"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: 1 min late, within the grace of 12 h"},
            decisions_at("2026-11-27T13:01:00.001Z"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: 12 h late, within the grace of 12 h"},
            decisions_at("2026-11-28T01:00:00Z"));
  EXPECT_EQ(Lines{"fill_held 2026-11-27 a.md: 12 h 1 min late, past the grace of 12 h"},
            decisions_at("2026-11-28T01:01:00Z"));
  friday().grace = 0ms;
  EXPECT_EQ(Lines{"fill_held 2026-11-27 a.md: 2 min late, past the grace of 0 s"},
            decisions_at("2026-11-27T13:02:00Z"));
}

TEST_F(DueTest, PolicyHold) {
  add(DraftOf("a.md"));
  friday().if_missed = IfMissed::hold;
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: on time"}, decisions_at("2026-11-27T13:00:30Z"));
  EXPECT_EQ(Lines{"fill_held 2026-11-27 a.md: 12 min late, and if_missed is hold"},
            decisions_at("2026-11-27T13:12:00Z"));
  EXPECT_EQ(Lines{"fill_held 2026-11-27 a.md: 1 day late, past the grace of 12 h"},
            decisions_at("2026-11-28T13:00:00Z"));
}

TEST_F(DueTest, PolicySkip) {
  add(DraftOf("a.md"));
  friday().if_missed = IfMissed::skip;
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: on time"}, decisions_at("2026-11-27T13:00:30Z"));
  EXPECT_EQ(Lines{"missed 2026-11-27: 12 min late, and if_missed is skip"},
            decisions_at("2026-11-27T13:12:00Z"));
  EXPECT_EQ(Lines{"2026-12-04 a.md"}, slots(1));
}

TEST_F(DueTest, OfSeveralMissedOnlyTheNewestIsMadeUpFor) {
  add(DraftOf("a.md"));
  add(DraftOf("b.md"));
  EXPECT_EQ((Lines{"missed 2026-11-27: 14 days late, and only the newest missed slot is made up for",
                   "missed 2026-12-04: 7 days late, and only the newest missed slot is made up for",
                   "fill 2026-12-11 a.md: 30 min late, within the grace of 12 h"}),
            decisions_at("2026-12-11T13:30:00Z"));
  EXPECT_EQ((Lines{"missed 2026-11-27: 10 days late, and only the newest missed slot is made up for",
                   "fill_held 2026-12-04 a.md: 3 days late, past the grace of 12 h"}),
            decisions_at("2026-12-07T13:00:00Z"));
  EXPECT_EQ((Lines{"missed 2026-11-27: 7 days late, and only the newest missed slot is made up for",
                   "fill 2026-12-04 a.md: on time"}),
            decisions_at("2026-12-04T13:00:00Z"));
}

TEST_F(DueTest, EachSeriesHasItsOwnNewest) {
  add_series("brief", "Thu 09:00", "Europe/Berlin");
  input.history["brief"].decided_through = date("2026-11-20");
  add(DraftOf("a.md"));
  add(DraftOf("b.md").series("brief"));
  EXPECT_EQ((Lines{"fill_held 2026-11-26 b.md: 1 day 5 h late, past the grace of 12 h",
                   "fill 2026-11-27 a.md: on time"}),
            decisions_at("2026-11-27T13:00:00Z"));
}

TEST_F(DueTest, LockBeforeDecidesAheadAndNeverCountsAsLate) {
  add(DraftOf("a.md"));
  friday().lock_before = 3h;
  friday().if_missed = IfMissed::skip;
  EXPECT_EQ(Lines{}, decisions_at("2026-11-27T09:59:59Z"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: on time, decided 3 h ahead"}, decisions_at("2026-11-27T10:00:00Z"));
  EXPECT_EQ(Lines{"fill 2026-11-27 a.md: on time, decided 1 h ahead"}, decisions_at("2026-11-27T12:00:00Z"));
  EXPECT_EQ(Lines{"missed 2026-11-27: 5 min late, and if_missed is skip"},
            decisions_at("2026-11-27T13:05:00Z"));
}

TEST_F(DueTest, ALockMayCoverSeveralSlots) {
  add(DraftOf("a.md"));
  friday().lock_before = std::chrono::days(8);
  EXPECT_EQ(
      (Lines{"fill 2026-11-27 a.md: on time, decided 1 day ahead", "empty 2026-12-04: no draft is ready"}),
      decisions_at("2026-11-26T13:00:00Z"));
}

TEST_F(DueTest, AtTheFirstStartNothingIsMissed) {
  add(DraftOf("a.md"));
  input.history["friday"] = {at("2026-11-27T13:00:00Z"), std::nullopt, false};
  EXPECT_EQ(Lines{}, decisions_at("2026-11-27T13:00:00Z"));
  EXPECT_EQ(Lines{"fill 2026-12-04 a.md: on time"}, decisions_at("2026-12-04T13:00:00Z"));
  input.history.clear();
  EXPECT_EQ(Lines{}, decisions_at("2026-12-04T13:00:00Z"));
}

TEST_F(DueTest, AClockSetBackDecidesNothingAgain) {
  add(DraftOf("a.md"));
  input.history["friday"].decided_through = date("2026-11-27");
  for (const char* now : {"2026-11-20T13:00:00Z", "2026-11-27T12:00:00Z", "2026-11-27T13:00:00Z"}) {
    EXPECT_EQ(Lines{}, decisions_at(now)) << now;
  }
  input.history["friday"].decided_through = date("2026-11-20");
  decide("friday", "2026-11-27", model::SlotState::filled);
  EXPECT_EQ(Lines{}, decisions_at("2026-11-27T13:00:00Z"));
}

TEST_F(DueTest, ASkippedSlotIsDecided) {
  add(DraftOf("a.md"));
  decide("friday", "2026-11-27", model::SlotState::skipped);
  EXPECT_EQ(Lines{}, decisions_at("2026-11-27T13:00:00Z"));
}

TEST_F(DueTest, APausedSeriesLetsItsSlotsGoByEmpty) {
  add(DraftOf("a.md"));
  input.history["friday"].paused = true;
  EXPECT_EQ((Lines{"empty 2026-11-27: series is paused", "empty 2026-12-04: series is paused"}),
            decisions_at("2026-12-04T15:00:00Z"));
}

TEST_F(DueTest, TwoDatesOnOneInstantFireOnce) {
  input.series.erase("friday");
  add_series("apia", "Fri,Sat 08:00", "Pacific/Apia");
  input.history["apia"] = {at("2011-12-28T00:00:00Z"), std::nullopt, false};
  add(DraftOf("a.md").series("apia"));
  add(DraftOf("b.md").series("apia"));
  EXPECT_EQ((Lines{"missed 2011-12-30: its time zone left this date out; it falls together with the slot of "
                   "2011-12-31",
                   "fill 2011-12-31 a.md: on time"}),
            decisions_at("2011-12-30T18:00:00Z"));
}

TEST_F(DueTest, EverySlotIsDecidedOnceWhateverTheClockDoes) {
  friday().grace = 12h;
  for (int i = 0; i < 20; ++i) add(DraftOf(std::to_string(i) + ".md"));
  std::set<model::Occurrence> seen;
  const auto start = at("2026-11-24T12:00:00Z");
  const int hours[] = {0, 73, 20, 74, 400, 300, 410, 410, 0, 1000, 1};
  for (const int hour : hours) {
    input.now = start + std::chrono::hours(hour);
    for (const Decision& decision : due(input)) {
      EXPECT_TRUE(seen.insert(decision.occurrence).second) << decision.occurrence.text();
      auto& through = input.history["friday"].decided_through;
      through = std::max(through.value(), decision.occurrence.date);
    }
  }
  EXPECT_EQ(6u, seen.size());
}

}  // namespace
}  // namespace planning
