// The port for mail: takes finished messages and hands each to the far end, telling a gate before the
// last bytes leave and once the reply is there.
//
// A transport lives on the executor that it was given and is called there only. It knows neither the
// store nor the ledger, subscribers nor posts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "publishers/needed_path.h"
#include "publishers/receipt.h"

namespace publishers {

struct OutgoingMessage {
  std::uint64_t token = 0;  // the caller's name for it, unique among those not yet replied
  std::string sender;       // reverse-path, RFC 5321 Mailbox without angle brackets; empty: null sender
  std::string recipient;    // forward-path, one per message
  std::string message_id;   // as in the header, without angle brackets
  std::string data;         // RFC 5322, CRLF line ends, no bare CR or LF, no NUL, not dot-stuffed
};

// The caller's side. Both functions are called on the transport's executor.
class MailGate {
 public:
  virtual ~MailGate() = default;

  // Asked once a message's envelope was accepted, before the bytes that complete it leave. `then` is
  // called later on the same executor, never from within arm: true lets them go, false takes the
  // message back (its connection says RSET or closes; replied is not called for it).
  virtual void arm(std::uint64_t token, std::function<void(bool)> then) = 0;

  // The end of a message: exactly once for each message sent, unless arm answered false. Before arm:
  // outcome is deferred or rejected, and nothing left. After arm without a reply: uncertain.
  virtual void replied(std::uint64_t token, const Receipt& receipt) = 0;
};

struct TransportLimits {
  std::size_t connections = 1;  // how many messages can be past arm and unanswered at once
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;

  virtual TransportLimits limits() const = 0;

  // The places of this machine that it works with.
  virtual std::vector<NeededPath> paths() const { return {}; }

  // Can mail be handed over now (connect, TLS, AUTH)? Sends nothing.
  virtual void check(std::function<void(Receipt)> then) = 0;

  // Takes one message; it waits here for a free connection. `gate` must outlive the transport's answer.
  virtual void send(OutgoingMessage message, MailGate& gate) = 0;

  // Messages that were taken and have not been armed yet go back: replied(deferred, Fault::none) for
  // each. Armed ones are waited for. `then` is called when none is left and the connections are closed.
  // The transport may be used again afterwards.
  virtual void drain(std::function<void()> then) = 0;
};

}  // namespace publishers
