// What systemd is told (sd_notify) and asked. Does nothing where the process was not started by it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace runtime {

void notify_ready(const std::string& status);
void notify_reloading();
void notify_stopping();

// Says that the service is alive six times per WatchdogSec=, as long as `well` answers true. It runs on the
// executor, so that a stuck house thread is silent by itself.
class Watchdog {
 public:
  Watchdog(const boost::asio::any_io_executor& executor, std::function<bool()> well);
  void stop() { timer_.cancel(); }

 private:
  void next();
  boost::asio::steady_timer timer_;
  std::chrono::microseconds period_{0};
  std::function<bool()> well_;
};

// A listening socket handed over under `name` (FileDescriptorName=), or nothing.
std::optional<int> activated_socket(const std::string& name);

}  // namespace runtime
