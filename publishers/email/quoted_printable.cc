#include "publishers/email/quoted_printable.h"

#include <algorithm>

#include "publishers/email/encodings.h"

namespace publishers {
namespace {

constexpr std::size_t kColumns = 76;
constexpr std::string_view kHex = "0123456789ABCDEF";

// What may stand for itself anywhere but at the start of a line.
bool is_visible(char c) {
  return c >= '!' && c <= '~' && c != '=';
}

bool spoils_at_line_start(std::string_view rest) {
  return rest.front() == '.' || rest.starts_with("From ");
}

}  // namespace

void QuotedPrintable::room_for(std::size_t width) {
  if (column_ + width < kColumns) return;
  out_ += kSoftBreak;
  column_ = 0;
}

void QuotedPrintable::byte(std::string_view rest, bool before_break) {
  const char c = rest.front();
  const bool blank = c == ' ' || c == '\t';
  if (is_visible(c) || (blank && !before_break)) {
    room_for(1);
    if (column_ > 0 || !spoils_at_line_start(rest)) {
      out_ += c;
      ++column_;
      return;
    }
  }
  const auto value = static_cast<unsigned char>(c);
  room_for(3);
  out_ += '=';
  out_ += kHex[value >> 4U];
  out_ += kHex[value & 0xFU];
  column_ += 3;
}

void QuotedPrintable::hard_break() {
  out_ += "\r\n";
  column_ = 0;
}

// The visible characters at the front for which there is room in the line.
std::size_t QuotedPrintable::run(std::string_view text) const {
  if (column_ == 0 || column_ + 1 >= kColumns) return 0;
  const std::size_t most = std::min(text.size(), kColumns - 1 - column_);
  std::size_t length = 0;
  while (length < most && is_visible(text[length])) ++length;
  return length;
}

void QuotedPrintable::add(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t length = run(text.substr(i));
    out_ += text.substr(i, length);
    column_ += length;
    i += length;
    if (i == text.size()) return;
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : 'x';
    if (c == '\r' && next == '\n') ++i;
    if (c == '\r' || c == '\n') {
      hard_break();
    } else {
      byte(text.substr(i), next == '\r' || next == '\n');
    }
  }
}

void QuotedPrintable::add_html(std::string_view text) {
  const auto special = [](char c) { return !html_entity(c).empty(); };
  for (auto from = text.begin();;) {
    const auto at = std::find_if(from, text.end(), special);
    add({from, at});
    if (at == text.end()) return;
    add(html_entity(*at));
    from = at + 1;
  }
}

void QuotedPrintable::soft_break() {
  if (column_ == 0) return;
  out_ += kSoftBreak;
  column_ = 0;
}

void QuotedPrintable::finish() {
  if (column_ == 0 || (out_.back() != ' ' && out_.back() != '\t')) return;
  const char blank = out_.back();
  out_.pop_back();
  --column_;
  byte(std::string_view(&blank, 1), true);
}

}  // namespace publishers
