// Character references (&eacute; &#233; &#xE9;) as the characters they stand for.
#pragma once

#include <string>
#include <string_view>

namespace templates {

extern const std::string_view kEntityNames;

// A text or an attribute's value with its references decoded; what is no reference stays. References to
// control characters become U+FFFD: marks of ours in finished texts are made of those.
std::string decode_entities(std::string_view text);

}  // namespace templates
