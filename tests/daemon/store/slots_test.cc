// Series, slots, and the one transaction that fills one.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::Occurrence;
using model::PostState;
using model::SlotState;
using support::failure_of;
using support::kFriday;
using support::to_channel;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

Occurrence slot(const std::string& date, const std::string& time = "08:00") {
  return {"friday", *model::parse_date(date), *model::parse_hh_mm(time)};
}

class Slots : public support::StoreContract {
 protected:
  NewPost in_slot(const model::Draft& draft, const Occurrence& occurrence) {
    NewPost post = new_post(draft, {to_channel("blog"), to_channel("mail", DeliveryState::waiting)});
    post.occurrence = occurrence;
    return post;
  }
  std::vector<SlotRow> slots() { return store().slots(*model::parse_date("2026-01-01"), 100); }
  std::optional<model::LocalDate> decided_through() { return store().series().at("friday").decided_through; }
};
STORE_CONTRACT(Slots);

TEST_P(Slots, FillingASlotIsAllOrNothing) {
  const model::Draft draft = put("a.md");
  NewPost post = in_slot(draft, slot("2026-11-27"));
  post.deliveries.push_back(to_channel("mail"));  // a channel twice: refused by the last statement of all
  EXPECT_EQ(failure_of([&] { store().fill(post, kFriday); }), Failure::conflict);
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_THAT(store().posts({}, 10), IsEmpty());
  EXPECT_THAT(store().deliveries_before({}, 10), IsEmpty());
  EXPECT_THAT(store().series(), IsEmpty());
  EXPECT_EQ(store().draft(draft.id)->state, model::DraftState::ready);
}

TEST_P(Slots, ASeriesWithAnotherRuleOrThatWasAwayBeginsAnew) {
  const auto baseline = [&] { return store().series().at("friday").baseline; };
  store().follow_series({{"friday", "Fri 08:00 UTC"}}, kFriday);
  EXPECT_EQ(baseline(), kFriday);
  store().follow_series({{"friday", "Fri 08:00 UTC"}}, kFriday + 1h);
  EXPECT_EQ(baseline(), kFriday);
  restart();
  store().follow_series({{"friday", "Mon 08:00 UTC"}}, kFriday + 2h);
  EXPECT_EQ(baseline(), kFriday + 2h);
  store().follow_series({{"other", "Mon 08:00 UTC"}}, kFriday + 3h);
  store().follow_series({{"friday", "Mon 08:00 UTC"}}, kFriday + 4h);
  EXPECT_EQ(baseline(), kFriday + 4h);
}

TEST_P(Slots, ASeriesThatTheStoreKnewBeforeItsRuleGoesOn) {
  store().begin_series("friday", kFriday);
  store().follow_series({{"friday", "Fri 08:00 UTC"}}, kFriday + 1h);
  EXPECT_EQ(store().series().at("friday").baseline, kFriday);
}

TEST_P(Slots, AFilledSlotTellsItsPost) {
  const model::Draft draft = put("a.md");
  const model::PostId id = store().fill(in_slot(draft, slot("2026-11-27")), kFriday);
  restart();
  ASSERT_THAT(slots(), SizeIs(1));
  const SlotRow row = slots().front();
  EXPECT_EQ(row.occurrence, slot("2026-11-27"));
  EXPECT_EQ(row.state, SlotState::filled);
  EXPECT_EQ(row.post, id);
  EXPECT_EQ(row.title, "On a.md");
  EXPECT_EQ(row.post_state, PostState::publishing);
  EXPECT_EQ(row.decided_at, kFriday);

  const model::Post post = store().post(id).value();
  EXPECT_EQ(post.pid, "pid of a.md");
  EXPECT_EQ(post.draft, draft.id);
  EXPECT_EQ(post.draft_revision, 1);
  EXPECT_EQ(post.occurrence, slot("2026-11-27"));
  EXPECT_EQ(post.due_at, kFriday);
  EXPECT_EQ(store().draft(draft.id)->state, model::DraftState::published);
  EXPECT_EQ(store().draft(draft.id)->post, id);
  EXPECT_THAT(store().deliveries(id), SizeIs(2));
  EXPECT_EQ(store().edition(id, "blog").title, "for blog");
  EXPECT_EQ(store().edition(id, "mail").title, "for mail");
  EXPECT_EQ(failure_of([&] { store().edition(id, "other"); }), Failure::not_found);
}

