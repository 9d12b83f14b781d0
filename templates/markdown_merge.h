// Merge fields in the tree.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "templates/markdown_arena.h"
#include "templates/markdown_findings.h"
#include "templates/markdown_tree.h"

namespace templates {

// Replaces {{name|fallback}} in texts outside code by nodes of their own, and tells of those without a
// fallback, which stay as they are.
void find_merge_fields(Node& root, Arena& arena, Findings& findings);

void tell_unresolved(Findings& findings, std::size_t offset, const std::string& name);

// A description of an image: merge fields as their fallback, and those without one told.
std::string description_of(std::string_view text, std::size_t offset, Findings& findings);

}  // namespace templates
