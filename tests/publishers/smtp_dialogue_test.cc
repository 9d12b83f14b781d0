// The dialogue with a server that keeps to the standard: what goes in one write, what is asked of the gate
// when, and how connections are used.
#include <gmock/gmock.h>

#include "support/mail_bench.h"
#include "support/scripted_smtp.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::mail_message;
using support::recipients;
using support::run_until;
using support::ScriptedSmtp;
using support::SmtpBench;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> verbs(const ScriptedSmtp& server) {
  std::vector<std::string> all;
  for (const ScriptedSmtp::Heard& heard : server.heard()) all.push_back(heard.event.verb);
  return all;
}

ScriptedSmtp::Options without_pipelining() {
  ScriptedSmtp::Options options;
  std::erase(options.extensions, "PIPELINING");
  return options;
}

TEST(SmtpDialogue, WritesATextAndTheNextEnvelopeTogether) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.send(1, 3);
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  EXPECT_THAT(verbs(server), ElementsAre("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END", "MAIL", "RCPT",
                                         "DATA", "END", "MAIL", "RCPT", "DATA", "END", "QUIT"));
  std::vector<int> reads;
  for (const ScriptedSmtp::Heard& heard : server.heard()) reads.push_back(heard.read);
  EXPECT_THAT(reads, ElementsAre(0, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 6));
  EXPECT_THAT(recipients(server),
              ElementsAre("reader-1@example.test", "reader-2@example.test", "reader-3@example.test"));
  EXPECT_THAT(bench.gate.journal,
              ElementsAre("arm 1", "replied 1", "arm 2", "replied 2", "arm 3", "replied 3"));
  for (const std::uint64_t token : {1, 2, 3}) {
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed);
    EXPECT_EQ(bench.gate.receipt(token).remote_id, "4XYZ");
    EXPECT_EQ(bench.gate.receipt(token).reply, "250 2.0.0 Ok: queued as 4XYZ");
  }
}

TEST(SmtpDialogue, GoesStepByStepWithoutPipelining) {
  ScriptedSmtp server(without_pipelining());
  SmtpBench bench(server.port());
  bench.send(1, 2);
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  std::vector<int> reads;
  for (const ScriptedSmtp::Heard& heard : server.heard()) reads.push_back(heard.read);
  EXPECT_THAT(reads, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(server.messages().size(), 2U);
  EXPECT_THAT(bench.gate.journal, ElementsAre("arm 1", "replied 1", "arm 2", "replied 2"));
}

TEST(SmtpDialogue, CarriesTheTextUnchanged) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  std::string long_body;
  for (int i = 0; i < 20'000; ++i)
    long_body += (i % 3 == 0 ? ".line " : "line ") + std::to_string(i) + "\r\n";
  const OutgoingMessage dots = mail_message(1, "", ".\r\n..\r\n.QUIT\r\nx.\r\n\r\n.\r\n");
  const OutgoingMessage large = mail_message(2, "", long_body);
  OutgoingMessage open_end = mail_message(3, "", "no end of line");
  for (const OutgoingMessage& message : {dots, large, open_end}) bench.send(message);
  ASSERT_TRUE(bench.run());
  const auto got = server.messages();
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(got[0].data, dots.data);
  EXPECT_EQ(got[1].data, large.data);
  EXPECT_EQ(got[2].data, open_end.data + "\r\n");
  EXPECT_EQ(got[0].sender, "news@example.test");
}

TEST(SmtpDialogue, SendsNoByteOfATextBeforeItsGateSaysSo) {
  for (const bool pipelining : {true, false}) {
    ScriptedSmtp server(pipelining ? ScriptedSmtp::Options() : without_pipelining());
    SmtpBench bench(server.port());
    bench.gate.hold = true;
    bench.send(1, 2);
    ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.asked.size() == 1; }));
    bench.loop.restart();
    bench.loop.run_for(50ms);
    EXPECT_EQ(server.count("DATA"), 1U);
    EXPECT_EQ(server.count("END"), 0U);
    EXPECT_TRUE(server.messages().empty());
    bench.gate.answer(1, true);
    ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.asked.size() == 2; }));
    bench.loop.restart();
    bench.loop.run_for(50ms);
    EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::confirmed);
    EXPECT_EQ(server.count("END"), 1U);
    bench.gate.answer(2, true);
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(server.messages().size(), 2U);
  }
}

TEST(SmtpDialogue, DeliversNothingThatItsGateTookBack) {
  for (const bool pipelining : {true, false}) {
    ScriptedSmtp server(pipelining ? ScriptedSmtp::Options() : without_pipelining());
    SmtpBench bench(server.port());
    bench.gate.refuse = {1, 3};
    bench.send(1, 4);
    ASSERT_TRUE(bench.run());
    ASSERT_TRUE(bench.drain());
    EXPECT_THAT(recipients(server), ElementsAre("reader-2@example.test", "reader-4@example.test"));
    EXPECT_EQ(bench.gate.replies.size(), 2U);
    EXPECT_EQ(bench.gate.receipt(4).outcome, Outcome::confirmed);
  }
}

