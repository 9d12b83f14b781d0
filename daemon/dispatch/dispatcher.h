// Works the outbox: lets waiting deliveries go when their time has come, claims what is due for the blog
// channels, runs one attempt per channel at a time, and records how it ended.
//
// What is due is a query; nothing is remembered between two looks but the breakers and what is running.
// Only a deferred or uncertain outcome is tried again (retry.h); a rejected one waits for a person.
//
// House thread only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "dispatch/attempt.h"
#include "dispatch/breaker.h"
#include "dispatch/release.h"
#include "publishers/post_publisher.h"
#include "runtime/alarms.h"
#include "store/store_thread.h"

namespace dispatch {

struct Hooks {
  std::function<void()> released;  // a delivery that waited may start, on whatever channel
  std::function<void()> changed;   // a delivery's state is another
};

class Dispatcher {
 public:
  // `store_retry`: how long a store that can't be written is left alone before it is tried again.
  Dispatcher(boost::asio::any_io_executor house, boost::asio::thread_pool& workers, store::StoreThread& store,
             runtime::Alarms& alarms, Hooks hooks,
             std::chrono::milliseconds store_retry = std::chrono::seconds(10));

  // The blog channels. A publisher that is working keeps its own until its attempt has ended. Breakers
  // begin anew.
  void configure(std::map<std::string, std::shared_ptr<publishers::PostPublisher>> publishers,
                 std::int64_t epoch);
  void nudge();
  // Halting ends what is running before its next effect.
  void halt(bool halted);
  // Claims nothing more, halts; `then` once no attempt is running.
  void stop(std::function<void()> then);

  const Breaker* breaker(const std::string& channel) const;

 private:
  using Publishers = std::map<std::string, std::shared_ptr<publishers::PostPublisher>>;

  void look();
  void claim();
  void run(store::Work work, const std::shared_ptr<publishers::PostPublisher>& publisher);
  void ended(const store::Work& work, const Attempt::End& end);
  void record(const store::Work& work, const Attempt::End& end);
  void over(const std::string& channel);
  void store_failed(const store::StoreError& error);
  void look_again_at(std::optional<model::Instant> at);
  void interrupt_all();
  // True when nothing more may begin.
  bool still() const { return halted_ || stopping_; }
  // Told once stopping is over, if it is.
  void rest();
  Publishers idle_channels() const;

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  store::StoreThread& store_;
  runtime::Alarms& alarms_;
  Hooks hooks_;
  std::chrono::milliseconds store_retry_wait_;
  Publishers publishers_;
  std::map<std::string, Breaker> breakers_;
  std::map<std::string, std::shared_ptr<Attempt>> running_;  // by channel; until its end is recorded
  runtime::Alarms::Alarm alarm_;
  boost::asio::steady_timer store_retry_;
  std::int64_t epoch_ = 0;
  bool looking_ = false;
  bool again_ = false;
  bool halted_ = false;
  bool stopping_ = false;
  std::function<void()> stopped_;
};

}  // namespace dispatch
