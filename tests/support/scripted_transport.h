// A mail server far away: it remembers whom it took mail for, answers by a script where there is one and
// accepts where there is none, and outlives the daemons that speak to it. ScriptedTransport is a daemon's own
// end: so many connections, each with one message past the gate at most, and the next one's envelope in the
// same breath as a reply, as the SMTP client does it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include "publishers/mail_transport.h"

namespace support {

// House thread only.
class FarMailServer {
 public:
  struct Turn {
    std::optional<publishers::Receipt> envelope;  // refused before anything of the text leaves
    std::optional<publishers::Receipt> reply;     // to the dot; none: accepted
    bool taken = true;                            // whether it has the message after the dot
  };

  std::size_t connections = 2;
  bool silent = false;                                             // no dot is replied to for now
  std::function<void(const publishers::OutgoingMessage&)> on_dot;  // the last bytes of a message leave

  // What the next message to `address` meets; "" for whomever has no answers of their own.
  void next(const std::string& address, Turn turn) { script_[address].push_back(std::move(turn)); }
  void next_envelope(const std::string& address, publishers::Receipt receipt) {
    next(address, {std::move(receipt), std::nullopt, false});
  }
  void next_reply(const std::string& address, publishers::Receipt receipt, bool taken = false) {
    next(address, {std::nullopt, std::move(receipt), taken});
  }

  // All that it took for somebody, in order.
  std::vector<publishers::OutgoingMessage> taken(const std::string& address) const {
    std::vector<publishers::OutgoingMessage> some;
    for (const auto& message : taken_) {
      if (message.recipient == address) some.push_back(message);
    }
    return some;
  }
  const std::vector<publishers::OutgoingMessage>& taken() const { return taken_; }
  std::size_t dots() const { return dots_; }

 private:
  friend class ScriptedTransport;
  Turn turn_for(const std::string& address) {
    for (const std::string& whose : {address, std::string()}) {
      const auto found = script_.find(whose);
      if (found == script_.end() || found->second.empty()) continue;
      Turn turn = std::move(found->second.front());
      found->second.pop_front();
      return turn;
    }
    return {};
  }

  std::map<std::string, std::deque<Turn>> script_;
  std::vector<publishers::OutgoingMessage> taken_;
  std::size_t dots_ = 0;
};

class ScriptedTransport final : public publishers::MailTransport {
 public:
  ScriptedTransport(boost::asio::any_io_executor executor, FarMailServer& server)
      : executor_(std::move(executor)), server_(server) {}
  ~ScriptedTransport() override { unplug(); }

  publishers::TransportLimits limits() const override { return {server_.connections}; }
  void check(std::function<void(publishers::Receipt)> then) override {
    then(publishers::Receipt::confirmed("", ""));
  }

  void send(publishers::OutgoingMessage message, publishers::MailGate& gate) override {
    if (unplugged()) return;
    waiting_.push_back({std::move(message), &gate});
    later([this] { begin(); });
  }

  void drain(std::function<void()> then) override {
    if (unplugged()) return;
    for (Handed& handed : std::exchange(waiting_, {})) {
      later([handed] {
        handed.gate->replied(handed.message.token,
                             publishers::Receipt::failed(publishers::Outcome::deferred,
                                                         publishers::Fault::none, "taken back"));
      });
    }
    drained_.push_back(std::move(then));
    later([this] { look_drained(); });
  }

  // The far end speaks again: the dots that wait for a reply get it.
  void reply_all() {
    server_.silent = false;
    for (auto& connection : busy_) {
      if (connection.armed) later([this, connection = &connection] { reply(*connection); });
    }
  }
  // Messages past the gate and unanswered.
  std::size_t armed() const {
    return static_cast<std::size_t>(
        std::count_if(busy_.begin(), busy_.end(), [](const Connection& each) { return each.armed; }));
  }
  std::size_t messages_held() const { return waiting_.size() + busy_.size(); }
  // Its process is gone: nothing more comes from it.
  void unplug() {
    alive_.reset();
    drained_.clear();
  }

 private:
  struct Handed {
    publishers::OutgoingMessage message;
    publishers::MailGate* gate = nullptr;
  };
  struct Connection {
    Handed at_work;
    FarMailServer::Turn turn;
    bool armed = false;
  };

  bool unplugged() const { return alive_ == nullptr; }
  void later(std::function<void()> what) {
    boost::asio::post(executor_, [alive = std::weak_ptr<int>(alive_), what = std::move(what)] {
      if (!alive.expired()) what();
    });
  }

  void begin() {
    while (busy_.size() < server_.connections && !waiting_.empty()) {
      busy_.push_back({std::move(waiting_.front()), {}, false});
      waiting_.pop_front();
      envelope(busy_.back());
    }
  }

  void envelope(Connection& connection) {
    const publishers::OutgoingMessage& message = connection.at_work.message;
    connection.turn = server_.turn_for(message.recipient);
    publishers::MailGate& gate = *connection.at_work.gate;
    if (connection.turn.envelope) {
      return later([this, &connection, &gate, token = message.token, receipt = *connection.turn.envelope] {
        // The connection first, as in reply().
        gate.replied(token, receipt);
        free(connection);
      });
    }
    gate.arm(message.token, [this, alive = std::weak_ptr<int>(alive_), &connection](bool go) {
      if (alive.expired()) return;
      if (!go) return later([this, &connection] { free(connection); });
      dot(connection);
    });
  }

  void dot(Connection& connection) {
    connection.armed = true;
    ++server_.dots_;
    if (server_.on_dot) server_.on_dot(connection.at_work.message);
    if (connection.turn.taken) server_.taken_.push_back(connection.at_work.message);
    if (!server_.silent) later([this, &connection] { reply(connection); });
  }

  void reply(Connection& connection) {
    connection.armed = false;
    connection.at_work.gate->replied(
        connection.at_work.message.token,
        connection.turn.reply.value_or(publishers::Receipt::confirmed("", "", "250 queued")));
    free(connection);
  }

  // The next envelope went out with the body: its gate is asked at once.
  void free(Connection& connection) {
    busy_.remove_if([&](const Connection& each) { return &each == &connection; });
    begin();
    look_drained();
  }

  void look_drained() {
    if (!busy_.empty() || !waiting_.empty()) return;
    for (const auto& then : std::exchange(drained_, {})) then();
  }

  boost::asio::any_io_executor executor_;
  FarMailServer& server_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::deque<Handed> waiting_;
  std::list<Connection> busy_;
  std::vector<std::function<void()>> drained_;
};

}  // namespace support
