// UTF-8 and character classes as the Markdown files need them. Inputs are valid UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace templates {

inline bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string lower(std::string_view text);
bool blank(std::string_view text);
std::string_view trimmed(std::string_view text);
// True if the character at `at` stands behind a backslash that is none of a pair.
bool is_escaped(std::string_view text, std::size_t at);

// The code point at `at`, which moves behind it.
char32_t next_wide_code_point(std::string_view text, std::size_t& at);  // of one that is not ASCII
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80) return next_wide_code_point(text, at);
  ++at;
  return byte;
}
void append_utf8(std::string& out, char32_t code_point);

// Letters and digits of any script, as far as a small table knows.
bool is_wide_word_character(char32_t c);  // of one that is not ASCII
inline bool is_word_character(char32_t c) {
  if (c >= 0x80) return is_wide_word_character(c);
  return is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
}
// Latin, Greek and Cyrillic; others stay.
char32_t lower(char32_t c);

// Columns that the text takes in a fixed-width font.
std::size_t display_width(std::string_view text);

}  // namespace templates
