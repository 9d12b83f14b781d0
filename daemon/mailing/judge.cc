#include "mailing/judge.h"

#include <algorithm>

namespace mailing {
namespace {

using model::MessageState;
using namespace std::chrono_literals;
using publishers::Fault;
using publishers::Outcome;

constexpr model::milliseconds kLife = 72h;

bool not_the_recipients_fault(Fault fault) {
  return fault == Fault::connect || fault == Fault::tls || fault == Fault::auth || fault == Fault::local ||
         fault == Fault::none;
}

}  // namespace

store::MessageResult judge(model::MessageId message, const publishers::Receipt& receipt, model::Instant now,
                           model::milliseconds age) {
  store::MessageResult result;
  result.message = message;
  result.reply = receipt.reply;
  switch (receipt.outcome) {
    case Outcome::confirmed:
      result.state = MessageState::accepted;
      return result;
    case Outcome::uncertain:
      result.state = MessageState::uncertain;
      return result;
    case Outcome::rejected:
      if (receipt.fault == Fault::tls || receipt.fault == Fault::auth) break;
      result.state = MessageState::failed;
      return result;
    case Outcome::deferred:
      break;
  }
  if (not_the_recipients_fault(receipt.fault)) {
    result.state = MessageState::pending;
    result.charge_attempt = false;
    return result;
  }
  if (age >= kLife) {
    result.state = MessageState::failed;
    result.reply += " (given up after 3 days)";
    return result;
  }
  // Postfix's back-off: wait as long as it is old, within bounds.
  result.state = MessageState::deferred;
  result.next_at = now + std::clamp<model::milliseconds>(age, 300s, 4000s);
  if (receipt.retry_after) result.next_at = now + std::min<model::milliseconds>(*receipt.retry_after, 24h);
  return result;
}

Alarm::Verdict Alarm::record(const publishers::Receipt& receipt) {
  constexpr int kInARow = 20;
  if (receipt.outcome == Outcome::confirmed) {
    refused_in_a_row_ = 0;
    return Verdict::go_on;
  }
  switch (receipt.fault) {
    case Fault::tls:
    case Fault::auth:
      why_ = receipt.reply;
      return Verdict::hold;
    case Fault::connect:
    case Fault::local:
      why_ = receipt.reply;
      return Verdict::pause;
    case Fault::sender_policy:
    case Fault::permanent_content:
      if (++refused_in_a_row_ < kInARow) return Verdict::go_on;
      why_ = "20 messages in a row were refused for our text or our set-up: " + receipt.reply;
      return Verdict::hold;
    default:
      return Verdict::go_on;
  }
}

}  // namespace mailing