TEST(SmtpDialogue, ReusesConnectionsAndLeavesIdleOnesPolitely) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.settings.idle = 100ms;
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  bench.send(2, 2);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(server.count("CONNECT"), 1U);
  EXPECT_EQ(server.count("QUIT"), 0U);
  ASSERT_TRUE(run_until(bench.loop, [&] { return server.count("QUIT") == 1; }));
  bench.send(3, 3);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(server.count("CONNECT"), 2U);
  EXPECT_EQ(server.messages().size(), 3U);
}

TEST(SmtpDialogue, UsesSeveralConnectionsButProvesOneFirst) {
  ScriptedSmtp::Options options;
  options.script = [](const ScriptedSmtp::Event&) { return std::nullopt; };
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  bench.settings.connections = 4;
  bench.gate.hold = true;
  bench.send(1, 20);
  ASSERT_TRUE(run_until(bench.loop, [&] { return bench.gate.asked.size() == 4; }));
  EXPECT_EQ(server.count("CONNECT"), 4U);
  bench.gate.hold = false;
  const auto first = bench.gate.asked;
  for (const std::uint64_t token : first) bench.gate.answer(token, true);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(server.messages().size(), 20U);
  EXPECT_EQ(server.count("CONNECT"), 4U);
}

TEST(SmtpDialogue, RefusesMalformedMessagesWithoutAsking) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.send(mail_message(1, "", "a\nb\r\n"));
  bench.send(mail_message(2, "a@b.test>\r\nRCPT TO:<c@d.test"));
  bench.send(mail_message(3));
  EXPECT_TRUE(bench.gate.replies.empty()) << "not from within send";
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::rejected);
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::local);
  EXPECT_EQ(bench.gate.receipt(2).fault, Fault::local);
  EXPECT_EQ(bench.gate.receipt(3).outcome, Outcome::confirmed);
  EXPECT_EQ(server.count("MAIL"), 1U);
  EXPECT_THAT(bench.gate.asked, ElementsAre(3U));
}

TEST(SmtpDialogue, AsksTheServerForWhatAMessageNeeds) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.send(mail_message(1, "", "gr\xC3\xBC\xC3\x9F\r\n"));
  bench.send(mail_message(2, "\xC3\xBC@example.test"));
  ASSERT_TRUE(bench.run());
  std::vector<std::string> lines;
  for (const auto& heard : server.heard()) {
    if (heard.event.verb == "MAIL") lines.push_back(heard.event.line);
  }
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], HasSubstr(" BODY=8BITMIME"));
  EXPECT_THAT(lines[0], HasSubstr(" SIZE=" +
                                  std::to_string(mail_message(1, "", "gr\xC3\xBC\xC3\x9F\r\n").data.size())));
  EXPECT_THAT(lines[1], HasSubstr(" SMTPUTF8"));
  EXPECT_EQ(server.messages().at(1).recipient, "\xC3\xBC@example.test");
}

TEST(SmtpDialogue, RejectsForAServerWhatItCanNotTakeWithoutAsking) {
  ScriptedSmtp::Options options;
  options.extensions = {"PIPELINING", "SIZE 500"};
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  bench.send(mail_message(1, "", std::string(600, 'a') + "\r\n"));
  bench.send(mail_message(2, "\xC3\xBC@example.test", ""));
  bench.send(mail_message(3, "", "\xC3\xBC\r\n"));
  bench.send(mail_message(4));
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::rejected);
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::size);
  EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::rejected);
  EXPECT_EQ(bench.gate.receipt(2).fault, Fault::permanent_recipient);
  EXPECT_EQ(bench.gate.receipt(3).fault, Fault::permanent_content);
  EXPECT_EQ(bench.gate.receipt(4).outcome, Outcome::confirmed);
  EXPECT_EQ(server.count("MAIL"), 1U);
}

TEST(SmtpDialogue, KeepsToItsRate) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  bench.settings.connections = 4;
  bench.settings.rate = smtp::Rate{20, 1s};
  const auto start = std::chrono::steady_clock::now();
  bench.send(1, 8);
  ASSERT_TRUE(bench.run());
  // 50 ms apart, the first two together.
  EXPECT_GE(std::chrono::steady_clock::now() - start, 300ms);
  EXPECT_EQ(server.messages().size(), 8U);
}

TEST(SmtpDialogue, SaysHeloToAServerOfOld) {
  ScriptedSmtp::Options options;
  options.script = ScriptedSmtp::at("EHLO", {"502 5.5.1 what?\r\n"});
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  bench.send(1, 2);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(server.count("HELO"), 1U);
  EXPECT_EQ(server.messages().size(), 2U);
}

TEST(SmtpDialogue, ChecksWithoutSending) {
  ScriptedSmtp server;
  SmtpBench bench(server.port());
  const Receipt receipt = bench.check();
  EXPECT_EQ(receipt.outcome, Outcome::confirmed);
  EXPECT_EQ(receipt.reply, "127.0.0.1:" + std::to_string(server.port()) +
                               " takes mail, PIPELINING, 8BITMIME, SMTPUTF8, SIZE 1000000");
  EXPECT_THAT(verbs(server), ElementsAre("CONNECT", "EHLO", "QUIT"));
}

}  // namespace
}  // namespace publishers
