// A server that falls silent, at each step of the dialogue: the limit that ends the wait is that step's own,
// and the verdict tells whether the dot had left. One limit is short, all others are as they are: minutes.
#include <gmock/gmock.h>

#include <string>

#include "support/mail_trust.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using smtp::TimeOuts;
using support::expect_encrypted;
using support::ScriptedSmtp;
using support::SmtpBench;
using support::with_everything;
using testing::HasSubstr;
using After = ScriptedSmtp::Act::After;

struct Step {
  const char* name;
  const char* verb;   // at which the server falls silent
  const char* reply;  // what it still says
  After after;
  std::chrono::milliseconds TimeOuts::* limit;
  bool armed;
  Outcome outcome;
};

void PrintTo(const Step& step, std::ostream* out) {
  *out << step.name;
}

class SmtpTimeOut : public testing::TestWithParam<Step> {};

TEST_P(SmtpTimeOut, IsTheStepsOwnAndSaysWhetherTheDotHadLeft) {
  const Step& step = GetParam();
  ScriptedSmtp::Options options = with_everything();
  std::erase(options.extensions, "SIZE 1000000");
  options.script = ScriptedSmtp::at(step.verb, {step.reply, step.after}, 1);
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  bench.settings.time_outs.*step.limit = 100ms;
  // More than the sockets of both ends hold.
  bench.send(support::mail_message(1, "", support::lines_of_text(16'000'000)));
  ASSERT_TRUE(bench.run()) << "another limit was waited for";
  const Receipt& receipt = bench.gate.receipt(1);
  EXPECT_EQ(receipt.outcome, step.outcome) << receipt.reply;
  EXPECT_EQ(receipt.fault, Fault::connect);
  EXPECT_THAT(receipt.reply, HasSubstr("no answer in time"));
  EXPECT_EQ(bench.gate.asked.size(), step.armed ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, SmtpTimeOut,
    testing::Values(
        Step{"Greeting", "CONNECT", "", After::silence, &TimeOuts::command, false, Outcome::deferred},
        Step{"Hello", "EHLO", "", After::silence, &TimeOuts::command, false, Outcome::deferred},
        Step{"Handshake", "STARTTLS", "220 go\r\n", After::silence, &TimeOuts::handshake, false,
             Outcome::deferred},
        Step{"Login", "AUTH", "", After::silence, &TimeOuts::command, false, Outcome::deferred},
        Step{"Sender", "MAIL", "", After::silence, &TimeOuts::command, false, Outcome::deferred},
        Step{"Recipient", "RCPT", "", After::silence, &TimeOuts::command, false, Outcome::deferred},
        Step{"GoAhead", "DATA", "", After::silence, &TimeOuts::data, false, Outcome::deferred},
        Step{"Block", "DATA", "354 go\r\n", After::deaf, &TimeOuts::block, true, Outcome::deferred},
        Step{"EndOfData", "END", "", After::silence, &TimeOuts::end_of_data, true, Outcome::uncertain}),
    [](const auto& step) { return std::string(step.param.name); });

// A server whose queue is full answers no connection.
TEST(SmtpTimeOuts, AConnectionThatNobodyTakesUpIsGivenUp) {
  const int listener = support::listen_on_loopback();
  ASSERT_EQ(::listen(listener, 0), 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const int first = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::connect(first, reinterpret_cast<const sockaddr*>(&address), size), 0);
  SmtpBench bench(support::port_of(listener));
  bench.settings.time_outs.connect = 100ms;
  bench.send(1, 1);
  EXPECT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::deferred);
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::connect);
  EXPECT_THAT(bench.gate.receipt(1).reply, HasSubstr("no answer in time"));
  ::close(first);
  ::close(listener);
}

}  // namespace
}  // namespace publishers
