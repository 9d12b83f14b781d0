// Drafts: revisions, places in the queue, readings that never ended.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DraftState;
using support::failure_of;
using support::kFriday;
using support::seen;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Drafts : public support::StoreContract {
 protected:
  static std::vector<std::string> paths(const std::vector<model::Draft>& drafts) {
    std::vector<std::string> paths;
    for (const model::Draft& draft : drafts) paths.push_back(draft.path);
    return paths;
  }
  static constexpr model::LocalDate kToday{std::chrono::year{2026}, std::chrono::November,
                                           std::chrono::day{25}};
  std::vector<std::string> candidate_paths(const char* first = "2026-11-27", std::size_t limit = 100) {
    return paths(store().candidates("friday", kToday, *model::parse_date(first), limit));
  }
  // Saved at `now`, as `path` with a head that `say` writes.
  template <class Say>
  void add(const std::string& path, Say say, Instant now = kFriday) {
    DraftSeen draft = seen(path, path);
    say(draft);
    store().put_draft(draft, now);
  }
  static std::optional<model::LocalDate> day(const char* text) { return model::parse_date(text); }

  KnownFile known(const std::string& path) {
    for (const KnownFile& file : store().known_files()) {
      if (file.path == path) return file;
    }
    return {};
  }
};
STORE_CONTRACT(Drafts);

TEST_P(Drafts, EverythingOfADraftComesBack) {
  DraftSeen draft = seen("trust/index.md", "bytes");
  draft.why = "why";
  draft.head.tags = {"a", "b"};
  draft.head.date = model::parse_date("2026-11-27");
  draft.head.priority = -3;
  draft.head.channels = {"blog"};
  draft.head.evergreen = true;
  draft.head.ready = false;
  draft.head.extra = {{"weight", 7}, {"nested", {{"deep", {1, 2}}}}};
  draft.problems = {{"trust/index.md", 3, 9, "a word", "mend it", false}};
  draft.assets = {{"images/table.png", "sha256 of png", "image/png", 640, 480}};
  draft.asset_bytes = {{"sha256 of png", std::string("\x89PNG\0\x01", 6)}};
  const model::DraftId id = store().put_draft(draft, kFriday).id;
  restart();

  const model::Draft stored = store().draft(id).value();
  EXPECT_EQ(stored.path, "trust/index.md");
  EXPECT_EQ(stored.state, DraftState::ready);
  EXPECT_EQ(stored.why, "why");
  EXPECT_EQ(stored.revision, 1);
  EXPECT_EQ(stored.sha256, "sha256 of bytes");
  EXPECT_EQ(stored.first_ready, kFriday);
  EXPECT_EQ(stored.changed_at, kFriday);
  EXPECT_EQ(stored.problems, draft.problems);
  EXPECT_EQ(stored.head.tags, draft.head.tags);
  EXPECT_EQ(stored.head.date, draft.head.date);
  EXPECT_EQ(stored.head.slot, std::nullopt);
  EXPECT_EQ(stored.head.priority, -3);
  EXPECT_EQ(stored.head.channels, draft.head.channels);
  EXPECT_TRUE(stored.head.evergreen);
  EXPECT_FALSE(stored.head.ready);
  EXPECT_EQ(stored.head.extra, draft.head.extra);
  const DraftText text = store().draft_text(id, 0);
  EXPECT_EQ(text.bytes, "bytes");
  EXPECT_EQ(text.assets, draft.assets);
  EXPECT_EQ(store().blob("sha256 of png"), std::string("\x89PNG\0\x01", 6));
}

TEST_P(Drafts, ANewRevisionKeepsIdAndPlace) {
  const model::Draft first = put("a.md", "one", kFriday);
  const model::Draft second = put("a.md", "two", kFriday + 1h);
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.revision, 2);
  EXPECT_EQ(second.first_ready, kFriday);
  EXPECT_EQ(second.changed_at, kFriday + 1h);
  EXPECT_EQ(store().draft_text(first.id, 1).bytes, "one");
  EXPECT_EQ(store().draft_text(first.id, 2).bytes, "two");
  EXPECT_EQ(store().draft_text(first.id, 0).bytes, "two");
  EXPECT_EQ(failure_of([&] { store().draft_text(first.id, 3); }), Failure::not_found);
}

