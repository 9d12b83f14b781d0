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

struct Room {
  std::uint64_t disk = 0;   // the same for all places on it
  std::uintmax_t free = 0;  // bytes that this account may still fill
};
// Nothing where the place is not there.
std::optional<Room> room_at(const std::filesystem::path& path);
// Under 256 MiB is too little.
admin::Finding disk_finding(const std::filesystem::path& path, std::uintmax_t free);

}  // namespace service
