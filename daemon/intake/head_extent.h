// Where a text's head stands, and what looks like a head but is none. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "intake/text.h"

namespace intake {

struct HeadExtent {
  enum class Kind { none, yaml, toml, broken };
  Kind kind = Kind::none;
  std::size_t begin = 0;  // of what stands between the fences
  std::size_t end = 0;    // offset of the closing fence's line
  std::size_t body = 0;   // offset of the first line after it; 0 without a head
  // Of a broken head: something meant as a head that must not become body text.
  std::size_t fault = 0;  // offset
  std::string what;
  std::string todo;
};

// `text` is UTF-8 without a byte order mark, with any line ends.
HeadExtent find_head(std::string_view text);

// The key of a line "key: value" or "key = value", as YAML or TOML write it at the top level.
std::optional<std::string> key_of_line(std::string_view line, char sign);

}  // namespace intake
