// A house thread for a test, which is the test's own: its loop, workers, a wall clock that is moved by hand,
// and a store in a file that a later house opens again, as the daemon does after a crash.
//
// What lives in the house is declared after it, so that it goes before it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "runtime/alarms.h"
#include "store/sqlite/sqlite_store.h"
#include "store/store_thread.h"
#include "support/manual_clock.h"

namespace support {

using namespace std::chrono_literals;

class House {
 public:
  static constexpr std::size_t kWorkers = 3;

  // Opens the store as fridayd does: a new epoch, and recovery before anything is claimed.
  House(ManualClock& clock, const std::filesystem::path& file) : clock_(clock), alarms_(clock) {
    auto writer = store::open_sqlite(file, store::Mode::read_write);
    epoch_ = writer->next_generation();
    recovered_ = writer->recover(clock.now());
    store_.emplace(std::move(writer), store::open_sqlite(file, store::Mode::read_only), executor(),
                   [this](const store::StoreError& error) { fatal_ = error.what; });
  }
  ~House() { crash(); }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  boost::asio::io_context::executor_type executor() { return loop_.get_executor(); }
  boost::asio::thread_pool& workers() { return workers_; }
  store::StoreThread& store() { return *store_; }
  runtime::Alarms& alarms() { return alarms_; }
  std::int64_t epoch() const { return epoch_; }
  const std::vector<std::string>& recovered() const { return recovered_; }
  const std::string& fatal() const { return fatal_; }

  // On the store thread, waited for. Throws StoreFailure.
  template <class Work>
  auto in_store(Work work) {
    using R = std::invoke_result_t<Work&, store::Store&>;
    std::optional<store::Result<R>> result;
    store_->write(std::move(work), [&](store::Result<R> got) { result = std::move(got); });
    run_until([&] { return result.has_value(); });
    if (!*result) throw store::StoreFailure(result->error().kind, result->error().what);
    if constexpr (!std::is_void_v<R>) return std::move(**result);
  }

  // What is committed at this moment; nothing in the house goes on meanwhile.
  template <class Work>
  auto read(Work work) {
    return store_->read(std::move(work));
  }

  // Until house, store and workers have nothing left to do.
  void settle() {
    // A write of others may be told of in the very handler that ends a round here, so that one quiet round
    // proves nothing; no room has more than five writes in a row without any other work.
    constexpr int kQuiet = 8;
    for (int quiet = 0; quiet < kQuiet;) quiet = round() == 0 ? quiet + 1 : 0;
  }

  // Moves the clock, with each alarm on the way.
  void pass(std::chrono::milliseconds span) {
    settle();
    const model::Instant end = clock_.now() + span;
    for (int rung = 0; clock_.due() && *clock_.due() <= end; ++rung) {
      if (rung > 10'000) throw std::runtime_error("an alarm rings without end");
      clock_.move_to(std::max(clock_.now(), *clock_.due()));
      clock_.ring();
      settle();
    }
    clock_.move_to(end);
    settle();
  }

  // Runs handlers of the house until `condition` holds.
  void run_until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      loop_.run_one_for(20ms);
      if (std::chrono::steady_clock::now() > limit)
        throw std::runtime_error("what was waited for never came");
    }
  }

  // Runs one handler of the house; false when none comes any more.
  bool step() { return loop_.run_one_for(150ms) > 0; }

  // The process is gone: what the store and the workers were told before still happens, as it may in a real
  // crash, and from then on nothing is written.
  void crash() {
    if (!store_ || crashed_) return;
    crashed_ = true;
    clock_.cancel();
    store_->stop();
    for (std::size_t done = 1; done > 0;) done = workers_round();
  }

 private:
  static constexpr std::chrono::seconds kPatience{30};

  // How many handlers ran beside its own.
  std::size_t round() {
    std::size_t done = loop_.poll();
    const auto passed = std::make_shared<bool>(false);
    store_->write([](store::Store&) {}, [passed](const store::Result<void>&) { *passed = true; });
    done += run_for(*passed) - 1;
    return done + workers_round();
  }

  // Every worker has ended what it was given before.
  std::size_t workers_round() {
    const auto passed = std::make_shared<bool>(false);
    const auto all = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(kWorkers));
    const auto over = std::make_shared<std::atomic<std::size_t>>(0);
    for (std::size_t i = 0; i < kWorkers; ++i) {
      boost::asio::post(workers_, [this, all, over, passed] {
        all->arrive_and_wait();
        if (over->fetch_add(1) + 1 == kWorkers) boost::asio::post(loop_, [passed] { *passed = true; });
      });
    }
    return run_for(*passed) - 1;
  }

  std::size_t run_for(const bool& passed) {
    std::size_t done = 0;
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (!passed) {
      done += loop_.run_one_for(20ms);
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("the house never comes to rest");
    }
    return done + loop_.poll();
  }

  ManualClock& clock_;
  boost::asio::io_context loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_{loop_.get_executor()};
  runtime::Alarms alarms_;
  std::int64_t epoch_ = 0;
  std::vector<std::string> recovered_;
  std::string fatal_;
  bool crashed_ = false;
  std::optional<store::StoreThread> store_;
  boost::asio::thread_pool workers_{kWorkers};  // joined first
};

}  // namespace support
