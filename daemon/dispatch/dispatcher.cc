#include "dispatch/dispatcher.h"

#include <utility>

#include "dispatch/retry.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace dispatch {
namespace {

using namespace std::chrono_literals;

constexpr auto kLease = 10min;
constexpr const char* kHalted = "stopped before it was done; it goes on after `fridayctl resume`";
constexpr const char* kStopping = "the daemon was stopped before it was done";

struct Released {
  bool any = false;
  std::optional<model::Instant> look_at;
};

void earlier(std::optional<model::Instant>& at, std::optional<model::Instant> other) {
  if (other && (!at || *other < *at)) at = other;
}

Released release_all(store::Store& store, model::Instant now) {
  Released released;
  for (const store::Waiting& waiting : store.waiting()) {
    const Verdict verdict = release(waiting, now);
    earlier(released.look_at, verdict.look_at);
    if (!verdict.release) continue;
    released.any = true;
    store.release(waiting.delivery.id, verdict.release->state, verdict.release->next_at, verdict.release->why,
                  now);
    if (!verdict.release->why.empty()) {
      store.event({now, "fridayd", waiting.delivery.id.text(), verdict.release->why});
    }
  }
  earlier(released.look_at, store.next_delivery_at(now));
  return released;
}

NextStep step_after(const Attempt::End& end, int attempts) {
  using model::DeliveryState;
  switch (end.how) {
    case Attempt::How::bug:
      return {DeliveryState::held, std::nullopt, true};
    case Attempt::How::unanswerable:
      return {DeliveryState::uncertain, std::nullopt, true};
    case Attempt::How::interrupted: {
      const bool unknown = end.stage != model::Stage::none && end.stage != model::Stage::prepared;
      return {unknown ? DeliveryState::uncertain : DeliveryState::ready, 0ms, false};
    }
    case Attempt::How::answered:
    case Attempt::How::lost_claim:
      break;
  }
  return next_step(end.receipt, attempts);
}

store::DeliveryUpdate update_of(const Attempt::End& end, const model::Delivery& delivery,
                                model::Instant now) {
  const NextStep step = step_after(end, delivery.attempts);
  store::DeliveryUpdate update;
  update.state = step.state;
  update.stage = end.stage;
  if (step.wait) update.next_at = now + *step.wait;
  if (!end.receipt.remote_id.empty()) update.remote_id = end.receipt.remote_id;
  if (!end.receipt.permalink.empty()) update.permalink = end.receipt.permalink;
  update.charge_attempt = step.charge_attempt;
  update.reply = end.receipt.reply;
  return update;
}

// Whether a write may be tried again: nothing is wrong with what it says.
bool may_pass(const store::StoreError& error) {
  return error.kind == store::Failure::full || error.kind == store::Failure::other;
}

}  // namespace

Dispatcher::Dispatcher(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                       store::StoreThread& store, runtime::Alarms& alarms, Hooks hooks,
                       std::chrono::milliseconds store_retry)
    : house_(house),
      workers_(workers),
      store_(store),
      alarms_(alarms),
      hooks_(std::move(hooks)),
      store_retry_wait_(store_retry),
      alarm_(alarms, [this] { nudge(); }),
      store_retry_(house) {}

void Dispatcher::configure(std::map<std::string, std::shared_ptr<publishers::PostPublisher>> publishers,
                           std::int64_t epoch) {
  publishers_ = std::move(publishers);
  epoch_ = epoch;
  breakers_.clear();
  nudge();
}

void Dispatcher::halt(bool halted) {
  halted_ = halted;
  if (halted) interrupt_all();
  nudge();
}

void Dispatcher::stop(std::function<void()> then) {
  stopping_ = true;
  stopped_ = std::move(then);
  alarm_.clear();
  store_retry_.cancel();
  interrupt_all();
  rest();
}

void Dispatcher::interrupt_all() {
  for (const auto& [channel, attempt] : running_) {
    if (attempt) attempt->interrupt(stopping_ ? kStopping : kHalted);
  }
}

