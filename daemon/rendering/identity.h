// Names that a post keeps for ever: its ULID, the marker that proves it at the far end, its deliveries'
// idempotency keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/time.h"

namespace rendering {

// 48 bits of time and 80 of `randomness` in Crockford's base 32: sorts by time.
std::string ulid(model::Instant at, const std::uint8_t (&randomness)[10]);
std::string fresh_ulid(model::Instant at);

// "PID.REV.MAC": the MAC under the site's key shows that the post is ours.
std::string marker(std::string_view site_key, std::string_view pid, int revision);
std::string delivery_key(std::string_view site_key, std::string_view pid, std::string_view channel);

}  // namespace rendering
