#include "templates/merge.h"

#include <algorithm>

namespace templates {
namespace {

constexpr char kName = '\x01';
constexpr char kFallback = '\x02';
constexpr char kEnd = '\x03';

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string_view without_outer_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && !(text[0] >= '0' && text[0] <= '9') && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), is_name_character);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// A text without the characters that marks are made of.
void append_unmarked(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c != kName && c != kFallback && c != kEnd) out += c;
  }
}

}  // namespace

std::optional<MergeField> merge_field_at(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "{{") return std::nullopt;
  const std::string_view rest = text.substr(at + 2, kLongestMergeField);
  const std::size_t end = rest.find_first_of("{}\n\r\x01\x02\x03");
  if (end == std::string_view::npos || rest.substr(end, 2) != "}}") return std::nullopt;
  const std::string_view inner = rest.substr(0, end);
  const std::size_t bar = inner.find('|');
  const std::string_view name = without_outer_spaces(inner.substr(0, bar));
  if (!is_name(name)) return std::nullopt;
  MergeField field;
  field.length = end + 4;
  field.name = lower_case(name);
  field.has_fallback = bar != std::string_view::npos;
  if (field.has_fallback) field.fallback = without_outer_spaces(inner.substr(bar + 1));
  return field;
}

void append_merge_mark(std::string& out, std::string_view name, std::string_view fallback) {
  out += kName;
  out += name;
  out += kFallback;
  out += fallback;
  out += kEnd;
}

std::vector<MergePiece> merge_pieces(std::string_view marked) {
  std::vector<MergePiece> pieces;
  std::string literal;
  const auto put_literal = [&] {
    if (!literal.empty()) pieces.push_back({std::move(literal), {}, {}});
    literal.clear();
  };
  for (std::size_t at = 0; at < marked.size();) {
    const std::size_t start = marked.find(kName, at);
    literal += marked.substr(at, start - at);
    if (start == std::string_view::npos) break;
    const std::size_t middle = marked.find_first_of("\x01\x02\x03", start + 1);
    const std::size_t end =
        middle == std::string_view::npos ? middle : marked.find_first_of("\x01\x02\x03", middle + 1);
    if (end == std::string_view::npos || marked[middle] != kFallback || marked[end] != kEnd) {
      literal += kName;
      at = start + 1;
      continue;
    }
    put_literal();
    pieces.push_back({{},
                      std::string(marked.substr(start + 1, middle - start - 1)),
                      std::string(marked.substr(middle + 1, end - middle - 1))});
    at = end + 1;
  }
  put_literal();
  return pieces;
}

std::string mark_merge_fields(std::string_view text, std::vector<std::string>* unresolved) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    const auto field = merge_field_at(text, at);
    if (!field || !field->has_fallback) {
      if (field && unresolved != nullptr) unresolved->push_back(field->name);
      at += field ? field->length : 1;
      continue;
    }
    append_unmarked(out, text.substr(done, at - done));
    append_merge_mark(out, field->name, field->fallback);
    at += field->length;
    done = at;
  }
  append_unmarked(out, text.substr(done));
  return out;
}

std::string with_fallbacks(std::string_view marked) {
  std::string out;
  for (const MergePiece& piece : merge_pieces(marked))
    out += piece.name.empty() ? piece.literal : piece.fallback;
  return out;
}

}  // namespace templates
