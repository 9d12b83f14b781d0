// Which attributes of raw HTML reach a reader, and with what values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "templates/markdown_tree.h"

namespace templates {

// The attribute of ours that `name` (lower case) is on an element of this kind.
std::optional<AttributeName> allowed_attribute(Kind kind, std::string_view name);

// The value if it is one that the attribute may have. Addresses and ids are not looked at here.
std::optional<std::string> allowed_value(AttributeName name, std::string_view decoded);

std::string_view attribute_name(AttributeName name);

bool is_address(AttributeName name);

}  // namespace templates
