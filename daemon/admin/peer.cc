#include "admin/peer.h"

#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace admin {
namespace {

constexpr std::size_t kRoomForAccount = 16384;
constexpr std::size_t kLongestName = 64;

bool plain(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

std::string account_name(uid_t uid) {
  std::vector<char> room(kRoomForAccount);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(uid, &entry, room.data(), room.size(), &found);
  return found != nullptr ? found->pw_name : "uid " + std::to_string(uid);
}

std::string who_asks(const std::string& account, const std::string& said) {
  const std::string known = account.empty() ? "admin" : account;
  return said == known || !plain(said) ? known : known + " (says " + said + ')';
}

PeerStream::PeerStream(int descriptor, std::chrono::milliseconds patience, const NameOf& name_of)
    : descriptor_(descriptor), patience_(patience) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0) account_ = name_of(peer.uid);
}

bool PeerStream::wait_for(short event) const {
  pollfd waiting{descriptor_, event, 0};
  int ready = -1;
  do {
    ready = ::poll(&waiting, 1, static_cast<int>(patience_.count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0 && (waiting.revents & event) != 0;
}

bool PeerStream::is_readable() const {
  return at_ < end_ || wait_for(POLLIN);
}

bool PeerStream::is_writable() const {
  return wait_for(POLLOUT);
}

ssize_t PeerStream::read(char* bytes, size_t size) {
  if (at_ == end_) {
    if (!wait_for(POLLIN)) return -1;
    const ssize_t got = ::recv(descriptor_, ahead_.data(), ahead_.size(), 0);
    if (got <= 0) return got;
    at_ = 0;
    end_ = static_cast<size_t>(got);
  }
  const size_t some = std::min(size, end_ - at_);
  std::memcpy(bytes, ahead_.data() + at_, some);
  at_ += some;
  return static_cast<ssize_t>(some);
}

ssize_t PeerStream::write(const char* bytes, size_t size) {
  if (!is_writable()) return -1;
  return ::send(descriptor_, bytes, size, MSG_NOSIGNAL);
}

void PeerStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = account_;
  port = 0;
}

void PeerStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace admin
