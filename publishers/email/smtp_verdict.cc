#include "publishers/email/smtp_verdict.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "publishers/email/encodings.h"

namespace publishers::smtp {
namespace {

bool mentions(const std::string& lower, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&lower](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool before_any_message(Phase phase) {
  return phase == Phase::greeting || phase == Phase::hello || phase == Phase::starttls ||
         phase == Phase::login;
}

bool is_syntax(int code) {
  return (code >= 500 && code <= 504) || code == 555;
}

// RFC 7372 and 7505 (SPF, DKIM, reverse DNS, null MX), and the ones that Gmail adds (TLS, DKIM, DMARC).
bool blames_set_up(const EnhancedCode& code) {
  if (code.subject == 1) return code.detail == 7 || code.detail == 8;
  return code.subject == 7 && code.detail >= 20 && code.detail <= 32 && code.detail != 28;
}

bool text_blames_set_up(const std::string& lower) {
  return mentions(lower, {"spf",
                          "dkim",
                          "dmarc",
                          "reverse dns",
                          "reverse hostname",
                          "ptr record",
                          "rdns",
                          "spamhaus",
                          "blocklist",
                          "blacklist",
                          "block list",
                          "black list",
                          " rbl",
                          "blocked using",
                          "relay access denied",
                          "relaying denied",
                          "unable to relay",
                          "relay not permitted",
                          "sender address rejected",
                          "not owned by user"});
}

bool text_asks_for_less(const std::string& lower) {
  return mentions(lower, {"rate limit", "ratelimit", "rate-limit", "too many messages",
                          "too many connections", "too many requests", "too many mails", "throttl",
                          "slow down", "sending quota", "quota exceeded for sender", "message rate"});
}

Fault of_later(Phase phase, const Reply& reply, const std::string& lower) {
  const EnhancedCode& code = reply.enhanced;
  if (blames_set_up(code)) return Fault::sender_policy;
  const bool policy = (reply.code == 450 || reply.code == 451) && code.subject == 7;
  if (reply.code == 421 || policy || (code.subject == 7 && code.detail == 28)) return Fault::throttle;
  if (text_asks_for_less(lower)) return Fault::throttle;
  return before_any_message(phase) ? Fault::connect : Fault::transient;
}

Fault of_recipient(const Reply& reply, const std::string& lower) {
  const EnhancedCode& code = reply.enhanced;
  if (code.subject == 1 || code.subject == 2) {
    return code.subject == 2 && code.detail == 3 ? Fault::size : Fault::permanent_recipient;
  }
  if (code.subject == 3 && code.detail == 4) return Fault::size;
  if (text_blames_set_up(lower)) return Fault::sender_policy;
  if (code.family == 0 && is_syntax(reply.code)) return Fault::protocol;
  return code.subject == 5 ? Fault::protocol : Fault::permanent_recipient;
}

Fault of_text(const Reply& reply, const std::string& lower) {
  const EnhancedCode& code = reply.enhanced;
  if (code.subject == 3 && code.detail == 4) return Fault::size;
  if (code.subject == 2 && code.detail == 3) return Fault::size;
  const bool address = code.subject == 1 || code.subject == 2 || code.subject == 4;
  if (address) return Fault::permanent_recipient;
  if (text_blames_set_up(lower)) return Fault::sender_policy;
  if (reply.code == 552 && code.family == 0) return Fault::size;
  if (is_syntax(reply.code) && (code.family == 0 || code.subject == 5)) return Fault::protocol;
  return Fault::permanent_content;
}

Fault of_sender(const Reply& reply) {
  const EnhancedCode& code = reply.enhanced;
  const bool size = (code.subject == 3 && code.detail == 4) || (code.subject == 2 && code.detail == 3) ||
                    (reply.code == 552 && code.family == 0);
  if (size) return Fault::size;
  return is_syntax(reply.code) && code.subject != 1 && code.subject != 7 ? Fault::protocol
                                                                         : Fault::sender_policy;
}

Fault of_never(Phase phase, const Reply& reply, const std::string& lower) {
  if (phase == Phase::starttls) return Fault::tls;
  if (phase == Phase::login) return Fault::auth;
  if (mentions(lower, {"starttls"}) || reply.code == 538) return Fault::tls;
  if (reply.code == 530 || reply.code == 534 || reply.code == 535) return Fault::auth;
  if (before_any_message(phase)) return is_syntax(reply.code) ? Fault::protocol : Fault::sender_policy;
  if (blames_set_up(reply.enhanced)) return Fault::sender_policy;
  if (reply.enhanced.subject == 7 && reply.enhanced.detail == 28) return Fault::sender_policy;
  switch (phase) {
    case Phase::sender:
      return of_sender(reply);
    case Phase::recipient:
      return of_recipient(reply, lower);
    default:
      return of_text(reply, lower);
  }
}

bool ends_it(Fault fault) {
  return fault == Fault::permanent_recipient || fault == Fault::permanent_content || fault == Fault::size;
}

// The far end's name for the message, where it tells one in a usual form.
std::string queue_id(const std::string& text) {
  for (const std::string_view before : {"queued as ", "OK id=", "Ok id="}) {
    const std::size_t at = text.find(before);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + before.size();
    return text.substr(begin, text.find_first_of(" \n", begin) - begin);
  }
  return {};
}

}  // namespace

bool is_good(Phase phase, const Reply& reply) {
  return phase == Phase::data ? reply.code == 354 : reply.family() == 2;
}

Receipt verdict(Phase phase, const Reply& reply) {
  if (is_good(phase, reply)) {
    return phase == Phase::end_of_data ? Receipt::confirmed(queue_id(reply.text), "", reply.one_line())
                                       : Receipt::failed(Outcome::deferred, Fault::none, reply.one_line());
  }
  if (reply.family() < 4) {
    const Outcome outcome = phase == Phase::end_of_data ? Outcome::uncertain : Outcome::deferred;
    return Receipt::failed(outcome, Fault::protocol, reply.one_line());
  }
  const std::string lower = ascii_lower(reply.text);
  const Fault fault = reply.family() == 4 ? of_later(phase, reply, lower) : of_never(phase, reply, lower);
  return Receipt::failed(ends_it(fault) ? Outcome::rejected : Outcome::deferred, fault, reply.one_line());
}

}  // namespace publishers::smtp
