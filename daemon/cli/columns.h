// How much room a text takes on a terminal, and a text cut to fit. Escape sequences take no room. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

std::size_t columns(std::string_view text);
// At most `room` columns, its end replaced by an ellipsis where that was too few; colours are ended.
std::string cut_to(const std::string& text, std::size_t room);

}  // namespace cli
