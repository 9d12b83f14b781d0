#include "intake/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "intake/file_names.h"

namespace intake {
namespace {

constexpr mode_t kFileMode = 0660;
constexpr mode_t kFolderMode = 0770;

bool plain_relative(std::string_view path) {
  if (path.empty() || path.starts_with('/')) return false;
  const std::string framed = '/' + std::string(path) + '/';
  return framed.find("/../") == std::string::npos && framed.find("/./") == std::string::npos &&
         framed.find("//") == std::string::npos && path.find('\0') == std::string_view::npos;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A file of our own under a name that nobody takes for a draft; removed unless renamed away.
class Temporary {
 public:
  explicit Temporary(int folder) : folder_(folder) {
    static std::atomic<unsigned> count{0};
    name_ = ".fridayd-" + std::to_string(::getpid()) + '-' + std::to_string(count++) + ".tmp";
    ::unlinkat(folder_, name_.c_str(), 0);
    file_ = FileDescriptor(
        ::openat(folder_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    // The umask must not keep the authors' group out.
    if (file_) ::fchmod(file_.get(), kFileMode);
  }
  ~Temporary() {
    if (!file_ || moved_) return;
    const int error = errno;
    ::unlinkat(folder_, name_.c_str(), 0);
    errno = error;
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  bool fill(std::string_view bytes, bool durable) {
    return file_ && write_all(file_.get(), bytes) && (!durable || ::fsync(file_.get()) == 0);
  }

  bool replace(const std::string& name) {
    moved_ = ::renameat(folder_, name_.c_str(), folder_, name.c_str()) == 0;
    return moved_;
  }

  bool create(const std::string& name) {
    if (::renameat2(folder_, name_.c_str(), folder_, name.c_str(), RENAME_NOREPLACE) == 0) {
      moved_ = true;
      return true;
    }
    if (errno != EINVAL && errno != ENOSYS) return false;
    // Network file systems know no RENAME_NOREPLACE; a link fails as well where the name is taken.
    return ::linkat(folder_, name_.c_str(), folder_, name.c_str(), 0) == 0;
  }

 private:
  int folder_;
  std::string name_;
  FileDescriptor file_;
  bool moved_ = false;
};

}  // namespace

FileDescriptor open_beneath_by_steps(int folder, const std::string& path, int flags, unsigned mode) {
  if (!plain_relative(path)) {
    errno = EXDEV;
    return {};
  }
  FileDescriptor at;
  int current = folder;
  std::string_view rest = path;
  for (std::size_t slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    const std::string part(rest.substr(0, slash));
    rest.remove_prefix(slash + 1);
    at = FileDescriptor(::openat(current, part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!at) {
      const int error = errno;
      struct stat status{};
      const bool link =
          ::fstatat(current, part.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
      errno = link ? ELOOP : error;
      return at;
    }
    current = at.get();
  }
  return FileDescriptor(::openat(current, std::string(rest).c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
}

FileDescriptor open_beneath(int folder, const std::string& path, int flags, unsigned mode) {
  if (!plain_relative(path)) {
    errno = EXDEV;
    return {};
  }
  open_how how{};
  how.flags = static_cast<__u64>(static_cast<unsigned>(flags | O_NOFOLLOW | O_CLOEXEC));
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  const long opened = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
  if (opened >= 0) return FileDescriptor(static_cast<int>(opened));
  if (errno == ENOSYS || errno == EPERM) return open_beneath_by_steps(folder, path, flags, mode);
  return {};
}

bool make_folders_beneath(int folder, std::string_view path) {
  for (std::size_t end = 0; end <= path.size(); ++end) {
    if (end < path.size() && path[end] != '/') continue;
    const std::string part(path.substr(0, end));
    const FileDescriptor parent =
        parent_folder(part).empty()
            ? FileDescriptor(::fcntl(folder, F_DUPFD_CLOEXEC, 0))
            : open_beneath(folder, std::string(parent_folder(part)), O_PATH | O_DIRECTORY);
    if (!parent) return false;
    const std::string name(last_name(part));
    if (::mkdirat(parent.get(), name.c_str(), kFolderMode) == 0) {
      // The umask may have taken the group's rights away. Where RestrictSUIDSGID= forbids setgid, a folder
      // has it from the one around it, and the unit's own umask leaves the group its rights.
      const bool forbidden = ::fchmodat(parent.get(), name.c_str(), S_ISGID | kFolderMode, 0) != 0;
      if (forbidden && errno != EPERM) return false;
    } else if (errno != EEXIST) {
      return false;
    }
  }
  return true;
}

bool replace_file(int folder, const std::string& name, std::string_view bytes, bool durable) {
  Temporary temporary(folder);
  if (!temporary.fill(bytes, durable) || !temporary.replace(name)) return false;
  return !durable || ::fsync(folder) == 0;
}

bool create_file(int folder, const std::string& name, std::string_view bytes) {
  Temporary temporary(folder);
  return temporary.fill(bytes, true) && temporary.create(name) && ::fsync(folder) == 0;
}

}  // namespace intake
