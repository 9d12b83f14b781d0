// When the disk is full, the store says so and goes on once there is room. When the disk fails, it writes
// nothing more and says so once.
#include <gmock/gmock.h>

#include <fstream>

#include "support/sqlite_probe.h"
#include "support/store_thread_fixture.h"

namespace store {
namespace {

using support::ask;
using support::Hold;
using support::SqliteDisk;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using Fault = SqliteDisk::Fault;

const std::string kLarge(200'000, 'x');

class DiskFaults : public support::StoreThreadFixture {
 protected:
  // Three writes of one group.
  void write_three() {
    ended_.clear();
    {
      Hold hold(*thread_);
      queue("small");
      queue("large", kLarge);
      queue("small too");
    }
    run_until([&] { return ended_.size() == 3; });
  }

  void expect_nothing_written() {
    for (const char* key : {"small", "large", "small too", "held"}) EXPECT_EQ(stored(key), "") << key;
  }

  void expect_works_again() {
    write_three();
    EXPECT_THAT(ended_, Each(Pair(testing::_, "done")));
    EXPECT_EQ(stored("large"), kLarge);
    EXPECT_THAT(fatal_, IsEmpty());
  }

  // More than the pages at which the log is brought into the database.
  void write_much() {
    for (int i = 0; i < 60; ++i) queue("much" + std::to_string(i), kLarge);
  }
};

TEST_F(DiskFaults, ADatabaseThatCantGrowIsFullAndNothingOfTheGroupIsWritten) {
  const support::SqliteProbe probe;
  start();
  // On the store's own thread, as all that is done with its connection.
  const auto limit = [&](const char* pages) {
    return write(
        [&](Store&) { return ask(probe.connection(0), std::string("PRAGMA max_page_count=") + pages); });
  };
  ASSERT_TRUE(limit("1"));  // as many as there are
  write_three();
  EXPECT_THAT(ended_, ElementsAre(Pair("small", "full"), Pair("large", "full"), Pair("small too", "full")));
  expect_nothing_written();
  EXPECT_EQ(write([](Store& store) { store.check(); }).has_value(), true);
  ASSERT_TRUE(limit("1000000"));
  expect_works_again();
}

TEST_F(DiskFaults, OneFunctionThatFindsNoRoomUndoesItsGroup) {
  start();
  {
    Hold hold(*thread_);
    queue("small");
    thread_->write(
        [](Store& store) {
          store.set_setting("large", "half done");
          throw StoreFailure(Failure::full, "no room");
        },
        [this](Result<void> result) { note("large", std::move(result)); });
    queue("small too");
  }
  run_until([&] { return ended_.size() == 3; });
  EXPECT_THAT(ended_, Each(Pair(testing::_, "full")));
  expect_nothing_written();
  expect_works_again();
}

TEST_F(DiskFaults, ADiskThatFillsUpInTheCommitIsFull) {
  for (const Fault fault : {Fault::full, Fault::over_quota}) {
    SqliteDisk disk;
    start();
    write([](Store& store) { store.set_setting("small", ""); });
    disk.wal_fault = fault;
    queue("a");
    run_until([&] { return !ended_.empty(); });
    EXPECT_THAT(ended_, ElementsAre(Pair("a", "full")));
    EXPECT_EQ(stored("a"), "");
    EXPECT_GT(disk.faults_met, 0);
    disk.wal_fault = Fault::none;
    expect_works_again();
    end();
    std::filesystem::remove(file_);
    ended_.clear();
  }
}

TEST_F(DiskFaults, ADiskThatWasOverQuotaOnceMayFailLater) {
  SqliteDisk disk;
  start();
  write([](Store& store) { store.set_setting("small", ""); });
  disk.wal_fault = Fault::over_quota;
  queue("a");
  run_until([&] { return !ended_.empty(); });
  EXPECT_THAT(ended_, ElementsAre(Pair("a", "full")));
  disk.wal_fault = Fault::none;
  disk.database_fault = Fault::write_error;
  ended_.clear();
  write_much();
  run_until([&] { return ended_.size() == 60 && !fatal_.empty(); });
  EXPECT_EQ(fatal_[0].kind, Failure::io);
  disk.database_fault = Fault::none;
  end();
}

TEST_F(DiskFaults, NoRoomForTheIndexOfTheLogIsFull) {
  SqliteDisk disk;
  start();
  disk.wal_fault = Fault::no_room_for_index;
  {
    Hold hold(*thread_);
    for (int i = 0; i < 100; ++i) queue("much" + std::to_string(i), kLarge);  // over 4096 pages of log
  }
  run_until([&] { return ended_.size() == 100; });
  EXPECT_THAT(ended_, Each(Pair(testing::_, "full")));
  EXPECT_GT(disk.faults_met, 0);
  disk.wal_fault = Fault::none;
  expect_works_again();
  end();
}

TEST_F(DiskFaults, AWriteThatFailsEndsAllWriting) {
  SqliteDisk disk;
  start();
  ASSERT_TRUE(write([](Store& store) { store.set_setting("before", "kept"); }));
  disk.wal_fault = Fault::write_error;
  write_three();
  EXPECT_THAT(ended_, ElementsAre(Pair("small", "io"), Pair("large", "io"), Pair("small too", "io")));
  ASSERT_THAT(fatal_, SizeIs(1));
  EXPECT_EQ(fatal_[0].kind, Failure::io);
  EXPECT_THAT(fatal_[0].what, testing::HasSubstr("disk"));

  // It seems well again: no matter.
  disk.wal_fault = Fault::none;
  disk.writes_after_fault = 0;
  queue("after");
  run_until([&] { return ended_.size() == 4; });
  EXPECT_EQ(ended_.back().second, "io");
  EXPECT_THAT(fatal_, SizeIs(1));
  EXPECT_EQ(stored("before"), "kept");
  EXPECT_EQ(stored("after"), "");
  end();
  EXPECT_EQ(disk.writes_after_fault, 0);
}

TEST_F(DiskFaults, AFailedSyncIsNeverTriedAgain) {
  SqliteDisk disk;
  start();
  ASSERT_TRUE(write([](Store& store) { store.set_setting("before", "kept"); }));
  disk.wal_fault = Fault::sync_error;
  queue("a");
  run_until([&] { return !ended_.empty() && !fatal_.empty(); });
  EXPECT_THAT(ended_, ElementsAre(Pair("a", "io")));
  disk.wal_fault = Fault::none;
  disk.writes_after_fault = 0;
  const int syncs = disk.wal_syncs;
  queue("b");
  run_until([&] { return ended_.size() == 2; });
  EXPECT_EQ(ended_.back().second, "io");
  end();
  EXPECT_EQ(disk.wal_syncs, syncs);
  EXPECT_EQ(disk.writes_after_fault, 0);
  EXPECT_THAT(fatal_, SizeIs(1));

  // The next process decides from the disk: what was told to be written is there.
  const auto store = open_sqlite(file_, Mode::read_write);
  EXPECT_EQ(store->setting("before"), "kept");
  EXPECT_EQ(ask(file_, "PRAGMA integrity_check"), "ok");
}

TEST_F(DiskFaults, WhatIsGivenUpIsClosedWithoutAWrite) {
  SqliteDisk disk;
  auto store = open_sqlite(file_, Mode::read_write);
  store->set_setting("key", "value");
  dynamic_cast<GroupCommit&>(*store).abandon();
  disk.faults_met = 1;
  store.reset();
  EXPECT_EQ(disk.writes_after_fault, 0);
  EXPECT_EQ(open_sqlite(file_, Mode::read_write)->setting("key"), "value");
}

TEST_F(DiskFaults, AFailureBetweenTwoGroupsIsNoticedToo) {
  SqliteDisk disk;
  start();
  disk.database_fault = Fault::write_error;
  write_much();
  run_until([&] { return ended_.size() == 60 && !fatal_.empty(); });
  EXPECT_THAT(fatal_, SizeIs(1));
  EXPECT_EQ(ended_.front().second, "done");  // it was in the log, and is
  disk.database_fault = Fault::none;
  disk.writes_after_fault = 0;
  queue("after");
  run_until([&] { return ended_.size() == 61; });
  EXPECT_EQ(ended_.back().second, "io");
  end();
  EXPECT_EQ(disk.writes_after_fault, 0);
  EXPECT_EQ(open_sqlite(file_, Mode::read_write)->setting("much0"), kLarge);
}

TEST_F(DiskFaults, NoRoomToTidyUpIsNoFailure) {
  SqliteDisk disk;
  start();
  disk.database_fault = Fault::full;
  write_much();
  run_until([&] { return ended_.size() == 60; });
  EXPECT_THAT(ended_, Each(Pair(testing::_, "done")));
  EXPECT_GT(disk.faults_met, 0);
  disk.database_fault = Fault::none;
  expect_works_again();
  end();
}

TEST_F(DiskFaults, TheLogIsBroughtInAndStaysSmall) {
  start();
  for (int round = 0; round < 5; ++round) {
    ended_.clear();
    write_much();
    run_until([&] { return ended_.size() == 60; });
  }
  EXPECT_LT(std::filesystem::file_size(file_.string() + "-wal"), 64u << 20);
  end();
  EXPECT_EQ(ask(file_, "SELECT count(*) FROM setting"), "60");
}

TEST_F(DiskFaults, ATruncatedDatabaseIsAFailingDisk) {
  {
    const auto store = open_sqlite(file_, Mode::read_write);
    for (int i = 0; i < 50; ++i) store->set_setting("key" + std::to_string(i), kLarge);
  }
  start();
  std::filesystem::resize_file(file_, 4096 * 3);
  const auto result = write([](Store& store) { return store.setting("key7"); });
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, Failure::io);
  run_until([&] { return !fatal_.empty(); });
  EXPECT_THAT(fatal_, SizeIs(1));
}

TEST_F(DiskFaults, AStoreThatIsBusyElsewhereFailsNothingForGood) {
  const support::SqliteProbe probe;
  start();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &other), SQLITE_OK);
  sqlite3_busy_timeout(probe.connection(0), 1);
  ask(other, "BEGIN IMMEDIATE");
  queue("a");
  run_until([&] { return !ended_.empty(); });
  EXPECT_THAT(ended_, ElementsAre(Pair("a", "other")));
  ask(other, "ROLLBACK");
  sqlite3_close(other);
  expect_works_again();
}

}  // namespace
}  // namespace store
