// The control socket in the file system.
#pragma once

#include <filesystem>
#include <string>

namespace admin {

// A descriptor that listens on `path`: mode 0660, of the group `group` where it exists. A stale socket there
// is removed, anything else is not; the caller holds the state's lock. Throws std::runtime_error.
int listen_on(const std::filesystem::path& path, const std::string& group);

}  // namespace admin
