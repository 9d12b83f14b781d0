// The API on a Unix socket: HTTP threads of cpp-httplib that parse, ask the routes and format.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "admin/peer.h"
#include "admin/routes.h"

namespace admin {

class Server {
 public:
  // Listens on `socket` (0660, of the group `group` where it exists), or on a descriptor handed over by
  // systemd. Removes a stale socket: the caller holds the state's lock. Throws std::runtime_error.
  Server(House house, const std::filesystem::path& socket, const std::string& group,
         std::optional<int> activated, NameOf name_of = account_name);
  ~Server();
  // No new request; those under way are answered.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace admin
