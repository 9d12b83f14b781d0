// A web server on loopback that answers every request with the same bytes, and keeps what it was sent.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace support {

// A listening socket on a free port of 127.0.0.1.
inline int listen_on_loopback() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(listener, raw, sizeof address) != 0 || ::listen(listener, 16) != 0)
    throw std::runtime_error("cannot listen on loopback");
  return listener;
}

inline int port_of(int listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

class ScriptedHttp {
 public:
  // `silent`: takes the request and answers nothing until it is destroyed.
  explicit ScriptedHttp(std::string answer, bool silent = false)
      : answer_(std::move(answer)),
        silent_(silent),
        listener_(listen_on_loopback()),
        thread_([this] { serve(); }) {}

  ScriptedHttp(const ScriptedHttp&) = delete;
  ScriptedHttp& operator=(const ScriptedHttp&) = delete;

  ~ScriptedHttp() {
    ::shutdown(listener_, SHUT_RDWR);
    if (const int open = open_; open >= 0) ::shutdown(open, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_of(listener_)) + path;
  }

  void answer(std::string bytes) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(bytes);
  }

  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  static std::string page(const std::string& body, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: text/html\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      open_ = connection;
      talk(connection);
      open_ = -1;
      ::close(connection);
    }
  }

  void talk(int connection) {
    std::string head;
    char chunk[4096];
    const auto is_tls = [&head] { return head.starts_with('\x16'); };
    while (head.find("\r\n\r\n") == std::string::npos && !is_tls()) {
      const ssize_t got = ::recv(connection, chunk, sizeof chunk, 0);
      if (got <= 0) return;
      head.append(chunk, static_cast<std::size_t>(got));
    }
    std::string bytes;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(head);
      bytes = answer_;
    }
    while (silent_ && ::recv(connection, chunk, sizeof chunk, 0) > 0) {
    }
    if (!silent_) ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  mutable std::mutex mutex_;
  std::string answer_;
  const bool silent_;
  std::vector<std::string> requests_;
  int listener_;
  std::atomic<int> open_ = -1;
  std::thread thread_;
};

}  // namespace support
