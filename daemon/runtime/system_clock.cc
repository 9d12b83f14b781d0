#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "runtime/wall_clock.h"

namespace runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::duration_cast;

model::Instant system_now() {
  return std::chrono::time_point_cast<model::milliseconds>(std::chrono::system_clock::now());
}

class SystemWallClock final : public WallClock {
 public:
  explicit SystemWallClock(const asio::any_io_executor& executor)
      : descriptor_(executor, ::timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC)) {}

  model::Instant now() const override { return system_now(); }

  void set_alarm(model::Instant due, std::function<void()> wake) override {
    wake_ = std::move(wake);
    ++round_;
    arm(due);
    if (!listening_) listen();
  }

  void cancel() override {
    wake_ = nullptr;
    descriptor_.cancel();
  }

 private:
  void arm(model::Instant due) {
    // An hour at the most: a cheap cover for a change of zone data and for lost events.
    due = std::min(due, system_now() + std::chrono::hours(1));
    const auto since_epoch = std::max(due.time_since_epoch(), model::milliseconds(1));
    const auto seconds = duration_cast<std::chrono::seconds>(since_epoch);
    itimerspec spec{};
    spec.it_value.tv_sec = seconds.count();
    spec.it_value.tv_nsec = duration_cast<std::chrono::nanoseconds>(since_epoch - seconds).count();
    const int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
    if (::timerfd_settime(descriptor_.native_handle(), flags, &spec, nullptr) == 0) return;
    // ECANCELED: the clock was set since the timer was armed last, and yet it is armed now.
    if (errno != ECANCELED) {
      throw boost::system::system_error(errno, boost::system::system_category(), "timerfd_settime");
    }
    asio::post(descriptor_.get_executor(), [this, round = round_, alive = std::weak_ptr(life_)] {
      if (!alive.expired() && round == round_) ring();
    });
  }

  void listen() {
    listening_ = true;
    const auto wait = asio::posix::descriptor_base::wait_read;
    descriptor_.async_wait(wait, [this, alive = std::weak_ptr(life_)](boost::system::error_code error) {
      if (alive.expired()) return;
      listening_ = false;
      if (!wake_) return;
      // Cancelled, and an alarm was set since.
      if (error == asio::error::operation_aborted) return listen();
      if (error) throw boost::system::system_error(error, "the wall clock's timer");
      // Read by hand: asynchronous reading would turn ECANCELED into operation_aborted.
      std::uint64_t expirations = 0;
      [[maybe_unused]] const ssize_t got =
          ::read(descriptor_.native_handle(), &expirations, sizeof expirations);
      listen();
      ring();
    });
  }

  void ring() {
    const auto wake = wake_;  // it may set another alarm
    if (wake) wake();
  }

  asio::posix::stream_descriptor descriptor_;
  std::function<void()> wake_;
  std::uint64_t round_ = 0;
  bool listening_ = false;
  // Handlers of what was cancelled at the end run after it.
  std::shared_ptr<bool> life_ = std::make_shared<bool>();
};

}  // namespace

std::unique_ptr<WallClock> make_system_clock(asio::any_io_executor executor) {
  return std::make_unique<SystemWallClock>(executor);
}

}  // namespace runtime