TEST_P(Drafts, TheSameBytesAreNoNewRevision) {
  put("a.md", "one", kFriday);
  DraftSeen again = seen("a.md", "one");
  again.signature.mtime_ns = 99;
  again.head.title = "Seen by other rules";
  const model::Draft draft = store().put_draft(again, kFriday + 1h);
  EXPECT_EQ(draft.revision, 1);
  EXPECT_EQ(draft.changed_at, kFriday);
  EXPECT_EQ(draft.head.title, "Seen by other rules");
  EXPECT_EQ(known("a.md").signature.mtime_ns, 99);
}

TEST_P(Drafts, OtherImagesAreANewRevision) {
  const model::DraftId id = put("a.md", "one").id;
  DraftSeen again = seen("a.md", "one");
  again.assets = {{"x.png", "sha256 of png", "image/png", 1, 1}};
  again.asset_bytes = {{"sha256 of png", "png"}};
  EXPECT_EQ(store().put_draft(again, kFriday).revision, 2);
  EXPECT_THAT(store().draft_text(id, 1).assets, IsEmpty());
  EXPECT_THAT(store().draft_text(id, 2).assets, SizeIs(1));
}

TEST_P(Drafts, ThePlaceIsKeptOverAStateThatIsNotReady) {
  put("a.md", "one", kFriday);
  DraftSeen broken = seen("a.md", "broken");
  broken.state = DraftState::problem;
  EXPECT_EQ(store().put_draft(broken, kFriday + 1h).first_ready, kFriday);
  EXPECT_EQ(put("a.md", "mended", kFriday + 2h).first_ready, kFriday);
}

TEST_P(Drafts, ADraftThatWasNeverReadyHasNoPlaceYet) {
  DraftSeen waiting = seen("a.md", "one");
  waiting.state = DraftState::waiting;
  EXPECT_EQ(store().put_draft(waiting, kFriday).first_ready, std::nullopt);
  EXPECT_EQ(put("a.md", "two", kFriday + 1h).first_ready, kFriday + 1h);
}

TEST_P(Drafts, ARenameKeepsIdAndPlace) {
  const model::DraftId id = put("a.md").id;
  store().rename_draft(id, "b.md", {8, 4, 5, 6});
  EXPECT_EQ(store().draft_at("a.md"), std::nullopt);
  const model::Draft draft = store().draft_at("b.md").value();
  EXPECT_EQ(draft.id, id);
  EXPECT_EQ(draft.first_ready, kFriday);
  EXPECT_EQ(draft.revision, 1);
  EXPECT_EQ(known("b.md").signature, (FileSignature{8, 4, 5, 6}));
}

TEST_P(Drafts, ARenameOntoAnotherDraftChangesNothing) {
  const model::DraftId a = put("a.md").id;
  put("b.md");
  EXPECT_EQ(failure_of([&] { store().rename_draft(a, "b.md", {8, 4, 5, 6}); }), Failure::conflict);
  EXPECT_EQ(known("a.md").signature, seen("a.md").signature);
  EXPECT_EQ(failure_of([&] { store().rename_draft({99}, "c.md", {}); }), Failure::not_found);
}

TEST_P(Drafts, ATouchChangesTheSignatureAlone) {
  const model::Draft before = put("a.md");
  store().touch_draft(before.id, {1, 2, 3, 4});
  EXPECT_EQ(known("a.md").signature, (FileSignature{1, 2, 3, 4}));
  EXPECT_EQ(store().draft(before.id)->changed_at, before.changed_at);
  store().begin_reading("a.md", kFriday);
  store().touch_draft(before.id, {1, 2, 3, 4});
  EXPECT_EQ(known("a.md").attempts, 0);
  EXPECT_EQ(failure_of([&] { store().touch_draft({99}, {}); }), Failure::not_found);
}

