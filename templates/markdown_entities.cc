#include "templates/markdown_entities.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "templates/markdown_characters.h"

namespace templates {
namespace {

constexpr std::size_t kLongestName = 48;

std::unordered_map<std::string_view, std::string_view> name_table() {
  std::unordered_map<std::string_view, std::string_view> table;
  for (std::size_t at = 0; at < kEntityNames.size();) {
    const std::size_t space = kEntityNames.find(' ', at);
    // &NewLine; stands for a line feed, so that the record's end is searched behind the first character.
    const std::size_t end = kEntityNames.find('\n', space + 2);
    table.emplace(kEntityNames.substr(at, space - at), kEntityNames.substr(space + 1, end - space - 1));
    at = end + 1;
  }
  return table;
}

std::string_view named(std::string_view name) {
  static const auto table = name_table();
  const auto found = table.find(name);
  return found == table.end() ? std::string_view() : found->second;
}

// Digits behind "&#" or "&#x"; false if there are none. Stops growing once out of range.
bool number(std::string_view digits, bool hexadecimal, char32_t& value) {
  value = 0;
  for (const char c : digits) {
    const char32_t digit =
        is_digit(c) ? static_cast<char32_t>(c - '0') : static_cast<char32_t>(lower(c) - 'a' + 10);
    value = std::min<char32_t>(value * (hexadecimal ? 16 : 10) + digit, 0x110000);
  }
  return !digits.empty();
}

char32_t allowed(char32_t c) {
  const bool control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
  const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
  return control || surrogate || c > 0x10FFFF ? 0xFFFD : c;
}

bool is_hexadecimal(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

// Appends what stands for the reference at the start of `text` and says how long that is; 0: none.
std::size_t decode_at(std::string_view text, std::string& out) {
  if (text.size() > 2 && text[1] == '#') {
    const bool hexadecimal = lower(text[2]) == 'x';
    const std::size_t first = hexadecimal ? 3 : 2;
    std::size_t end = first;
    while (end < text.size() && (hexadecimal ? is_hexadecimal(text[end]) : is_digit(text[end]))) ++end;
    char32_t value = 0;
    if (!number(text.substr(first, end - first), hexadecimal, value)) return 0;
    append_utf8(out, allowed(value));
    return end < text.size() && text[end] == ';' ? end + 1 : end;
  }
  std::size_t end = 1;
  while (end < text.size() && end <= kLongestName && (is_letter(text[end]) || is_digit(text[end]))) ++end;
  if (end >= text.size() || text[end] != ';') return 0;
  const std::string_view characters = named(text.substr(1, end - 1));
  if (characters.empty()) return 0;
  out += characters;
  return end + 1;
}

}  // namespace

std::string decode_entities(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at)) {
    out += text.substr(done, at - done);
    const std::size_t length = decode_at(text.substr(at), out);
    done = at + length;
    at += std::max<std::size_t>(length, 1);
  }
  out += text.substr(std::min(done, text.size()));
  return out;
}

}  // namespace templates
