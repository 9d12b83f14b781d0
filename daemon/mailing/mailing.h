// One mailing: a delivery of a mail channel from its claim to its end. Fixes the recipients and counts
// them, then keeps the transport fed with merged messages until none is left to send, and says how it
// ended.
//
//   claimed -> freeze (recipients fixed, text frozen) -> claim messages -> merge -> transport -> gate
//           -> results -> ... -> nothing left -> End
//
// House thread only. Ends in exactly one call of `ended`, after the transport has given back everything.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "mailing/books.h"
#include "mailing/compose.h"
#include "mailing/day_limit.h"
#include "mailing/freeze.h"
#include "mailing/in_flight.h"
#include "mailing/judge.h"
#include "mailing/mail_channel.h"
#include "publishers/email/suppression.h"
#include "runtime/alarms.h"
#include "store/store_thread.h"

namespace mailing {

struct Waits {
  // How long a store that can't be written is left alone before it is tried again.
  std::chrono::milliseconds store_retry = std::chrono::seconds(10);
  // How long a commit of arms and results waits for more of them, at the most.
  std::chrono::microseconds gather{2000};
};

class Mailing : public std::enable_shared_from_this<Mailing> {
 public:
  struct End {
    store::DeliveryUpdate update;
    publishers::Receipt receipt;
    bool lost_claim = false;
  };

  Mailing(boost::asio::any_io_executor house, boost::asio::thread_pool& workers, store::StoreThread& store,
          runtime::Alarms& alarms, std::shared_ptr<MailChannel> channel, store::Work work, Waits waits,
          std::function<void(End)> ended);

  void start();
  // Sends nothing more: what is armed is waited for, the rest goes back. The delivery ends as `ready`; what
  // may have arrived is left to the person who stopped it by hand.
  void interrupt(const std::string& why, bool by_hand = false);
  const store::Work& work() const { return work_; }

 private:
  void thaw();
  void freeze();
  void not_fixed(const Unfixed& why);
  void begin(const publishers::MailContent& content);
  void feed();
  void claimed(store::Result<std::vector<store::Claimed>> messages);
  void send(store::Claimed message);
  std::vector<std::uint64_t> left(const std::vector<std::uint64_t>& tokens);
  bool who_left_is_known();
  void settled(std::size_t count);
  void seen(const publishers::Receipt& receipt);
  void wind_down(const std::string& why, model::DeliveryState state, std::optional<model::Instant> next_at);
  void drain();
  void end_if_drained();
  void close();
  void closed(const Standing& standing);
  void end(const Standing& standing);
  bool settles_itself() const;
  void settle_uncertain(const Standing& standing);
  void finish(model::DeliveryState state, std::optional<model::Instant> next_at, const std::string& reply,
              publishers::Fault fault = publishers::Fault::none);
  // The store refused while messages are on their way; or between two steps, of which `step` is tried again.
  void ledger_failed(const store::StoreError& error);
  void step_failed(const store::StoreError& error, std::function<void()> step);
  void lose_claim(const store::StoreError& error);
  void end_lost();
  void after_store_retry(std::function<void()> then);
  void keep_lease();
  std::size_t window() const;

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  store::StoreThread& store_;
  runtime::Alarms& alarms_;
  std::shared_ptr<MailChannel> channel_;
  store::Work work_;
  const Waits waits_;
  std::function<void(End)> ended_;
  std::unique_ptr<FrozenMail> mail_;
  std::unique_ptr<InFlight> gate_;
  boost::asio::steady_timer lease_timer_;
  boost::asio::steady_timer retry_timer_;
  Alarm alarm_;
  publishers::SuppressionList suppressed_;
  std::size_t suppressed_readings_ = 0;                       // of which the bad lines were logged
  std::unordered_map<std::uint64_t, std::string> addresses_;  // of what is handed to the transport, by token
  // Of those in there that were refused for now before.
  std::unordered_map<std::uint64_t, model::Instant> first_tried_;
  std::size_t flying_ = 0;  // handed to the transport and not settled
  bool claiming_ = false;
  bool exhausted_ = false;  // the last claim brought nothing
  // Set once nothing more is to be sent: how the delivery then ends.
  std::optional<store::DeliveryUpdate> winding_down_;
  publishers::Fault fault_ = publishers::Fault::none;
  bool by_hand_ = false;
  bool draining_ = false;
  bool transport_drained_ = false;
  bool closing_ = false;
  std::optional<store::StoreError> lost_;  // the claim is somebody else's, or the store is gone
};

}  // namespace mailing
