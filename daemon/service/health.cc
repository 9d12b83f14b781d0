#include "service/health.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "runtime/log.h"

namespace service {
namespace {

constexpr auto kPeriod = std::chrono::minutes(10);

}  // namespace

HealthChecks::HealthChecks(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                           const model::Clock& clock)
    : house_(house), workers_(workers), clock_(clock), timer_(house) {}

void HealthChecks::configure(std::shared_ptr<Channels> channels) {
  channels_ = std::move(channels);
  {
    const std::lock_guard lock(mutex_);
    results_.clear();
    for (const auto& [key, channel] : channels_->config->channels) {
      if (channel.enabled) {
        results_[key] = {
            key, channel.kind, channels_->mail.contains(key), false, "not asked yet", clock_.now(), ""};
      }
    }
  }
  ask_all();
}

void HealthChecks::stop() {
  *alive_ = false;
  timer_.cancel();
  channels_.reset();
}

std::vector<admin::ChannelHealth> HealthChecks::results() const {
  const std::lock_guard lock(mutex_);
  std::vector<admin::ChannelHealth> all;
  for (const auto& [key, health] : results_) all.push_back(health);
  return all;
}

void HealthChecks::ask_all() {
  for (const auto& [key, publisher] : channels_->posts) {
    boost::asio::post(workers_, [this, house = house_, alive = alive_, channel = key, asked = publisher] {
      publishers::Receipt receipt;
      try {
        receipt = asked->check();
      } catch (const std::exception& error) {
        receipt = publishers::Receipt::failed(publishers::Outcome::rejected, publishers::Fault::protocol,
                                              error.what());
      }
      boost::asio::post(house, [this, alive, channel, receipt] {
        if (*alive) answered(channel, receipt);
      });
    });
  }
  for (const auto& [key, mail] : channels_->mail) {
    mail->transport->check([this, alive = alive_, channel = key](const publishers::Receipt& receipt) {
      if (*alive) answered(channel, receipt);
    });
  }
  timer_.expires_after(kPeriod);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) ask_all();
  });
}

void HealthChecks::answered(const std::string& channel, const publishers::Receipt& receipt) {
  const std::lock_guard lock(mutex_);
  const auto found = results_.find(channel);
  if (found == results_.end()) return;
  const bool well = receipt.outcome == publishers::Outcome::confirmed;
  if (!well) spdlog::warn("channel {} is not well: {}", channel, receipt.reply);
  found->second.well = well;
  found->second.reply = receipt.reply;
  found->second.checked = clock_.now();
}

}  // namespace service
