#include "service/health.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "runtime/log.h"

namespace service {
namespace {

constexpr auto kPeriod = std::chrono::minutes(10);
constexpr auto kStale = 2 * kPeriod;

}  // namespace

admin::ChannelHealth as_of(admin::ChannelHealth health, runtime::Tick::duration age) {
  if (age <= kStale) return health;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  health.well = false;
  health.reply =
      "has not answered its check for " + std::to_string(minutes) + " min; before: " + health.reply;
  return health;
}

bool all_well(const admin::Health& health) {
  return health.store == "well" && health.halted.empty() && health.content.empty() &&
         health.stuck_count == 0 &&
         std::all_of(health.channels.begin(), health.channels.end(),
                     [](const admin::ChannelHealth& channel) { return channel.well; });
}

HealthChecks::HealthChecks(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                           const model::Clock& clock)
    : HealthChecks(runtime::make_steady_ticker(house), house, workers, clock) {}

HealthChecks::HealthChecks(std::unique_ptr<runtime::Ticker> ticker, boost::asio::any_io_executor house,
                           boost::asio::thread_pool& workers, const model::Clock& clock)
    : house_(std::move(house)), workers_(workers), clock_(clock), ticker_(std::move(ticker)) {}

void HealthChecks::configure(std::shared_ptr<Channels> channels) {
  channels_ = std::move(channels);
  ++round_;
  {
    const std::lock_guard lock(mutex_);
    results_.clear();
    for (const auto& [key, channel] : channels_->config->channels) {
      if (channel.enabled) {
        results_[key] = {
            {key, channel.kind, channels_->mail.contains(key), false, "not asked yet", clock_.now(), ""},
            ticker_->now()};
      }
    }
  }
  ask_all();
}

void HealthChecks::stop() {
  *alive_ = false;
  ticker_->cancel();
  channels_.reset();
}

std::vector<admin::ChannelHealth> HealthChecks::results() const {
  const std::lock_guard lock(mutex_);
  std::vector<admin::ChannelHealth> all;
  const runtime::Tick now = ticker_->now();
  for (const auto& [key, record] : results_) all.push_back(as_of(record.health, now - record.answered));
  return all;
}

// One that hangs must not take a worker more at every turn.
bool HealthChecks::may_ask(const std::string& channel) {
  const std::lock_guard lock(mutex_);
  const auto found = results_.find(channel);
  if (found == results_.end()) return true;
  if (!std::exchange(found->second.asked, true)) return true;
  spdlog::warn("channel {} has not answered its last check", channel);
  return false;
}

void HealthChecks::ask_all() {
  if (!channels_) return;
  for (const auto& [key, publisher] : channels_->posts) {
    if (!may_ask(key)) continue;
    boost::asio::post(
        workers_, [this, house = house_, alive = alive_, round = round_, channel = key, asked = publisher] {
          publishers::Receipt receipt;
          try {
            receipt = asked->check();
          } catch (const std::exception& error) {
            receipt = publishers::Receipt::failed(publishers::Outcome::rejected, publishers::Fault::protocol,
                                                  error.what());
          }
          boost::asio::post(house, [this, alive, round, channel, receipt] {
            if (*alive && round == round_) answered(channel, receipt);
          });
        });
  }
  for (const auto& [key, mail] : channels_->mail) {
    if (!may_ask(key)) continue;
    mail->transport->check(
        [this, alive = alive_, round = round_, channel = key](const publishers::Receipt& receipt) {
          if (*alive && round == round_) answered(channel, receipt);
        });
  }
  ticker_->set(ticker_->now() + kPeriod, [this] { ask_all(); });
}

void HealthChecks::answered(const std::string& channel, const publishers::Receipt& receipt) {
  const std::lock_guard lock(mutex_);
  const auto found = results_.find(channel);
  if (found == results_.end()) return;
  const bool well = receipt.outcome == publishers::Outcome::confirmed;
  if (!well) spdlog::warn("channel {} is not well: {}", channel, receipt.reply);
  found->second.health.well = well;
  found->second.health.reply = receipt.reply;
  found->second.health.checked = clock_.now();
  found->second.answered = ticker_->now();
  found->second.asked = false;
}

}  // namespace service
