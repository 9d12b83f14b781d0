#include "templates/markdown_guard.h"

#include <algorithm>

#include "templates/markdown_characters.h"

namespace templates {
namespace {

// md4c looks at each open list item for each empty line.
constexpr std::size_t kMostItemsOfALine = 400;
// md4c looks at all marks of a paragraph for each bare address in it.
constexpr std::size_t kMostAddresses = 1000;
constexpr std::size_t kSmall = std::size_t{64} << 10U;

bool is_thematic_break(std::string_view line) {
  const std::size_t mark = line.find_first_of("-*_");
  return mark != std::string_view::npos &&
         std::all_of(line.begin(), line.end(), [&](char c) { return is_space(c) || c == line[mark]; });
}

std::size_t items_of(std::string_view line) {
  std::size_t items = 0;
  for (std::size_t at = 0; at < line.size() && items <= kMostItemsOfALine; ++at) {
    const char c = line[at];
    const std::size_t digits = at;
    while (at < line.size() && is_digit(line[at])) ++at;
    const bool numbered = at > digits && at < line.size() && (line[at] == '.' || line[at] == ')');
    if (numbered || c == '-' || c == '+' || c == '*') {
      ++items;
    } else if (at > digits || (!is_space(c) && c != '>')) {
      break;
    }
  }
  return items;
}

std::size_t count(std::string_view body, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = body.find(word); at != std::string_view::npos; at = body.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

std::size_t find_deep_list(std::string_view body) {
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = body.substr(at, end - at);
    if (line.size() > kMostItemsOfALine && items_of(line) > kMostItemsOfALine && !is_thematic_break(line))
      return at;
    at = end + 1;
  }
  return std::string_view::npos;
}

bool has_too_many_addresses(std::string_view body) {
  return body.size() > kSmall && count(body, "www.") + count(body, "://") > kMostAddresses;
}

}  // namespace templates