TEST_P(Drafts, TheLargestSignatureFits) {
  DraftSeen draft = seen("a.md");
  draft.signature = {~std::uint64_t{0}, INT64_MAX, INT64_MIN, -1};
  store().put_draft(draft, kFriday);
  EXPECT_EQ(known("a.md").signature, draft.signature);
}

TEST_P(Drafts, ReadingsThatNeverEndAreCountedOverRestarts) {
  put("known.md");
  for (int i = 1; i <= 3; ++i) {
    store().begin_reading("known.md", kFriday);
    store().begin_reading("new.md", kFriday);
    restart();
    EXPECT_EQ(known("known.md").attempts, i);
    EXPECT_EQ(known("new.md").attempts, i);
    EXPECT_FALSE(known("new.md").id);
  }
  DraftSeen poison = seen("new.md");
  poison.state = DraftState::quarantined;
  store().put_draft(poison, kFriday);
  EXPECT_EQ(known("new.md").attempts, 0);
  EXPECT_EQ(known("new.md").state, DraftState::quarantined);
  EXPECT_EQ(known("known.md").attempts, 3);
}

TEST_P(Drafts, AReadingEndsWithTheFile) {
  const model::DraftId id = put("a.md").id;
  store().begin_reading("a.md", kFriday);
  store().set_draft_state(id, DraftState::gone, "its file left the folder");
  EXPECT_THAT(store().known_files(), IsEmpty());
}

TEST_P(Drafts, KnownFilesTellWhatHasProblems) {
  DraftSeen bad = seen("bad.md");
  bad.state = DraftState::problem;
  bad.problems = {{"bad.md", 1, 1, "no title", "give it one"}};
  store().put_draft(bad, kFriday);
  put("good.md");
  EXPECT_TRUE(known("bad.md").has_problems);
  EXPECT_EQ(known("bad.md").state, DraftState::problem);
  EXPECT_FALSE(known("good.md").has_problems);
  EXPECT_EQ(known("good.md").sha256, "sha256 of text");
}

TEST_P(Drafts, AGonePathCanBeTakenByANewDraft) {
  const model::DraftId old = put("a.md").id;
  store().set_draft_state(old, DraftState::gone, "its file left the folder");
  EXPECT_EQ(store().draft_at("a.md"), std::nullopt);
  EXPECT_THAT(candidate_paths(), IsEmpty());
  const model::Draft fresh = put("a.md");
  EXPECT_NE(fresh.id, old);
  EXPECT_EQ(failure_of([&] { store().set_draft_state(old, DraftState::waiting, "its file is back"); }),
            Failure::conflict);
  EXPECT_EQ(store().draft(old)->state, DraftState::gone);
}

TEST_P(Drafts, AGoneDraftComesBackWithItsPlace) {
  const model::DraftId id = put("a.md").id;
  store().set_draft_state(id, DraftState::gone, "its file left the folder");
  store().set_draft_state(id, DraftState::waiting, "its file is back");
  EXPECT_EQ(put("a.md", "text", kFriday + 1h).first_ready, kFriday);
}

TEST_P(Drafts, APublishedDraftStaysPublished) {
  const model::PostId post = publish({support::to_channel("blog")});
  const model::DraftId id = store().post(post)->draft;
  for (const DraftState state : {DraftState::ready, DraftState::problem, DraftState::gone}) {
    EXPECT_EQ(failure_of([&] { store().set_draft_state(id, state, "why"); }), Failure::not_allowed);
  }
  EXPECT_EQ(store().draft(id)->state, DraftState::published);
  EXPECT_EQ(store().draft(id)->post, post);
  EXPECT_THAT(store().known_files(), IsEmpty());
  EXPECT_EQ(failure_of([&] { store().set_draft_state({99}, DraftState::gone, ""); }), Failure::not_found);
}

