// The address part of a post: [a-z0-9-], with a letter, at most 80. ICU stays behind this header. Pure;
// thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace intake {

// "What's new in Zürich?" -> "whats-new-in-zurich", cut at a word; "" if no letter is left.
std::string slugify(std::string_view text);

bool well_formed_slug(std::string_view slug);
// Addresses that the site itself uses.
bool reserved_slug(std::string_view slug);

}  // namespace intake
