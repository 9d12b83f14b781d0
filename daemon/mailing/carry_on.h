// Moves the messages of large mailings that were cancelled, or are to be tried again, some at a time until
// none is left. What is left stands in the store, so that it goes on after a restart.
//
// House thread only.
#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "runtime/alarms.h"
#include "store/store_thread.h"

namespace mailing {

class CarryOn {
 public:
  // `done` is called when messages were moved and none is left.
  CarryOn(const boost::asio::any_io_executor& house, store::StoreThread& store, runtime::Alarms& alarms,
          std::function<void()> done, std::chrono::milliseconds store_retry = std::chrono::seconds(10));

  void nudge();  // there may be some
  void stop();

 private:
  void step();
  void stepped(const store::Result<bool>& more);

  store::StoreThread& store_;
  runtime::Alarms& alarms_;
  std::function<void()> done_;
  std::chrono::milliseconds store_retry_wait_;
  boost::asio::steady_timer retry_timer_;
  bool at_work_ = false;
  bool again_ = false;
  bool moved_ = false;
  bool stopped_ = false;
};

}  // namespace mailing
