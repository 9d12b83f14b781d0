// The tree as HTML.
#pragma once

#include <cstddef>
#include <string>

#include "templates/markdown.h"
#include "templates/markdown_tree.h"

namespace templates {

struct HtmlOptions {
  const Markdown::ImageAddress* image = nullptr;
  bool merge_marks = false;
  std::size_t limit = 0;  // content behind this many bytes is left out, well-nested
  std::size_t expected_size = 0;
};

std::string write_html(const Node& root, const HtmlOptions& options);

}  // namespace templates
