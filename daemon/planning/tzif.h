// The content of one TZif file (RFC 8536): its 64-bit block and its footer.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "planning/posix_rule.h"

namespace planning {

inline constexpr std::size_t kMostTzifBytes = 1u << 20;
// No place on earth is further from UTC; bounds all arithmetic on what a file says.
inline constexpr std::chrono::hours kMostOffset{26};

struct Tzif {
  std::chrono::seconds first{0};                  // before the first change
  std::vector<std::chrono::sys_seconds> changes;  // ascending
  std::vector<std::chrono::seconds> offsets;      // from each change on
  std::optional<PosixRule> rule;                  // from the last change on

  std::chrono::seconds offset_at(std::chrono::sys_seconds instant) const;
  // The changes in (after, until], ascending.
  std::vector<std::chrono::sys_seconds> changes_between(std::chrono::sys_seconds after,
                                                        std::chrono::sys_seconds until) const;
};

// Throws std::runtime_error saying what is wrong with the bytes.
Tzif read_tzif(std::string_view bytes);

}  // namespace planning
