// For as long as it lives, files are opened with the rights of another account, where root asks: what root
// may says nothing about the daemon. For programs with one thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace cli {

class AsAccount {
 public:
  // Changes nothing where the caller is not root, or where there is no such account.
  explicit AsAccount(const std::string& name);
  ~AsAccount();
  AsAccount(const AsAccount&) = delete;
  AsAccount& operator=(const AsAccount&) = delete;

 private:
  bool changed_ = false;
  gid_t group_ = 0;
  std::vector<gid_t> groups_;
};

}  // namespace cli
