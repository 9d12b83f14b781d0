#include "runtime/systemd.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace runtime {
namespace {

// Within WatchdogSec=. A doubt that lasts for a beat or two is no reason to be ended.
constexpr std::uint64_t kBeats = 6;

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

}  // namespace

void notify_ready(const std::string& status) {
  ::sd_notify(0, ("READY=1\nSTATUS=" + one_line(status)).c_str());
}
void notify_reloading() {
  ::sd_notify(0, "RELOADING=1");
}
void notify_stopping() {
  ::sd_notify(0, "STOPPING=1\nSTATUS=putting everything away");
}

Watchdog::Watchdog(const boost::asio::any_io_executor& executor, std::function<bool()> well)
    : timer_(executor), well_(std::move(well)) {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return;
  period_ = std::chrono::microseconds(microseconds / kBeats);
  next();
}

void Watchdog::next() {
  if (well_()) ::sd_notify(0, "WATCHDOG=1");
  timer_.expires_after(period_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) next();
  });
}

std::optional<int> activated_socket(const std::string& name) {
  char** names = nullptr;
  const int count = ::sd_listen_fds_with_names(0, &names);
  std::optional<int> found;
  for (int i = 0; i < count; ++i) {
    if (name == names[i]) found = SD_LISTEN_FDS_START + i;
    std::free(names[i]);
  }
  std::free(names);
  return found;
}

}  // namespace runtime
