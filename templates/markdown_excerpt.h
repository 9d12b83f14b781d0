// A short form of a draft, and its length.
#pragma once

#include <cstddef>
#include <string>

#include "templates/markdown_tree.h"

namespace templates {

// The words of the paragraphs that stand for themselves (not in quotes, lists, tables); where there are none,
// all words but headings and code.
std::string excerpt_of(const Node& root, std::size_t max_characters);

// Without code blocks and descriptions of images.
std::size_t count_words(const Node& root);

}  // namespace templates
