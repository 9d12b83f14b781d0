// Collects findings and turns offsets in the body into lines and columns. Bounded: a flood of the same
// fault becomes one finding, and no kind of finding crowds out the blocking ones.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "templates/markdown.h"

namespace templates {

class Findings {
 public:
  explicit Findings(std::string_view body) : body_(body) {}

  void block(std::size_t offset, std::string what, std::string todo);
  void warn(std::size_t offset, std::string what, std::string todo);
  // As warn(), but only the first time for this `what`.
  void warn_once(std::size_t offset, const std::string& what, std::string todo);

  // Line and column of an offset, both from 1; columns are characters.
  std::pair<std::size_t, std::size_t> place(std::size_t offset);

  // In the order of the text.
  std::vector<Finding> take();

 private:
  static constexpr std::size_t kMostOfAKind = 100;

  void add(std::size_t offset, std::string what, std::string todo, bool blocking);

  std::string_view body_;
  std::vector<std::size_t> line_starts_;
  std::size_t last_offset_ = 0;
  std::size_t last_column_ = 1;
  std::vector<Finding> findings_;
  std::size_t blocking_ = 0;
  std::unordered_set<std::string> said_;
};

// What an author wrote, fit for one line of a message: cut short, control characters as '?'.
std::string quoted_short(std::string_view text);

}  // namespace templates
