// The mark by which a page is known as ours: <meta name="fridayd" content="PID.REV.MAC">.
#pragma once

#include <string>
#include <string_view>

#include "publishers/edition.h"

namespace publishers {

// The content of a page's mark; empty where it has none.
std::string_view marker_in(std::string_view page);

// Whether `marker` is of this post, in whatever revision.
bool is_of_post(std::string_view marker, const Edition& edition);

}  // namespace publishers
