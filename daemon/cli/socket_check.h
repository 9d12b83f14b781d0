// Whether the control socket is open to those who shall steer fridayd, and to nobody else.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "admin/house.h"

namespace cli {

// `steering`: the group of those who may; nothing if this machine has no such group.
admin::Finding socket_finding(const std::string& path, const struct stat& status,
                              const std::optional<gid_t>& steering);

admin::Finding look_at_socket(const std::string& path);

}  // namespace cli
