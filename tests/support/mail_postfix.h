// A real Postfix with STARTTLS and a mailbox, on loopback. Needs root, as Postfix does.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <vector>

#include "support/mail_certificates.h"
#include "support/scripted_http.h"
#include "support/trial.h"

namespace support {

// tests/support/mail_postfix.sh, started and stopped.
class Postfix {
 public:
  Postfix() {
    const Certificate certificate = authority.issue("DNS:localhost,IP:127.0.0.1");
    folder_.put("server.pem", certificate.certificate);
    folder_.put("server.key", certificate.key);
    folder_.put("ca.pem", authority.pem());
    start();
  }
  ~Postfix() { stop(); }
  Postfix(const Postfix&) = delete;
  Postfix& operator=(const Postfix&) = delete;

  void start() {
    const Ran ran = run({kScript, "start", folder_.path().string(), std::to_string(port)});
    EXPECT_EQ(ran.exit, 0) << ran.out;
  }
  void stop() { run({kScript, "stop", folder_.path().string()}); }

  // How often each Message-ID is in the mailbox, once nothing is left in the queue.
  std::map<std::string, int> copies() const {
    EXPECT_TRUE(eventually([this] { return queued() == 0; })) << log();
    std::map<std::string, int> all;
    for (const std::string& text : texts()) {
      const std::size_t id = text.find("\nMessage-ID: <") + 14;
      ++all[text.substr(id, text.find('>', id) - id)];
    }
    return all;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& file : files_in(folder_.path() / "mail/new")) all.push_back(contents(file));
    return all;
  }
  std::string ca_file() const { return (folder_.path() / "ca.pem").string(); }
  std::string log() const { return contents(folder_.path() / "log"); }

  const TestAuthority authority;
  const int port = free_port();

 private:
  static constexpr const char* kScript = FRIDAYD_SOURCE_DIR "/tests/support/mail_postfix.sh";

  static int free_port() {
    const int listener = listen_on_loopback();
    const int free = port_of(listener);
    ::close(listener);
    return free;
  }

  std::size_t queued() const {
    std::size_t count = 0;
    for (const char* queue : {"incoming", "active", "deferred"}) {
      std::error_code gone;
      const auto end = std::filesystem::recursive_directory_iterator();
      auto entry = std::filesystem::recursive_directory_iterator(folder_.path() / "queue" / queue, gone);
      for (; !gone && entry != end; entry.increment(gone)) count += entry->is_regular_file(gone) ? 1 : 0;
    }
    return count;
  }

  MailFolder folder_;
};

}  // namespace support
