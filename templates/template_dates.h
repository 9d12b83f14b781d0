// Dates as people read them. Works on the text alone: what stands in it is already local time.
#pragma once

#include <string>
#include <string_view>

namespace templates {

// `when`: RFC 3339, "2026-11-27T08:00:00-05:00", or only its date. `pattern`: %Y %m %d %e %B %b %A %a %H
// %M %I %p %z %%, in English, with %e unpadded. Throws ValueProblem.
std::string formatted_date(std::string_view when, std::string_view pattern);

}  // namespace templates
