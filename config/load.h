// Reads a configuration file. toml++ stays behind this header.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace config {

// All that could be read; what was wrong is in `faults`, with its place. A file that is no TOML at all
// gives its syntax error as the only fault. Does not throw for bad input.
Config load(const std::filesystem::path& file, Faults& faults);
Config load_text(std::string_view text, const std::filesystem::path& file, Faults& faults);

// The member of `known` that is nearest to `word` within the usual slip of a hand: one letter in a short
// word, two in a longer one; two letters swapped are one slip. "" if none is.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

// "90s", "12h", "2d", "1h30m", "250ms"; nothing for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::optional<std::uintmax_t> parse_size(std::string_view text);

}  // namespace config
