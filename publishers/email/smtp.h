// Kind "smtp": hands messages to a mail server over SMTP, encrypted, over several connections at once.
//
// Queue and connections are in smtp_pool.h, one connection's dialogue in smtp_session.h and
// smtp_opening.h, the meaning of replies in smtp_verdict.h. Destroying it ends all connections at once; no
// gate and no callback is called from then on. It must be destroyed before its executor's context.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "config/section.h"
#include "publishers/email/smtp_settings.h"
#include "publishers/mail_transport.h"

namespace publishers {

namespace smtp {
class Pool;
}

class Smtp final : public MailTransport {
 public:
  // Throws std::runtime_error if OpenSSL can't use the settings' ca_file.
  Smtp(boost::asio::any_io_executor executor, smtp::Settings settings);
  ~Smtp() override;
  Smtp(const Smtp&) = delete;
  Smtp& operator=(const Smtp&) = delete;

  TransportLimits limits() const override;
  std::vector<NeededPath> paths() const override;
  void check(std::function<void(Receipt)> then) override;
  void send(OutgoingMessage message, MailGate& gate) override;
  void drain(std::function<void()> then) override;

 private:
  std::shared_ptr<smtp::Pool> pool_;
};

std::unique_ptr<MailTransport> make_smtp(config::Section& section, boost::asio::any_io_executor executor);

}  // namespace publishers
