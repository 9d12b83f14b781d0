// One alarm on a clock that nobody sets: for files that stand still, scans and second tries. Tests put
// their own time here.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "intake/settling.h"

namespace intake {

class Ticker {
 public:
  virtual ~Ticker() = default;
  virtual Tick now() const = 0;
  // Replaces the alarm set before.
  virtual void set(Tick due, std::function<void()> ring) = 0;
  virtual void cancel() = 0;
};

std::unique_ptr<Ticker> make_steady_ticker(const boost::asio::any_io_executor& executor);

}  // namespace intake
