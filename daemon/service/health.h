// Whether the channels are well: asked at start, after each reload and every ten minutes. Asking sends
// and publishes nothing. A channel that has not answered is not asked again, and what it said before counts
// for two periods: then it is not well.
//
// House thread, but for results().
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "admin/house.h"
#include "runtime/ticker.h"
#include "service/channels.h"

namespace service {

// What is to be said of a channel whose last answer is so old.
admin::ChannelHealth as_of(admin::ChannelHealth health, runtime::Tick::duration age);

// Nothing holds the house back, nothing needs a person, and store, folder and channels are well.
bool all_well(const admin::Health& health);

class HealthChecks {
 public:
  HealthChecks(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
               const model::Clock& clock);
  HealthChecks(std::unique_ptr<runtime::Ticker> ticker, boost::asio::any_io_executor house,
               boost::asio::thread_pool& workers, const model::Clock& clock);

  void configure(std::shared_ptr<Channels> channels);
  void stop();
  // Thread-safe.
  std::vector<admin::ChannelHealth> results() const;

 private:
  struct Record {
    admin::ChannelHealth health;
    runtime::Tick answered;
    bool asked = false;  // and no answer yet
  };
  void ask_all();
  bool may_ask(const std::string& channel);
  void answered(const std::string& channel, const publishers::Receipt& receipt);

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  const model::Clock& clock_;
  std::unique_ptr<runtime::Ticker> ticker_;
  std::shared_ptr<Channels> channels_;
  unsigned round_ = 0;  // grows with each configuration: an answer of another one's channel is none
  mutable std::mutex mutex_;
  std::map<std::string, Record> results_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace service
