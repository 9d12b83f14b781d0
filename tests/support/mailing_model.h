// A mailing as its rules say, in plain containers: what the ledger of any engine is compared with.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace support {

class MailingModel {
 public:
  using State = model::MessageState;
  using Delivery = model::DeliveryState;
  using Instant = model::Instant;
  using Subscriber = std::int64_t;

  struct Message {
    std::string address;
    State state = State::pending;
    int attempts = 0;
    std::optional<Instant> next_at;
  };

  std::map<Subscriber, Message> messages;
  std::set<std::string> suppressed;
  Delivery delivery = Delivery::working;
  std::int64_t accepted = 0;  // by results, over the channel's life

  std::int64_t count(State state) const {
    return std::count_if(messages.begin(), messages.end(),
                         [&](const auto& each) { return each.second.state == state; });
  }

  // Those that a claim brings, in its order.
  std::vector<Subscriber> claim(Instant now, std::size_t limit) {
    std::vector<std::pair<Instant, Subscriber>> due;
    std::vector<Subscriber> claimed;
    for (const auto& [id, message] : messages) {
      if (message.state == State::deferred && *message.next_at <= now) due.emplace_back(*message.next_at, id);
    }
    std::sort(due.begin(), due.end());
    for (const auto& [at, id] : due) claimed.push_back(id);
    for (const auto& [id, message] : messages) {
      if (message.state == State::pending) claimed.push_back(id);
    }
    claimed.resize(std::min(claimed.size(), limit));
    for (const Subscriber id : claimed) move(messages.at(id), State::claimed);
    return claimed;
  }

  std::vector<Subscriber> arm(const std::vector<Subscriber>& wanted) {
    std::vector<Subscriber> armed;
    for (const Subscriber id : wanted) {
      const auto found = messages.find(id);
      if (found == messages.end() || found->second.state != State::claimed) continue;
      const bool left = suppressed.contains(found->second.address);
      move(found->second, left ? State::suppressed : State::armed);
      if (!left) armed.push_back(id);
    }
    return armed;
  }

  void finish(Subscriber id, const store::MessageResult& result) {
    const auto found = messages.find(id);
    if (found == messages.end()) return;
    Message& message = found->second;
    if (message.state != State::armed && message.state != State::claimed) return;
    move(message, result.state);
    if (result.state == State::deferred) message.next_at = result.next_at;
    if (result.charge_attempt) ++message.attempts;
    if (result.state == State::accepted) ++accepted;
  }

  void move_all(State from, State to) {
    for (auto& [id, message] : messages) {
      if (message.state == from) move(message, to);
    }
  }

  // The end of an attempt, a kill, a lease that ran out.
  void end_flight() {
    move_all(State::claimed, State::pending);
    move_all(State::armed, State::uncertain);
  }

  bool settle(Subscriber id, State as) {
    const auto found = messages.find(id);
    if (found == messages.end() || found->second.state != State::uncertain) return false;
    if (as != State::accepted && as != State::failed && as != State::pending) return false;
    if (as == State::pending && delivery == Delivery::cancelled) return false;
    move(found->second, as);
    const bool over = delivery == Delivery::uncertain || model::is_final(delivery);
    if (as == State::pending && over) {
      delivery = Delivery::ready;
    } else if (delivery == Delivery::uncertain && count(State::uncertain) == 0) {
      end_settled();
    }
    return true;
  }

  void settle_all(bool as_accepted) {
    move_all(State::uncertain, as_accepted ? State::accepted : State::failed);
    end_settled();
  }

  bool retry() {
    const bool partly = delivery == Delivery::confirmed && count(State::failed) > 0;
    if (delivery != Delivery::rejected && delivery != Delivery::deferred && delivery != Delivery::held &&
        !partly) {
      return false;
    }
    move_all(State::failed, State::pending);
    move_all(State::deferred, State::pending);
    delivery = Delivery::ready;
    return true;
  }

  bool cancel() {
    if (model::is_final(delivery) || delivery == Delivery::working) return false;
    for (const State state : {State::pending, State::claimed, State::deferred})
      move_all(state, State::cancelled);
    delivery = Delivery::cancelled;
    return true;
  }

 private:
  static void move(Message& message, State to) {
    message.state = to;
    message.next_at.reset();
  }
  void end_settled() {
    const bool none = !messages.empty() && count(State::failed) == static_cast<std::int64_t>(messages.size());
    delivery = none ? Delivery::rejected : Delivery::confirmed;
  }
};

}  // namespace support
