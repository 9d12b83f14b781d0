// The thread that owns the store: group commit, isolation of its functions, reads, the end.
#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <thread>

#include "support/sqlite_probe.h"
#include "support/store_thread_fixture.h"

namespace store {
namespace {

using support::Hold;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using namespace std::chrono_literals;

class StoreThreadTest : public support::StoreThreadFixture {};

TEST_F(StoreThreadTest, AResultComesOnTheExecutorAndIsDurableByThen) {
  start();
  std::thread::id store_thread;
  std::thread::id then_thread;
  std::optional<std::string> seen;
  thread_->write(
      [&](Store& store) {
        store_thread = std::this_thread::get_id();
        store.set_setting("key", "value");
        return 7;
      },
      [&](Result<int> result) {
        then_thread = std::this_thread::get_id();
        EXPECT_EQ(result.value(), 7);
        seen = open_sqlite(file_, Mode::read_only)->setting("key");
      });
  run_until([&] { return seen.has_value(); });
  EXPECT_EQ(seen, "value");
  EXPECT_EQ(then_thread, test_);
  EXPECT_NE(store_thread, test_);
}

TEST_F(StoreThreadTest, AFunctionThatFailsLeavesNothingAndTheOthersOfItsGroupStay) {
  start();
  {
    Hold hold(*thread_);
    queue("first");
    thread_->write(
        [](Store& store) {
          store.set_setting("second", "half done");
          throw StoreFailure(Failure::conflict, "somebody was faster");
        },
        [this](Result<void> result) { note("second", std::move(result)); });
    thread_->write(
        [](Store& store) -> int {
          store.set_setting("third", "half done");
          throw std::runtime_error("a bug");
        },
        [this](const Result<int>& result) { ended_.emplace_back("third", name(result.error().kind)); });
    queue("fourth");
  }
  run_until([&] { return ended_.size() == 4; });
  EXPECT_THAT(ended_, ElementsAre(Pair("first", "done"), Pair("second", "conflict"), Pair("third", "other"),
                                  Pair("fourth", "done")));
  EXPECT_EQ(stored("first"), "written");
  EXPECT_EQ(stored("second"), "");
  EXPECT_EQ(stored("third"), "");
  EXPECT_EQ(stored("fourth"), "written");
  EXPECT_THAT(fatal_, IsEmpty());
}

TEST_F(StoreThreadTest, AFailureThatItsFunctionCatchesLeavesNothingEither) {
  start();
  const auto result = write([](Store& store) {
    store.set_setting("before", "kept");
    try {
      NewPost post;
      post.draft = store.put_draft(support::seen("a.md"), support::kFriday).id;
      post.draft_revision = 1;
      post.slug = "a";
      post.deliveries = {support::to_channel("blog"), support::to_channel("blog")};
      store.fill(post, support::kFriday);
    } catch (const StoreFailure& failure) {
      return failure.kind();
    }
    return Failure::other;
  });
  EXPECT_EQ(result.value(), Failure::conflict);
  EXPECT_EQ(stored("before"), "kept");
  EXPECT_TRUE(thread_->read([](Store& store) { return store.posts({}, 10).empty(); }));
  EXPECT_TRUE(thread_->read([](Store& store) { return store.draft_at("a.md").has_value(); }));
}

TEST_F(StoreThreadTest, WhatIsQueuedTogetherSharesACommit) {
  support::SqliteDisk disk;
  start();
  write([](Store& store) { store.set_setting("the first commit", "writes the log's head"); });
  const int before = disk.wal_syncs;
  {
    Hold hold(*thread_);
    for (int i = 0; i < 100; ++i) queue("key" + std::to_string(i));
  }
  run_until([&] { return ended_.size() == 100; });
  EXPECT_EQ(disk.wal_syncs - before, 1);
  end();
}

TEST_F(StoreThreadTest, AGroupEndsWithItsTime) {
  support::SqliteDisk disk;
  start({0ms, 500});
  write([](Store& store) { store.set_setting("the first commit", "writes the log's head"); });
  const int before = disk.wal_syncs;
  {
    Hold hold(*thread_);
    for (int i = 0; i < 10; ++i) queue("key" + std::to_string(i));
  }
  run_until([&] { return ended_.size() == 10; });
  EXPECT_EQ(disk.wal_syncs - before, 11);
  end();
}

TEST_F(StoreThreadTest, AGroupEndsWithItsNumber) {
  const support::SqliteProbe probe;
  std::atomic<int> commits = 0;
  start();
  sqlite3_commit_hook(
      probe.connection(0),
      [](void* count) {
        ++*static_cast<std::atomic<int>*>(count);
        return 0;
      },
      &commits);
  {
    Hold hold(*thread_);
    for (int i = 0; i < 1200; ++i) queue("key");
  }
  run_until([&] { return ended_.size() == 1200; });
  EXPECT_EQ(commits, 3);
  end();
}

TEST_F(StoreThreadTest, ResultsComeInTheOrderOfTheWrites) {
  start();
  for (int i = 0; i < 300; ++i) queue(std::to_string(i));
  run_until([&] { return ended_.size() == 300; });
  for (int i = 0; i < 300; ++i) EXPECT_EQ(ended_[static_cast<std::size_t>(i)].first, std::to_string(i));
}

TEST_F(StoreThreadTest, AReadSeesWhatIsCommittedOnly) {
  start();
  {
    Hold hold(*thread_);  // has written, and not committed
    EXPECT_EQ(stored("held"), "");
  }
  queue("after");
  run_until([&] { return !ended_.empty(); });
  EXPECT_EQ(stored("held"), "here");
}

TEST_F(StoreThreadTest, AllOfAReadIsOfOneMoment) {
  boost::asio::thread_pool elsewhere(1);
  auto writer = open_sqlite(file_, Mode::read_write);
  StoreThread thread(std::move(writer), open_sqlite(file_, Mode::read_only), elsewhere.get_executor(),
                     [](const StoreError&) {});
  const auto set = [&](const std::string& value) {
    std::promise<bool> done;
    thread.write([value](Store& store) { store.set_setting("key", value); },
                 [&](const Result<void>& result) { done.set_value(result.has_value()); });
    return done.get_future().get();
  };
  ASSERT_TRUE(set("old"));
  thread.read([&](Store& store) {
    EXPECT_EQ(store.setting("key"), "old");
    EXPECT_TRUE(set("new"));
    EXPECT_EQ(store.setting("key"), "old");
  });
  EXPECT_EQ(thread.read([](Store& store) { return store.setting("key"); }), "new");
  thread.stop();
  elsewhere.join();
}

TEST_F(StoreThreadTest, AReadThatFailsIsOver) {
  start();
  EXPECT_EQ(support::failure_of([&] { thread_->read([](Store& store) { return store.blob("none"); }); }),
            Failure::not_found);
  EXPECT_EQ(stored("none"), "");
}

TEST_F(StoreThreadTest, ABackupCanBeTakenFromTheReader) {
  start();
  write([](Store& store) { store.set_setting("key", "value"); });
  thread_->read([&](Store& store) { store.backup(folder_ / "copy.db"); });
  EXPECT_EQ(open_sqlite(folder_ / "copy.db", Mode::read_write)->setting("key"), "value");
}

TEST_F(StoreThreadTest, StoppingWritesWhatIsQueuedAndRefusesTheRest) {
  start();
  {
    Hold hold(*thread_);
    for (int i = 0; i < 200; ++i) queue("key" + std::to_string(i));
  }
  thread_->stop();
  queue("late");
  run();
  ASSERT_EQ(ended_.size(), 201);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(ended_[i].second, "done");
  EXPECT_EQ(ended_.back().second, "closed");
  EXPECT_EQ(stored("key199"), "written");
  EXPECT_EQ(stored("late"), "");
  EXPECT_THAT(fatal_, IsEmpty());
}

TEST_F(StoreThreadTest, AThreadThatHangsIsSeenToBeSilent) {
  start();
  {
    Hold hold(*thread_);
    run_until([&] { return thread_->silent_for() > 20ms; });
  }
  write([](Store&) {});
  run_until([&] { return thread_->silent_for() < 1s; });
}

TEST_F(StoreThreadTest, AnIdleThreadGivesSignsOfLife) {
  start();
  bool beat = false;
  auto last = thread_->silent_for();
  run_until([&] {
    const auto now = thread_->silent_for();
    beat = beat || now < last;
    last = now;
    return beat;
  });
}

TEST_F(StoreThreadTest, ManyThreadsMayWriteAndRead) {
  constexpr int kThreads = 4;
  constexpr int kWrites = 100;
  start();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  std::atomic<int> ended = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kWrites; ++i) {
        thread_->write([](Store& store) { return store.next_generation(); },
                       [&](const Result<std::int64_t>& result) {
                         if (!result) ++wrong;
                         ++ended;
                       });
        thread_->read([](Store& store) { return store.generation(); });
        if (thread_->silent_for() > 30s) ++wrong;
      }
    });
  }
  run_until([&] { return ended == kThreads * kWrites; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(thread_->read([](Store& store) { return store.generation(); }), kThreads * kWrites);
}

}  // namespace
}  // namespace store
