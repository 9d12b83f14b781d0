// The dialogue with a server that does not keep to the standard, is broken, or is somebody else.
#include <random>

#include "support/mail_bench.h"
#include "support/scripted_smtp.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::Certificate;
using support::mail_message;
using support::run_until;
using support::ScriptedSmtp;
using support::SmtpBench;
using support::TestAuthority;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using After = ScriptedSmtp::Act::After;

std::vector<std::string> recipients(const ScriptedSmtp& server) {
  std::vector<std::string> all;
  for (const ScriptedSmtp::Message& message : server.messages()) all.push_back(message.recipient);
  return all;
}

ScriptedSmtp::Options scripted(ScriptedSmtp::Script script) {
  ScriptedSmtp::Options options;
  options.script = std::move(script);
  return options;
}

const TestAuthority& authority() {
  static const TestAuthority one;
  return one;
}

ScriptedSmtp::Options with_everything() {
  static const Certificate certificate = authority().issue("DNS:localhost,IP:127.0.0.1");
  ScriptedSmtp::Options options;
  options.certificate = certificate;
  options.user = "poster";
  options.password = "s3cret word";
  return options;
}

void expect_encrypted(SmtpBench& bench) {
  bench.settings.tls = smtp::Encryption::starttls;
  bench.settings.loopback_only = false;
  bench.trust(authority().pem());
  bench.log_in("poster", "s3cret word");
}

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

TEST(SmtpFaults, OverlongRepliesAreCutOff) {
  const std::string line(3000, 'a');
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "250-" + std::string(1000, 'b') + "\r\n";
  for (const std::string& hostile : {"250 " + line + "\r\n", std::string(3000, '2'), lines}) {
    for (const char* verb : {"CONNECT", "EHLO", "MAIL", "END"}) {
      ScriptedSmtp server(scripted(ScriptedSmtp::at(verb, {hostile})));
      SmtpBench bench(server.port());
      bench.send(1, 1);
      ASSERT_TRUE(bench.run());
      EXPECT_EQ(bench.gate.receipt(1).fault, Fault::protocol);
      EXPECT_EQ(bench.gate.receipt(1).outcome, verb == std::string("END") ? kUncertain : kDeferred);
      EXPECT_LT(bench.gate.receipt(1).reply.size(), 600U);
    }
  }
}

TEST(SmtpFaults, RepliesAreMadeHarmless) {
  ScriptedSmtp server(scripted(ScriptedSmtp::at("RCPT", {"550 5.1.1 no \x1B[31m\x07 \xC2\x9B user\r\n"})));
  SmtpBench bench(server.port());
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).reply, "550 5.1.1 no  [31m  ? user");
}

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

TEST(SmtpFaults, OneWrongPasswordIsTriedOnceAndGivesAllBack) {
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

TEST(SmtpFaults, SecretsAreTakenOutOfReplies) {
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

TEST(SmtpFaults, ASecretGoesOnlyToWhomItIsMeantFor) {
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

TEST(SmtpFaults, WithoutAuthOfferedNothingIsSent) {
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

TEST(SmtpFaults, LogsInWithPlainAndWithLogin) {
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

TEST(SmtpFaults, ForgetsWhatWasSaidBeforeEncryption) {
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

TEST(SmtpFaults, StrangersGetNothing) {
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

TEST(SmtpFaults, NoTlsWhereTlsIsExpectedIsATlsFault) {
  ScriptedSmtp plain;
  SmtpBench bench(plain.port());
  expect_encrypted(bench);
  bench.settings.tls = smtp::Encryption::implicit;
  bench.send(1, 1);
  ASSERT_TRUE(bench.run());
  EXPECT_EQ(bench.gate.receipt(1).fault, Fault::tls) << bench.gate.receipt(1).reply;
}

TEST(SmtpFaults, TrustsByNameAndByAddress) {
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

// One recipient of three is refused: the others get theirs, over the same connection.
class SmtpRefusedRecipient : public testing::TestWithParam<std::tuple<bool, bool>> {};

TEST_P(SmtpRefusedRecipient, LeavesTheOthersAlone) {
  const auto& [pipelining, data_always] = GetParam();
  for (const int which : {1, 2, 3}) {
    ScriptedSmtp::Options options = scripted(ScriptedSmtp::at("RCPT", {"550 5.1.1 unknown\r\n"}, 1, which));
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
    ScriptedSmtp server(scripted(ScriptedSmtp::at("END", {reply}, 1, 2)));
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
        scripted(ScriptedSmtp::at(verb, {"421 4.7.0 enough for now\r\n", After::close}, 1, 2)));
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
  ScriptedSmtp server(scripted(ScriptedSmtp::at("END", {"", After::reset}, 1, 2)));
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

TEST(SmtpFaults, AConnectionThatEndedWhileItRestedIsNoFault) {
  ScriptedSmtp server(scripted(ScriptedSmtp::at("END", {"250 2.0.0 ok\r\n", After::close})));
  SmtpBench bench(server.port());
  bench.settings.connections = 2;
  for (std::uint64_t token = 1; token <= 4; ++token) {
    bench.send(token, token);
    ASSERT_TRUE(bench.run());
    EXPECT_EQ(bench.gate.receipt(token).outcome, Outcome::confirmed) << bench.gate.receipt(token).reply;
  }
}

TEST(SmtpFaults, AServerThatTakesOneMessageAConnectionGetsThemAll) {
  ScriptedSmtp server(scripted(ScriptedSmtp::at("END", {"250 2.0.0 ok\r\n", After::reset})));
  SmtpBench bench(server.port());
  bench.settings.connections = 3;
  bench.send(1, 12);
  ASSERT_TRUE(bench.run());
  for (std::uint64_t token = 1; token <= 12; ++token) {
    EXPECT_NE(bench.gate.receipt(token).outcome, Outcome::rejected);
  }
  EXPECT_GE(server.messages().size(), 10U);
}

TEST(SmtpFaults, TakesFewerConnectionsWhereTheServerWantsFewer) {
  ScriptedSmtp server(scripted([](const ScriptedSmtp::Event& event) -> std::optional<ScriptedSmtp::Act> {
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
  ScriptedSmtp server(scripted(ScriptedSmtp::at("CONNECT", {"421 4.7.0 go away\r\n", After::close})));
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

TEST(SmtpFaults, ADrainDoesNotWaitForASilentServer) {
  for (const char* verb : {"CONNECT", "EHLO", "MAIL", "DATA"}) {
    ScriptedSmtp server(scripted(ScriptedSmtp::at(verb, {"", After::silence})));
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

TEST(SmtpFaults, ADrainWaitsForTheReplyToWhatIsArmed) {
  ScriptedSmtp server(scripted(ScriptedSmtp::at("END", {"", After::silence})));
  SmtpBench bench(server.port());
  bench.settings.time_outs.end_of_data = 300ms;
  bench.send(1, 3);
  ASSERT_TRUE(run_until(bench.loop, [&] { return server.count("END") == 1; }));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.gate.receipt(1).outcome, Outcome::uncertain);
  EXPECT_EQ(bench.gate.receipt(2).fault, Fault::none);
  EXPECT_EQ(bench.gate.receipt(3).fault, Fault::none);
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
