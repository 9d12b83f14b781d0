// A draft's head: YAML between --- and --- or ..., TOML between +++, or none. Pure; thread-safe.
//
// libyaml and toml++ stay behind this header. All that is wrong is told at once, each with its place in
// the file and what to write instead.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "intake/text.h"
#include "model/draft.h"

namespace intake {

struct Head {
  model::FrontMatter front;
  std::string body;
  std::size_t body_line = 1;  // the line of the file that the body begins on
  std::vector<model::Problem> problems;
  bool unreadable = false;              // keys may be missing from `front` though they stand there
  std::string not_ready;                // why front.ready is false: "status is draft"
  std::map<std::string, Place> places;  // of the values that stand there, by key
};

// `text` is UTF-8 with LF line ends (text.h: normalised).
Head read_head(std::string_view text, const std::string& file);

}  // namespace intake
