// The wall clock with an alarm: wakes its owner when an instant is reached or the clock was set. The
// reason for a wake is never to be trusted: the owner compares now() with what it waits for.
//
// Lives on one executor and is used there only; now() is thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "model/time.h"

namespace runtime {

class WallClock : public model::Clock {
 public:
  // Replaces the alarm set before. `wake` may be called more than once, at the latest an hour from now.
  virtual void set_alarm(model::Instant due, std::function<void()> wake) = 0;
  virtual void cancel() = 0;
};

// CLOCK_REALTIME by one timerfd that is cancelled when the clock is set (TFD_TIMER_CANCEL_ON_SET).
std::unique_ptr<WallClock> make_system_clock(boost::asio::any_io_executor executor);

// The instant (RFC 3339) that stands in `file`, standing still until the file is replaced; each
// replacement is a clock-was-set event. Throws std::runtime_error if the file holds no instant at first;
// later a bad text leaves the clock where it was.
std::unique_ptr<WallClock> make_file_clock(boost::asio::any_io_executor executor,
                                           const std::filesystem::path& file);

}  // namespace runtime
