#include "publishers/email/smtp_envelope.h"

#include <charconv>

#include "publishers/email/encodings.h"

namespace publishers::smtp {
namespace {

// The next word of `line`, which is shortened by it.
std::string_view take_word(std::string_view& line) {
  line = without_outer_blanks(line);
  const std::string_view word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word;
}

void read_auth(std::string_view mechanisms, Abilities& server) {
  while (true) {
    const std::string_view word = take_word(mechanisms);
    if (word.empty()) return;
    if (word == "plain") server.auth_plain = true;
    if (word == "login") server.auth_login = true;
  }
}

void read_line(std::string_view line, Abilities& server) {
  const std::string_view keyword = take_word(line);
  if (keyword == "starttls") server.starttls = true;
  if (keyword == "pipelining") server.pipelining = true;
  if (keyword == "8bitmime") server.eight_bit_mime = true;
  if (keyword == "smtputf8") server.smtputf8 = true;
  if (keyword == "auth") read_auth(line, server);
  // Some old servers write it as if it were an assignment.
  if (keyword.starts_with("auth=")) {
    read_auth(keyword.substr(5), server);
    read_auth(line, server);
  }
  if (keyword == "size") {
    server.size = true;
    const std::string_view number = take_word(line);
    std::from_chars(number.data(), number.data() + number.size(), server.most_bytes);
  }
}

Receipt refused(Outcome outcome, Fault fault, std::string why) {
  return Receipt::failed(outcome, fault, std::move(why));
}

}  // namespace

std::string Abilities::text() const {
  std::string out;
  const auto add = [&out](bool has, const std::string& what) {
    if (has) out += (out.empty() ? "" : ", ") + what;
  };
  add(pipelining, "PIPELINING");
  add(eight_bit_mime, "8BITMIME");
  add(smtputf8, "SMTPUTF8");
  add(size, most_bytes == 0 ? "SIZE" : "SIZE " + std::to_string(most_bytes));
  return out;
}

Abilities abilities(const Reply& reply) {
  Abilities server;
  const std::string lower = ascii_lower(reply.text);
  std::string_view rest = lower;
  const std::size_t first_end = rest.find('\n');
  std::string_view greeting = std::string_view(reply.text).substr(0, first_end);
  server.name = take_word(greeting);
  while (rest.find('\n') != std::string_view::npos) {
    rest.remove_prefix(rest.find('\n') + 1);
    read_line(rest.substr(0, rest.find('\n')), server);
  }
  return server;
}

std::optional<Receipt> refusal(const OutgoingMessage& message, const Traits& traits,
                               const Abilities& server) {
  if (server.most_bytes > 0 && message.data.size() > server.most_bytes) {
    return refused(Outcome::rejected, Fault::size,
                   "the message has " + std::to_string(message.data.size()) + " bytes, " + server.name +
                       " takes at most " + std::to_string(server.most_bytes));
  }
  if (!server.smtputf8) {
    const std::string lacks = ", and " + server.name + " does not offer SMTPUTF8";
    if (!is_ascii(message.sender)) {
      return refused(Outcome::deferred, Fault::sender_policy, "the sender's address is not ASCII" + lacks);
    }
    if (!is_ascii(message.recipient)) {
      return refused(Outcome::rejected, Fault::permanent_recipient, "the address is not ASCII" + lacks);
    }
    if (traits.utf8_head) {
      return refused(Outcome::rejected, Fault::permanent_content, "the message's head is not ASCII" + lacks);
    }
  }
  if (traits.eight_bit && !server.eight_bit_mime) {
    return refused(Outcome::rejected, Fault::permanent_content,
                   "the message is not ASCII, and " + server.name + " does not offer 8BITMIME");
  }
  return std::nullopt;
}

void append_mail_from(std::string& out, const OutgoingMessage& message, const Traits& traits,
                      const Abilities& server) {
  out += "MAIL FROM:<";
  out += message.sender;
  out += '>';
  if (server.size) {
    out += " SIZE=";
    out += std::to_string(message.data.size());
  }
  if (traits.eight_bit) out += " BODY=8BITMIME";
  if (traits.utf8_head || !is_ascii(message.sender) || !is_ascii(message.recipient)) out += " SMTPUTF8";
  out += "\r\n";
}

void append_rcpt_to(std::string& out, const OutgoingMessage& message) {
  out += "RCPT TO:<";
  out += message.recipient;
  out += ">\r\n";
}

}  // namespace publishers::smtp
