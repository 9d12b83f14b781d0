// What a refusal, a hang-up or a lost connection means for the messages around it.
#include <gmock/gmock.h>

#include <random>

#include "support/mail_bench.h"
#include "support/scripted_smtp.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::recipients;
using support::ScriptedSmtp;
using support::SmtpBench;
using support::with_script;
using testing::ElementsAre;
using testing::HasSubstr;
using After = ScriptedSmtp::Act::After;

TEST(SmtpFaults, NobodyListens) {
  int port = 0;
  {
    ScriptedSmtp gone;
    port = gone.port();
  }
  SmtpBench bench(port);
  bench.settings.connections = 4;
  bench.send(1, 10);
  EXPECT_TRUE(bench.gate.replies.empty());
  ASSERT_TRUE(bench.run());
  for (const auto& [token, receipts] : bench.gate.replies) {
    EXPECT_EQ(receipts.front().outcome, Outcome::deferred);
    EXPECT_EQ(receipts.front().fault, Fault::connect);
  }
  EXPECT_THAT(bench.gate.receipt(1).reply, HasSubstr("127.0.0.1:" + std::to_string(port)));
  EXPECT_THAT(bench.gate.receipt(1).reply, HasSubstr("Connection refused"));
  EXPECT_EQ(bench.check().fault, Fault::connect);
}

TEST(SmtpFaults, UnknownHost) {
  SmtpBench bench(25);
  bench.settings.host = "no-such-host.invalid";
  bench.settings.loopback_only = false;
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::connect);
  EXPECT_THAT(bench.gate.receipt(1).reply, HasSubstr("looking up its address"));
}

// One recipient of three is refused: the others get theirs, over the same connection.
class SmtpRefusedRecipient : public testing::TestWithParam<std::tuple<bool, bool>> {};

TEST_P(SmtpRefusedRecipient, LeavesTheOthersAlone) {
  const auto& [pipelining, data_always] = GetParam();
  for (const int which : {1, 2, 3}) {
    ScriptedSmtp::Options options =
        with_script(ScriptedSmtp::at("RCPT", {"550 5.1.1 unknown\r\n"}, 1, which));
    options.data_always = data_always;
    if (!pipelining) std::erase(options.extensions, "PIPELINING");
    ScriptedSmtp server(options);
    SmtpBench bench(server.port());
    bench.send(1, 3);
    ASSERT_TRUE(bench.run());
    ASSERT_TRUE(bench.drain());
    for (int token = 1; token <= 3; ++token) {
      const Receipt& receipt = bench.gate.receipt(static_cast<std::uint64_t>(token));
      EXPECT_EQ(receipt.outcome, token == which ? Outcome::rejected : Outcome::confirmed) << receipt.reply;
    }
    EXPECT_EQ(server.messages().size(), 2U);
    for (const auto& message : server.messages()) EXPECT_NE(message.data, "");
    EXPECT_EQ(server.count("CONNECT"), 1U);
    EXPECT_EQ(server.count("QUIT"), 1U);
    EXPECT_EQ(std::count(bench.gate.asked.begin(), bench.gate.asked.end(), static_cast<std::uint64_t>(which)),
              0);
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, SmtpRefusedRecipient, testing::Combine(testing::Bool(), testing::Bool()));

TEST(SmtpFaults, ARefusedTextDoesNotHarmTheEnvelopeBehindIt) {
  for (const char* reply : {"451 4.3.0 later\r\n", "554 5.6.0 no\r\n"}) {
    ScriptedSmtp server(with_script(ScriptedSmtp::at("END", {reply}, 1, 2)));
    SmtpBench bench(server.port());
    bench.send(1, 4);
    ASSERT_TRUE(bench.run());
    EXPECT_THAT(recipients(server),
                ElementsAre("reader-1@example.test", "reader-3@example.test", "reader-4@example.test"));
    EXPECT_EQ(server.count("CONNECT"), 1U);
  }
}

TEST(SmtpFaults, AServerThatHangsUpDefersTheMessageAtHandOnly) {
  for (const char* verb : {"MAIL", "RCPT", "DATA", "END"}) {
    ScriptedSmtp server(
        with_script(ScriptedSmtp::at(verb, {"421 4.7.0 enough for now\r\n", After::close}, 1, 2)));
    SmtpBench bench(server.port());
    bench.send(1, 5);
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::deferred) << verb;
    EXPECT_EQ(bench.gate.receipt(2).fault, Fault::throttle);
    EXPECT_EQ(bench.gate.receipt(2).reply, "421 4.7.0 enough for now");
    EXPECT_THAT(recipients(server), ElementsAre("reader-1@example.test", "reader-3@example.test",
                                                "reader-4@example.test", "reader-5@example.test"));
    EXPECT_EQ(server.count("CONNECT"), 2U);
  }
}

TEST(SmtpFaults, ALostConnectionLeavesOneMessageInDoubtAndTheNextUnharmed) {
  ScriptedSmtp server(with_script(ScriptedSmtp::at("END", {"", After::reset}, 1, 2)));
  SmtpBench bench(server.port());
  bench.send(1, 4);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::uncertain);
  EXPECT_THAT(bench.gate.receipt(2).reply, HasSubstr("it may have arrived"));
  for (const std::uint64_t token : {1, 3, 4}) {
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed) << bench.gate.receipt(token).reply;
  }
  EXPECT_EQ(std::count(bench.gate.asked.begin(), bench.gate.asked.end(), 3U), 1);
}

