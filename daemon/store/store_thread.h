// The thread that owns the store. Writes are queued, each runs so that it can be undone by itself (a failed
// one leaves nothing behind), and share a commit: a group closes after 5 ms, 500 functions or when the queue
// is empty. Only then `then` is posted to the executor given at construction, so that a result seen is
// durable.
//
// Thread-safe but for stop(), which the owner calls once. After Failure::io no write is tried again and
// on_fatal has been called once, on the executor.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <tl/expected.hpp>

#include "store/group_commit.h"
#include "store/store.h"

namespace store {

template <class R>
using Result = tl::expected<R, StoreError>;

struct GroupLimits {
  std::chrono::milliseconds longest{5};
  std::size_t most = 500;
};

class StoreThread {
 public:
  // `writer` is used on the thread alone; `reader` (a read-only connection of its own) on the calling
  // threads, one at a time. Both also are a GroupCommit.
  StoreThread(std::unique_ptr<Store> writer, std::unique_ptr<Store> reader,
              boost::asio::any_io_executor executor, std::function<void(StoreError)> on_fatal,
              GroupLimits limits = {});
  ~StoreThread();

  // `work(Store&)` on the store thread; `then(Result<R>)` on the executor after the commit.
  template <class Work, class Then>
  void write(Work work, Then then) {
    using R = std::invoke_result_t<Work&, Store&>;
    auto result =
        std::make_shared<Result<R>>(tl::unexpect, StoreError{Failure::closed, "the store is closed"});
    enqueue({[work = std::move(work), result](Store& store) mutable {
               if constexpr (std::is_void_v<R>) {
                 work(store);
                 *result = Result<R>();
               } else {
                 *result = work(store);
               }
             },
             [result](StoreError error) { *result = tl::unexpected(std::move(error)); },
             [then = std::move(then), result]() mutable { then(std::move(*result)); }});
  }

  // Blocks the calling thread for the length of a read. All that `work` reads is of one moment, and
  // committed. Throws what `work` throws.
  template <class Work>
  auto read(Work work) {
    const std::lock_guard lock(reader_mutex_);
    const Snapshot snapshot(reader_commit_);
    return work(*reader_);
  }

  // The age of the last sign of life of the thread, for the watchdog.
  std::chrono::milliseconds silent_for() const;

  // Runs what is queued, commits, ends the thread. Further writes answer Failure::closed.
  void stop();

 private:
  struct Job {
    std::function<void(Store&)> run;
    std::function<void(StoreError)> fail;
    std::function<void()> done;
  };
  struct Impl;
  class Snapshot {
   public:
    explicit Snapshot(GroupCommit* reader) : reader_(reader) { reader_->begin_read(); }
    ~Snapshot() { reader_->end_read(); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    GroupCommit* reader_;
  };
  void enqueue(Job job);

  std::mutex reader_mutex_;
  std::unique_ptr<Store> reader_;
  GroupCommit* const reader_commit_;  // the same object
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
