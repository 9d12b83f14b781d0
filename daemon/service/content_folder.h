// The shared folder at a start.
#pragma once

#include <string>

#include "config/config.h"

namespace service {

// Makes the folder, drafts/ and published/ where they are missing. Throws ConfigurationRefused for a folder
// that can't be had.
void prepare_content(const config::Config& config);

// What keeps the folder from being used now, or "". Blocking: it may be on a network that hangs.
std::string content_trouble(const config::Config& config);

}  // namespace service
