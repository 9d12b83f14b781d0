#include "admin/socket.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace admin {
namespace {

constexpr int kBacklog = 64;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kMode = 0660;

[[noreturn]] void fail(const std::string& path, const std::string& what, int descriptor = -1) {
  if (descriptor >= 0) ::close(descriptor);
  throw std::runtime_error(path + ": " + what);
}

void clear_place(const std::filesystem::path& path) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  const auto kind = std::filesystem::symlink_status(path).type();
  if (kind == std::filesystem::file_type::not_found) return;
  if (kind != std::filesystem::file_type::socket) fail(path, "is there already, and is no socket");
  ::unlink(path.c_str());
}

}  // namespace

int listen_on(const std::filesystem::path& path, const std::string& group) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) fail(name, "the path of a socket has at most 107 bytes");
  std::memcpy(address.sun_path, name.c_str(), name.size());
  clear_place(path);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // Nobody else gets in before group and mode are as they should be; the umask is left alone, which all
  // threads share.
  const bool bound = descriptor >= 0 && ::fchmod(descriptor, kOwnerOnly) == 0 &&
                     ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!bound) fail(name, std::string("can't listen here: ") + std::strerror(errno), descriptor);
  if (const struct group* found = ::getgrnam(group.c_str())) {
    [[maybe_unused]] const int owned = ::chown(name.c_str(), static_cast<uid_t>(-1), found->gr_gid);
  }
  if (::chmod(name.c_str(), kMode) != 0 || ::listen(descriptor, kBacklog) != 0) {
    fail(name, std::string("can't listen here: ") + std::strerror(errno), descriptor);
  }
  return descriptor;
}

}  // namespace admin
