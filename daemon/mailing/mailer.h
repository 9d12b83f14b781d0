// The mail channels' side of the outbox: claims the mail deliveries that are due, one mailing at a time
// per channel, and records how each ended.
//
// House thread only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "mailing/mailing.h"

namespace mailing {

class Mailer {
 public:
  Mailer(boost::asio::any_io_executor house, boost::asio::thread_pool& workers, store::StoreThread& store,
         runtime::Alarms& alarms, std::function<void()> changed, Waits waits = {});

  // A mailing under way keeps the channel that it began with.
  void configure(std::map<std::string, std::shared_ptr<MailChannel>> channels, std::int64_t epoch);
  void nudge();
  // Halting stops what has not left; what is armed is waited for.
  void halt(bool halted);
  // Stops deliveries that a person holds or cancels, then calls `then`; at once if none is being sent. Until
  // then none of their channels begins anything.
  void interrupt(const std::vector<model::Delivery>& deliveries, std::function<void()> then);
  void stop(std::function<void()> then);

  bool sending() const { return !running_.empty(); }

 private:
  struct Look {
    std::vector<store::Work> claimed;
    std::optional<model::Instant> next_at;
  };
  using Channels = std::map<std::string, std::shared_ptr<MailChannel>>;

  void look();
  void looked(const Channels& idle, store::Result<Look> look);
  void run(const std::shared_ptr<MailChannel>& channel, store::Work work);
  void ended(const std::string& channel, const store::Work& work, const Mailing::End& end);
  void record(const std::string& channel, const store::Work& work, const Mailing::End& end);
  void over(const std::string& channel, model::DeliveryId delivery);
  void store_failed(const store::StoreError& error);
  // Told once stopping is over, if it is.
  void rest();

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  store::StoreThread& store_;
  runtime::Alarms& alarms_;
  std::function<void()> changed_;
  const Waits waits_;
  Channels channels_;
  std::map<std::string, std::shared_ptr<Mailing>> running_;  // by channel; until its end is recorded
  std::vector<std::function<void()>> after_look_;
  std::multimap<model::DeliveryId, std::function<void()>> interrupted_;
  std::multiset<std::string> waiting_;  // channels of what is being interrupted
  runtime::Alarms::Alarm alarm_;
  boost::asio::steady_timer store_retry_;
  std::int64_t epoch_ = 0;
  bool looking_ = false;
  bool again_ = false;
  bool halted_ = false;
  bool stopping_ = false;
  std::function<void()> stopped_;
};

}  // namespace mailing
