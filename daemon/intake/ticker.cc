#include "intake/ticker.h"

#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace intake {
namespace {

class SteadyTicker : public Ticker {
 public:
  explicit SteadyTicker(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  Tick now() const override { return std::chrono::steady_clock::now(); }

  void set(Tick due, std::function<void()> ring) override {
    timer_.expires_at(due);
    timer_.async_wait([ring = std::move(ring)](boost::system::error_code error) {
      if (!error) ring();
    });
  }

  void cancel() override { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<Ticker> make_steady_ticker(const boost::asio::any_io_executor& executor) {
  return std::make_unique<SteadyTicker>(executor);
}

}  // namespace intake
