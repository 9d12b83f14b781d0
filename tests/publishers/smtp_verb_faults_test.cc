// A server that fails at one command of the dialogue: by its end, by a refusal, by speaking oddly.
#include <gmock/gmock.h>

#include <cctype>
#include <tuple>

#include "support/mail_trust.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::expect_encrypted;
using support::ScriptedSmtp;
using support::SmtpBench;
using support::with_everything;
using support::with_script;
using testing::HasSubstr;
using testing::Not;
using After = ScriptedSmtp::Act::After;

// One row: what the server does at a verb, and what becomes of the only message.
struct Row {
  const char* verb;
  const char* reply;
  After after;
  Outcome outcome;
  Fault fault;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.verb << " " << row.reply << " " << static_cast<int>(row.after);
}

class SmtpFaultAtVerb : public testing::TestWithParam<std::tuple<Row, bool>> {};

TEST_P(SmtpFaultAtVerb, HasItsReceipt) {
  const auto& [row, pipelining] = GetParam();
  ScriptedSmtp::Options options = with_everything();
  if (!pipelining) std::erase(options.extensions, "PIPELINING");
  // Only the first connection: a second one shows that the transport is still good.
  options.script = ScriptedSmtp::at(row.verb, {row.reply, row.after}, 1);
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  bench.settings.time_outs.command = bench.settings.time_outs.data = 150ms;
  bench.settings.time_outs.end_of_data = bench.settings.time_outs.handshake = 150ms;
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  const Receipt& receipt = bench.gate.receipt(1);
  EXPECT_EQ(receipt.outcome, row.outcome) << receipt.reply;
  EXPECT_EQ(receipt.fault, row.fault) << receipt.reply;
  EXPECT_NE(receipt.reply, "");
  EXPECT_THAT(receipt.reply, Not(HasSubstr("s3cret")));
  if (row.outcome == Outcome::deferred || row.outcome == Outcome::rejected) {
    EXPECT_TRUE(server.messages().empty());
  }
  bench.send(2, 2);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::confirmed) << bench.gate.receipt(2).reply;
}

std::string name_of(const testing::TestParamInfo<std::tuple<Row, bool>>& instance) {
  const auto& [row, pipelining] = instance.param;
  const char* const afters[] = {"GoesOn", "Closes", "Resets", "IsSilent"};
  std::string name = row.verb + std::string(afters[static_cast<int>(row.after)]) +
                     std::string(row.reply).substr(0, 3) + (pipelining ? "Pipelined" : "StepByStep") +
                     std::to_string(instance.index);
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
}

constexpr Outcome kDeferred = Outcome::deferred;
constexpr Outcome kRejected = Outcome::rejected;
constexpr Outcome kUncertain = Outcome::uncertain;

