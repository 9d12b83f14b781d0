// An smtp transport under test: its loop, its gate, and settings for a server on loopback.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "publishers/email/smtp.h"
#include "support/mail_certificates.h"
#include "support/mail_gate.h"

namespace support {

class SmtpBench {
 public:
  explicit SmtpBench(int port) {
    ::unsetenv("SSL_CERT_FILE");  // which is read whole, each time
    settings.host = "127.0.0.1";
    settings.port = static_cast<std::uint16_t>(port);
    settings.tls = publishers::smtp::Encryption::none;
    settings.loopback_only = true;
    settings.helo = "client.example.test";
    settings.connections = 1;
    settings.time_outs.slow_down = std::chrono::milliseconds(1);
  }
  ~SmtpBench() { smtp.reset(); }
  SmtpBench(const SmtpBench&) = delete;
  SmtpBench& operator=(const SmtpBench&) = delete;

  void trust(const std::string& ca_pem) { settings.ca_file = folder_.put("ca.pem", ca_pem); }
  void log_in(const std::string& user, const std::string& password) {
    settings.user = user;
    settings.password = config::Secret(password);
  }

  publishers::Smtp& transport() {
    if (!smtp) smtp = std::make_unique<publishers::Smtp>(loop.get_executor(), settings);
    return *smtp;
  }

  void send(publishers::OutgoingMessage message) {
    ++sent_;
    transport().send(std::move(message), gate);
  }
  void send(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t token = first; token <= last; ++token) send(mail_message(token));
  }

  // Until every message that was sent has come to its end.
  bool run() {
    return run_until(loop, [this] { return gate.ended() >= sent_; });
  }
  // Until the connections are closed, too; and a little further, so that what comes twice is seen.
  bool drain() {
    bool drained = false;
    transport().drain([&drained] { drained = true; });
    if (!run_until(loop, [&drained] { return drained; })) return false;
    loop.restart();
    loop.poll();
    return true;
  }
  publishers::Receipt check() {
    publishers::Receipt answer;
    bool answered = false;
    transport().check([&](publishers::Receipt receipt) {
      answer = std::move(receipt);
      answered = true;
    });
    if (!run_until(loop, [&answered] { return answered; })) answer.reply = "no answer";
    return answer;
  }

  boost::asio::io_context loop;
  RecordingGate gate{loop.get_executor()};
  publishers::smtp::Settings settings;
  std::unique_ptr<publishers::Smtp> smtp;  // goes before its loop

 private:
  MailFolder folder_;
  std::size_t sent_ = 0;
};

}  // namespace support
