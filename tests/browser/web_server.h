// Python's own web server, as a child process, on a free port of 127.0.0.1. It serves one folder until it
// goes out of scope. Throws std::runtime_error where it does not start.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace support {

class WebServer {
 public:
  explicit WebServer(const std::filesystem::path& folder) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::array<std::string, 8> words = {"/usr/bin/python3", "-u",        "-m", "http.server",
                                        "--bind",           "127.0.0.1", "0",  "--directory="};
    words.back() += folder.string();
    std::array<char*, words.size() + 1> raw{};
    for (std::size_t i = 0; i < words.size(); ++i) raw[i] = words[i].data();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int failed = ::posix_spawn(&child_, raw[0], &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    // "Serving HTTP on 127.0.0.1 port 41873 (http://127.0.0.1:41873/) ..."
    std::string line;
    char c = 0;
    while (failed == 0 && ::read(ends[0], &c, 1) == 1 && c != '\n') line += c;
    ::close(ends[0]);
    const std::size_t begin = line.find('(');
    const std::size_t end = line.find("/)");
    if (begin == std::string::npos || end == std::string::npos) {
      stop();
      throw std::runtime_error("the web server did not start: " + line);
    }
    url_ = line.substr(begin + 1, end - begin - 1);
  }
  ~WebServer() { stop(); }
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  const std::string& url() const { return url_; }  // without a slash at the end

 private:
  void stop() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) continue;
    child_ = -1;
  }

  pid_t child_ = -1;
  std::string url_;
};

}  // namespace support
