// How a template's values are escaped: by the middle part of its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace templates {

enum class Escaping { none, markup };

// .html.j2 and .xml.j2: markup; .txt.j2: none; any other name: nothing.
std::optional<Escaping> escaping_of(std::string_view name);

// & < > " ' as entities; every other byte, control characters too, as it is.
void append_escaped(std::string& out, std::string_view text);

}  // namespace templates
