// The messages that wait and the connections that take them: how many there are, how fast messages go, and
// what a fault of the whole channel means for those that wait.
//
// On the executor only. Shared with its sessions; after stop() it calls no gate and nobody else.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "publishers/email/smtp_rate.h"
#include "publishers/email/smtp_session.h"
#include "publishers/email/smtp_settings.h"

namespace publishers::smtp {

class Pool final : public Supply, public std::enable_shared_from_this<Pool> {
 public:
  Pool(boost::asio::any_io_executor executor, boost::asio::ssl::context tls, Settings settings);

  const Settings& settings() const { return settings_; }
  void send(OutgoingMessage message, MailGate& gate);
  void drain(std::function<void()> then);
  void check(std::function<void(Receipt)> then);
  void stop();

  std::optional<Job> take(bool ahead) override;
  void put_back(Job job) override;
  void reply(const Job& job, const Receipt& receipt) override;
  void ready(Session& session) override;
  void slow_down() override;
  void over(Session& session, const Receipt& opened) override;

 private:
  void pump();
  void open_session();
  void could_not_open(const Receipt& why);
  void give_back_all(const Receipt& receipt);
  void pace();
  void begin_drain();
  void finish_drain();
  boost::asio::awaitable<void> try_out(std::shared_ptr<Wire> wire, std::function<void(Receipt)> then);

  boost::asio::any_io_executor executor_;
  boost::asio::ssl::context tls_;
  const Settings settings_;
  std::deque<Job> queue_;
  std::vector<std::shared_ptr<Session>> sessions_;
  std::vector<std::weak_ptr<Wire>> checks_;
  // Until a connection has opened, one is tried at a time: a wrong password is not tried eight times.
  bool proven_ = false;
  std::size_t allowed_;  // connections; fewer once the far end wanted no more
  std::size_t accepted_ = 0;
  TokenBucket bucket_;
  boost::asio::steady_timer pace_timer_;
  bool pacing_ = false;
  boost::asio::steady_timer pause_timer_;
  bool paused_ = false;
  int slow_downs_ = 0;  // since the last message that was taken
  std::vector<std::function<void()>> drains_;
  std::size_t drains_to_begin_ = 0;
  bool stopped_ = false;
};

}  // namespace publishers::smtp
