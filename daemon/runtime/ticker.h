// One alarm on a clock that nobody sets: for quiet times and second tries. Tests put their own time here.
//
// Lives on one executor and is used there only.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace runtime {

using Tick = std::chrono::steady_clock::time_point;

class Ticker {
 public:
  virtual ~Ticker() = default;
  virtual Tick now() const = 0;
  // Replaces the alarm set before.
  virtual void set(Tick due, std::function<void()> ring) = 0;
  virtual void cancel() = 0;
};

std::unique_ptr<Ticker> make_steady_ticker(const boost::asio::any_io_executor& executor);

}  // namespace runtime
