#include "publishers/email/smtp_data.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "publishers/email/encodings.h"

namespace publishers::smtp {
namespace {

constexpr std::size_t kMostAddress = 320;

// What may stand between the angle brackets of a command.
bool is_path(std::string_view address) {
  return address.size() <= kMostAddress && std::none_of(address.begin(), address.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= ' ' || byte == 0x7F || c == '<' || c == '>';
         });
}

const char* find(const char* from, const char* end, char c) {
  const void* found = std::memchr(from, c, static_cast<std::size_t>(end - from));
  return found == nullptr ? end : static_cast<const char*>(found);
}

// Eight bytes at a time: every message passes here.
bool has_high_byte(std::string_view data) {
  std::uint64_t seen = 0;
  std::size_t at = 0;
  for (; at + sizeof seen <= data.size(); at += sizeof seen) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data() + at, sizeof word);
    seen |= word;
  }
  return (seen & 0x8080808080808080U) != 0 || !is_ascii(data.substr(at));
}

// Whether every CR stands before an LF and every LF behind a CR; marks lines that begin with a dot.
bool has_whole_line_ends(std::string_view data, bool& dot_lines) {
  const char* at = data.data();
  const char* const end = at + data.size();
  while (at != end) {
    dot_lines = dot_lines || *at == '.';
    const char* const line_feed = find(at, end, '\n');
    const char* const carriage_return = find(at, line_feed, '\r');
    if (line_feed == end) return carriage_return == end;
    if (carriage_return + 1 != line_feed) return false;
    at = line_feed + 1;
  }
  return true;
}

}  // namespace

std::string inspect(const OutgoingMessage& message, Traits& traits) {
  traits = {};
  if (message.recipient.empty()) return "the message has no recipient";
  if (!is_path(message.sender)) return "the sender's address can't be put into a command";
  if (!is_path(message.recipient)) return "the recipient's address can't be put into a command";
  const std::string& data = message.data;
  if (data.empty()) return "the message is empty";
  if (data.find('\0') != std::string::npos) return "the message holds a NUL";
  if (!has_whole_line_ends(data, traits.dot_lines)) return "the message holds a lone CR or LF";
  traits.eight_bit = has_high_byte(data);
  if (traits.eight_bit) traits.utf8_head = !is_ascii(std::string_view(data).substr(0, data.find("\r\n\r\n")));
  return {};
}

std::size_t append_data(std::string& out, const std::string& data, bool dot_lines) {
  if (!dot_lines) {
    out += data;
  } else {
    if (data.starts_with('.')) out += '.';
    std::size_t from = 0;
    for (std::size_t at = data.find("\r\n."); at != std::string::npos; at = data.find("\r\n.", from)) {
      out.append(data, from, at + 3 - from);
      out += '.';
      from = at + 3;
    }
    out.append(data, from);
  }
  if (!data.ends_with("\r\n")) out += "\r\n";
  out += ".\r\n";
  return out.size() - 3;
}

}  // namespace publishers::smtp
