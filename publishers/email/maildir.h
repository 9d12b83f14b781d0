// Kind "maildir": puts messages into a Maildir on this machine, each in a file named by its Message-ID, so
// that a message that is sent again is not there twice.
//
// File work is done on a thread of its own, gates are called on the executor. Destroying it waits for the
// file work under way; no gate and no callback is called from then on.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "config/section.h"
#include "publishers/mail_transport.h"

namespace publishers {

class Maildir final : public MailTransport {
 public:
  Maildir(boost::asio::any_io_executor executor, std::filesystem::path path);
  ~Maildir() override;
  Maildir(const Maildir&) = delete;
  Maildir& operator=(const Maildir&) = delete;

  TransportLimits limits() const override;
  std::vector<NeededPath> paths() const override;
  void check(std::function<void(Receipt)> then) override;
  void send(OutgoingMessage message, MailGate& gate) override;
  void drain(std::function<void()> then) override;

 private:
  class Desk;
  std::shared_ptr<Desk> desk_;
};

std::unique_ptr<MailTransport> make_maildir(config::Section& section, boost::asio::any_io_executor executor);

}  // namespace publishers
