// The gate before the dot: no message's last bytes leave before its row says "armed", and no next message
// of a connection is armed before the result of the one before it is in the same commit.
//
// Arms and results gather while a write is under way, and a moment longer unless every connection waits
// already, and go together in the next one: a commit costs as much as some twenty messages. After a
// kill at most one message per connection is armed without a result; recovery calls those uncertain and names
// them.
//
// House thread only. One object per delivery being sent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "publishers/mail_transport.h"
#include "runtime/alarms.h"
#include "store/store_thread.h"

namespace mailing {

class InFlight final : public publishers::MailGate {
 public:
  struct Hooks {
    // What becomes of a message, by its receipt; pure.
    std::function<store::MessageResult(model::MessageId, const publishers::Receipt&)> judge;
    std::function<void(const publishers::Receipt&)> seen;  // each receipt, for the breaker
    // Of the messages about to be armed, those whose readers have left the list by now. Where that can't be
    // said, it closes the gate.
    std::function<std::vector<std::uint64_t>(const std::vector<std::uint64_t>&)> left;
    std::function<void(std::size_t)> settled;       // that many messages have left the flight, durably
    std::function<void(store::StoreError)> failed;  // the ledger can't be written: nothing more may leave
  };

  struct Gather {
    std::size_t enough = 1;  // arms that wait: more can't come, for each is a connection's
    std::chrono::microseconds longest{0};
  };

  InFlight(boost::asio::any_io_executor house, store::StoreThread& store, runtime::Alarms& alarms,
           model::DeliveryId delivery, std::int64_t fence, Gather gather, Hooks hooks);
  ~InFlight() override { *alive_ = false; }

  void arm(std::uint64_t token, std::function<void(bool)> then) override;
  void replied(std::uint64_t token, const publishers::Receipt& receipt) override;

  // From now on every arm is answered false.
  void close() { closed_ = true; }
  // Writes again what could not be written.
  void retry();
  bool all_written() const { return unwritten_.empty() && results_.empty() && !writing_; }

 private:
  struct Arming {
    std::uint64_t token = 0;
    std::function<void(bool)> then;
  };
  void schedule();
  bool full() const { return arming_.size() >= gather_.enough; }
  void flush();
  void flushed(std::vector<Arming> arming, std::size_t results,
               store::Result<std::vector<model::MessageId>> armed);

  boost::asio::any_io_executor house_;
  store::StoreThread& store_;
  runtime::Alarms& alarms_;
  model::DeliveryId delivery_;
  std::int64_t fence_;
  const Gather gather_;
  boost::asio::steady_timer gathering_;
  Hooks hooks_;
  std::vector<Arming> arming_;
  std::vector<store::MessageResult> results_;
  std::vector<store::MessageResult> unwritten_;  // of a write that failed; first in the next one
  bool scheduled_ = false;
  bool writing_ = false;
  bool closed_ = false;
  // Handlers outlive a delivery that was closed: they look here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace mailing
