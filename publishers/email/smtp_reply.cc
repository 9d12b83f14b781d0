#include "publishers/email/smtp_reply.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

#include "publishers/email/encodings.h"

namespace publishers::smtp {
namespace {

constexpr std::size_t kMostShown = 500;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number of at most three digits, taken off the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const char* const end = text.data() + std::min<std::size_t>(text.size(), 3);
  const auto [after, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(after - text.data()));
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Takes "5.1.1 " off the front of `text`, if it stands there and is of the reply's family.
EnhancedCode take_enhanced(std::string_view& text, int family) {
  std::string_view rest = text;
  const auto first = take_number(rest);
  if (first != family || !take(rest, '.')) return {};
  const auto subject = take_number(rest);
  if (!subject || !take(rest, '.')) return {};
  const auto detail = take_number(rest);
  if (!detail || (!rest.empty() && !take(rest, ' '))) return {};
  text = rest;
  return {family, *subject, *detail};
}

// The code point of the well-formed character at the front; nothing if it is none.
std::optional<char32_t> code_point(std::string_view text, std::size_t& length) {
  const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  length = utf8_length(text.front());
  if (length > text.size() || !is_utf8(text.substr(0, length))) {
    length = 1;
    return std::nullopt;
  }
  if (length == 1) return byte(0);
  char32_t value = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6U) | (byte(i) & 0x3FU);
  return value;
}

bool turns_or_hides(char32_t c) {
  return (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0x061C || c == 0xFEFF || c == 0xAD || c >= 0xE0000;
}

}  // namespace

void append_harmless(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const char c = raw.front();
    if (c >= 0x20 && c < 0x7F) {
      const auto plain = std::find_if(raw.begin(), raw.end(), [](char d) { return d < 0x20 || d == 0x7F; });
      out.append(raw.begin(), plain);
      raw.remove_prefix(static_cast<std::size_t>(plain - raw.begin()));
      continue;
    }
    if (c >= 0 || c == 0x7F) {
      out += ' ';
      raw.remove_prefix(1);
      continue;
    }
    std::size_t length = 1;
    const auto point = code_point(raw, length);
    if (!point || turns_or_hides(*point)) {
      out += '?';
    } else {
      out += raw.substr(0, length);
    }
    raw.remove_prefix(length);
  }
}

std::string Reply::one_line() const {
  std::string line = std::to_string(code);
  if (enhanced.family != 0) {
    line += ' ' + std::to_string(enhanced.family) + '.' + std::to_string(enhanced.subject) + '.' +
            std::to_string(enhanced.detail);
  }
  if (!text.empty()) line += ' ';
  line += text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  if (line.size() <= kMostShown) return line;
  std::size_t end = kMostShown;
  while ((static_cast<std::uint8_t>(line[end]) & 0xC0U) == 0x80U) --end;
  line.resize(end);
  return line + "...";
}

void ReplyParser::feed(std::string_view bytes) {
  if (position_ == buffer_.size()) {
    buffer_.clear();
    position_ = searched_ = 0;
  } else if (position_ > kMostReply) {
    buffer_.erase(0, position_);
    searched_ -= position_;
    position_ = 0;
  }
  buffer_ += bytes;
}

void ReplyParser::reset() {
  *this = ReplyParser();
}

ReplyParser::Step ReplyParser::refuse(const char* why) {
  problem_ = why;
  return Step::bad;
}

ReplyParser::Step ReplyParser::next(Reply& reply) {
  if (!problem_.empty()) return Step::bad;
  for (;;) {
    const char* const begin = buffer_.data() + searched_;
    const void* const found = std::memchr(begin, '\n', buffer_.size() - searched_);
    if (found == nullptr) {
      searched_ = buffer_.size();
      if (searched_ - position_ > kMostLine) return refuse("a line of the reply is longer than 2 KiB");
      return Step::more;
    }
    const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
    std::string_view line(buffer_.data() + position_, end - position_);
    position_ = searched_ = end + 1;
    if (line.size() > kMostLine) return refuse("a line of the reply is longer than 2 KiB");
    if (line.ends_with('\r')) line.remove_suffix(1);
    const Step step = take_line(line);
    if (step == Step::more) continue;
    if (step == Step::reply) {
      std::swap(reply, current_);
      lines_ = bytes_ = 0;
    }
    return step;
  }
}

ReplyParser::Step ReplyParser::take_line(std::string_view line) {
  const bool code_there = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) &&
                          is_digit(line[2]) && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
  if (!code_there) return refuse("the server does not speak SMTP");
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  const bool last = line.size() == 3 || line[3] == ' ';
  line.remove_prefix(std::min<std::size_t>(line.size(), 4));
  bytes_ += line.size() + 6;
  if (bytes_ > kMostReply) return refuse("the reply is longer than 64 KiB");
  if (lines_ == 0) {
    current_.code = code;
    current_.enhanced = {};
    current_.text.clear();
  } else {
    if (code != current_.code) return refuse("the lines of a reply have different codes");
    current_.text += '\n';
  }
  const EnhancedCode enhanced = take_enhanced(line, code / 100);
  if (current_.enhanced.family == 0) current_.enhanced = enhanced;
  append_harmless(current_.text, line);
  ++lines_;
  return last ? Step::reply : Step::more;
}

}  // namespace publishers::smtp
