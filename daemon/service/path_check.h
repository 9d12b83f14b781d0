// Whether this process may do in a place what has to be done there.
#pragma once

#include <sys/stat.h>

#include <string>

#include "admin/house.h"
#include "publishers/needed_path.h"

namespace service {

// "of ada:users, mode 640"
std::string owner_of(const struct stat& status);

// One line for people. Changes nothing; blocking. Goes by the effective account, so by what root may if that
// is who asks.
admin::Finding look_at(const publishers::NeededPath& needed);

}  // namespace service
