#include "templates/markdown_ids.h"

#include <algorithm>
#include <cstddef>

#include "templates/markdown_characters.h"

namespace templates {
namespace {

constexpr std::size_t kLongest = 80;

bool is_apostrophe(char32_t c) {
  return c == U'\'' || c == 0x2019 || c == 0x2BC;
}

}  // namespace

std::string heading_id(std::string_view text) {
  std::string id;
  id.reserve(std::min(text.size(), kLongest));
  bool gap = false;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size() && characters < kLongest;) {
    const char32_t c = next_code_point(text, at);
    if (is_word_character(c)) {
      if (gap && !id.empty()) id += '-';
      gap = false;
      if (c < 0x80) {
        id += lower(static_cast<char>(c));
      } else {
        append_utf8(id, lower(c));
      }
      ++characters;
    } else if (!is_apostrophe(c)) {
      gap = true;
    }
  }
  return id.empty() ? "section" : id;
}

bool is_plain_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongest && is_letter(id.front()) &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::string IdSeries::next(const std::string& id, const std::function<bool(std::string_view)>& take) {
  if (take(id)) return id;
  std::size_t& number = used_[id];
  for (;;) {
    std::string candidate = id + "-" + std::to_string(++number);
    if (take(candidate)) return candidate;
  }
}

}  // namespace templates
