#include "publishers/email/header_encoding.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "publishers/email/encodings.h"

namespace publishers {
namespace {

constexpr std::size_t kColumns = 76;
constexpr std::size_t kMostEncodedWord = 75;
constexpr std::string_view kFold = "\r\n ";
constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The characters that stand for themselves in a Q word anywhere, names included.
bool is_plain_in_q(char c) {
  return is_letter_or_digit(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

std::size_t q_length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) length += is_plain_in_q(c) || c == ' ' ? 1 : 3;
  return length;
}

void append_q(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain_in_q(c)) {
      out += c;
    } else if (c == ' ') {
      out += '_';
    } else {
      out += '=';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    }
  }
}

// How much of `text` fits into `room` characters of payload, in whole UTF-8 characters; never nothing.
std::size_t fitting(std::string_view text, std::size_t room, bool q) {
  std::size_t taken = 0;
  while (taken < text.size()) {
    const std::size_t next = std::min(text.size(), taken + utf8_length(text[taken]));
    const std::string_view candidate = text.substr(0, next);
    const std::size_t length = q ? q_length(candidate) : (next + 2) / 3 * 4;
    if (length > room && taken > 0) break;
    taken = next;
    if (length > room) break;
  }
  return taken;
}

// `column` is where the first word begins; afterwards, where the last one ended.
void append_encoded_words(std::string& out, std::string_view text, std::size_t& column) {
  constexpr std::size_t kFrame = std::string_view(
                                     "=?UTF-8?Q?"
                                     "?=")
                                     .size();
  constexpr std::size_t kLeastRoom = 16;
  const bool q = q_length(text) <= (text.size() + 2) / 3 * 4;
  bool first = true;
  while (!text.empty()) {
    if (!first || column + kFrame + kLeastRoom > kColumns) {
      out += kFold;
      column = 1;
    }
    first = false;
    const std::size_t room = std::min(kMostEncodedWord, kColumns - column) - kFrame;
    const std::string_view part = text.substr(0, fitting(text, room, q));
    const std::size_t before = out.size();
    out += q ? "=?UTF-8?Q?" : "=?UTF-8?B?";
    if (q) {
      append_q(out, part);
    } else {
      out += base64(part);
    }
    out += "?=";
    column += out.size() - before;
    text.remove_prefix(part.size());
  }
}

bool is_plain_text(std::string_view text) {
  if (!is_ascii(text) || text.find("=?") != std::string_view::npos) return false;
  if (!text.empty() && (text.front() == ' ' || text.back() == ' ')) return false;
  std::size_t word = 0;
  for (const char c : text) {
    word = c == ' ' ? 0 : word + 1;
    if (word > kColumns / 2) return false;
  }
  return true;
}

void append_folded(std::string& out, std::string_view text, std::size_t column) {
  while (!text.empty()) {
    const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = std::min(text.find(' ', blanks), text.size());
    if (blanks > 0 && column + end > kColumns) {
      out += "\r\n";
      column = 0;
    }
    out += text.substr(0, end);
    column += end;
    text.remove_prefix(end);
  }
}

bool is_phrase(std::string_view text) {
  static constexpr std::string_view kMarks = " !#$%&'*+-/=?^_`{|}~";
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
}

void append_quoted_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_display_name(std::string& out, std::string_view name, std::size_t& column) {
  constexpr std::size_t kMostPlainName = 50;
  if (!is_plain_text(name) || name.size() > kMostPlainName || name.find("  ") != std::string_view::npos) {
    append_encoded_words(out, name, column);
    return;
  }
  const std::size_t before = out.size();
  if (is_phrase(name)) {
    out += name;
  } else {
    append_quoted_string(out, name);
  }
  column += out.size() - before;
}

// "NAME*=UTF-8''...", or one "NAME*0*=..." line after another.
void append_extended_parameter(std::string& out, std::string_view name, std::string_view value) {
  constexpr std::size_t kRoom = 40;
  std::vector<std::string> pieces = {"UTF-8''"};
  while (!value.empty()) {
    if (pieces.back().size() >= kRoom) pieces.emplace_back();
    const std::size_t length = std::min(value.size(), utf8_length(value.front()));
    append_percent_encoded(pieces.back(), value.substr(0, length));
    value.remove_prefix(length);
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    out += ";\r\n ";
    out += name;
    if (pieces.size() > 1) out += '*' + std::to_string(i);
    out += "*=" + pieces[i];
  }
}

// "Name: phrase <inner>".
void append_phrase_field(std::string& out, std::string_view name, std::string_view phrase,
                         std::string_view inner) {
  out += name;
  out += ": ";
  std::size_t column = name.size() + 2;
  if (!phrase.empty()) {
    append_display_name(out, phrase, column);
    out += column + inner.size() + 3 > kColumns ? kFold : " ";
  }
  out += '<';
  out += inner;
  out += ">\r\n";
}

}  // namespace

tl::expected<HeaderText, std::string> HeaderText::from(std::string_view text) {
  if (!is_utf8(text)) return tl::unexpected<std::string>("is not UTF-8");
  if (!has_control(text)) return HeaderText(std::string(text));
  const bool breaks = text.find_first_of("\r\n") != std::string_view::npos;
  return tl::unexpected<std::string>(breaks ? "holds a line break" : "holds a control character");
}

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= kColumns - 2 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F && c != ':'; });
}

void append_text_field(std::string& out, std::string_view name, const HeaderText& value) {
  out += name;
  out += ": ";
  std::size_t column = name.size() + 2;
  if (is_plain_text(value.text())) {
    append_folded(out, value.text(), column);
  } else {
    append_encoded_words(out, value.text(), column);
  }
  out += "\r\n";
}

void append_mailbox_field(std::string& out, std::string_view name, const HeaderText& display_name,
                          const Address& address) {
  if (!display_name.text().empty()) {
    append_phrase_field(out, name, display_name.text(), address.text());
    return;
  }
  out += name;
  out += ": " + address.text() + "\r\n";
}

void append_list_id_field(std::string& out, const HeaderText& name, std::string_view id) {
  append_phrase_field(out, "List-Id", name.text(), id);
}

void append_parameter(std::string& out, std::string_view name, const HeaderText& value) {
  constexpr std::size_t kMostPlain = 50;
  // Many readers decode what looks like an encoded word here too.
  const bool encoded_look = value.text().find("=?") != std::string::npos;
  if (!is_ascii(value.text()) || value.text().size() > kMostPlain || encoded_look) {
    append_extended_parameter(out, name, value.text());
    return;
  }
  out += ";\r\n ";
  out += name;
  out += '=';
  append_quoted_string(out, value.text());
}

std::string rfc5322_date(std::chrono::sys_seconds instant, std::chrono::minutes offset) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds local = instant + offset;
  const sys_days day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  const long minutes_off = std::abs(offset.count());
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02ld:%02ld:%02ld %c%02ld%02ld",
                kDays.at(weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                kMonths.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<long>(time.hours().count()), static_cast<long>(time.minutes().count()),
                static_cast<long>(time.seconds().count()), offset.count() < 0 ? '-' : '+', minutes_off / 60,
                minutes_off % 60);
  return text.data();
}

}  // namespace publishers
