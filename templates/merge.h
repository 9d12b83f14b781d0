// Merge fields: {{name|there}} in a draft or a subject. NAME is a column of the recipients, FALLBACK
// stands where a recipient has none, and on the blog.
//
// Inside finished texts a field stands as a mark that no text of a person can hold (control characters
// are refused in drafts): U+0001 NAME U+0002 FALLBACK U+0003, both raw, not escaped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace templates {

struct MergePiece {
  std::string literal;  // when name is empty
  std::string name;     // lower case
  std::string fallback;
};

// A text with marks as its pieces, in order.
std::vector<MergePiece> merge_pieces(std::string_view marked);

// "Hello {{name|there}}" -> with marks; what is not of the form stays. `unresolved` gets each field that
// lacks a fallback.
std::string mark_merge_fields(std::string_view text, std::vector<std::string>* unresolved = nullptr);

// Marks replaced by their fallback.
std::string with_fallbacks(std::string_view marked);

// One field as an author writes it. A name begins with a letter or _, and holds letters, digits, _ and -;
// spaces around name and fallback do not count; {{name|}} has an empty fallback.
struct MergeField {
  std::size_t length = 0;  // from the first brace to the last
  std::string name;        // lower case
  std::string_view fallback;
  bool has_fallback = false;
};
constexpr std::size_t kLongestMergeField = 300;

// The field whose first brace stands at `at`, if there is one.
std::optional<MergeField> merge_field_at(std::string_view text, std::size_t at);

void append_merge_mark(std::string& out, std::string_view name, std::string_view fallback);

}  // namespace templates
