#include "cli/socket_check.h"

#include <grp.h>

#include <cerrno>
#include <cstring>

#include "service/path_check.h"

namespace cli {

using admin::Finding;

admin::Finding socket_finding(const std::string& path, const struct stat& status,
                              const std::optional<gid_t>& steering) {
  const std::string whole = "control socket " + path + ", " + service::owner_of(status);
  if (!S_ISSOCK(status.st_mode)) {
    return {Finding::Kind::bad, whole + ", is no socket", "put the file elsewhere and restart fridayd"};
  }
  if ((status.st_mode & S_IWOTH) != 0) {
    return {Finding::Kind::bad, whole + ", lets everybody on this machine steer fridayd",
            "chmod 660 " + path};
  }
  if ((status.st_mode & S_IWGRP) == 0) {
    return {Finding::Kind::bad, whole + ", shuts out the group that shall steer fridayd",
            "chmod 660 " + path};
  }
  if (steering && status.st_gid != *steering) {
    return {Finding::Kind::note, whole + ", is not open to the members of fridayd-admin", ""};
  }
  return {Finding::Kind::good, whole, ""};
}

admin::Finding look_at_socket(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return {Finding::Kind::note, "control socket " + path + ": " + std::strerror(errno), ""};
  }
  std::optional<gid_t> steering;
  if (const group* found = ::getgrnam("fridayd-admin")) steering = found->gr_gid;
  return socket_finding(path, status, steering);
}

}  // namespace cli