void Dispatcher::rest() {
  if (stopping_ && !looking_ && running_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

const Breaker* Dispatcher::breaker(const std::string& channel) const {
  const auto found = breakers_.find(channel);
  return found == breakers_.end() ? nullptr : &found->second;
}

void Dispatcher::nudge() {
  if (still()) return;
  if (looking_) {
    again_ = true;
    return;
  }
  look();
}

void Dispatcher::look() {
  looking_ = true;
  again_ = false;
  store_.write([now = alarms_.now()](store::Store& store) { return release_all(store, now); },
               [this](store::Result<Released> released) {
                 if (!released) return store_failed(released.error());
                 if (released->any) {
                   hooks_.released();
                   hooks_.changed();
                 }
                 look_again_at(released->look_at);
                 claim();
               });
}

void Dispatcher::store_failed(const store::StoreError& error) {
  looking_ = false;
  if (stopping_) return rest();
  spdlog::error("outbox: {}; trying again in {} s", error.what,
                std::chrono::ceil<std::chrono::seconds>(store_retry_wait_).count());
  store_retry_.expires_after(store_retry_wait_);
  store_retry_.async_wait([this](boost::system::error_code failed) {
    if (!failed) nudge();
  });
}

void Dispatcher::look_again_at(std::optional<model::Instant> at) {
  // What is due and can't run now is looked at when its channel is free, or its breaker closes.
  const model::Instant now = alarms_.now();
  for (const auto& [channel, breaker] : breakers_) {
    if (!breaker.needs_person() && breaker.open_until() > now) earlier(at, breaker.open_until());
  }
  if (at && !stopping_) alarm_.set(*at);
}

Dispatcher::Publishers Dispatcher::idle_channels() const {
  Publishers idle;
  for (const auto& [channel, publisher] : publishers_) {
    const Breaker* state = breaker(channel);
    if (running_.contains(channel) || (state != nullptr && !state->lets_through(alarms_.now()))) continue;
    idle.emplace(channel, publisher);
  }
  return idle;
}

void Dispatcher::claim() {
  if (still()) {
    looking_ = false;
    return rest();
  }
  const Publishers idle = idle_channels();
  std::vector<std::string> channels;
  for (const auto& [channel, publisher] : idle) channels.push_back(channel);
  const model::Instant now = alarms_.now();
  store_.write(
      [channels, now, epoch = epoch_](store::Store& store) {
        std::vector<store::Work> claimed;
        for (const std::string& channel : channels) {
          for (store::Work& work : store.claim({channel}, {1, epoch, now + kLease}, now, 1)) {
            claimed.push_back(std::move(work));
          }
        }
        return claimed;
      },
      [this, idle](store::Result<std::vector<store::Work>> claimed) {
        if (!claimed) return store_failed(claimed.error());
        looking_ = false;
        for (store::Work& work : *claimed) {
          const auto& publisher = idle.at(work.delivery.channel);
          run(std::move(work), publisher);
        }
        if (again_) nudge();
        rest();
      });
}

void Dispatcher::run(store::Work work, const std::shared_ptr<publishers::PostPublisher>& publisher) {
  hooks_.changed();
  auto attempt = std::make_shared<Attempt>(house_, workers_, store_, publisher, work,
                                           [this, work](const Attempt::End& end) { ended(work, end); });
  running_[work.delivery.channel] = attempt;
  // What was claimed while everything was stopped is given back.
  if (still()) attempt->interrupt(stopping_ ? kStopping : kHalted);
  attempt->start();
}

void Dispatcher::ended(const store::Work& work, const Attempt::End& end) {
  const model::Delivery& delivery = work.delivery;
  const runtime::LogFields fields(work.post.draft.text(), work.post.id.text(), delivery.id.text(),
                                  delivery.channel);
  spdlog::info("delivery {} channel={} attempt {}: {}", delivery.id.text(), delivery.channel,
               delivery.attempts,
               end.receipt.outcome == publishers::Outcome::confirmed ? "live at " + end.receipt.permalink
                                                                     : end.receipt.reply);
  if (end.how == Attempt::How::lost_claim) return over(delivery.channel);
  if (end.how == Attempt::How::answered) breakers_[delivery.channel].record(end.receipt, alarms_.now());
  record(work, end);
}

void Dispatcher::record(const store::Work& work, const Attempt::End& end) {
  const model::Instant now = alarms_.now();
  store_.write(
      [work, end, now](store::Store& store) {
        store.finish(work.delivery.id, work.delivery.fence, update_of(end, work.delivery, now), end.receipt,
                     now);
      },
      [this, work, end](const store::Result<void>& result) {
        if (!result) spdlog::error("delivery {}: {}", work.delivery.id.text(), result.error().what);
        if (!result && may_pass(result.error()) && !stopping_) {
          // The effect is done and must be known: nothing else starts on this channel before it is.
          auto timer = std::make_shared<boost::asio::steady_timer>(house_, store_retry_wait_);
          timer->async_wait([this, timer, work, end](boost::system::error_code) { record(work, end); });
          return;
        }
        runtime::crash_point("W14");
        over(work.delivery.channel);
      });
}

void Dispatcher::over(const std::string& channel) {
  running_.erase(channel);
  hooks_.changed();
  rest();
  nudge();
}

}  // namespace dispatch
