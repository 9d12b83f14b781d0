// Whether the channels are well: asked at start, after each reload and every ten minutes. Asking sends
// and publishes nothing.
//
// House thread, but for results().
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "admin/house.h"
#include "service/channels.h"

namespace service {

class HealthChecks {
 public:
  HealthChecks(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
               const model::Clock& clock);

  void configure(std::shared_ptr<Channels> channels);
  void stop();
  // Thread-safe.
  std::vector<admin::ChannelHealth> results() const;

 private:
  void ask_all();
  void answered(const std::string& channel, const publishers::Receipt& receipt);

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  const model::Clock& clock_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<Channels> channels_;
  mutable std::mutex mutex_;
  std::map<std::string, admin::ChannelHealth> results_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace service