TEST_P(Slots, ASlotIsFilledOnce) {
  store().fill(in_slot(put("a.md"), slot("2026-11-27")), kFriday);
  const model::Draft other = put("b.md");
  EXPECT_EQ(failure_of([&] { store().fill(in_slot(other, slot("2026-11-27")), kFriday); }),
            Failure::conflict);
  EXPECT_EQ(store().draft(other.id)->state, model::DraftState::ready);
  EXPECT_THAT(store().posts({}, 10), SizeIs(1));
  store().fill(in_slot(other, slot("2026-11-27", "17:30")), kFriday);
  EXPECT_THAT(slots(), SizeIs(2));
}

TEST_P(Slots, WhatWouldBeRefusedIsToldBeforehandAndNothingIsWritten) {
  const model::Draft a = put("a.md");
  const NewPost good = in_slot(a, slot("2026-11-27"));
  store().check_fill(good);
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_EQ(store().draft(a.id)->state, model::DraftState::ready);
  store().fill(good, kFriday);

  const model::Draft b = put("b.md");
  NewPost same_slug = in_slot(b, slot("2026-12-04"));
  same_slug.slug = good.slug;
  NewPost changed = in_slot(b, slot("2026-12-04"));
  changed.draft_revision = 7;
  for (const NewPost& bad : {good, in_slot(b, slot("2026-11-27")), same_slug, changed}) {
    const auto text_of = [&](auto call) {
      try {
        call();
      } catch (const StoreFailure& failure) {
        EXPECT_EQ(failure.kind(), Failure::conflict);
        return std::string(failure.what());
      }
      return std::string("not refused");
    };
    const std::string beforehand = text_of([&] { store().check_fill(bad); });
    EXPECT_NE(beforehand, "not refused");
    EXPECT_EQ(beforehand, text_of([&] { store().fill(bad, kFriday); }));
  }
}

TEST_P(Slots, AHeldDraftFillsNone) {
  const model::Draft draft = put("a.md");
  store().hold_draft(draft.id, "on hold by ada");
  EXPECT_EQ(failure_of([&] { store().fill(in_slot(draft, slot("2026-11-27")), kFriday); }),
            Failure::conflict);
  store().hold_draft(draft.id, "");
  store().fill(in_slot(draft, slot("2026-11-27")), kFriday);
}

TEST_P(Slots, ADecidedSlotIsDecided) {
  for (const SlotState state : {SlotState::empty, SlotState::skipped, SlotState::missed}) {
    const Occurrence occurrence = slot("2026-11-27", "08:0" + std::to_string(static_cast<int>(state)));
    store().decide(occurrence, state, "why", kFriday);
    EXPECT_EQ(failure_of([&] { store().decide(occurrence, SlotState::empty, "", kFriday); }),
              Failure::conflict);
    EXPECT_EQ(failure_of([&] { store().fill(in_slot(put("a.md"), occurrence), kFriday); }),
              Failure::conflict);
  }
  ASSERT_THAT(slots(), SizeIs(3));
  EXPECT_EQ(slots()[0].state, SlotState::empty);
  EXPECT_EQ(slots()[0].why, "why");
  EXPECT_FALSE(slots()[0].post);
  for (const SlotState state : {SlotState::open, SlotState::filled}) {
    EXPECT_EQ(failure_of([&] { store().decide(slot("2026-12-04"), state, "", kFriday); }),
              Failure::not_allowed);
  }
}

TEST_P(Slots, ADraftFillsOneSlot) {
  const model::Draft draft = put("a.md");
  store().fill(in_slot(draft, slot("2026-11-27")), kFriday);
  NewPost again = in_slot(draft, slot("2026-12-04"));
  again.pid = "another";
  again.slug = "another";
  EXPECT_EQ(failure_of([&] { store().fill(again, kFriday); }), Failure::conflict);
}

TEST_P(Slots, AnEditInTheLastMomentIsAConflict) {
  const model::Draft draft = put("a.md", "one");
  const NewPost post = in_slot(draft, slot("2026-11-27"));
  put("a.md", "two");
  EXPECT_EQ(failure_of([&] { store().fill(post, kFriday); }), Failure::conflict);
  EXPECT_THAT(slots(), IsEmpty());
  store().set_draft_state(draft.id, model::DraftState::gone, "");
  EXPECT_EQ(failure_of([&] { store().fill(in_slot(*store().draft(draft.id), slot("2026-11-27")), kFriday); }),
            Failure::conflict);
  NewPost none = post;
  none.draft = {99};
  EXPECT_EQ(failure_of([&] { store().fill(none, kFriday); }), Failure::not_found);
}

