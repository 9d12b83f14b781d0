// Signs that a draft is still being written.
#pragma once

#include <string_view>
#include <vector>

#include "templates/markdown.h"
#include "templates/markdown_tree.h"

namespace templates {

std::vector<Finding> find_unfinished(const Node& root, std::string_view body);

}  // namespace templates
