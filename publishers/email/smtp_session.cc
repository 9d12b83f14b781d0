#include "publishers/email/smtp_session.h"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "publishers/email/smtp_opening.h"

namespace publishers::smtp {
namespace {

namespace asio = boost::asio;

constexpr int kMostLost = 3;

}  // namespace

Session::Session(asio::any_io_executor executor, asio::ssl::context& tls, const Settings& settings,
                 std::shared_ptr<Supply> supply)
    : settings_(settings),
      supply_(std::move(supply)),
      wire_(std::make_shared<Wire>(executor, tls, settings)),
      timer_(executor) {}

void Session::start() {
  asio::co_spawn(
      timer_.get_executor(), [self = shared_from_this()] { return self->run(); },
      [self = shared_from_this()](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
}

void Session::wake() {
  stage_ = Stage::waking;
  timer_.cancel();
}

void Session::abandon() {
  broken_ = leaving_ = true;
  wire_->close();
  timer_.cancel();
}

void Session::leave() {
  leaving_ = true;
  switch (stage_) {
    case Stage::resting:
    case Stage::waking:
      timer_.cancel();
      return;
    case Stage::arming:
    case Stage::leaving:
      return;
    case Stage::delivering:
      return give_back_next();
    case Stage::tidying:
      return wire_->hurry(settings_.time_outs.quit);
    case Stage::opening:
    case Stage::envelope:
      give_back_next();
      broken_ = true;
      wire_->close();
  }
}

void Session::give_back_next() {
  if (!next_) return;
  const Job job = std::move(*next_);
  next_.reset();
  supply_->reply(job, given_back());
}

void Session::put_back_next() {
  if (!next_) return;
  Job job = std::move(*next_);
  next_.reset();
  supply_->put_back(std::move(job));
}

asio::awaitable<void> Session::run() {
  Receipt opened = co_await open(wire_, settings_, server_);
  if (opened.fault == Fault::none && !broken_) {
    supply_->ready(*this);
    co_await serve();
    stage_ = Stage::leaving;
  }
  if (opened.fault == Fault::none && !broken_) {
    co_await quit(wire_, settings_);
  }
  wire_->close();
  supply_->over(*this, opened);
}

asio::awaitable<void> Session::serve() {
  while (!broken_) {
    // With PIPELINING the next envelope tidies up on its way.
    if (!next_ && (server_.pipelining || tidy_.empty())) next_ = take(false);
    if (next_) {
      co_await hand_over();
      continue;
    }
    if (!tidy_.empty()) {
      co_await tidy();
      continue;
    }
    if (leaving_) co_return;
    co_await rest();
  }
}

// The next message that this server may be asked to take.
std::optional<Job> Session::take(bool ahead) {
  while (!leaving_) {
    std::optional<Job> job = supply_->take(ahead);
    if (!job) break;
    const std::optional<Receipt> no = refusal(job->message, job->traits, server_);
    if (!no) return job;
    supply_->reply(*job, *no);
  }
  return std::nullopt;
}

asio::awaitable<void> Session::rest() {
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  stage_ = Stage::resting;
  timer_.expires_after(settings_.idle);
  co_await timer_.async_wait(token);
  stage_ = Stage::waking;
  if (!error) leaving_ = true;
  if (broken_ || wire_->at_rest()) co_return;
  broken_ = true;
  wire_->close();
}

// The connection is of no more use.
void Session::lose(Fault fault, const std::string& what) {
  const bool told = broken_;
  broken_ = true;
  wire_->close();
  if (told) return;
  const bool was_armed = armed_.has_value();
  if (armed_) {
    const Job job = std::move(*armed_);
    armed_.reset();
    // Without its dot no message is taken.
    const bool left = written_ > dot_at_;
    supply_->reply(job, Receipt::failed(left ? Outcome::uncertain : Outcome::deferred, fault,
                                        left ? what + "; it may have arrived" : what));
  }
  if (!next_) return;
  Job job = std::move(*next_);
  next_.reset();
  // A connection that worked may end at any time: that is not the next message's fault.
  const bool worked = was_armed || (served_ > 0 && fault == Fault::connect);
  if (worked && job.lost < kMostLost) {
    ++job.lost;
    supply_->put_back(std::move(job));
  } else {
    supply_->reply(job, Receipt::failed(Outcome::deferred, fault, what));
  }
}

// The server said 421: it concerns the message at hand, none behind it.
void Session::hang_up(const Receipt& receipt) {
  broken_ = true;
  wire_->close();
  supply_->slow_down();
  if (armed_) put_back_next();
  std::optional<Job>& at_hand = armed_ ? armed_ : next_;
  if (!at_hand) return;
  const Job job = std::move(*at_hand);
  at_hand.reset();
  supply_->reply(job, receipt);
}

}  // namespace publishers::smtp
