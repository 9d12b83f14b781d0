#include "publishers/email/smtp_data.h"

#include <gmock/gmock.h>

#include <random>
#include <string>

#include "publishers/email/smtp_envelope.h"
#include "support/mail_gate.h"

namespace publishers::smtp {
namespace {

std::string no(const OutgoingMessage& message) {
  Traits traits;
  return inspect(message, traits);
}

Traits traits_of(const std::string& data) {
  OutgoingMessage message = support::mail_message(1);
  message.data = data;
  Traits traits;
  EXPECT_EQ(inspect(message, traits), "");
  return traits;
}

TEST(SmtpData, TakesWhatIsWellFormed) {
  EXPECT_EQ(no(support::mail_message(1)), "");
  OutgoingMessage bounce = support::mail_message(1);
  bounce.sender.clear();
  EXPECT_EQ(no(bounce), "");
}

TEST(SmtpData, RefusesWhatCouldSmuggle) {
  for (const char* body : {"a\nb\r\n", "a\rb\r\n", "a\r\r\nb\r\n", "\n.\n", "a\r\n.\r", "a\n\r\n", "\r", "\n",
                           "a\r\n\n.\r\n", "end\r"}) {
    OutgoingMessage message = support::mail_message(1, "", body);
    EXPECT_EQ(no(message), "the message holds a lone CR or LF") << body;
  }
  OutgoingMessage nul = support::mail_message(1);
  nul.data += std::string("a\0b\r\n", 5);
  EXPECT_EQ(no(nul), "the message holds a NUL");
  nul.data.clear();
  EXPECT_EQ(no(nul), "the message is empty");
}

TEST(SmtpData, RefusesAddressesThatCouldEndACommand) {
  for (const std::string& bad :
       {std::string("a@b.test>\r\nDATA"), std::string("a@b.test\r"), std::string("a@b.test\n"),
        std::string("<a@b.test"), std::string("a@b.test>"), std::string("a b@c.test"),
        std::string("a\tb@c.test"), std::string("a\0b@c.test", 10), std::string("a\x7F@c.test"),
        std::string(400, 'a')}) {
    OutgoingMessage message = support::mail_message(1);
    message.recipient = bad;
    EXPECT_EQ(no(message), "the recipient's address can't be put into a command");
    message = support::mail_message(1);
    message.sender = bad;
    EXPECT_EQ(no(message), "the sender's address can't be put into a command");
  }
  OutgoingMessage nobody = support::mail_message(1);
  nobody.recipient.clear();
  EXPECT_EQ(no(nobody), "the message has no recipient");
}

TEST(SmtpData, FindsWhatAMessageNeeds) {
  EXPECT_FALSE(traits_of("A: b\r\n\r\nplain\r\n").eight_bit);
  for (std::size_t at = 0; at < 20; ++at) {
    std::string body(20, 'x');
    body[at] = '\xFC';
    const Traits traits = traits_of("A: b\r\n\r\n" + body + "\r\n");
    EXPECT_TRUE(traits.eight_bit) << at;
    EXPECT_FALSE(traits.utf8_head);
  }
  EXPECT_TRUE(traits_of("To: <\xC3\xBC@b.test>\r\n\r\nx\r\n").utf8_head);
  EXPECT_FALSE(traits_of("A: b\r\n\r\na.b\r\n c.\r\n").dot_lines);
  EXPECT_TRUE(traits_of(".A: b\r\n").dot_lines);
  EXPECT_TRUE(traits_of("A: b\r\n\r\n.").dot_lines);
  EXPECT_TRUE(traits_of("A: b\r\n\r\nx\r\n.\r\ny\r\n").dot_lines);
}

std::string wire(const std::string& data) {
  std::string out = data;
  const std::size_t dot = as_data(out, traits_of(data).dot_lines);
  EXPECT_EQ(out.substr(dot), ".\r\n");
  EXPECT_EQ(out.substr(dot - 2, 2), "\r\n");
  return out;
}

TEST(SmtpData, StuffsDotsAtTheBeginningOfLinesOnly) {
  EXPECT_EQ(wire("a\r\n"), "a\r\n.\r\n");
  EXPECT_EQ(wire("a"), "a\r\n.\r\n");
  EXPECT_EQ(wire(".\r\n"), "..\r\n.\r\n");
  EXPECT_EQ(wire("a.\r\n.b\r\n..\r\n.\r\nc.d\r\n."), "a.\r\n..b\r\n...\r\n..\r\nc.d\r\n..\r\n.\r\n");
}

// As RFC 5321 4.5.2 has the receiver do it.
std::string unstuffed(const std::string& text) {
  std::string out;
  std::size_t from = 0;
  for (;;) {
    const std::size_t end = text.find("\r\n", from);
    std::string line = text.substr(from, end - from);
    if (line == ".") {
      EXPECT_EQ(end + 2, text.size()) << "an early end";
      return out;
    }
    if (line.starts_with('.')) line.erase(0, 1);
    out += line + "\r\n";
    from = end + 2;
  }
}

TEST(SmtpData, ComesOutAsItWentIn) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string data;
    const auto pieces = random() % 30;
    for (std::size_t i = 0; i < pieces; ++i)
      data += std::vector<std::string>{".", "\r\n", "a", ".."}[random() % 4];
    data += "\r\n";
    ASSERT_EQ(unstuffed(wire(data)), data);
  }
}