TEST(SmtpFaults, ATextThatDidNotLeaveWholeIsNotInDoubt) {
  // So large that the system can't have taken all of it when the server goes away.
  const std::string large = support::lines_of_text(32u << 20);
  ScriptedSmtp::Options options =
      with_script(ScriptedSmtp::at("DATA", {"354 go ahead\r\n", After::close}, 1));
  options.extensions = {"PIPELINING"};
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  bench.send(support::mail_message(1, "", large));
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.asked.size(), 1U);
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::deferred) << bench.gate.receipt(1).reply;
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::connect);
  EXPECT_TRUE(server.messages().empty());
}

TEST(SmtpFaults, AConnectionThatEndedWhileItRestedIsNoFault) {
  ScriptedSmtp server(with_script(ScriptedSmtp::at("END", {"250 2.0.0 ok\r\n", After::close})));
  SmtpBench bench(server.port());
  bench.settings.connections = 2;
  for (std::uint64_t token = 1; token <= 4; ++token) {
    bench.send(token, token);
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed) << bench.gate.receipt(token).reply;
  }
}

TEST(SmtpFaults, AServerThatTakesOneMessageAConnectionGetsThemAll) {
  ScriptedSmtp server(with_script(ScriptedSmtp::at("END", {"250 2.0.0 ok\r\n", After::reset})));
  SmtpBench bench(server.port());
  bench.settings.connections = 3;
  bench.send(1, 12);
  ASSERT_TRUE(bench.run());
  for (std::uint64_t token = 1; token <= 12; ++token) {
    const Outcome outcome = bench.gate.receipt(token).outcome;
    EXPECT_TRUE(outcome == Outcome::confirmed || outcome == Outcome::uncertain)
        << bench.gate.receipt(token).reply;
  }
  EXPECT_EQ(server.messages().size(), 12U);
}

TEST(SmtpFaults, TakesFewerConnectionsWhereTheServerWantsFewer) {
  ScriptedSmtp server(with_script([](const ScriptedSmtp::Event& event) -> std::optional<ScriptedSmtp::Act> {
    if (event.verb != "CONNECT" || event.connection < 3) return std::nullopt;
    return ScriptedSmtp::Act{"421 4.7.0 two are enough\r\n", After::close};
  }));
  SmtpBench bench(server.port());
  bench.settings.connections = 8;
  bench.send(1, 40);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(server.messages().size(), 40U);
}

TEST(SmtpFaults, WaitsLongerBetweenConnectionsThatAreNotWanted) {
  ScriptedSmtp server(with_script(ScriptedSmtp::at("CONNECT", {"421 4.7.0 go away\r\n", After::close})));
  SmtpBench bench(server.port());
  bench.settings.time_outs.slow_down = 20ms;
  const auto start = std::chrono::steady_clock::now();
  bench.send(1, 5);
  ASSERT_TRUE(bench.run());
  for (std::uint64_t token = 1; token <= 5; ++token) {
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::deferred);
    EXPECT_EQ(bench.gate.receipt(token).fault, Fault::throttle);
  }
  EXPECT_EQ(server.count("CONNECT"), 5U);
  // The first try is free, then 20, 40 and 80 ms.
  EXPECT_GE(std::chrono::steady_clock::now() - start, 140ms);
}

// A server that fails at random. Whatever it does, each message has one end, and the end is true.
TEST(SmtpFaults, AtRandom) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    ScriptedSmtp::Options options;
    if (seed % 3 == 0) std::erase(options.extensions, "PIPELINING");
    options.data_always = seed % 2 == 0;
    options.script = [&random](const ScriptedSmtp::Event& event) -> std::optional<ScriptedSmtp::Act> {
      if (random() % 12 != 0) return std::nullopt;
      const bool end = event.verb == "END";
      const ScriptedSmtp::Act acts[] = {
          {"", After::close},
          {"", After::reset},
          {"421 4.7.0 enough\r\n", After::close},
          {"451 4.3.0 later\r\n"},
          {"550 5.1.1 no\r\n"},
          {end ? "250 2.0.0 ok\r\n" : "4", end ? After::reset : After::close},
      };
      return acts[random() % std::size(acts)];
    };
    ScriptedSmtp server(options);
    SmtpBench bench(server.port());
    bench.settings.connections = 1 + seed % 4;
    constexpr std::uint64_t kMessages = 40;
    for (std::uint64_t token = 1; token <= kMessages; token += 3) bench.gate.refuse.insert(token);
    bench.send(1, kMessages);
    ASSERT_TRUE(bench.run()) << seed;
    ASSERT_TRUE(bench.drain()) << seed;
    std::map<std::string, int> arrived;
    for (const auto& message : server.messages()) {
      ++arrived[message.recipient];
      EXPECT_NE(message.data, "") << seed;
    }
    for (std::uint64_t token = 1; token <= kMessages; ++token) {
      const int copies = arrived["reader-" + std::to_string(token) + "@example.test"];
      if (bench.gate.taken_back.count(token) > 0) {
        EXPECT_EQ(bench.gate.replies.count(token), 0U) << seed << ' ' << token;
        EXPECT_EQ(copies, 0) << seed << ' ' << token;
        continue;
      }
      const Receipt& receipt = bench.gate.receipt(token);
      if (receipt.outcome == Outcome::confirmed) {
        EXPECT_EQ(copies, 1) << seed << ' ' << token;
      } else if (receipt.outcome == Outcome::uncertain) {
        EXPECT_LE(copies, 1) << seed << ' ' << token;
      } else {
        EXPECT_EQ(copies, 0) << seed << ' ' << token << receipt.reply;
      }
      EXPECT_LE(std::count(bench.gate.asked.begin(), bench.gate.asked.end(), token), 1)
          << seed << ' ' << token;
    }
  }
}

}  // namespace
}  // namespace publishers