TEST_P(Drafts, ADraftMadeReadyByHandHasAPlace) {
  DraftSeen waiting = seen("a.md");
  waiting.state = DraftState::waiting;
  const model::DraftId id = store().put_draft(waiting, kFriday).id;
  store().set_draft_state(id, DraftState::ready, "");
  EXPECT_EQ(store().draft(id)->first_ready, kFriday);
}

TEST_P(Drafts, CandidatesOfOneKindStandInThePlannersOrder) {
  const auto none = [](DraftSeen&) {};
  add("later.md", none, kFriday + 2h);
  add("b.md", none, kFriday + 1h);
  add("a.md", none, kFriday + 1h);
  add("urgent.md", [](DraftSeen& draft) { draft.head.priority = 5; }, kFriday + 3h);
  add("broken.md", [](DraftSeen& draft) { draft.state = DraftState::problem; });
  add("unready.md", [](DraftSeen& draft) { draft.state = DraftState::waiting; });
  add("other.md", [](DraftSeen& draft) { draft.head.series = "monday"; });
  add("held.md", none);
  store().hold_draft(store().draft_at("held.md")->id, "on hold");
  EXPECT_THAT(candidate_paths(), ElementsAre("urgent.md", "a.md", "b.md", "later.md"));
  EXPECT_THAT(candidate_paths("2026-11-27", 2), ElementsAre("urgent.md", "a.md"));
  EXPECT_THAT(paths(store().set_aside(10)), ElementsAre("unready.md", "held.md"));
  EXPECT_THAT(paths(store().set_aside(1)), ElementsAre("unready.md"));
  EXPECT_THAT(store().queued_series(), ElementsAre("friday", "monday"));
}

TEST_P(Drafts, CandidatesAreSortedByTheDatesThatTheyAllow) {
  add("slot.md", [](DraftSeen& draft) { draft.head.slot = day("2026-12-04"); });
  add("date.md", [](DraftSeen& draft) { draft.head.date = day("2026-12-04"); });
  add("past.md", [](DraftSeen& draft) {
    draft.head.date = day("2020-01-01");
    draft.head.priority = 9;
  });
  add("from.md", [](DraftSeen& draft) {
    draft.head.date = day("2026-12-04");
    draft.head.not_before = day("2026-12-18");
  });
  add("until.md", [](DraftSeen& draft) { draft.head.not_after = day("2026-12-11"); });
  add("any.md", [](DraftSeen&) {});
  // Of any day, those of the day and before, later ones, those that are too late.
  EXPECT_THAT(candidate_paths("2026-12-04"),
              ElementsAre("any.md", "until.md", "slot.md", "date.md", "past.md", "from.md"));
  EXPECT_THAT(candidate_paths("2026-11-27"),
              ElementsAre("any.md", "until.md", "past.md", "date.md", "slot.md", "from.md"));
  EXPECT_THAT(candidate_paths("2026-12-18"),
              ElementsAre("any.md", "date.md", "from.md", "past.md", "until.md", "slot.md"));
}

TEST_P(Drafts, NoKindOfDraftHidesAnother) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i) + ".md";
    add("waiting" + name, [](DraftSeen& draft) { draft.state = DraftState::waiting; });
    add("past" + name, [](DraftSeen& draft) {
      draft.head.date = day("2020-01-01");
      draft.head.priority = 9;
    });
    add("late" + name, [](DraftSeen& draft) { draft.head.slot = day("2026-11-20"); });
    add("ahead" + name, [](DraftSeen& draft) { draft.head.slot = day("2027-01-01"); });
    add("monday" + name, [](DraftSeen& draft) { draft.head.series = "monday"; });
  }
  add("ready.md", [](DraftSeen&) {});
  add("slot.md", [](DraftSeen& draft) { draft.head.slot = day("2026-11-27"); });
  const auto found = candidate_paths("2026-11-27", 2);
  EXPECT_THAT(found, testing::AllOf(SizeIs(7), testing::Contains("ready.md"), testing::Contains("slot.md")));
}

