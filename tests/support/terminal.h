// A program on a terminal of its own: what a person would see there, and type.
#pragma once

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {

class Terminal {
 public:
  explicit Terminal(const std::vector<std::string>& command, unsigned short columns = 120) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const winsize size{24, columns, 0, 0};
    pid_ = ::forkpty(&screen_, nullptr, nullptr, &size);
    if (pid_ < 0) throw std::runtime_error("no terminal");
    if (pid_ > 0) return;
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~Terminal() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(screen_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // All that was written so far, as it came.
  const std::string& seen() const { return seen_; }
  // Reads until `part` was seen; false where it was not until the program ended, or a minute passed.
  bool shows(const std::string& part) {
    while (seen_.find(part) == std::string::npos) {
      if (!read_more()) return false;
    }
    return true;
  }
  void type(const std::string& keys) const {
    if (::write(screen_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
      throw std::runtime_error("the terminal takes no keys");
    }
  }
  // Reads to the end of the program: its exit status, 128 + signal where one ended it, -1 after a minute.
  int wait() {
    while (read_more()) continue;
    if (std::chrono::steady_clock::now() >= end_) return -1;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  bool read_more() {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
    pollfd readable{screen_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&readable, 1, static_cast<int>(left.count())) <= 0) return false;
    char part[4096];
    const ssize_t got = ::read(screen_, part, sizeof part);  // EIO: nobody has it open any more
    if (got <= 0) return false;
    seen_.append(part, static_cast<std::size_t>(got));
    return true;
  }

  pid_t pid_ = -1;
  int screen_ = -1;
  std::string seen_;
  std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + std::chrono::minutes(1);
};

}  // namespace support
