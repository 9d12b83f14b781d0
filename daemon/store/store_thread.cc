#include "store/store_thread.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <optional>
#include <thread>
#include <vector>

#include <pthread.h>

namespace store {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kIdleBeat = 1s;

StoreError error_of(const std::exception& error) {
  if (const auto* failure = dynamic_cast<const StoreFailure*>(&error))
    return {failure->kind(), failure->what()};
  return {Failure::other, error.what()};
}

}  // namespace

struct StoreThread::Impl {
  std::unique_ptr<Store> store;
  GroupCommit& engine;
  boost::asio::any_io_executor executor;
  std::function<void(StoreError)> on_fatal;
  const GroupLimits limits;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Job> queue;            // protected by mutex
  bool closing = false;             // protected by mutex
  std::optional<StoreError> fatal;  // the thread's own
  std::atomic<Steady::rep> last_beat{Steady::now().time_since_epoch().count()};
  std::thread thread;

  Impl(std::unique_ptr<Store> writer, boost::asio::any_io_executor posts,
       std::function<void(StoreError)> told, GroupLimits group)
      : store(std::move(writer)),
        engine(dynamic_cast<GroupCommit&>(*store)),
        executor(std::move(posts)),
        on_fatal(std::move(told)),
        limits(group) {}

  void run() {
    ::pthread_setname_np(::pthread_self(), "store");
    for (;;) {
      std::unique_lock lock(mutex);
      while (queue.empty() && !closing) {
        last_beat = Steady::now().time_since_epoch().count();
        wake.wait_for(lock, kIdleBeat);
      }
      if (queue.empty()) return;
      lock.unlock();
      run_group();
      last_beat = Steady::now().time_since_epoch().count();
    }
  }

  std::optional<Job> take() {
    const std::lock_guard lock(mutex);
    if (queue.empty()) return std::nullopt;
    Job job = std::move(queue.front());
    queue.pop_front();
    return job;
  }

  void run_group() {
    std::vector<Job> group;
    std::optional<StoreError> failed = fatal;
    if (!failed) failed = attempt([this] { engine.begin_group(); });
    const auto until = Steady::now() + limits.longest;
    while (group.size() < limits.most && (group.empty() || Steady::now() < until)) {
      auto job = take();
      if (!job) break;
      if (!failed) failed = run_one(*job);
      group.push_back(std::move(*job));
    }
    if (!failed) failed = attempt([this] { engine.commit_group(); });
    if (failed) {
      if (!fatal) engine.undo_group();
      for (Job& job : group) job.fail(*failed);
    }
    if (failed) watch_disk(*failed);
    boost::asio::post(executor, [done = std::move(group)]() mutable {
      for (Job& job : done) job.done();
    });
    if (fatal) return;
    if (const auto untidy = attempt([this] { engine.tidy(); })) watch_disk(*untidy);
  }

  void watch_disk(const StoreError& error) {
    if (error.kind != Failure::io || fatal) return;
    fatal = error;
    engine.abandon();
    boost::asio::post(executor, [tell = on_fatal, error] { tell(error); });
  }

  // What fails the whole group: the disk, not the function.
  std::optional<StoreError> run_one(Job& job) {
    if (auto failed = attempt([this] { engine.begin_one(); })) return failed;
    try {
      job.run(*store);
    } catch (const std::exception& error) {
      const StoreError what = error_of(error);
      job.fail(what);
      if (what.kind == Failure::io || what.kind == Failure::full) return what;
      return attempt([this] { engine.undo_one(); });
    }
    return attempt([this] { engine.end_one(); });
  }

  template <class Step>
  static std::optional<StoreError> attempt(Step step) {
    try {
      step();
      return std::nullopt;
    } catch (const std::exception& error) {
      return error_of(error);
    }
  }
};

StoreThread::StoreThread(std::unique_ptr<Store> writer, std::unique_ptr<Store> reader,
                         boost::asio::any_io_executor executor, std::function<void(StoreError)> on_fatal,
                         GroupLimits limits)
    : reader_(std::move(reader)),
      reader_commit_(dynamic_cast<GroupCommit*>(reader_.get())),
      impl_(std::make_unique<Impl>(std::move(writer), std::move(executor), std::move(on_fatal), limits)) {
  impl_->thread = std::thread([this] { impl_->run(); });
}

StoreThread::~StoreThread() {
  stop();
}

void StoreThread::enqueue(Job job) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->closing) {
      impl_->queue.push_back(std::move(job));
      impl_->wake.notify_one();
      return;
    }
  }
  boost::asio::post(impl_->executor, [closed = std::move(job)]() mutable {
    closed.fail({Failure::closed, "the store is closed"});
    closed.done();
  });
}

std::chrono::milliseconds StoreThread::silent_for() const {
  const Steady::time_point beat{Steady::duration(impl_->last_beat.load())};
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - beat);
}

void StoreThread::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->closing = true;
    impl_->wake.notify_one();
  }
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace store
