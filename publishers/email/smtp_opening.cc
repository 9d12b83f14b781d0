#include "publishers/email/smtp_opening.h"

#include <array>
#include <utility>

#include "publishers/email/encodings.h"
#include "publishers/email/smtp_verdict.h"

namespace publishers::smtp {
namespace {

namespace asio = boost::asio;

Receipt stopped(Fault fault, std::string why) {
  return Receipt::failed(Outcome::deferred, fault, std::move(why));
}

std::string plain_response(const Settings& settings) {
  return base64(std::string(1, '\0') + settings.user + std::string(1, '\0') + settings.password.reveal());
}

class Opening {
 public:
  Opening(Wire& wire, const Settings& settings, Abilities& server)
      : wire_(wire), settings_(settings), server_(server) {}

  asio::awaitable<Receipt> run() {
    const bool whole = settings_.tls == Encryption::implicit;
    co_await connect();
    if (good() && whole) {
      co_await encrypt();
    }
    if (good()) {
      co_await greet();
    }
    if (good()) {
      co_await hello();
    }
    if (good() && settings_.tls == Encryption::starttls) {
      co_await starttls();
    }
    if (good() && !settings_.user.empty()) {
      co_await login();
    }
    co_return std::move(receipt_);
  }

 private:
  bool good() const { return receipt_.fault == Fault::none; }

  // Writes `line`, unless it is empty, and reads the reply into reply_. Bad replies end the opening.
  asio::awaitable<void> ask(std::string line, Phase phase, const char* name) {
    if (!line.empty()) {
      if (!wire_.silent()) {
        receipt_ = stopped(Fault::protocol, settings_.server() + ": it answers what was not asked");
        co_return;
      }
      std::size_t written = 0;
      Trouble trouble = co_await wire_.write(line, written);
      if (trouble) {
        receipt_ = stopped(trouble.fault, std::move(trouble.what));
        co_return;
      }
    }
    Trouble trouble = co_await wire_.read(reply_, settings_.time_outs.command, name);
    if (trouble) {
      receipt_ = stopped(trouble.fault, std::move(trouble.what));
      co_return;
    }
    if (is_good(phase, reply_) || (phase == Phase::login && reply_.code == 334)) co_return;
    receipt_ = verdict(phase, reply_);
    receipt_.reply = settings_.server() + ": " + name + ": " + without_secrets(receipt_.reply, settings_);
  }

  asio::awaitable<void> connect() {
    Trouble trouble = co_await wire_.connect();
    if (trouble) receipt_ = stopped(trouble.fault, std::move(trouble.what));
  }

  asio::awaitable<void> encrypt() {
    Trouble trouble = co_await wire_.handshake();
    if (trouble) receipt_ = stopped(trouble.fault, std::move(trouble.what));
  }

  asio::awaitable<void> greet() {
    std::string nothing;
    co_await ask(std::move(nothing), Phase::greeting, "greeting");
  }

  asio::awaitable<void> hello() {
    std::string line = "EHLO " + settings_.helo + "\r\n";
    co_await ask(std::move(line), Phase::hello, "EHLO");
    if (good()) {
      server_ = abilities(reply_);
      co_return;
    }
    const bool unknown = reply_.code == 500 || reply_.code == 502;
    if (receipt_.fault != Fault::protocol || !unknown || settings_.tls != Encryption::none) co_return;
    receipt_ = {};
    std::string older = "HELO " + settings_.helo + "\r\n";
    co_await ask(std::move(older), Phase::hello, "HELO");
    server_ = {};
    server_.name = settings_.host;
  }

  asio::awaitable<void> starttls() {
    if (!server_.starttls) {
      receipt_ = stopped(Fault::tls, settings_.server() + ": it does not offer STARTTLS");
      co_return;
    }
    std::string line = "STARTTLS\r\n";
    co_await ask(std::move(line), Phase::starttls, "STARTTLS");
    // What was said before could have come from anybody.
    server_ = {};
    if (good()) {
      co_await encrypt();
    }
    if (good()) {
      co_await hello();
    }
  }

  asio::awaitable<void> login() {
    const bool clear = !wire_.encrypted() && !settings_.loopback_only;
    if (clear || (!server_.auth_plain && !server_.auth_login)) {
      receipt_ = stopped(Fault::auth, settings_.server() + (clear ? ": no password goes over clear text"
                                                                  : ": it offers no AUTH PLAIN or LOGIN"));
      co_return;
    }
    if (server_.auth_plain) {
      std::string line = "AUTH PLAIN " + plain_response(settings_) + "\r\n";
      co_await ask(std::move(line), Phase::login, "AUTH");
      finish_login();
      co_return;
    }
    std::array<std::string, 3> lines = {"AUTH LOGIN\r\n", base64(settings_.user) + "\r\n",
                                        base64(settings_.password.reveal()) + "\r\n"};
    for (std::string& line : lines) {
      const bool last = &line == &lines.back();
      co_await ask(std::move(line), Phase::login, "AUTH");
      if (!good()) co_return;
      if (!last && reply_.code != 334) break;
    }
    finish_login();
  }

  void finish_login() {
    if (!good() || reply_.code == 235) return;
    receipt_ = stopped(Fault::protocol,
                       settings_.server() + ": AUTH: " + without_secrets(reply_.one_line(), settings_));
  }

  Wire& wire_;
  const Settings& settings_;
  Abilities& server_;
  Reply reply_;
  Receipt receipt_ = stopped(Fault::none, {});
};

}  // namespace

asio::awaitable<Receipt> open(std::shared_ptr<Wire> wire, const Settings& settings, Abilities& server) {
  Opening opening(*wire, settings, server);
  Receipt receipt = co_await opening.run();
  co_return receipt;
}

asio::awaitable<void> quit(std::shared_ptr<Wire> wire, const Settings& settings) {
  std::size_t written = 0;
  const std::string_view line = "QUIT\r\n";
  Trouble trouble = co_await wire->write(line, written);
  Reply reply;
  if (!trouble) {
    trouble = co_await wire->read(reply, settings.time_outs.quit, "QUIT");
  }
  wire->close();
}

std::string without_secrets(std::string text, const Settings& settings) {
  if (settings.password.empty()) return text;
  const std::array<std::string, 3> secrets = {settings.password.reveal(), base64(settings.password.reveal()),
                                              plain_response(settings)};
  for (const std::string& secret : secrets) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
      text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

}  // namespace publishers::smtp
