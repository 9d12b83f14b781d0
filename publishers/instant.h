// Instants as RFC 3339 text in UTC, whole seconds: "2026-11-27T13:00:00Z".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace publishers {

// Of the years 0 to 9999, which all that is published lies in.
std::string rfc3339(std::chrono::sys_seconds instant);

// Nothing for any other form, and for dates that no calendar has.
std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

}  // namespace publishers
