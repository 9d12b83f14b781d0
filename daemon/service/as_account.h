// For as long as it lives, files are opened with the rights of another account, where root asks: what root
// may says nothing about the daemon. All threads of the process change with it (as glibc has it), so no other
// thread may open anything meanwhile.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace service {

class AsAccount {
 public:
  // Changes nothing where the caller is not root, or where there is no such account.
  explicit AsAccount(const std::string& name);
  ~AsAccount();
  AsAccount(const AsAccount&) = delete;
  AsAccount& operator=(const AsAccount&) = delete;

 private:
  void restore() const;

  bool changed_ = false;
  gid_t group_ = 0;
  std::vector<gid_t> groups_;
};

}  // namespace service
