// What the far end said. Every call of a publisher ends in one of these; an exception is a bug.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace publishers {

enum class Outcome {
  confirmed,  // done, and the far end said so
  deferred,   // not done; trying again later may help
  rejected,   // not done; trying again unchanged won't help
  uncertain,  // may or may not have been done: to be looked up, never to be repeated blindly
};

// Whose fault a refusal is, which decides who pays for it (the channel or this one item) and when to
// try again.
enum class Fault {
  none,
  connect,              // nobody answered: nothing is charged, the channel's breaker counts it
  tls,                  // no trusted encrypted connection: the channel stops until a person looks
  auth,                 // credentials refused: the channel stops until a person looks
  throttle,             // "slow down" (421, 450/451 4.7.x, 429)
  sender_policy,        // our set-up is refused (SPF, DKIM, DMARC, PTR), not this item
  transient,            // 4yz for this item
  permanent_recipient,  // this address does not exist or refuses us
  permanent_content,    // this text is refused
  size,                 // larger than the far end takes
  protocol,             // the far end does not speak as the standard says
  local,                // our own disk or memory
};

struct Receipt {
  Outcome outcome = Outcome::uncertain;
  Fault fault = Fault::none;
  std::string remote_id;                            // the far end's own name for the thing, once it has one
  std::string permalink;                            // where readers find it, absolute
  std::string reply;                                // one line for people: the far end's words, no secrets
  std::optional<std::chrono::seconds> retry_after;  // the far end's own wish
  std::map<std::string, std::string> asset_urls;    // sha256 of an asset -> absolute address

  static Receipt confirmed(std::string remote_id, std::string permalink, std::string reply = {}) {
    return {Outcome::confirmed, Fault::none, std::move(remote_id), std::move(permalink), std::move(reply),
            std::nullopt,       {}};
  }
  static Receipt failed(Outcome outcome, Fault fault, std::string reply) {
    return {outcome, fault, {}, {}, std::move(reply), std::nullopt, {}};
  }
};

}  // namespace publishers
