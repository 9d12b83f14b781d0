// The installation: key, generation, settings, audit trail, backup.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using support::failure_of;
using support::kFriday;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Life : public support::StoreContract {};
STORE_CONTRACT(Life);

TEST_P(Life, TheSiteKeyIsMadeOnce) {
  const std::string key = store().site_key();
  EXPECT_THAT(key, SizeIs(64));
  EXPECT_EQ(key.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(store().site_key(), key);
  restart();
  EXPECT_EQ(store().site_key(), key);
}

TEST_P(Life, EachInstallationHasAKeyOfItsOwn) {
  const auto other = GetParam().make();
  EXPECT_NE(other->store().site_key(), store().site_key());
}

TEST_P(Life, TheGenerationGrowsWithEveryStart) {
  EXPECT_EQ(store().generation(), 0);
  EXPECT_EQ(store().next_generation(), 1);
  restart();
  EXPECT_EQ(store().generation(), 1);
  EXPECT_EQ(store().next_generation(), 2);
  EXPECT_EQ(store().generation(), 2);
}

TEST_P(Life, SettingsStayAndAnEmptyOneIsNone) {
  EXPECT_EQ(store().setting("stopped"), std::nullopt);
  store().set_setting("stopped", "by anna");
  store().set_setting("stopped", "by bob; DROP TABLE setting;--'\"");
  restart();
  EXPECT_EQ(store().setting("stopped"), "by bob; DROP TABLE setting;--'\"");
  store().set_setting("stopped", "");
  EXPECT_EQ(store().setting("stopped"), std::nullopt);
}

TEST_P(Life, EventsComeNewestFirstAndByItem) {
  for (int i = 0; i < 5; ++i) {
    store().event({kFriday + 1s * i, "anna", i % 2 == 0 ? "v1" : "v2", "step " + std::to_string(i)});
  }
  const auto all = store().events("", 3);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].what, "step 4");
  EXPECT_EQ(all[2].what, "step 2");
  EXPECT_EQ(all[0].at, kFriday + 4s);
  EXPECT_EQ(all[0].who, "anna");
  EXPECT_THAT(store().events("v2", 10), SizeIs(2));
  EXPECT_THAT(store().events("v2", 10), Each(testing::Field(&EventRow::item, "v2")));
  EXPECT_THAT(store().events("v3", 10), IsEmpty());
}

TEST_P(Life, EventsAreReadOnInBothDirections) {
  for (int i = 0; i < 5; ++i) store().event({kFriday, "anna", i % 2 == 0 ? "v1" : "v2", std::to_string(i)});
  const auto what_is = [](const char* what) { return testing::Field(&EventRow::what, what); };
  const auto newest = store().events("", 2);
  EXPECT_THAT(newest, ElementsAre(what_is("4"), what_is("3")));
  EXPECT_GT(newest[0].id, newest[1].id);
  EXPECT_THAT(store().events("", 2, newest[1].id), ElementsAre(what_is("2"), what_is("1")));
  EXPECT_THAT(store().events("v1", 2, newest[1].id), ElementsAre(what_is("2"), what_is("0")));
  EXPECT_THAT(store().events_after(newest[1].id, 10), ElementsAre(what_is("4")));
  EXPECT_THAT(store().events_after(0, 2), ElementsAre(what_is("0"), what_is("1")));
  EXPECT_THAT(store().events_after(newest[0].id, 10), IsEmpty());
}

TEST_P(Life, TextsAreKeptByteByByte) {
  const std::string odd = std::string("nul") + '\0' + " latin1 \xe9 quote ' snow \xe2\x9d\x84";
  store().event({kFriday, odd, odd, odd});
  const EventRow row = store().events(odd, 1).at(0);
  EXPECT_EQ(row.who, odd);
  EXPECT_EQ(row.what, odd);
}

TEST_P(Life, ANewStoreIsWellAndEmpty) {
  store().check();
  EXPECT_THAT(store().known_files(), IsEmpty());
  EXPECT_THAT(store().queued_series(), IsEmpty());
  EXPECT_THAT(store().series(), IsEmpty());
  EXPECT_THAT(store().posts({}, 10), IsEmpty());
  EXPECT_THAT(store().waiting(), IsEmpty());
  EXPECT_THAT(store().recover(kFriday), IsEmpty());
  EXPECT_EQ(store().next_delivery_at(), std::nullopt);
}

TEST_P(Life, ABackupIsAWholeStoreThatStandsByItself) {
  const support::StoreFolder folder;
  const auto id = deliver("blog");
  const std::string key = store().site_key();
  store().backup(folder / "copy.db");
  store().set_setting("after", "the backup");

  const auto copy = open_sqlite(folder / "copy.db", Mode::read_write);
  EXPECT_EQ(copy->site_key(), key);
  EXPECT_EQ(copy->delivery(id).value().key, delivery(id).key);
  EXPECT_EQ(copy->blob("sha256 of text"), "text");
  EXPECT_EQ(copy->setting("after"), std::nullopt);
}

TEST_P(Life, ABackupIsOneFileForItsOwnerAlone) {
  namespace fs = std::filesystem;
  const support::StoreFolder folder;
  store().backup(folder / "copy.db");
  EXPECT_EQ(fs::status(folder / "copy.db").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(folder / "copy.db-wal"));
  EXPECT_FALSE(fs::exists(folder / "copy.db-journal"));
}

TEST_P(Life, ABackupNeverReplacesAFile) {
  const support::StoreFolder folder;
  store().backup(folder / "copy.db");
  store().set_setting("after", "the backup");
  EXPECT_EQ(failure_of([&] { store().backup(folder / "copy.db"); }), Failure::not_allowed);
  EXPECT_EQ(open_sqlite(folder / "copy.db", Mode::read_write)->setting("after"), std::nullopt);

  std::filesystem::create_symlink(folder / "elsewhere.db", folder / "link.db");
  EXPECT_EQ(failure_of([&] { store().backup(folder / "link.db"); }), Failure::not_allowed);
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere.db"));
}

TEST_P(Life, ABackupThatCantBeWrittenSaysSoAndHarmsNothing) {
  const support::StoreFolder folder;
  EXPECT_EQ(failure_of([&] { store().backup(folder / "none/copy.db"); }), Failure::other);
  store().set_setting("still", "well");
}

}  // namespace
}  // namespace store
