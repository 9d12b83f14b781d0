#include "service/as_account.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace service {
namespace {

void must(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "the account can't be changed");
}

}  // namespace

AsAccount::AsAccount(const std::string& name) : group_(::getegid()) {
  const passwd* const account = ::geteuid() == 0 ? ::getpwnam(name.c_str()) : nullptr;
  if (account == nullptr) return;
  groups_.resize(static_cast<std::size_t>(::getgroups(0, nullptr)));
  must(::getgroups(static_cast<int>(groups_.size()), groups_.data()));
  changed_ = true;
  try {
    must(::initgroups(account->pw_name, account->pw_gid));
    must(::setegid(account->pw_gid));
    must(::seteuid(account->pw_uid));
  } catch (...) {
    restore();
    throw;
  }
}

AsAccount::~AsAccount() {
  if (changed_) restore();
}

void AsAccount::restore() const {
  // It was root: it is given back what it was.
  const bool restored =
      ::seteuid(0) == 0 && ::setegid(group_) == 0 && ::setgroups(groups_.size(), groups_.data()) == 0;
  if (!restored) ::_exit(1);
}

}  // namespace service
