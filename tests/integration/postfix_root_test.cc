// The smtp transport and a real Postfix, over STARTTLS and with PIPELINING: what its readers get is what
// the receipts say, also when the server is stopped in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "support/mail_bench.h"
#include "support/mail_postfix.h"

namespace {

using publishers::Fault;
using publishers::Outcome;
using support::mail_message;
using support::Postfix;
using support::SmtpBench;
using testing::HasSubstr;

void set_up(SmtpBench& bench, const Postfix& postfix) {
  bench.settings.host = "localhost";
  bench.settings.tls = publishers::smtp::Encryption::starttls;
  bench.settings.loopback_only = false;
  bench.settings.connections = 4;
  bench.trust(postfix.authority.pem());
}

std::string id_of(std::uint64_t token) {
  return "m" + std::to_string(token) + "@example.test";
}

std::string ten_kilobytes() {
  return support::lines_of_text(10'000).append(".\r\n..\r\nend\r\n");
}

TEST(PostfixTest, DeliversAListEachOnce) {
  Postfix postfix;
  SmtpBench bench(postfix.port);
  set_up(bench, postfix);
  const publishers::Receipt well = bench.check();
  EXPECT_THAT(well.reply, HasSubstr("takes mail, TLSv1.3, PIPELINING, 8BITMIME, SMTPUTF8, SIZE 100000"));
  constexpr std::uint64_t kMessages = 300;
  const std::string body = ten_kilobytes();
  for (std::uint64_t token = 1; token <= kMessages; ++token) bench.send(mail_message(token, "", body));
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  auto copies = postfix.copies();
  for (std::uint64_t token = 1; token <= kMessages; ++token) {
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed) << bench.gate.receipt(token).reply;
    EXPECT_NE(bench.gate.receipt(token).remote_id, "");
    EXPECT_EQ(copies[id_of(token)], 1);
  }
  std::string as_read = body;
  std::erase(as_read, '\r');
  for (const std::string& text : postfix.texts()) EXPECT_TRUE(text.ends_with("\n\n" + as_read));
}

TEST(PostfixTest, NamesWhatItRefusesAndDeliversTheRest) {
  Postfix postfix;
  SmtpBench bench(postfix.port);
  set_up(bench, postfix);
  bench.settings.connections = 1;
  std::string large;
  while (large.size() < 120'000) large += ten_kilobytes();
  bench.send(mail_message(1));
  bench.send(mail_message(2, "nobody@example.test"));
  bench.send(mail_message(3));
  bench.send(mail_message(4, "somebody@elsewhere.test"));
  bench.send(mail_message(5, "", large));
  bench.send(mail_message(6, "reader-\xC3\xBC@example.test", "gr\xC3\xBC\xC3\x9F\r\n"));
  bench.send(mail_message(7));
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::rejected);
  EXPECT_EQ(bench.gate.receipt(2).fault, Fault::permanent_recipient);
  EXPECT_THAT(bench.gate.receipt(2).reply, HasSubstr("550 5.1.1"));
  EXPECT_EQ(bench.gate.receipt(5).fault, Fault::size);
  auto copies = postfix.copies();
  for (const std::uint64_t token : {1, 3, 6, 7}) {
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed) << bench.gate.receipt(token).reply;
    EXPECT_EQ(copies[id_of(token)], 1) << token;
  }
  EXPECT_EQ(copies.count(id_of(2)) + copies.count(id_of(5)), 0U);
  const std::string log = postfix.log();
  EXPECT_EQ(log.find("improper command pipelining"), std::string::npos);
  std::size_t connections = 0;
  for (std::size_t at = log.find(": connect from"); at != std::string::npos;
       at = log.find(": connect from", at + 1))
    ++connections;
  EXPECT_EQ(connections, 1U) << log;
}

TEST(PostfixTest, StoppedInTheMiddleItHasWhatTheReceiptsSay) {
  Postfix postfix;
  SmtpBench bench(postfix.port);
  set_up(bench, postfix);
  constexpr std::uint64_t kMessages = 400;
  const std::string body = ten_kilobytes();
  bool stopped = false;
  bench.gate.on_replied = [&](std::uint64_t) {
    if (stopped || bench.gate.ended() < 100) return;
    stopped = true;
    postfix.stop();
  };
  for (std::uint64_t token = 1; token <= kMessages; ++token) bench.send(mail_message(token, "", body));
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  ASSERT_TRUE(stopped);
  postfix.start();
  auto copies = postfix.copies();
  std::size_t uncertain = 0;
  std::vector<std::uint64_t> left;
  for (std::uint64_t token = 1; token <= kMessages; ++token) {
    const publishers::Receipt& receipt = bench.gate.receipt(token);
    switch (receipt.outcome) {
      case Outcome::confirmed:
        EXPECT_EQ(copies[id_of(token)], 1) << token;
        break;
      case Outcome::uncertain:
        ++uncertain;
        EXPECT_LE(copies[id_of(token)], 1) << token;
        break;
      default:
        EXPECT_EQ(receipt.outcome, Outcome::deferred) << receipt.reply;
        EXPECT_EQ(copies[id_of(token)], 0) << token << receipt.reply;
        left.push_back(token);
    }
  }
  EXPECT_LE(uncertain, bench.settings.connections);
  EXPECT_FALSE(left.empty());
  bench.gate.replies.clear();
  for (const std::uint64_t token : left) bench.transport().send(mail_message(token, "", body), bench.gate);
  ASSERT_TRUE(support::run_until(bench.loop, [&] { return bench.gate.replies.size() == left.size(); }));
  copies = postfix.copies();
  for (const std::uint64_t token : left) {
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed) << bench.gate.receipt(token).reply;
    EXPECT_EQ(copies[id_of(token)], 1) << token;
  }
}

}  // namespace
