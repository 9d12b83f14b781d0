#include "publishers/email/smtp_data.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

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

// What a message's bytes hold, counted in one pass without branches, which compilers make into vectors:
// every message passes here.
struct Bytes {
  std::size_t nuls = 0;
  std::size_t carriage_returns = 0;
  std::size_t line_feeds = 0;
  std::size_t line_ends = 0;  // CR LF
  std::size_t dot_lines = 0;  // LF and a dot
  unsigned char all = 0;      // of all bytes: the bits
};

Bytes bytes_of(std::string_view data) {
  constexpr std::size_t kBlock = 128;  // that a count of a byte holds
  Bytes bytes;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(data[i]); };
  for (std::size_t from = 0; from < data.size(); from += kBlock) {
    const std::size_t to = std::min(from + kBlock, data.size() - 1);
    std::uint8_t nuls = 0, returns = 0, feeds = 0, ends = 0, dots = 0, all = 0;
    for (std::size_t i = from; i < to; ++i) {
      nuls = static_cast<std::uint8_t>(nuls + (at(i) == 0));
      returns = static_cast<std::uint8_t>(returns + (at(i) == '\r'));
      feeds = static_cast<std::uint8_t>(feeds + (at(i) == '\n'));
      ends = static_cast<std::uint8_t>(ends + ((at(i) == '\r') & (at(i + 1) == '\n')));
      dots = static_cast<std::uint8_t>(dots + ((at(i) == '\n') & (at(i + 1) == '.')));
      all = static_cast<std::uint8_t>(all | at(i));
    }
    bytes.nuls += nuls;
    bytes.carriage_returns += returns;
    bytes.line_feeds += feeds;
    bytes.line_ends += ends;
    bytes.dot_lines += dots;
    bytes.all = static_cast<unsigned char>(bytes.all | all);
  }
  const unsigned char last = at(data.size() - 1);
  bytes.nuls += last == 0;
  bytes.carriage_returns += last == '\r';
  bytes.line_feeds += last == '\n';
  bytes.all = static_cast<unsigned char>(bytes.all | last);
  bytes.dot_lines += data.front() == '.';
  return bytes;
}

}  // namespace

std::string inspect(const OutgoingMessage& message, Traits& traits) {
  traits = {};
  if (message.recipient.empty()) return "the message has no recipient";
  if (!is_path(message.sender)) return "the sender's address can't be put into a command";
  if (!is_path(message.recipient)) return "the recipient's address can't be put into a command";
  const std::string& data = message.data;
  if (data.empty()) return "the message is empty";
  const Bytes bytes = bytes_of(data);
  if (bytes.nuls > 0) return "the message holds a NUL";
  if (bytes.carriage_returns != bytes.line_ends || bytes.line_feeds != bytes.line_ends) {
    return "the message holds a lone CR or LF";
  }
  traits.dot_lines = bytes.dot_lines > 0;
  traits.eight_bit = (bytes.all & 0x80U) != 0;
  if (traits.eight_bit) traits.utf8_head = !is_ascii(std::string_view(data).substr(0, data.find("\r\n\r\n")));
  return {};
}

std::size_t as_data(std::string& text, bool dot_lines) {
  if (dot_lines) {
    std::string stuffed;
    stuffed.reserve(text.size() + text.size() / 16);
    if (text.starts_with('.')) stuffed += '.';
    std::size_t from = 0;
    for (std::size_t at = text.find("\r\n."); at != std::string::npos; at = text.find("\r\n.", from)) {
      stuffed.append(text, from, at + 3 - from);
      stuffed += '.';
      from = at + 3;
    }
    stuffed.append(text, from);
    text = std::move(stuffed);
  }
  if (!text.ends_with("\r\n")) text += "\r\n";
  text += ".\r\n";
  return text.size() - 3;
}

}  // namespace publishers::smtp
