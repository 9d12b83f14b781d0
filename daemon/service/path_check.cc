#include "service/path_check.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <sstream>
#include <vector>

#include "admin/peer.h"

namespace service {
namespace {

namespace fs = std::filesystem;
using admin::Finding;
using publishers::NeededPath;

constexpr std::uintmax_t kLeastRoom = 256u << 20;

std::string group_name(gid_t gid) {
  constexpr std::size_t kRoom = 16384;
  std::vector<char> room(kRoom);
  group entry{};
  group* found = nullptr;
  ::getgrgid_r(gid, &entry, room.data(), room.size(), &found);
  return found != nullptr ? found->gr_name : "gid " + std::to_string(gid);
}

// Why `mode` is not granted, or nothing.
std::optional<int> refusal(const fs::path& path, int mode) {
  if (::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0) return std::nullopt;
  return errno;
}

// The first folder on the way up that is there.
fs::path nearest_above(const fs::path& path) {
  fs::path above = fs::absolute(path).parent_path();
  struct stat status{};
  while (above.has_relative_path() && ::stat(above.c_str(), &status) != 0 && errno == ENOENT) {
    above = above.parent_path();
  }
  return above;
}

std::string todo_for(int error) {
  switch (error) {
    case ENOENT:
      return "put it there";
    case EROFS:
      return "name it in ReadWritePaths= of the unit (systemctl edit fridayd), or mount it writable";
    case EACCES:
    case EPERM:
      return "mend its owner and mode for the account of fridayd, and those of the folders above it";
    default:
      return "mend it";
  }
}

bool is_folder(NeededPath::Use use) {
  return use == NeededPath::Use::read_folder || use == NeededPath::Use::own_folder;
}

bool is_made(NeededPath::Use use) {
  return use == NeededPath::Use::append_file || use == NeededPath::Use::own_folder;
}

int mode_of(NeededPath::Use use) {
  switch (use) {
    case NeededPath::Use::read_file:
      return R_OK;
    case NeededPath::Use::append_file:
      return R_OK | W_OK;
    case NeededPath::Use::read_folder:
      return R_OK | X_OK;
    case NeededPath::Use::own_folder:
      break;
  }
  return R_OK | W_OK | X_OK;
}

Finding missing(const std::string& name, const fs::path& path) {
  const fs::path above = nearest_above(path);
  if (const auto error = refusal(above, W_OK | X_OK)) {
    return {Finding::Kind::bad,
            name + " is not there, and can't be made in " + above.string() + ": " + std::strerror(*error),
            *error == EROFS ? todo_for(EROFS) : "make it, and give it to the account of fridayd"};
  }
  return {Finding::Kind::good, name + " is not there yet, and is made when it is needed", ""};
}

}  // namespace

std::string owner_of(const struct stat& status) {
  std::ostringstream text;
  text << "of " << admin::account_name(status.st_uid) << ':' << group_name(status.st_gid) << ", mode "
       << std::oct << (status.st_mode & 07777U);
  return text.str();
}

Finding look_at(const NeededPath& needed) {
  const std::string name = needed.what + ' ' + needed.path.string();
  struct stat status{};
  if (::stat(needed.path.c_str(), &status) != 0) {
    const int error = errno;
    if (error == ENOENT && is_made(needed.use)) return missing(name, needed.path);
    return {Finding::Kind::bad, name + ": " + std::strerror(error), todo_for(error)};
  }
  if (is_folder(needed.use) != S_ISDIR(status.st_mode)) {
    return {Finding::Kind::bad,
            name + (is_folder(needed.use) ? " is no folder" : " is a folder, and no file"),
            "put it elsewhere"};
  }
  const std::string whole = name + ", " + owner_of(status);
  if (const auto error = refusal(needed.path, mode_of(needed.use))) {
    const bool readable = !refusal(needed.path, mode_of(needed.use) & ~W_OK);
    return {Finding::Kind::bad,
            whole + ", can't be " + (readable ? "written" : "read") + ": " + std::strerror(*error),
            todo_for(*error)};
  }
  return {Finding::Kind::good, whole, ""};
}

std::optional<Room> room_at(const fs::path& path) {
  struct stat status{};
  struct statvfs disk{};
  if (::stat(path.c_str(), &status) != 0 || ::statvfs(path.c_str(), &disk) != 0) return std::nullopt;
  return Room{status.st_dev, std::uintmax_t{disk.f_bavail} * disk.f_frsize};
}

Finding disk_finding(const fs::path& path, std::uintmax_t free) {
  const std::string what =
      "the disk of " + path.string() + " has " + std::to_string(free >> 20U) + " MiB free";
  if (free < kLeastRoom) return {Finding::Kind::bad, what, "make room"};
  return {Finding::Kind::good, what, ""};
}

}  // namespace service
