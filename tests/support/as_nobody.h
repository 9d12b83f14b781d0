// For as long as it lives, files are opened with the rights of nobody, where root runs the tests: root is
// refused nothing. Elsewhere the rights of whoever runs them do.
#pragma once

#include <grp.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <vector>

namespace support {

inline constexpr uid_t kNobody = 65534;

class AsNobody {
 public:
  AsNobody() {
    if (!root_) return;
    groups_.resize(static_cast<std::size_t>(::getgroups(0, nullptr)));
    const bool changed = ::getgroups(static_cast<int>(groups_.size()), groups_.data()) >= 0 &&
                         ::setgroups(0, nullptr) == 0 && ::setegid(kNobody) == 0 && ::seteuid(kNobody) == 0;
    if (!changed) throw std::runtime_error("nobody's rights can't be taken");
  }
  ~AsNobody() {
    if (!root_) return;
    const bool restored =
        ::seteuid(0) == 0 && ::setegid(group_) == 0 && ::setgroups(groups_.size(), groups_.data()) == 0;
    if (!restored) ::_exit(1);
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  const bool root_ = ::geteuid() == 0;
  const gid_t group_ = ::getegid();
  std::vector<gid_t> groups_;
};

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
