// Whom a password and a message are given to: encryption, certificates, AUTH.
#include "support/mail_trust.h"

#include <gmock/gmock.h>

namespace publishers {
namespace {

using support::authority;
using support::Certificate;
using support::expect_encrypted;
using support::mail_message;
using support::ScriptedSmtp;
using support::SmtpBench;
using support::TestAuthority;
using support::with_everything;
using testing::HasSubstr;

TEST(SmtpTrust, OneWrongPasswordIsTriedOnceAndGivesAllBack) {
  ScriptedSmtp server(with_everything());
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  bench.log_in("poster", "not it");
  bench.settings.connections = 8;
  bench.send(1, 20);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(server.count("AUTH"), 1U);
  for (const auto& [token, receipts] : bench.gate.replies) {
    EXPECT_EQ(receipts.front().outcome, Outcome::deferred);
    EXPECT_EQ(receipts.front().fault, Fault::auth);
  }
  EXPECT_THAT(bench.gate.receipt(1).reply, HasSubstr("AUTH: 535 5.7.8 wrong"));
  EXPECT_EQ(bench.check().fault, Fault::auth);
}

TEST(SmtpTrust, SecretsAreTakenOutOfReplies) {
  ScriptedSmtp::Options options = with_everything();
  options.script = [](const ScriptedSmtp::Event& event) -> std::optional<ScriptedSmtp::Act> {
    if (event.verb != "AUTH") return std::nullopt;
    return ScriptedSmtp::Act{"535 5.7.8 not s3cret word, and you said " + event.line + "\r\n"};
  };
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_THAT(bench.gate.receipt(1).reply, HasSubstr("AUTH: 535 5.7.8 not ***, and you said AUTH PLAIN ***"));
}

TEST(SmtpTrust, ASecretGoesOnlyToWhomItIsMeantFor) {
  // No STARTTLS, though AUTH is offered: neither password nor mail goes out.
  ScriptedSmtp::Options options;
  options.extensions = {"PIPELINING", "AUTH PLAIN LOGIN"};
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  bench.send(1, 3);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(3).outcome, Outcome::deferred);
  EXPECT_EQ(bench.gate.receipt(3).fault, Fault::tls);
  EXPECT_THAT(bench.gate.receipt(3).reply, HasSubstr("does not offer STARTTLS"));
  EXPECT_EQ(server.count("AUTH") + server.count("MAIL") + server.count("STARTTLS"), 0U);
}

TEST(SmtpTrust, WithoutAuthOfferedNothingIsSent) {
  for (const char* offers : {"250 mail.example.test\r\n", "250-mail.example.test\r\n250 AUTH CRAM-MD5\r\n"}) {
    ScriptedSmtp::Options options = with_everything();
    options.script = ScriptedSmtp::at("EHLO", {offers}, 1, 2);
    ScriptedSmtp server(options);
    SmtpBench bench(server.port());
    expect_encrypted(bench);
    bench.send(1, 1);
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::deferred);
    EXPECT_EQ(bench.gate.receipt(1).fault, Fault::auth);
    EXPECT_EQ(server.count("AUTH") + server.count("MAIL"), 0U);
  }
}

TEST(SmtpTrust, LogsInWithPlainAndWithLogin) {
  for (const char* mechanisms : {"AUTH PLAIN", "AUTH LOGIN", "AUTH=LOGIN"}) {
    ScriptedSmtp::Options options = with_everything();
    options.script = [mechanisms](const ScriptedSmtp::Event& event) -> std::optional<ScriptedSmtp::Act> {
      if (event.verb != "EHLO" || event.count != 2) return std::nullopt;
      return ScriptedSmtp::Act{std::string("250-mail.example.test\r\n250 ") + mechanisms + "\r\n"};
    };
    ScriptedSmtp server(options);
    SmtpBench bench(server.port());
    expect_encrypted(bench);
    bench.send(1, 1);
    ASSERT_TRUE(bench.run());
    ASSERT_EQ(server.messages().size(), 1U) << bench.gate.receipt(1).reply;
    EXPECT_EQ(server.messages()[0].user, "poster");
    EXPECT_TRUE(server.messages()[0].encrypted);
  }
}

