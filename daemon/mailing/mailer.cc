#include "mailing/mailer.h"

#include <utility>

#include "runtime/log.h"

namespace mailing {
namespace {

using namespace std::chrono_literals;

constexpr auto kLease = 10min;
constexpr const char* kHalted = "stopped by `fridayctl stop`";
constexpr const char* kStopping = "the daemon was stopped";

// Whether a write may be tried again: nothing is wrong with what it says.
bool may_pass(const store::StoreError& error) {
  return error.kind == store::Failure::full || error.kind == store::Failure::other;
}

}  // namespace

Mailer::Mailer(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
               store::StoreThread& store, runtime::Alarms& alarms, std::function<void()> changed, Waits waits)
    : house_(house),
      workers_(workers),
      store_(store),
      alarms_(alarms),
      changed_(std::move(changed)),
      waits_(waits),
      alarm_(alarms, [this] { nudge(); }),
      store_retry_(house) {}

void Mailer::configure(std::map<std::string, std::shared_ptr<MailChannel>> channels, std::int64_t epoch) {
  channels_ = std::move(channels);
  epoch_ = epoch;
  nudge();
}

void Mailer::halt(bool halted) {
  halted_ = halted;
  if (!halted) return nudge();
  for (const auto& [channel, mailing] : running_) mailing->interrupt(kHalted);
}

void Mailer::interrupt(const std::vector<model::Delivery>& deliveries, std::function<void()> then) {
  if (looking_) {
    // It may be the very one that is being claimed.
    after_look_.push_back(
        [this, deliveries, then = std::move(then)]() mutable { interrupt(deliveries, std::move(then)); });
    return;
  }
  for (const model::Delivery& each : deliveries) waiting_.insert(each.channel);
  auto left = std::make_shared<std::size_t>(1);
  const auto one_less = [this, deliveries, left, then = std::move(then)] {
    if (--*left > 0) return;
    for (const model::Delivery& each : deliveries) waiting_.erase(waiting_.find(each.channel));
    then();
  };
  for (const model::Delivery& each : deliveries) {
    const auto found = running_.find(each.channel);
    if (found == running_.end() || found->second->work().delivery.id != each.id) continue;
    ++*left;
    interrupted_.emplace(each.id, one_less);
    // Its end may come from within, and takes it out of running_.
    const auto mailing = found->second;
    mailing->interrupt("interrupted by hand", true);
  }
  one_less();
}

void Mailer::stop(std::function<void()> then) {
  stopping_ = true;
  stopped_ = std::move(then);
  alarm_.clear();
  store_retry_.cancel();
  for (const auto& [channel, mailing] : running_) mailing->interrupt(kStopping);
  rest();
}

void Mailer::rest() {
  if (stopping_ && !looking_ && running_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

void Mailer::nudge() {
  if (stopping_ || halted_) return;
  if (looking_) {
    again_ = true;
    return;
  }
  look();
}

void Mailer::look() {
  looking_ = true;
  again_ = false;
  Channels idle;
  for (const auto& [key, channel] : channels_) {
    if (!running_.contains(key) && !waiting_.contains(key)) idle.emplace(key, channel);
  }
  std::vector<std::string> keys;
  for (const auto& [key, channel] : idle) keys.push_back(key);
  store_.write(
      [keys, now = alarms_.now(), epoch = epoch_](store::Store& store) {
        Look look;
        for (const std::string& channel : keys) {
          for (store::Work& work : store.claim({channel}, {1, epoch, now + kLease}, now, 1)) {
            look.claimed.push_back(std::move(work));
          }
        }
        look.next_at = store.next_delivery_at(now);
        return look;
      },
      [this, idle](store::Result<Look> look) {
        looking_ = false;
        looked(idle, std::move(look));
        for (const auto& each : std::exchange(after_look_, {})) each();
        if (again_) nudge();
        rest();
      });
}

void Mailer::looked(const Channels& idle, store::Result<Look> look) {
  if (!look) return store_failed(look.error());
  if (look->next_at && !stopping_) alarm_.set(*look->next_at);
  for (store::Work& work : look->claimed) {
    const auto& channel = idle.at(work.delivery.channel);
    run(channel, std::move(work));
  }
}

void Mailer::store_failed(const store::StoreError& error) {
  if (stopping_) return;
  spdlog::error("mail outbox: {}; trying again in {} s", error.what,
                std::chrono::ceil<std::chrono::seconds>(waits_.store_retry).count());
  store_retry_.expires_after(waits_.store_retry);
  store_retry_.async_wait([this](boost::system::error_code failed) {
    if (!failed) nudge();
  });
}

void Mailer::run(const std::shared_ptr<MailChannel>& channel, store::Work work) {
  auto mailing = std::make_shared<Mailing>(
      house_, workers_, store_, alarms_, channel, work, waits_,
      [this, key = channel->key, work](const Mailing::End& end) { ended(key, work, end); });
  running_[channel->key] = mailing;
  changed_();
  // What was claimed while everything was stopped is given back.
  if (stopping_ || halted_) mailing->interrupt(stopping_ ? kStopping : kHalted);
  mailing->start();
}

void Mailer::ended(const std::string& channel, const store::Work& work, const Mailing::End& end) {
  const runtime::LogFields fields(work.post.draft.text(), work.post.id.text(), work.delivery.id.text(),
                                  channel);
  spdlog::info("delivery {} channel={} attempt {}: {}: {}", work.delivery.id.text(), channel,
               work.delivery.attempts, model::face(end.update.state, true), end.receipt.reply);
  if (end.lost_claim) return over(channel, work.delivery.id);
  record(channel, work, end);
}

void Mailer::record(const std::string& channel, const store::Work& work, const Mailing::End& end) {
  store_.write(
      [work, end, now = alarms_.now()](store::Store& store) {
        store.finish(work.delivery.id, work.delivery.fence, end.update, end.receipt, now);
      },
      [this, channel, work, end](const store::Result<void>& result) {
        if (!result) spdlog::error("delivery {}: {}", work.delivery.id.text(), result.error().what);
        if (result || !may_pass(result.error()) || stopping_) return over(channel, work.delivery.id);
        auto timer = std::make_shared<boost::asio::steady_timer>(house_, waits_.store_retry);
        timer->async_wait(
            [this, timer, channel, work, end](boost::system::error_code) { record(channel, work, end); });
      });
}

void Mailer::over(const std::string& channel, model::DeliveryId delivery) {
  running_.erase(channel);
  changed_();
  const auto [first, last] = interrupted_.equal_range(delivery);
  std::vector<std::function<void()>> told;
  for (auto each = first; each != last; ++each) told.push_back(std::move(each->second));
  interrupted_.erase(first, last);
  for (const auto& tell : told) tell();
  rest();
  nudge();
}

}  // namespace mailing