TEST_P(Slots, AnAddressBelongsToOnePost) {
  const model::PostId first = store().fill(in_slot(put("a.md"), slot("2026-11-27")), kFriday);
  NewPost second = in_slot(put("b.md"), slot("2026-12-04"));
  second.slug = "on-a";
  try {
    store().fill(second, kFriday);
    FAIL();
  } catch (const StoreFailure& failure) {
    EXPECT_EQ(failure.kind(), Failure::conflict);
    EXPECT_THAT(failure.what(), testing::HasSubstr("belongs to " + first.text() + ", \"On a.md\""));
  }
  EXPECT_EQ(store().post_by_slug("on-a")->id, first);

  // A post that was called off gives its address back.
  for (const model::Delivery& delivery : store().deliveries(first))
    store().cancel(delivery.id, "no", kFriday);
  EXPECT_EQ(store().post_by_slug("on-a"), std::nullopt);
  const model::PostId now = store().fill(second, kFriday);
  EXPECT_EQ(store().post_by_slug("on-a")->id, now);
}

TEST_P(Slots, APostByHandNeedsNoSlot) {
  const model::PostId id = publish({to_channel("blog")});
  EXPECT_EQ(store().post(id)->occurrence, std::nullopt);
  EXPECT_THAT(slots(), IsEmpty());
  EXPECT_THAT(store().series(), IsEmpty());
}

TEST_P(Slots, ASeriesBeginsOnce) {
  store().begin_series("friday", kFriday);
  store().begin_series("friday", kFriday + 24h);
  restart();
  ASSERT_THAT(store().series(), SizeIs(1));
  const SeriesRow row = store().series().at("friday");
  EXPECT_EQ(row.baseline, kFriday);
  EXPECT_EQ(row.decided_through, std::nullopt);
  EXPECT_FALSE(row.paused);
}

TEST_P(Slots, ASlotDecidedBeforeItsSeriesBeganLeavesNothingToMissBeforeIt) {
  store().decide(slot("2026-11-27"), SlotState::empty, "", kFriday);
  store().begin_series("friday", kFriday + 1h);
  EXPECT_EQ(store().series().at("friday").baseline, kFriday);
}

TEST_P(Slots, DecidedThroughOnlyGrows) {
  store().begin_series("friday", kFriday);
  store().decide(slot("2026-11-27"), SlotState::missed, "", kFriday);
  EXPECT_EQ(decided_through(), model::parse_date("2026-11-27"));
  store().decide(slot("2026-11-20"), SlotState::missed, "", kFriday);
  EXPECT_EQ(decided_through(), model::parse_date("2026-11-27"));
  NewPost post = in_slot(put("a.md"), slot("2026-12-04"));
  post.in_turn = true;
  store().fill(post, kFriday + 168h);
  EXPECT_EQ(decided_through(), model::parse_date("2026-12-04"));
}

TEST_P(Slots, WhatIsDecidedOutOfTurnSaysNothingOfWhatComesBefore) {
  store().begin_series("friday", kFriday);
  store().decide(slot("2026-12-25"), SlotState::skipped, "holiday", kFriday);
  store().fill(in_slot(put("a.md"), slot("2026-12-11")), kFriday);
  EXPECT_EQ(decided_through(), std::nullopt);
}

TEST_P(Slots, SlotsComeByDateFromADayOn) {
  store().decide(slot("2026-12-04"), SlotState::skipped, "", kFriday);
  store().decide(slot("2026-11-20"), SlotState::missed, "", kFriday);
  store().decide(slot("2026-11-27", "17:30"), SlotState::empty, "", kFriday);
  store().decide(slot("2026-11-27", "08:00"), SlotState::empty, "", kFriday);
  std::vector<std::string> texts;
  for (const SlotRow& row : store().slots(*model::parse_date("2026-11-27"), 100))
    texts.push_back(row.occurrence.text());
  EXPECT_THAT(texts,
              ElementsAre("friday 2026-11-27 08:00", "friday 2026-11-27 17:30", "friday 2026-12-04 08:00"));
  EXPECT_THAT(store().slots(*model::parse_date("2026-11-27"), 2), SizeIs(2));
}

TEST_P(Slots, PostsComeNewestFirstInPages) {
  std::vector<model::PostId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(publish({to_channel("blog")}));
  const auto id_is = [](model::PostId id) { return testing::Field(&model::Post::id, id); };
  EXPECT_THAT(store().posts({}, 2), ElementsAre(id_is(ids[2]), id_is(ids[1])));
  EXPECT_THAT(store().posts(ids[1], 2), ElementsAre(id_is(ids[0])));
  EXPECT_EQ(store().post({99}), std::nullopt);
}

}  // namespace
}  // namespace store
