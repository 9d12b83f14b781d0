#include "publishers/email/smtp_verdict.h"

#include <gmock/gmock.h>

#include <ostream>
#include <string>

namespace publishers::smtp {
namespace {

Reply reply_of(const std::string& line) {
  ReplyParser parser;
  parser.feed(line + "\r\n");
  Reply reply;
  if (parser.next(reply) != ReplyParser::Step::reply) throw std::logic_error("no reply: " + line);
  return reply;
}

struct Row {
  Phase phase;
  const char* reply;
  Outcome outcome;
  Fault fault;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << static_cast<int>(row.phase) << ' ' << row.reply;
}

class SmtpVerdict : public testing::TestWithParam<Row> {};

TEST_P(SmtpVerdict, IsPinned) {
  const Row& row = GetParam();
  const Receipt receipt = verdict(row.phase, reply_of(row.reply));
  EXPECT_EQ(receipt.outcome, row.outcome);
  EXPECT_EQ(receipt.fault, row.fault);
  EXPECT_EQ(receipt.reply, row.reply);
}

constexpr Outcome kDeferred = Outcome::deferred;
constexpr Outcome kRejected = Outcome::rejected;

// Before any message: nobody's address is to blame, so nothing is rejected.
INSTANTIATE_TEST_SUITE_P(
    Opening, SmtpVerdict,
    testing::Values(
        Row{Phase::greeting, "220 mail.example.test ESMTP", kDeferred, Fault::none},
        Row{Phase::greeting, "421 4.7.0 too many connections", kDeferred, Fault::throttle},
        Row{Phase::greeting, "450 4.3.2 try later", kDeferred, Fault::connect},
        Row{Phase::greeting, "554 5.7.1 no service for you", kDeferred, Fault::sender_policy},
        Row{Phase::greeting, "354 odd", kDeferred, Fault::protocol},
        Row{Phase::hello, "250 hello", kDeferred, Fault::none},
        Row{Phase::hello, "500 what?", kDeferred, Fault::protocol},
        Row{Phase::hello, "502 5.5.1 not implemented", kDeferred, Fault::protocol},
        Row{Phase::hello, "550 5.7.1 Helo command rejected: Host not found", kDeferred, Fault::sender_policy},
        Row{Phase::hello, "451 4.7.1 Greylisting in action", kDeferred, Fault::throttle},
        Row{Phase::starttls, "220 go", kDeferred, Fault::none},
        Row{Phase::starttls, "454 4.7.0 TLS not available", kDeferred, Fault::connect},
        Row{Phase::starttls, "502 no such thing", kDeferred, Fault::tls},
        Row{Phase::login, "235 2.7.0 in", kDeferred, Fault::none},
        Row{Phase::login, "535 5.7.8 wrong", kDeferred, Fault::auth},
        Row{Phase::login, "534 5.7.9 too weak", kDeferred, Fault::auth},
        Row{Phase::login, "504 5.5.4 mechanism unknown", kDeferred, Fault::auth},
        Row{Phase::login, "454 4.7.0 Temporary authentication failure", kDeferred, Fault::connect},
        Row{Phase::login, "421 4.7.0 too many logins", kDeferred, Fault::throttle}));

INSTANTIATE_TEST_SUITE_P(
    Sender, SmtpVerdict,
    testing::Values(
        Row{Phase::sender, "250 2.1.0 ok", kDeferred, Fault::none},
        Row{Phase::sender, "421 4.3.2 shutting down", kDeferred, Fault::throttle},
        Row{Phase::sender, "451 4.3.0 queue file write error", kDeferred, Fault::transient},
        Row{Phase::sender, "452 4.3.1 insufficient storage", kDeferred, Fault::transient},
        Row{Phase::sender, "450 4.7.1 rate limit", kDeferred, Fault::throttle},
        Row{Phase::sender, "452 4.5.3 too many messages", kDeferred, Fault::throttle},
        Row{Phase::sender, "552 5.3.4 message size exceeds fixed limit", kRejected, Fault::size},
        Row{Phase::sender, "552 too much", kRejected, Fault::size},
        Row{Phase::sender, "530 5.7.0 Authentication required", kDeferred, Fault::auth},
        Row{Phase::sender, "530 5.7.0 Must issue a STARTTLS command first", kDeferred, Fault::tls},
        Row{Phase::sender, "538 5.7.11 encryption required", kDeferred, Fault::tls},
        Row{Phase::sender, "550 5.7.1 Sender address rejected: not owned by user", kDeferred,
            Fault::sender_policy},
        Row{Phase::sender, "553 sorry, that address is not allowed", kDeferred, Fault::sender_policy},
        Row{Phase::sender, "501 5.1.7 bad sender address syntax", kDeferred, Fault::sender_policy},
        Row{Phase::sender, "501 5.5.4 syntax error in parameters", kDeferred, Fault::protocol},
        Row{Phase::sender, "503 nested MAIL", kDeferred, Fault::protocol},
        Row{Phase::sender, "555 5.5.4 unsupported option: SIZE", kDeferred, Fault::protocol}));

INSTANTIATE_TEST_SUITE_P(
    Recipient, SmtpVerdict,
    testing::Values(
        Row{Phase::recipient, "250 2.1.5 ok", kDeferred, Fault::none},
        Row{Phase::recipient, "251 will forward", kDeferred, Fault::none},
        Row{Phase::recipient, "450 4.2.0 Greylisted", kDeferred, Fault::transient},
        Row{Phase::recipient, "450 mailbox busy", kDeferred, Fault::transient},
        Row{Phase::recipient, "450 4.7.25 no PTR", kDeferred, Fault::sender_policy},
        Row{Phase::recipient, "451 4.7.1 try again later", kDeferred, Fault::throttle},
        Row{Phase::recipient, "452 4.2.2 mailbox full", kDeferred, Fault::transient},
        Row{Phase::recipient, "450 4.1.8 Sender address rejected: Domain not found", kDeferred,
            Fault::sender_policy},
        Row{Phase::recipient, "550 5.1.1 no such user", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "550 5.1.10 null MX", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "501 5.1.3 bad address syntax", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "550 no such user", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "551 moved", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "552 5.2.2 over quota", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "550 5.4.1 Recipient address rejected: Access denied", kRejected,
            Fault::permanent_recipient},
        Row{Phase::recipient, "550 5.7.1 refused by the recipient", kRejected, Fault::permanent_recipient},
        Row{Phase::recipient, "554 5.7.1 Relay access denied", kDeferred, Fault::sender_policy},
        Row{Phase::recipient, "550 5.7.1 Service unavailable; blocked using zen.spamhaus.org", kDeferred,
            Fault::sender_policy},
        Row{Phase::recipient, "550 5.1.8 Sender address rejected", kDeferred, Fault::sender_policy},
        Row{Phase::recipient, "552 5.3.4 too big", kRejected, Fault::size},
        Row{Phase::recipient, "503 5.5.1 MAIL first", kDeferred, Fault::protocol},
        Row{Phase::recipient, "501 syntax", kDeferred, Fault::protocol}));

INSTANTIATE_TEST_SUITE_P(
    Text, SmtpVerdict,
    testing::Values(
        Row{Phase::data, "354 go", kDeferred, Fault::none},
        Row{Phase::data, "250 odd", kDeferred, Fault::protocol},
        Row{Phase::data, "451 4.3.0 local error", kDeferred, Fault::transient},
        Row{Phase::data, "554 5.5.1 no valid recipients", kRejected, Fault::permanent_content},
        Row{Phase::data, "503 not now", kDeferred, Fault::protocol},
        Row{Phase::end_of_data, "250 2.0.0 Ok", Outcome::confirmed, Fault::none},
        Row{Phase::end_of_data, "354 odd", Outcome::uncertain, Fault::protocol},
        Row{Phase::end_of_data, "421 4.3.2 shutting down", kDeferred, Fault::throttle},
        Row{Phase::end_of_data, "421 4.7.28 unusual rate", kDeferred, Fault::throttle},
        Row{Phase::end_of_data, "421 4.7.26 unauthenticated", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "451 4.7.23 no PTR", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "451 4.7.500 server busy", kDeferred, Fault::throttle},
        Row{Phase::end_of_data, "450 4.7.27 SPF", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "450 4.7.30 DKIM", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "450 4.7.32 alignment", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "450 4.7.29 no TLS", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "452 4.3.1 disk full", kDeferred, Fault::transient},
        Row{Phase::end_of_data, "451 sending quota reached", kDeferred, Fault::throttle},
        Row{Phase::end_of_data, "550 5.7.26 unauthenticated", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "550 5.7.28 unsolicited", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "550 5.7.1 DMARC policy violation", kDeferred, Fault::sender_policy},
        Row{Phase::end_of_data, "552 5.3.4 too big", kRejected, Fault::size},
        Row{Phase::end_of_data, "552 exceeded", kRejected, Fault::size},
        Row{Phase::end_of_data, "552 5.7.0 potential security issue", kRejected, Fault::permanent_content},
        Row{Phase::end_of_data, "552 5.2.2 mailbox full", kRejected, Fault::permanent_recipient},
        Row{Phase::end_of_data, "550 5.1.1 no such user", kRejected, Fault::permanent_recipient},
        Row{Phase::end_of_data, "554 5.4.6 loops back", kRejected, Fault::permanent_recipient},
        Row{Phase::end_of_data, "554 5.7.1 looks like spam", kRejected, Fault::permanent_content},
        Row{Phase::end_of_data, "550 5.6.0 message garbled", kRejected, Fault::permanent_content},
        Row{Phase::end_of_data, "554 refused", kRejected, Fault::permanent_content},
        Row{Phase::end_of_data, "500 what?", kDeferred, Fault::protocol}));

TEST(SmtpVerdicts, KeepsTheQueueId) {
  const auto id = [](const char* line) { return verdict(Phase::end_of_data, reply_of(line)).remote_id; };
  EXPECT_EQ(id("250 2.0.0 Ok: queued as 4XYZ12"), "4XYZ12");
  EXPECT_EQ(id("250 OK id=1abc-0002-3x"), "1abc-0002-3x");
  EXPECT_EQ(id("250 2.0.0 Ok: 120 bytes queued as A1 now"), "A1");
  EXPECT_EQ(id("250 2.0.0 kept"), "");
}

TEST(SmtpVerdicts, RejectsOnlyWhatConcernsOneMessage) {
  for (const Phase phase : {Phase::greeting, Phase::hello, Phase::starttls, Phase::login, Phase::sender,
                            Phase::recipient, Phase::data, Phase::end_of_data}) {
    for (int code = 400; code < 600; ++code) {
      const Receipt receipt = verdict(phase, reply_of(std::to_string(code) + " x"));
      EXPECT_NE(receipt.fault, Fault::none);
      EXPECT_NE(receipt.outcome, Outcome::confirmed);
      const bool message = receipt.fault == Fault::permanent_content || receipt.fault == Fault::size ||
                           receipt.fault == Fault::permanent_recipient;
      EXPECT_EQ(receipt.outcome == Outcome::rejected, message) << code;
    }
  }
}

}  // namespace
}  // namespace publishers::smtp
