// Where the daemon of a configuration is reached. Never that of another configuration.
#pragma once

#include <optional>
#include <string>

#include "cli/options.h"

namespace cli {

// Nothing, and why on standard error, where the configuration that was named does not tell.
std::optional<std::string> control_socket(const Options& options);

}  // namespace cli
