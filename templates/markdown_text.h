// The tree as plain text for a mail.
#pragma once

#include <cstddef>
#include <string>

#include "templates/markdown_tree.h"

namespace templates {

struct TextOptions {
  bool merge_marks = false;
  std::size_t width = 72;
  std::size_t limit = 0;  // content behind this many bytes is left out
};

std::string write_text(const Node& root, const TextOptions& options);

}  // namespace templates
