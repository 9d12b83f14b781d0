// Against a real SMTP server with TLS and AUTH, in another process.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "support/mail_bench.h"
#include "support/mail_server.h"

namespace publishers {
namespace {

using support::lines_of_text;
using support::mail_message;
using support::MailServer;
using support::SmtpBench;
using testing::HasSubstr;

enum class How { starttls, implicit };

class SmtpServerTest : public testing::TestWithParam<How> {
 protected:
  static void set_up(SmtpBench& bench, const MailServer& server) {
    const bool implicit = GetParam() == How::implicit;
    bench.settings.port = static_cast<std::uint16_t>(implicit ? server.tls_port() : server.port());
    bench.settings.tls = implicit ? smtp::Encryption::implicit : smtp::Encryption::starttls;
    bench.settings.loopback_only = false;
    bench.settings.host = "localhost";
    bench.settings.ca_file = server.ca_file();
    bench.log_in(MailServer::kUser, MailServer::kPassword);
  }
};

TEST_P(SmtpServerTest, DeliversEncryptedAndLoggedIn) {
  MailServer server;
  SmtpBench bench(0);
  set_up(bench, server);
  const OutgoingMessage first = mail_message(1, "", ".dots\r\n.\r\n..\r\nend\r\n");
  const OutgoingMessage second = mail_message(2, "gr\xC3\xBC\xC3\x9F@example.test", "\xC3\xBC\r\n");
  bench.send(first);
  bench.send(second);
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  const auto got = server.messages();
  ASSERT_EQ(got.size(), 2U) << bench.gate.receipt(1).reply;
  EXPECT_EQ(got[0].data, first.data);
  EXPECT_EQ(got[0].sender, first.sender);
  EXPECT_EQ(got[0].recipient, first.recipient);
  EXPECT_EQ(got[0].helo, "client.example.test");
  EXPECT_FALSE(got[0].smtputf8);
  EXPECT_EQ(got[1].data, second.data);
  EXPECT_EQ(got[1].recipient, second.recipient);
  EXPECT_TRUE(got[1].smtputf8);
  EXPECT_THAT(got[1].options, HasSubstr("BODY=8BITMIME"));
  for (const MailServer::Message& message : got) {
    EXPECT_TRUE(message.encrypted);
    EXPECT_EQ(message.user, MailServer::kUser);
  }
}

TEST_P(SmtpServerTest, DeliversAListEachOnceOverSeveralConnections) {
  MailServer server;
  SmtpBench bench(0);
  set_up(bench, server);
  bench.settings.connections = 4;
  constexpr std::uint64_t kMessages = 200;
  const std::string ten_kilobytes = lines_of_text(10'000);
  for (std::uint64_t token = 1; token <= kMessages; ++token) {
    const std::string to = token % 50 == 0   ? "rcpt-550@" + std::to_string(token) + ".test"
                           : token % 51 == 0 ? "data-451@" + std::to_string(token) + ".test"
                                             : "";
    bench.send(mail_message(token, to, ten_kilobytes));
  }
  ASSERT_TRUE(bench.run());
  ASSERT_TRUE(bench.drain());
  std::map<std::string, int> copies;
  for (const MailServer::Message& message : server.messages()) {
    ++copies[message.recipient];
    EXPECT_TRUE(message.data.ends_with(ten_kilobytes));
  }
  for (std::uint64_t token = 1; token <= kMessages; ++token) {
    const Receipt& receipt = bench.gate.receipt(token);
    if (token % 50 == 0) {
      EXPECT_EQ(receipt.fault, Fault::permanent_recipient);
    } else if (token % 51 == 0) {
      EXPECT_EQ(receipt.outcome, Outcome::deferred);
      EXPECT_EQ(receipt.fault, Fault::transient);
    } else {
      EXPECT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
      EXPECT_EQ(copies["reader-" + std::to_string(token) + "@example.test"], 1);
    }
  }
}

TEST_P(SmtpServerTest, NamesWhatTheServerRefuses) {
  MailServer server({"--max-size", "2000"});
  SmtpBench bench(0);
  set_up(bench, server);
  bench.send(mail_message(1, "", lines_of_text(3000)));
  bench.send(mail_message(2, "rcpt-550@example.test"));
  bench.send(mail_message(3, "lost-reply@example.test"));
  bench.send(mail_message(4));
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::size);
  EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::rejected);
  EXPECT_EQ(bench.gate.receipt(2).reply, "550 5.1.1 as the test asked");
  EXPECT_EQ(bench.gate.receipt(3).outcome, Outcome::uncertain);
  EXPECT_EQ(bench.gate.receipt(4).outcome, Outcome::confirmed) << bench.gate.receipt(4).reply;
  EXPECT_EQ(server.messages().size(), 2U);
}

TEST_P(SmtpServerTest, TellsAWrongPasswordFromAStranger) {
  MailServer server;
  SmtpBench wrong(0);
  set_up(wrong, server);
  wrong.log_in(MailServer::kUser, "not it");
  wrong.send(1, 2);
  ASSERT_TRUE(wrong.run());
  EXPECT_EQ(wrong.gate.receipt(2).fault, Fault::auth);
  EXPECT_THAT(wrong.gate.receipt(2).reply, HasSubstr("535"));

  SmtpBench stranger(0);
  set_up(stranger, server);
  stranger.settings.ca_file.clear();
  stranger.send(1, 2);
  ASSERT_TRUE(stranger.run());
  EXPECT_EQ(stranger.gate.receipt(2).fault, Fault::tls);
  EXPECT_EQ(stranger.check().fault, Fault::tls);
  EXPECT_TRUE(server.messages().empty());
}

TEST_P(SmtpServerTest, ChecksWithoutSending) {
  MailServer server;
  SmtpBench bench(0);
  set_up(bench, server);
  const Receipt receipt = bench.check();
  EXPECT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
  EXPECT_THAT(receipt.reply, HasSubstr("takes mail, TLSv1.3, logged in"));
  EXPECT_TRUE(server.messages().empty());
}

INSTANTIATE_TEST_SUITE_P(Tls, SmtpServerTest, testing::Values(How::starttls, How::implicit),
                         [](const auto& instance) {
                           return std::string(instance.param == How::implicit ? "implicit" : "starttls");
                         });

}  // namespace
}  // namespace publishers
