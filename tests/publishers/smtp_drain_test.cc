// Its end, for now and for good: drain, and destruction at any moment.
#include <gmock/gmock.h>

#include <algorithm>

#include "support/mail_bench.h"
#include "support/scripted_smtp.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::run_until;
using support::ScriptedSmtp;
using support::SmtpBench;
using support::with_script;
using After = ScriptedSmtp::Act::After;

TEST(SmtpDrain, DrainGivesBackWhatIsNotArmedAndWaitsForWhatIs) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.settings.connections = 2;
  bench.gate.hold = true;
  bench.send(1, 6);
  ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.asked.size() == 2; }));
  int drained = 0;
  bench.transport().drain([&drained] { ++drained; });
  bench.transport().drain([&drained] { ++drained; });
  EXPECT_TRUE(bench.gate.replies.empty()) << "not from within drain";
  ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.replies.size() == 4; }));
  const auto asked = bench.gate.asked;
  for (const auto& [token, receipts] : bench.gate.replies) {
    EXPECT_EQ(std::count(asked.begin(), asked.end(), token), 0);
    EXPECT_EQ(receipts.front().outcome, Outcome::deferred);
    EXPECT_EQ(receipts.front().fault, Fault::none);
  }
  EXPECT_EQ(drained, 0) << "two are still asked about";
  bench.gate.answer(asked[0], true);
  bench.gate.answer(asked[1], false);
  ASSERT_TRUE(run_until(bench.loop, [&] { return drained == 2; }));
  EXPECT_EQ(bench.gate.receipt(asked[0]).outcome, Outcome::confirmed);
  EXPECT_EQ(server.messages().size(), 1U);

  bench.gate.hold = false;
  bench.send(7, 8);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(8).outcome, Outcome::confirmed);
  EXPECT_EQ(server.messages().size(), 3U);
}

TEST(SmtpDrain, DrainOfNothingIsAnsweredToo) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  EXPECT_TRUE(bench.drain());
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_TRUE(bench.drain());
  EXPECT_EQ(server.count("QUIT"), 1U);
}

TEST(SmtpDrain, SendsAfterADrainWhatWasHandedOverDuringIt) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.gate.hold = true;
  bench.send(1, 2);
  ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.asked.size() == 1; }));
  bool drained = false;
  bench.transport().drain([&drained] { drained = true; });
  ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.replies.size() == 1; }));
  bench.send(3, 3);
  bench.gate.answer(1, true);
  bench.gate.hold = false;
  ASSERT_TRUE(bench.run());
  EXPECT_TRUE(drained);
  EXPECT_EQ(bench.gate.receipt(3).outcome, Outcome::confirmed) << bench.gate.receipt(3).reply;
}

TEST(SmtpDrain, DestroyedAtAnyMomentItCallsNobody) {
  ScriptedSmtp::Options options;
  options.script = ScriptedSmtp::at("RCPT", {"250 ok\r\n"}, 0, 3);
  ScriptedSmtp server(options);
  for (int turns = 0; turns < 60; ++turns) {
    SmtpBench bench(server.port());
    bench.settings.connections = 3;
    bench.gate.hold = turns % 2 == 0;
    bench.send(1, 9);
    bool destroyed = false;
    bench.transport().check([&destroyed](const Receipt&) { EXPECT_FALSE(destroyed); });
    bench.loop.restart();
    for (int i = 0; i < turns; ++i) bench.loop.poll_one();
    bench.smtp.reset();
    destroyed = true;
    const std::size_t before = bench.gate.journal.size();
    if (bench.gate.hold) {
      for (const std::uint64_t token : std::vector(bench.gate.asked)) bench.gate.answer(token, true);
    }
    bench.loop.restart();
    bench.loop.run();
    EXPECT_EQ(bench.gate.journal.size(), before);
  }
}

TEST(SmtpDrain, MayBeDestroyedByItsGateAndOutlivedByItsLoop) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.settings.connections = 3;
  bench.gate.on_replied = [&bench](std::uint64_t) { bench.smtp.reset(); };
  bench.send(1, 5);
  ASSERT_TRUE(run_until(bench.loop, [&] { return bench.smtp == nullptr; }));
  bench.loop.restart();
  bench.loop.run();
  EXPECT_EQ(bench.gate.replies.size(), 1U);

  // And with its loop never run again.
  auto other = std::make_unique<SmtpBench>(server.port());
  other->send(1, 5);
  other->loop.restart();
  for (int i = 0; i < 12; ++i) other->loop.poll_one();
  other.reset();
}

TEST(SmtpDrain, ADrainDoesNotWaitForASilentServer) {
  for (const char* verb : {"CONNECT", "EHLO", "MAIL", "DATA"}) {
    ScriptedSmtp server(with_script(ScriptedSmtp::at(verb, {"", After::silence})));
    SmtpBench bench(server.port());
    bench.send(1, 3);
    ASSERT_TRUE(run_until(bench.loop, [&] { return server.count(verb) == 1; }));
    const auto start = std::chrono::steady_clock::now();
    ASSERT_TRUE(bench.drain());
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
    for (std::uint64_t token = 1; token <= 3; ++token) {
      EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::deferred);
      EXPECT_EQ(bench.gate.receipt(token).fault, Fault::none);
    }
  }
}

TEST(SmtpDrain, ADrainWaitsForTheReplyToWhatIsArmed) {
  ScriptedSmtp server(with_script(ScriptedSmtp::at("END", {"", After::silence})));
  SmtpBench bench(server.port());
  bench.settings.time_outs.end_of_data = 300ms;
  bench.send(1, 3);
  ASSERT_TRUE(run_until(bench.loop, [&] { return server.count("END") == 1; }));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::uncertain);
  EXPECT_EQ(bench.gate.receipt(2).fault, Fault::none);
  EXPECT_EQ(bench.gate.receipt(3).fault, Fault::none);
}

}  // namespace
}  // namespace publishers
