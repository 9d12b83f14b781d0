// Is a post where its readers look for it? Asks over HTTP, as a reader would, and looks for the mark.
#pragma once

#include <string>

#include "publishers/edition.h"
#include "publishers/receipt.h"

namespace publishers {

Receipt live_check_http(const Edition& edition, const std::string& permalink);

// What a page, as it was found, says about the post.
Receipt judge_page(const Edition& edition, const std::string& permalink, const std::string& page);

}  // namespace publishers
