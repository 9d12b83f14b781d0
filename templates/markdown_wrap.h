// Lines for plain text. A flow is text whose spaces may become line ends; kFirmSpace is a space that may not,
// '\n' a line end that must be. Merge marks (templates/merge.h) are never broken, and count with their
// fallback.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace templates {

constexpr char kFirmSpace = '\x04';

std::size_t flow_width(std::string_view flow);

// At least one line; a word longer than `width` has a line of its own.
std::vector<std::string> wrap(std::string_view flow, std::size_t width);

// Firm spaces as spaces.
std::string plain_line(std::string_view flow);

}  // namespace templates