TEST_P(Drafts, ListsGoByIdAndLeaveOutWhatIsGone) {
  const model::DraftId a = put("a.md").id;
  const model::DraftId b = put("b.md").id;
  const model::DraftId gone = put("c.md").id;
  store().set_draft_state(gone, DraftState::gone, "");
  store().fill(new_post(*store().draft(b), {support::to_channel("blog")}), kFriday);
  EXPECT_THAT(store().drafts(false, {}, 10), ElementsAre(testing::Field(&model::Draft::id, a)));
  EXPECT_THAT(store().drafts(true, {}, 10), SizeIs(2));
  EXPECT_THAT(store().drafts(true, a, 10), ElementsAre(testing::Field(&model::Draft::id, b)));
  EXPECT_THAT(store().drafts(true, {}, 1), SizeIs(1));
}

TEST_P(Drafts, UnusableOnesAreCountedBeyondThoseListed) {
  put("fine.md");
  for (const char* path : {"c.md", "a.md", "b.md"}) {
    DraftSeen bad = seen(path);
    bad.state = path[0] == 'b' ? DraftState::quarantined : DraftState::problem;
    store().put_draft(bad, kFriday);
  }
  const Some<model::Draft> unusable = store().unusable_drafts(2);
  EXPECT_THAT(unusable.items, ElementsAre(testing::Field(&model::Draft::path, "a.md"),
                                          testing::Field(&model::Draft::path, "b.md")));
  EXPECT_EQ(unusable.all, 3);
}

TEST_P(Drafts, TheNewestAtAPathIsFoundWhateverBecameOfIt) {
  const model::Draft first = put("a.md");
  store().fill(new_post(first, {support::to_channel("blog")}), kFriday);
  EXPECT_EQ(store().newest_draft_at("a.md")->id, first.id);
  const model::Draft second = put("a.md", "another");
  EXPECT_EQ(store().newest_draft_at("a.md")->id, second.id);
  store().set_draft_state(second.id, DraftState::gone, "");
  EXPECT_EQ(store().newest_draft_at("a.md")->id, second.id);
  EXPECT_EQ(store().newest_draft_at("b.md"), std::nullopt);
}

TEST_P(Drafts, WhatIsNotStoredIsNotFound) {
  EXPECT_EQ(store().draft({1}), std::nullopt);
  EXPECT_EQ(failure_of([&] { store().blob("none"); }), Failure::not_found);
  EXPECT_EQ(failure_of([&] { store().draft_text({1}, 0); }), Failure::not_found);
}

TEST_P(Drafts, AHoldLastsOverEditsRenamesAndRestartsUntilItIsLetGo) {
  const model::Draft draft = put("a.md", "one");
  store().hold_draft(draft.id, "on hold: a typo (ada)");
  put("a.md", "two");
  store().rename_draft(draft.id, "b.md", {9, 3, 1, 2});
  restart();
  model::Draft found = store().draft(draft.id).value();
  EXPECT_EQ(found.state, model::DraftState::ready);
  EXPECT_EQ(found.held, "on hold: a typo (ada)");
  EXPECT_EQ(found.shown_state(), model::DraftState::held);
  EXPECT_EQ(found.shown_why(), "on hold: a typo (ada)");
  EXPECT_EQ(found.first_ready, draft.first_ready);
  EXPECT_EQ(store().set_aside(10).front().held, found.held);
  store().hold_draft(draft.id, "");
  EXPECT_EQ(store().draft(draft.id)->shown_state(), model::DraftState::ready);
  EXPECT_EQ(failure_of([&] { store().hold_draft(draft.id, ""); }), Failure::not_allowed);
  EXPECT_EQ(failure_of([&] { store().hold_draft({99}, "why"); }), Failure::not_found);
  store().set_draft_state(draft.id, model::DraftState::gone, "left");
  EXPECT_EQ(failure_of([&] { store().hold_draft(draft.id, "why"); }), Failure::not_allowed);
}

}  // namespace
}  // namespace store
