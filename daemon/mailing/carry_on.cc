#include "mailing/carry_on.h"

#include <utility>

#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace mailing {

CarryOn::CarryOn(const boost::asio::any_io_executor& house, store::StoreThread& store,
                 runtime::Alarms& alarms, std::function<void()> done, std::chrono::milliseconds store_retry)
    : store_(store),
      alarms_(alarms),
      done_(std::move(done)),
      store_retry_wait_(store_retry),
      retry_timer_(house) {}

void CarryOn::nudge() {
  again_ = true;
  if (!at_work_ && !stopped_) step();
}

void CarryOn::stop() {
  stopped_ = true;
  retry_timer_.cancel();
}

void CarryOn::step() {
  at_work_ = true;
  again_ = false;
  store_.write([now = alarms_.now()](store::Store& store) { return store.carry_on(now); },
               [this](const store::Result<bool>& more) {
                 at_work_ = false;
                 if (!stopped_) stepped(more);
               });
}

void CarryOn::stepped(const store::Result<bool>& more) {
  if (!more) {
    spdlog::error("messages can't be moved on: {}; trying again", more.error().what);
    retry_timer_.expires_after(store_retry_wait_);
    retry_timer_.async_wait([this](boost::system::error_code error) {
      if (!error) nudge();
    });
    return;
  }
  if (*more) {
    runtime::crash_point("moving");
    moved_ = true;
    return step();
  }
  if (std::exchange(moved_, false)) done_();
  if (again_ && !at_work_) step();
}

}  // namespace mailing