TEST(SmtpTrust, ForgetsWhatWasSaidBeforeEncryption) {
  ScriptedSmtp::Options options = with_everything();
  // Injected by somebody on the way: behind the go-ahead, a reply to EHLO that lowers the size and offers
  // SMTPUTF8.
  options.extensions = {"PIPELINING"};
  options.script = ScriptedSmtp::at(
      "STARTTLS", {"220 go\r\n250-evil.test\r\n250-SIZE 1\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN\r\n"});
  ScriptedSmtp server(options);
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  bench.send(mail_message(1));
  bench.send(mail_message(2, "\xC3\xBC@example.test", ""));
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::confirmed) << bench.gate.receipt(1).reply;
  EXPECT_EQ(bench.gate.receipt(2).fault, Fault::permanent_recipient);
  EXPECT_EQ(server.count("EHLO"), 2U);
}

struct Stranger {
  const char* what;
  Certificate certificate;
  std::string host;
  const char* words;
};

TEST(SmtpTrust, StrangersGetNothing) {
  const TestAuthority other("Somebody else");
  const Stranger strangers[] = {
      {"another authority", other.issue("DNS:localhost,IP:127.0.0.1"), "127.0.0.1",
       "unable to get local issuer certificate"},
      {"expired", authority().issue("DNS:localhost,IP:127.0.0.1", -7200, -3600), "127.0.0.1",
       "certificate has expired"},
      {"not yet", authority().issue("DNS:localhost,IP:127.0.0.1", 1800), "127.0.0.1", "not yet valid"},
      {"another address", authority().issue("DNS:localhost,IP:127.0.0.2"), "127.0.0.1",
       "IP address mismatch"},
      {"another name", authority().issue("DNS:mail.example.test,IP:127.0.0.1"), "localhost",
       "hostname mismatch"},
      {"a name for an address", authority().issue("DNS:127.0.0.1"), "127.0.0.1", "IP address mismatch"},
  };
  for (const Stranger& stranger : strangers) {
    for (const bool implicit : {false, true}) {
      ScriptedSmtp::Options options = with_everything();
      options.certificate = stranger.certificate;
      options.implicit_tls = implicit;
      ScriptedSmtp server(options);
      SmtpBench bench(server.port());
      expect_encrypted(bench);
      if (implicit) bench.settings.tls = smtp::Encryption::implicit;
      bench.settings.host = stranger.host;
      bench.send(1, 3);
      ASSERT_TRUE(bench.run());
      EXPECT_EQ(bench.gate.receipt(3).outcome, Outcome::deferred);
      EXPECT_EQ(bench.gate.receipt(3).fault, Fault::tls) << stranger.what << bench.gate.receipt(3).reply;
      EXPECT_THAT(bench.gate.receipt(3).reply, HasSubstr(stranger.words));
      EXPECT_EQ(server.count("AUTH") + server.count("MAIL"), 0U) << stranger.what;
    }
  }
}

TEST(SmtpTrust, NoTlsWhereTlsIsExpectedIsATlsFault) {
  ScriptedSmtp plain;
  SmtpBench bench(plain.port());
  expect_encrypted(bench);
  bench.settings.tls = smtp::Encryption::implicit;
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::tls) << bench.gate.receipt(1).reply;
}

TEST(SmtpTrust, TrustsByNameAndByAddress) {
  for (const char* host : {"localhost", "127.0.0.1"}) {
    ScriptedSmtp::Options options = with_everything();
    options.implicit_tls = true;
    ScriptedSmtp server(options);
    SmtpBench bench(server.port());
    expect_encrypted(bench);
    bench.settings.tls = smtp::Encryption::implicit;
    bench.settings.host = host;
    bench.send(1, 2);
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.gate.receipt(2).outcome, Outcome::confirmed) << bench.gate.receipt(2).reply;
    EXPECT_THAT(bench.check().reply, HasSubstr("takes mail, TLSv1.3, logged in, PIPELINING"));
  }
}

// Tickets for a next session, which TLS 1.3 sends unasked, are no reason to give a connection up.
TEST(SmtpTrust, AnEncryptedConnectionIsUsedAgainAfterARest) {
  ScriptedSmtp server(with_everything());
  SmtpBench bench(server.port());
  expect_encrypted(bench);
  for (std::uint64_t token = 1; token <= 3; ++token) {
    bench.send(token, token);
    ASSERT_TRUE(bench.run());
  }
  EXPECT_EQ(server.count("CONNECT"), 1U);
  EXPECT_EQ(server.messages().size(), 3U);
}

}  // namespace
}  // namespace publishers
