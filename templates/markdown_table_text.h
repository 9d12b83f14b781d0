// A table as lines of text: columns side by side where they fit, else a row as a list of its cells.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "templates/markdown_flow.h"
#include "templates/markdown_tree.h"

namespace templates {

std::vector<std::string> table_lines(const Node& table, FlowWriter& flows, std::size_t width);

}  // namespace templates
