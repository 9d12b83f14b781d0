// Who is at the other end of a connection of the control socket, as the kernel has it, and the bytes between.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <functional>
#include <string>

#include <httplib.h>

namespace admin {

using NameOf = std::function<std::string(uid_t)>;

// The account's name, or "uid 1001" where it has none. Of accounts that this process can't see
// (PrivateUsers=) the kernel says that they are nobody.
std::string account_name(uid_t uid);

// What goes into the audit: the account, and what the client says of itself where that is another name.
std::string who_asks(const std::string& account, const std::string& said);

// An accepted connection for the HTTP library, which tells the peer's account in the place of an address.
// Reads and writes wait `patience` at the most. The descriptor stays the caller's.
class PeerStream final : public httplib::Stream {
 public:
  PeerStream(int descriptor, std::chrono::milliseconds patience, const NameOf& name_of);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* bytes, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return descriptor_; }

 private:
  bool wait_for(short event) const;

  int descriptor_;
  std::chrono::milliseconds patience_;
  std::string account_;
  std::array<char, 4096> ahead_{};  // the library asks for single bytes
  size_t at_ = 0;
  size_t end_ = 0;
};

}  // namespace admin
