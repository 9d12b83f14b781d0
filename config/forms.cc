#include "config/forms.h"

#include <algorithm>

namespace config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
  return is_small(c) || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Visible ASCII that stands for itself in an address, in HTML and in a header.
bool is_plain(char c) {
  return c > ' ' && c < '\x7f' && std::string_view("\"'<>\\`{}|^").find(c) == std::string_view::npos;
}

}  // namespace

bool is_key(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_small(c) || is_digit(c) || c == '-'; });
}

bool is_colour(std::string_view text) {
  return (text.size() == 4 || text.size() == 7) && text.front() == '#' &&
         std::all_of(text.begin() + 1, text.end(), is_hex);
}

bool is_web_address(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    const bool host =
        !text.empty() && (is_letter(text.front()) || is_digit(text.front()) || text.front() == '[');
    return host && std::all_of(text.begin(), text.end(), is_plain);
  }
  return false;
}

bool is_language(std::string_view text) {
  constexpr std::size_t kLongestPart = 8;
  for (bool first = true; true; first = false) {
    const std::size_t end = std::min(text.find('-'), text.size());
    const std::string_view part = text.substr(0, end);
    const bool letters = std::all_of(part.begin(), part.end(), is_letter);
    const bool sound =
        std::all_of(part.begin(), part.end(), [](char c) { return is_letter(c) || is_digit(c); });
    if (part.empty() || part.size() > kLongestPart || !sound) return false;
    if (first && (!letters || part.size() < 2)) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_hour(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    if (!is_digit(text[i])) return false;
  }
  return text.substr(0, 2) < "24" && text[3] < '6';
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= ' ' || byte == 0x7f || c == '<' || c == '>' || c == ',';
         });
}

}  // namespace config
