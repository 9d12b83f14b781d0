// Where root runs the tests, what is looked at belongs to nobody: root is refused nothing.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace support {

inline constexpr uid_t kNobody = 65534;

// A folder and all in it become nobody's, where root runs the tests.
inline void give_to_nobody(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return;
  const auto give = [](const std::filesystem::path& path) {
    if (::lchown(path.c_str(), kNobody, kNobody) != 0) throw std::runtime_error(path.string());
  };
  give(folder);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) give(entry.path());
}

}  // namespace support
