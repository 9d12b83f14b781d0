// Comments as Obsidian writes them, %% between two signs %%: in a line, over lines, over blocks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "templates/markdown_findings.h"
#include "templates/markdown_tree.h"

namespace templates {

// Stands for each character of a comment: white space to Markdown, but neither an indent nor the end of a
// line. No body holds it otherwise.
constexpr char kFiller = '\f';

// The next part of `piece` without fillers, which is taken off `piece`; empty at its end.
std::string_view next_without_fillers(std::string_view& piece);

struct WithoutComments {
  std::string body;  // as long as the one given, with the same lines
  std::size_t comments = 0;
  std::size_t first = 0;  // where the first one starts
};

// `tree` is the body read with its comments: it says where code is, in which no comment starts.
WithoutComments take_out_comments(std::string_view body, const Node& tree, Findings& findings);

}  // namespace templates
