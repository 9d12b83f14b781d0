// A body of Markdown as a tree. The only place that knows md4c.
#pragma once

#include <string_view>

#include "templates/markdown_builder.h"

namespace templates {

// Feeds the builder. What exceeds the builder's limits is left out.
void parse_markdown(std::string_view body, TreeBuilder& builder);

}  // namespace templates
