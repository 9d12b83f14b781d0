#include "intake/head_extent.h"

#include <algorithm>
#include <array>

#include "intake/head_keys.h"

namespace intake {
namespace {

// A head that is not closed within so many lines would be a book's index, not a head.
constexpr int kLinesLookedAt = 60;

std::string_view without_trailing_space(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t");
  return last == std::string_view::npos ? std::string_view{} : line.substr(0, last + 1);
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

HeadExtent broken(std::size_t fault, std::string what, std::string todo) {
  HeadExtent head;
  head.kind = HeadExtent::Kind::broken;
  head.fault = fault;
  head.what = std::move(what);
  head.todo = std::move(todo);
  return head;
}

// Only dashes of any kind, one of them not the keyboard's: what a word processor makes of ---.
bool long_dashes(std::string_view line) {
  constexpr std::array<std::string_view, 4> kDashes = {"\xE2\x80\x94", "\xE2\x80\x93", "\xE2\x80\x95",
                                                       "\xE2\x88\x92"};
  bool found = false;
  while (!line.empty()) {
    if (line.front() == '-') {
      line.remove_prefix(1);
      continue;
    }
    const auto dash = std::find_if(kDashes.begin(), kDashes.end(),
                                   [&](std::string_view one) { return line.starts_with(one); });
    if (dash == kDashes.end()) return false;
    line.remove_prefix(dash->size());
    found = true;
  }
  return found;
}

// Whether the lines from `offset` to the first empty one hold a key that a head has.
bool keys_follow(std::string_view text, std::size_t offset, char sign) {
  for (int i = 0; i < kLinesLookedAt && offset < text.size(); ++i) {
    const Line line = line_at(text, offset);
    if (trimmed(line.text).empty()) return false;
    const auto key = key_of_line(trimmed(line.text), sign);
    if (key && (is_known_key(lower(*key)) || is_foreign_key(lower(*key)))) return true;
    offset = line.next;
  }
  return false;
}

// What stands where a head would begin, if it was meant as one.
HeadExtent near_miss(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size() && trimmed(line_at(text, offset).text).empty()) {
    const std::size_t next = line_at(text, offset).next;
    if (next == offset) return {};
    offset = next;
  }
  const Line first = line_at(text, offset);
  const std::string bare = trimmed(first.text);
  const bool yaml = bare.size() >= 3 && bare.find_first_not_of('-') == std::string::npos;
  const bool toml = bare.size() >= 3 && bare.find_first_not_of('+') == std::string::npos;
  const bool dashes = long_dashes(bare);
  if (!yaml && !toml && !dashes) return {};
  if (!keys_follow(text, first.next, toml ? '=' : ':')) return {};
  const std::string fence = toml ? "+++" : "---";
  if (dashes) return broken(offset, "the front matter begins with a long dash", "write three hyphens: ---");
  if (bare.size() > 3) {
    return broken(offset, "the front matter begins with " + bare, "write three: " + fence);
  }
  if (offset != 0) {
    return broken(offset, "there is an empty line before the front matter",
                  "make " + fence + " the first line");
  }
  return broken(offset, "there is a space before " + fence, "take it out");
}

bool closes(std::string_view line, char sign) {
  if (sign == '+') return line == "+++";
  return line == "---" || line == "...";
}

}  // namespace

std::optional<std::string> key_of_line(std::string_view line, char sign) {
  std::size_t begin = 0;
  const bool in_quotes = !line.empty() && (line.front() == '"' || line.front() == '\'');
  if (in_quotes) begin = 1;
  std::size_t end = begin;
  while (end < line.size() && is_key_character(line[end])) ++end;
  if (end == begin) return std::nullopt;
  std::string key(line.substr(begin, end - begin));
  if (in_quotes) {
    if (end >= line.size() || line[end] != line.front()) return std::nullopt;
    ++end;
  }
  while (end < line.size() && (line[end] == ' ' || line[end] == '\t')) ++end;
  if (end >= line.size() || line[end] != sign) return std::nullopt;
  const bool spaced = sign == '=' || end + 1 == line.size() || line[end + 1] == ' ' || line[end + 1] == '\t';
  if (!spaced) return std::nullopt;
  return key;
}

HeadExtent find_head(std::string_view text) {
  const Line first = line_at(text, 0);
  const std::string_view fence = without_trailing_space(first.text);
  if (fence != "---" && fence != "+++") return near_miss(text);
  const char sign = fence.front();
  const char equals = sign == '+' ? '=' : ':';
  bool keys = false;
  for (std::size_t offset = first.next; offset < text.size();) {
    const Line line = line_at(text, offset);
    if (closes(without_trailing_space(line.text), sign)) {
      if (!keys && sign == '-') return {};
      HeadExtent head;
      head.kind = sign == '+' ? HeadExtent::Kind::toml : HeadExtent::Kind::yaml;
      head.begin = first.next;
      head.end = offset;
      head.body = line.next;
      return head;
    }
    keys = keys || key_of_line(line.text, equals).has_value();
    offset = line.next;
  }
  // Not closed. A line "Note: ..." further down in a text that begins with a thematic break is no key.
  if (!keys_follow(text, first.next, equals)) return {};
  return broken(0, "the front matter is not closed", "end it with a line " + std::string(fence));
}

}  // namespace intake
