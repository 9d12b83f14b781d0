// A StoreThread on a file, its house run by the test.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/store_thread.h"
#include "support/store_fixture.h"

namespace support {

// Keeps the store's thread busy until it is let go, so that what is queued meanwhile shares a commit.
class Hold {
 public:
  explicit Hold(store::StoreThread& thread) {
    auto reached = std::make_shared<std::promise<void>>();
    std::future<void> there = reached->get_future();
    thread.write(
        [reached, go = go_.get_future().share()](store::Store& store) {
          const auto failure = failure_of([&] { store.set_setting("held", "here"); });
          reached->set_value();
          go.wait();
          if (failure) throw store::StoreFailure(*failure, "held in vain");
        },
        [](const store::Result<void>&) {});
    if (there.wait_for(30s) != std::future_status::ready)
      throw std::runtime_error("the store's thread hangs");
  }
  ~Hold() { let_go(); }
  void let_go() {
    if (!std::exchange(gone_, true)) go_.set_value();
  }

 private:
  std::promise<void> go_;
  bool gone_ = false;
};

class StoreThreadFixture : public testing::Test {
 protected:
  ~StoreThreadFixture() override {
    if (thread_) thread_->stop();
  }

  // Whatever is queued while the thread is on hold shares a commit.
  static constexpr store::GroupLimits kTogether{1h, 500};

  void start(store::GroupLimits limits = kTogether) {
    writer_ = store::open_sqlite(file_, store::Mode::read_write);
    reader_ = store::open_sqlite(file_, store::Mode::read_only);
    thread_ = std::make_unique<store::StoreThread>(
        std::move(writer_), std::move(reader_), house_.get_executor(),
        [this](store::StoreError error) {
          EXPECT_EQ(std::this_thread::get_id(), test_);
          fatal_.push_back(std::move(error));
        },
        limits);
  }

  void end() {
    thread_->stop();
    run();
    thread_.reset();
  }

  // All that was posted to the house.
  void run() {
    house_.restart();
    house_.poll();
  }

  // Runs the house until `done`; fails the test after half a minute.
  template <class Done>
  void run_until(Done done) {
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (!done() && std::chrono::steady_clock::now() < until) {
      house_.restart();
      house_.run_for(1ms);
      std::this_thread::yield();
    }
    ASSERT_TRUE(done());
  }

  template <class Work>
  auto write(Work work) {
    using R = std::invoke_result_t<Work&, store::Store&>;
    std::optional<store::Result<R>> result;
    thread_->write(std::move(work), [&](store::Result<R> got) { result = std::move(got); });
    run_until([&] { return result.has_value(); });
    return std::move(result).value();
  }

  // Queues a write; how it ended is noted under its key.
  void queue(const std::string& key, const std::string& value = "written") {
    thread_->write([key, value](store::Store& store) { store.set_setting(key, value); },
                   [this, key](store::Result<void> result) { note(key, std::move(result)); });
  }
  void note(const std::string& key, store::Result<void> result) {
    ended_.emplace_back(key, result ? "done" : name(result.error().kind));
  }

  static std::string name(store::Failure kind) {
    switch (kind) {
      case store::Failure::conflict:
        return "conflict";
      case store::Failure::full:
        return "full";
      case store::Failure::io:
        return "io";
      case store::Failure::closed:
        return "closed";
      case store::Failure::other:
        return "other";
      default:
        return "another";
    }
  }

  std::string stored(const std::string& key) {
    return thread_->read([&](store::Store& store) { return store.setting(key).value_or(""); });
  }

  using Ended = std::vector<std::pair<std::string, std::string>>;

  StoreFolder folder_;
  std::filesystem::path file_ = folder_ / "fridayd.db";
  const std::thread::id test_ = std::this_thread::get_id();
  boost::asio::io_context house_;
  std::unique_ptr<store::Store> writer_;
  std::unique_ptr<store::Store> reader_;
  std::unique_ptr<store::StoreThread> thread_;
  std::vector<store::StoreError> fatal_;
  Ended ended_;
};

}  // namespace support
