// A machine with a real systemd, booted by run-in-systemd.sh: this build as it is installed, with an author
// (ada), an administrator (ola), a web server's account (www-data) and a mail relay that asks for a password.
// Needs root. Whatever is done in it is gone with the object.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/mail_certificates.h"
#include "support/trial.h"

namespace support {

class Machine {
 public:
  static constexpr const char* kPassword = "s3cret";

  // Throws in words if this computer can't do it.
  Machine() {
    install();
    boot();
    // As the manual has it, but for the tables that other packages brought.
    must(
        "systemd-sysusers && systemd-tmpfiles --create --prefix=/srv --prefix=/var/www "
        "--prefix=/etc/fridayd");
    must("useradd -G fridayd-authors ada && useradd -G fridayd-admin ola");
    must("systemctl daemon-reload");
    start_relay();
  }

  // Its input ends, and with it the machine.
  ~Machine() {
    ::close(input_);
    int status = 0;
    ::waitpid(child_, &status, 0);
    std::error_code ignored;
    std::filesystem::remove_all(stage_, ignored);
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // A bash script as root.
  Ran run(const std::string& script) const { return enter({"bash", "-c", script}); }
  Ran run_as(const std::string& account, const std::string& script) const {
    return enter({"runuser", "-u", account, "--", "bash", "-c", script});
  }
  Ran ctl(const std::string& words) const { return run_as("ola", "timeout 60 fridayctl " + words); }

  // A file in it, as seen from here.
  std::filesystem::path path(const std::string& absolute) const {
    return "/proc/" + process_ + "/root" + absolute;
  }

  // A property of the service, as systemctl shows it.
  std::string show(const std::string& property) const {
    std::string value = run("systemctl show -P " + property + " fridayd").out;
    while (!value.empty() && value.back() == '\n') value.pop_back();
    return value;
  }

  std::string journal() const { return run("journalctl --no-pager -o short-precise -u 'fridayd*'").out; }

  // The configuration: a series, a site for the web server, mail by the relay; then `more`.
  void configure(const std::string& more = "") const {
    put(path("/etc/fridayd/fridayd.toml"), R"([site]
title = "Friday"
url = "http://127.0.0.1:1"
[content]
settle = "100ms"
[series.friday]
zone = "America/New_York"
schedule = "Fri 08:00"
channels = ["blog", "mail"]
[channels.blog]
kind = "static_site"
root = "/var/www/friday"
url = "http://127.0.0.1:1"
live_check = "file"
[channels.mail]
kind = "smtp"
after = "blog"
host = "localhost"
port = )" + relay_port_ + R"(
ca_file = "/etc/fridayd/relay.pem"
user = "weekly"
password = { credential = "smtp" }
from = "Friday <friday@example.org>"
recipients = "/var/lib/fridayd/recipients.csv"
test_only = true
)" + more);
  }

 private:
  void install() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fridayd-machine-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    stage_ = pattern;
    const Ran installed = support::run({"cmake", "--install", FRIDAYD_BINARY_DIR, "--prefix", "/usr"},
                                       {{"DESTDIR", stage_.string()}});
    if (installed.exit != 0) throw std::runtime_error(installed.out);
    const Certificate certificate = authority_.issue("DNS:localhost");
    put(stage_ / "relay/server.pem", certificate.certificate);
    put(stage_ / "relay/server.key", certificate.key);
    put(stage_ / "relay/server.py", contents(FRIDAYD_SOURCE_DIR "/tests/support/mail_server.py"));
    put(stage_ / "etc/fridayd/relay.pem", authority_.pem());
    put(stage_ / "etc/fridayd/credentials/smtp", std::string(kPassword) + '\n');
    put(stage_ / "var/lib/fridayd/recipients.csv", "address,name\nreader@example.org,Reader\n");
    std::filesystem::permissions(stage_, std::filesystem::perms(0755));
  }

  void boot() {
    int to_child[2];
    int from_child[2];
    if (::pipe2(to_child, O_CLOEXEC) != 0 || ::pipe2(from_child, O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipes");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
    const std::string stage = stage_.string();
    const char* words[] = {FRIDAYD_SOURCE_DIR "/tests/support/run-in-systemd.sh",
                           "--over",
                           stage.c_str(),
                           "sh",
                           "-c",
                           "echo $MACHINE; cat",
                           nullptr};
    const int failed =
        ::posix_spawn(&child_, words[0], &actions, nullptr, const_cast<char**>(words), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(to_child[0]);
    ::close(from_child[1]);
    input_ = to_child[1];
    char c = 0;
    while (failed == 0 && ::read(from_child[0], &c, 1) == 1 && c != '\n') process_ += c;
    ::close(from_child[0]);
    if (process_.empty()) throw std::runtime_error("systemd could not be booted");
  }

  void start_relay() {
    must(std::string("systemd-run --quiet --unit=relay sh -c 'tail -f /dev/null | python3 /relay/server.py "
                     "/relay weekly ") +
         kPassword + " > /relay/ports'");
    if (!eventually([&] { return contents(path("/relay/ports")).find('\n') != std::string::npos; })) {
      throw std::runtime_error(run("journalctl --no-pager -u relay").out);
    }
    const std::string ports = contents(path("/relay/ports"));
    relay_port_ = ports.substr(0, ports.find(' '));
  }

  Ran enter(std::vector<std::string> command) const {
    std::vector<std::string> words = {
        "nsenter", "--target", process_,   "--mount",      "--pid",
        "--uts",   "--ipc",    "--cgroup", "--net",        "--wdns=/",
        "env",     "-i",       "HOME=/",   "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
    words.insert(words.end(), std::make_move_iterator(command.begin()),
                 std::make_move_iterator(command.end()));
    return support::run(words);
  }

  void must(const std::string& script) const {
    const Ran ran = run(script);
    if (ran.exit != 0) throw std::runtime_error(script + ": " + ran.out);
  }

  TestAuthority authority_;
  std::filesystem::path stage_;
  pid_t child_ = -1;
  int input_ = -1;
  std::string process_;  // PID 1 in it, as counted here
  std::string relay_port_;
};

}  // namespace support