// The connection ends, or nothing comes any more: before the dot nothing left, behind it nobody knows.
INSTANTIATE_TEST_SUITE_P(
    Ends, SmtpFaultAtVerb,
    testing::Combine(testing::Values(Row{"CONNECT", "", After::close, kDeferred, Fault::connect},
                                     Row{"EHLO", "", After::close, kDeferred, Fault::connect},
                                     Row{"STARTTLS", "", After::close, kDeferred, Fault::connect},
                                     Row{"AUTH", "", After::close, kDeferred, Fault::connect},
                                     Row{"MAIL", "", After::close, kDeferred, Fault::connect},
                                     Row{"RCPT", "", After::close, kDeferred, Fault::connect},
                                     Row{"DATA", "", After::close, kDeferred, Fault::connect},
                                     Row{"END", "", After::close, kUncertain, Fault::connect},
                                     Row{"CONNECT", "", After::reset, kDeferred, Fault::connect},
                                     Row{"EHLO", "250-mail", After::reset, kDeferred, Fault::connect},
                                     Row{"STARTTLS", "", After::reset, kDeferred, Fault::connect},
                                     Row{"AUTH", "", After::reset, kDeferred, Fault::connect},
                                     Row{"MAIL", "", After::reset, kDeferred, Fault::connect},
                                     Row{"RCPT", "250 2.1.5 ok\r\n", After::reset, kDeferred, Fault::connect},
                                     Row{"DATA", "", After::reset, kDeferred, Fault::connect},
                                     Row{"END", "", After::reset, kUncertain, Fault::connect},
                                     Row{"END", "250 2.0", After::close, kUncertain, Fault::connect},
                                     Row{"CONNECT", "", After::silence, kDeferred, Fault::connect},
                                     Row{"EHLO", "250-half\r\n", After::silence, kDeferred, Fault::connect},
                                     Row{"STARTTLS", "", After::silence, kDeferred, Fault::connect},
                                     Row{"STARTTLS", "220 go\r\n", After::silence, kDeferred, Fault::connect},
                                     Row{"AUTH", "", After::silence, kDeferred, Fault::connect},
                                     Row{"MAIL", "", After::silence, kDeferred, Fault::connect},
                                     Row{"RCPT", "2", After::silence, kDeferred, Fault::connect},
                                     Row{"DATA", "", After::silence, kDeferred, Fault::connect},
                                     Row{"END", "", After::silence, kUncertain, Fault::connect}),
                     testing::Bool()),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Refuses, SmtpFaultAtVerb,
    testing::Combine(
        testing::Values(Row{"CONNECT", "421 4.7.0 too many\r\n", After::close, kDeferred, Fault::throttle},
                        Row{"CONNECT", "450 4.3.2 later\r\n", After::go_on, kDeferred, Fault::connect},
                        Row{"CONNECT", "554 5.7.1 no\r\n", After::go_on, kDeferred, Fault::sender_policy},
                        Row{"EHLO", "421 4.3.2 down\r\n", After::close, kDeferred, Fault::throttle},
                        Row{"EHLO", "550 5.7.1 no\r\n", After::go_on, kDeferred, Fault::sender_policy},
                        Row{"STARTTLS", "454 4.7.0 not now\r\n", After::go_on, kDeferred, Fault::connect},
                        Row{"STARTTLS", "502 5.5.1 what?\r\n", After::go_on, kDeferred, Fault::tls},
                        Row{"AUTH", "535 5.7.8 wrong s3cret word\r\n", After::go_on, kDeferred, Fault::auth},
                        Row{"AUTH", "454 4.7.0 later\r\n", After::go_on, kDeferred, Fault::connect},
                        Row{"AUTH", "250 odd\r\n", After::go_on, kDeferred, Fault::protocol},
                        Row{"AUTH", "334 more?\r\n", After::go_on, kDeferred, Fault::protocol},
                        Row{"MAIL", "421 4.3.2 down\r\n", After::close, kDeferred, Fault::throttle},
                        Row{"MAIL", "451 4.3.0 later\r\n", After::go_on, kDeferred, Fault::transient},
                        Row{"MAIL", "550 5.7.1 no\r\n", After::go_on, kDeferred, Fault::sender_policy},
                        Row{"RCPT", "421 4.7.0 slow\r\n", After::close, kDeferred, Fault::throttle},
                        Row{"RCPT", "450 4.2.0 grey\r\n", After::go_on, kDeferred, Fault::transient},
                        Row{"RCPT", "451 4.7.1 later\r\n", After::go_on, kDeferred, Fault::throttle},
                        Row{"RCPT", "550 5.1.1 unknown\r\n", After::go_on, kRejected,
                            Fault::permanent_recipient},
                        Row{"DATA", "421 4.3.2 down\r\n", After::close, kDeferred, Fault::throttle},
                        Row{"DATA", "451 4.3.0 later\r\n", After::go_on, kDeferred, Fault::transient},
                        Row{"DATA", "554 5.7.1 no\r\n", After::go_on, kRejected, Fault::permanent_content},
                        Row{"END", "421 4.3.2 down\r\n", After::close, kDeferred, Fault::throttle},
                        Row{"END", "451 4.3.0 later\r\n", After::go_on, kDeferred, Fault::transient},
                        Row{"END", "550-5.6.0 no\r\n550-5.6.0 really\r\n550 5.6.0 not\r\n", After::go_on,
                            kRejected, Fault::permanent_content},
                        Row{"END", "552 5.3.4 big\r\n", After::go_on, kRejected, Fault::size},
                        Row{"END", "250 2.0.0 ok\r\n", After::reset, Outcome::confirmed, Fault::none}),
        testing::Bool()),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    SpeaksOddly, SmtpFaultAtVerb,
    testing::Combine(
        testing::Values(
            Row{"CONNECT", "HTTP/1.0 400 Bad\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"CONNECT", "220 a\r\n220 b\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"EHLO", "250-a\r\n220 b\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"EHLO", "250-a\r\n250 STARTTLS\r\n250 b\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"MAIL", "\x01\x02\xFF\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"MAIL", "354 odd\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"RCPT", "250 ok\r\n250 once more\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"DATA", "250 odd\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"DATA", "354 go\r\n250 taken already\r\n", After::go_on, kDeferred, Fault::protocol},
            Row{"DATA", "354 go\r\n25", After::go_on, kDeferred, Fault::protocol},
            Row{"END", "354 odd\r\n", After::go_on, kUncertain, Fault::protocol},
            Row{"END", "\xFF\xFE\r\n", After::go_on, kUncertain, Fault::protocol}),
        testing::Bool()),
    name_of);

TEST(SmtpVerbFaults, OverlongRepliesAreCutOff) {
  const std::string line(3000, 'a');
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "250-" + std::string(1000, 'b') + "\r\n";
  for (const std::string& hostile : {"250 " + line + "\r\n", std::string(3000, '2'), lines}) {
    for (const char* verb : {"CONNECT", "EHLO", "MAIL", "END"}) {
      ScriptedSmtp server(with_script(ScriptedSmtp::at(verb, {hostile})));
      SmtpBench bench(server.port());
      bench.send(1, 1);
      ASSERT_TRUE(bench.run());
      EXPECT_EQ(bench.gate.receipt(1).fault, Fault::protocol);
      EXPECT_EQ(bench.gate.receipt(1).outcome, verb == std::string("END") ? kUncertain : kDeferred);
      EXPECT_LT(bench.gate.receipt(1).reply.size(), 600U);
    }
  }
}

TEST(SmtpVerbFaults, RepliesAreMadeHarmless) {
  ScriptedSmtp server(with_script(ScriptedSmtp::at("RCPT", {"550 5.1.1 no \x1B[31m\x07 \xC2\x9B user\r\n"})));
  SmtpBench bench(server.port());
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).reply, "550 5.1.1 no  [31m  ? user");
}

}  // namespace
}  // namespace publishers
