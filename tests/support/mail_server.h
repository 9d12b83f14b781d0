// mail_server.py as a child process: a real SMTP server with TLS and AUTH, with a certificate of a test's
// authority.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "support/mail_certificates.h"

namespace support {

class MailServer {
 public:
  struct Message {
    std::string sender;
    std::string recipient;
    std::string options;  // of MAIL, joined by blanks
    bool smtputf8 = false;
    bool encrypted = false;
    std::string helo;
    std::string user;
    std::string data;
  };

  static constexpr const char* kUser = "poster@example.test";
  static constexpr const char* kPassword = "s3cret w\xC3\xB6rd";

  explicit MailServer(std::vector<std::string> more = {}) {
    const Certificate certificate = authority_.issue("DNS:localhost,IP:127.0.0.1");
    folder_.put("server.pem", certificate.certificate);
    folder_.put("server.key", certificate.key);
    folder_.put("ca.pem", authority_.pem());
    std::vector<std::string> words = {"/usr/bin/python3", FRIDAYD_SOURCE_DIR "/tests/support/mail_server.py",
                                      folder_.path().string(), kUser, kPassword};
    words.insert(words.end(), more.begin(), more.end());
    start(words);
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  // It ends with its input.
  ~MailServer() {
    ::close(input_);
    ::close(output_);
    int status = 0;
    ::waitpid(child_, &status, 0);
  }

  int port() const { return port_; }
  int tls_port() const { return tls_port_; }
  std::string ca_file() const { return (folder_.path() / "ca.pem").string(); }

  std::vector<Message> messages() const {
    std::vector<Message> all;
    std::ifstream in(folder_.path() / "messages.jsonl");
    for (std::string line; std::getline(in, line);) {
      const boost::json::object object = boost::json::parse(line).as_object();
      const auto text = [&object](const char* key) {
        const boost::json::value& value = object.at(key);
        return value.is_string() ? std::string(value.as_string()) : std::string();
      };
      Message message{text("sender"),
                      std::string(object.at("recipients").as_array().at(0).as_string()),
                      "",
                      object.at("smtputf8").as_bool(),
                      object.at("encrypted").as_bool(),
                      text("helo"),
                      text("user"),
                      decoded(text("data"))};
      for (const auto& option : object.at("options").as_array()) {
        if (!message.options.empty()) message.options += ' ';
        message.options += option.as_string();
      }
      all.push_back(std::move(message));
    }
    return all;
  }

 private:
  void start(const std::vector<std::string>& words) {
    int to_child[2];
    int from_child[2];
    if (::pipe2(to_child, O_CLOEXEC) != 0 || ::pipe2(from_child, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipes");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
    std::vector<char*> raw;
    for (const std::string& word : words) raw.push_back(const_cast<char*>(word.c_str()));
    raw.push_back(nullptr);
    const int failed = ::posix_spawn(&child_, raw[0], &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(to_child[0]);
    ::close(from_child[1]);
    input_ = to_child[1];
    output_ = from_child[0];
    if (failed != 0) throw std::runtime_error("python3 could not be started");
    std::string line;
    char c = 0;
    while (::read(output_, &c, 1) == 1 && c != '\n') line += c;
    if (std::sscanf(line.c_str(), "%d %d", &port_, &tls_port_) != 2)
      throw std::runtime_error("the mail server did not start; it needs python3-aiosmtpd");
  }

  static std::string decoded(const std::string& base64) {
    std::string out(base64.size(), '\0');
    const auto* in = reinterpret_cast<const unsigned char*>(base64.data());
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(base64.size()));
    if (size < 0) throw std::runtime_error("no base64");
    const auto padding = base64.ends_with("==") ? 2U : base64.ends_with("=") ? 1U : 0U;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
  }

  TestAuthority authority_;
  MailFolder folder_;
  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
  int port_ = 0;
  int tls_port_ = 0;
};

}  // namespace support