Abilities abilities_of(const std::string& text) {
  Reply reply;
  reply.code = 250;
  reply.text = text;
  return abilities(reply);
}

TEST(SmtpEnvelope, ReadsWhatAServerCanDo) {
  const Abilities none = abilities_of("mail.example.test Hello PIPELINING STARTTLS");
  EXPECT_EQ(none.name, "mail.example.test");
  EXPECT_FALSE(none.pipelining || none.starttls || none.eight_bit_mime || none.smtputf8 || none.size);
  EXPECT_EQ(none.text(), "");
  const Abilities all = abilities_of(
      "Mail.example.test\nPipelining\nsize 35882577\n8BITMIME\nSMTPUTF8\nSTARTTLS\nauth login  PLAIN "
      "XOAUTH2\nX");
  EXPECT_TRUE(all.pipelining && all.starttls && all.eight_bit_mime && all.smtputf8 && all.size);
  EXPECT_TRUE(all.auth_login && all.auth_plain);
  EXPECT_EQ(all.most_bytes, 35882577U);
  EXPECT_EQ(all.text(), "PIPELINING, 8BITMIME, SMTPUTF8, SIZE 35882577");
  EXPECT_TRUE(abilities_of("x\nAUTH=LOGIN PLAIN").auth_plain);
  EXPECT_TRUE(abilities_of("x\nAUTH=LOGIN PLAIN").auth_login);
  EXPECT_FALSE(abilities_of("x\nAUTH CRAM-MD5").auth_plain);
  EXPECT_EQ(abilities_of("x\nSIZE").most_bytes, 0U);
  EXPECT_EQ(abilities_of("x\nSIZE many").most_bytes, 0U);
  EXPECT_EQ(abilities_of("x\nSIZE 99999999999999999999999").most_bytes, 0U);
}

TEST(SmtpEnvelope, AsksForNoMoreThanIsNeededAndOffered) {
  OutgoingMessage message = support::mail_message(1);
  message.data = "A: b\r\n\r\nx\r\n";
  const auto mail = [&message](const std::string& offers) {
    Traits traits;
    EXPECT_EQ(inspect(message, traits), "");
    std::string out;
    append_mail_from(out, message, traits, abilities_of("x\n" + offers));
    return out;
  };
  EXPECT_EQ(mail(""), "MAIL FROM:<news@example.test>\r\n");
  EXPECT_EQ(mail("SIZE\n8BITMIME\nSMTPUTF8"), "MAIL FROM:<news@example.test> SIZE=11\r\n");
  message.data = "A: b\r\n\r\n\xC3\xBC\r\n";
  EXPECT_EQ(mail("8BITMIME\nSMTPUTF8"), "MAIL FROM:<news@example.test> BODY=8BITMIME\r\n");
  message.data = "A: b\r\n\r\nx\r\n";
  message.recipient = "\xC3\xBC@example.test";
  EXPECT_EQ(mail("8BITMIME\nSMTPUTF8"), "MAIL FROM:<news@example.test> SMTPUTF8\r\n");
  message.recipient = "a@example.test";
  message.data = "To: \xC3\xBC\r\n\r\nx\r\n";
  EXPECT_EQ(mail("8BITMIME\nSMTPUTF8"), "MAIL FROM:<news@example.test> BODY=8BITMIME SMTPUTF8\r\n");
  message.sender.clear();
  message.data = "A: b\r\n";
  EXPECT_EQ(mail(""), "MAIL FROM:<>\r\n");
}

TEST(SmtpEnvelope, RefusesForTheServerWhatItWouldRefuse) {
  OutgoingMessage message = support::mail_message(1);
  const auto fault = [&message](const std::string& offers) {
    Traits traits;
    EXPECT_EQ(inspect(message, traits), "");
    const auto receipt = refusal(message, traits, abilities_of("mail.test\n" + offers));
    if (!receipt) return Fault::none;
    EXPECT_EQ(receipt->outcome,
              receipt->fault == Fault::sender_policy ? Outcome::deferred : Outcome::rejected);
    EXPECT_NE(receipt->reply.find("mail.test"), std::string::npos);
    return receipt->fault;
  };
  const std::string size = std::to_string(message.data.size());
  EXPECT_EQ(fault(""), Fault::none);
  EXPECT_EQ(fault("SIZE"), Fault::none);
  EXPECT_EQ(fault("SIZE 0"), Fault::none);
  EXPECT_EQ(fault("SIZE " + size), Fault::none);
  EXPECT_EQ(fault("SIZE " + std::to_string(message.data.size() - 1)), Fault::size);
  message.recipient = "\xC3\xBC@example.test";
  EXPECT_EQ(fault("8BITMIME"), Fault::permanent_recipient);
  EXPECT_EQ(fault("8BITMIME\nSMTPUTF8"), Fault::none);
  message = support::mail_message(1);
  message.sender = "\xC3\xBC@example.test";
  EXPECT_EQ(fault("8BITMIME"), Fault::sender_policy);
  message = support::mail_message(1, "", "\xC3\xBC\r\n");
  EXPECT_EQ(fault("SMTPUTF8"), Fault::permanent_content);
  EXPECT_EQ(fault("8BITMIME"), Fault::none);
  message.data = "To: \xC3\xBC\r\n\r\nx\r\n";
  EXPECT_EQ(fault("8BITMIME"), Fault::permanent_content);
}

}  // namespace
}  // namespace publishers::smtp
