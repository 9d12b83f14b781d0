// What stands in a head, before anything is made of it: the same shape for YAML and TOML.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/text.h"
#include "model/draft.h"

namespace intake {

struct HeadValue;

struct HeadMember;

struct HeadValue {
  // `plain` is an unquoted YAML scalar: whoever reads the key decides what it is.
  enum class Kind { nothing, plain, text, number, flag, date, list, map };
  Kind kind = Kind::nothing;
  std::string text;  // of a scalar, as written
  std::vector<HeadValue> items;
  std::vector<HeadMember> members;
  Place place;

  bool scalar() const { return kind != Kind::list && kind != Kind::map; }
};

struct HeadMember {
  std::string key;
  Place place;
  HeadValue value;
};

// `source` is what stands between the fences, `first_line` the line of the file that it begins on.
// Problems are appended; what could be read is returned (a map).
HeadValue parse_yaml_head(std::string_view source, std::size_t first_line, const std::string& file,
                          std::vector<model::Problem>& problems);
HeadValue parse_toml_head(std::string_view source, std::size_t first_line, const std::string& file,
                          std::vector<model::Problem>& problems);

// Text in curly quotes as a word processor leaves it.
bool curly_quoted(std::string_view text);
// Without those quotes.
std::string without_curly_quotes(std::string_view text);
// `text` as a YAML or TOML value in straight quotes.
std::string quoted_value(std::string_view text);

}  // namespace intake
