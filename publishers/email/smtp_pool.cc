#include "publishers/email/smtp_pool.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "publishers/email/smtp_opening.h"

namespace publishers::smtp {
namespace {

namespace asio = boost::asio;

constexpr int kMostDoublings = 6;
// That many messages taken: one more connection is tried where the far end once wanted fewer.
constexpr std::size_t kGrowAfter = 50;

}  // namespace

Pool::Pool(asio::any_io_executor executor, asio::ssl::context tls, Settings settings)
    : executor_(executor),
      tls_(std::move(tls)),
      settings_(std::move(settings)),
      allowed_(settings_.connections),
      bucket_(settings_.rate),
      pace_timer_(executor),
      pause_timer_(executor) {}

void Pool::send(OutgoingMessage message, MailGate& gate) {
  Job job{std::move(message), &gate, {}, 0};
  std::string no = inspect(job.message, job.traits);
  if (no.empty()) {
    queue_.push_back(std::move(job));
    return pump();
  }
  asio::post(executor_, [self = shared_from_this(), token = job.message.token, &gate, no = std::move(no)] {
    if (self->stopped_) return;
    gate.replied(token, Receipt::failed(Outcome::rejected, Fault::local, no));
  });
}

void Pool::pump() {
  if (stopped_ || !drains_.empty() || queue_.empty()) return;
  const SteadyTime now = std::chrono::steady_clock::now();
  if (bucket_.ready_at(now) > now) return pace();
  // With a rate each message goes at its own moment.
  std::size_t wanted = settings_.rate ? 1 : queue_.size();
  for (const auto& session : sessions_) {
    if (session->opening() || session->waking()) wanted -= std::min<std::size_t>(wanted, 1);
  }
  for (const auto& session : sessions_) {
    if (wanted == 0) return;
    if (!session->resting()) continue;
    session->wake();
    --wanted;
  }
  while (wanted > 0 && !paused_ && sessions_.size() < allowed_ && (proven_ || sessions_.empty())) {
    open_session();
    --wanted;
  }
}

void Pool::open_session() {
  auto session = std::make_shared<Session>(executor_, tls_, settings_, shared_from_this());
  sessions_.push_back(session);
  session->start();
}

std::optional<Job> Pool::take(bool ahead) {
  if (stopped_ || !drains_.empty() || queue_.empty()) return std::nullopt;
  // Lost once: where connections end after each message, it would be lost again and again.
  if (ahead && queue_.front().lost > 0) return std::nullopt;
  const bool may_go = bucket_.take(std::chrono::steady_clock::now());
  std::optional<Job> job;
  if (may_go) {
    job.emplace(std::move(queue_.front()));
    queue_.pop_front();
  }
  if (settings_.rate && !queue_.empty()) pace();
  return job;
}

// Comes back when the next message may go.
void Pool::pace() {
  if (pacing_) return;
  pacing_ = true;
  pace_timer_.expires_at(bucket_.ready_at(std::chrono::steady_clock::now()));
  pace_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code&) {
    const auto self = weak.lock();
    if (!self) return;
    self->pacing_ = false;
    self->pump();
  });
}

void Pool::put_back(Job job) {
  if (stopped_) return;
  if (!drains_.empty()) return reply(job, given_back());
  queue_.push_front(std::move(job));
}

void Pool::reply(const Job& job, const Receipt& receipt) {
  if (stopped_) return;
  if (receipt.outcome == Outcome::confirmed) {
    slow_downs_ = 0;
    if (++accepted_ % kGrowAfter == 0) allowed_ = std::min(allowed_ + 1, settings_.connections);
  }
  job.gate->replied(job.message.token, receipt);
}

void Pool::ready(Session&) {
  proven_ = true;
  pump();
}

void Pool::slow_down() {
  // The first time may be chance; from then on each new connection waits longer.
  if (++slow_downs_ < 2 || paused_ || stopped_) return;
  paused_ = true;
  pause_timer_.expires_after(settings_.time_outs.slow_down *
                             (1 << std::min(slow_downs_ - 2, kMostDoublings)));
  pause_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code&) {
    const auto self = weak.lock();
    if (!self) return;
    self->paused_ = false;
    self->pump();
  });
}

void Pool::over(Session& session, const Receipt& opened) {
  std::erase_if(sessions_, [&session](const auto& each) { return each.get() == &session; });
  if (stopped_) return;
  if (drains_.empty() && opened.fault != Fault::none) could_not_open(opened);
  if (sessions_.empty()) allowed_ = settings_.connections;
  if (!drains_.empty()) return finish_drain();
  pump();
}

void Pool::could_not_open(const Receipt& why) {
  const bool needs_a_person = why.fault == Fault::tls || why.fault == Fault::auth;
  if (!needs_a_person && !sessions_.empty()) {
    allowed_ = sessions_.size();
    return;
  }
  proven_ = false;
  if (why.fault != Fault::throttle) return give_back_all(why);
  slow_down();
  if (queue_.empty()) return;
  const Job job = std::move(queue_.front());
  queue_.pop_front();
  reply(job, why);
}

void Pool::give_back_all(const Receipt& receipt) {
  const std::deque<Job> all = std::exchange(queue_, {});
  for (const Job& job : all) reply(job, receipt);
}

void Pool::drain(std::function<void()> then) {
  drains_.push_back(std::move(then));
  ++drains_to_begin_;
  // Not from within the caller's call.
  asio::post(executor_, [self = shared_from_this()] { self->begin_drain(); });
}

void Pool::begin_drain() {
  --drains_to_begin_;
  if (stopped_) return;
  pause_timer_.cancel();
  give_back_all(given_back());
  const auto sessions = sessions_;
  for (const auto& session : sessions) session->leave();
  finish_drain();
}

void Pool::finish_drain() {
  if (stopped_ || drains_to_begin_ > 0 || !sessions_.empty()) return;
  proven_ = false;
  slow_downs_ = 0;
  for (const auto& then : std::exchange(drains_, {})) then();
  pump();
}

void Pool::check(std::function<void(Receipt)> then) {
  auto wire = std::make_shared<Wire>(executor_, tls_, settings_);
  std::erase_if(checks_, [](const auto& each) { return each.expired(); });
  checks_.push_back(wire);
  asio::co_spawn(
      executor_,
      [self = shared_from_this(), wire = std::move(wire), then = std::move(then)]() mutable {
        return self->try_out(std::move(wire), std::move(then));
      },
      [self = shared_from_this()](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
}

asio::awaitable<void> Pool::try_out(std::shared_ptr<Wire> wire, std::function<void(Receipt)> then) {
  Abilities server;
  Receipt receipt = co_await open(wire, settings_, server);
  if (receipt.fault == Fault::none) {
    std::string text = settings_.server() + " takes mail";
    if (wire->encrypted()) text += ", " + wire->encryption();
    if (!settings_.user.empty()) text += ", logged in";
    if (!server.text().empty()) text += ", " + server.text();
    receipt = Receipt::confirmed("", "", std::move(text));
    co_await quit(wire, settings_);
  }
  wire->close();
  if (!stopped_) then(std::move(receipt));
}

void Pool::stop() {
  stopped_ = true;
  queue_.clear();
  pace_timer_.cancel();
  pause_timer_.cancel();
  for (const auto& session : std::exchange(sessions_, {})) session->abandon();
  for (const auto& each : std::exchange(checks_, {})) {
    if (const auto wire = each.lock()) wire->close();
  }
}

}  // namespace publishers::smtp
