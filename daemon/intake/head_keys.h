// The keys of a head: fridayd's own, those of other programs, and slips of the hand. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace intake {

// All take the key in lower case.
bool is_known_key(std::string_view key);
// Keys that Hugo, Jekyll, Ghost, Obsidian and the like know and fridayd has no use for.
bool is_foreign_key(std::string_view key);
// The known key that was meant: one slip away from a key of up to five letters, two from a longer one;
// "" if none was.
std::string meant_key(std::string_view key);

// Letters to change, drop, add or swap with their neighbour.
std::size_t slips_between(std::string_view a, std::string_view b);

}  // namespace intake
