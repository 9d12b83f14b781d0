#include "publishers/email/smtp_settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include <boost/asio/ip/address.hpp>

#include "publishers/email/address.h"
#include "publishers/email/encodings.h"

namespace publishers::smtp {
namespace {

constexpr std::int64_t kMostConnections = 100;
constexpr std::int64_t kMostPort = 65535;
constexpr milliseconds kLeastIdle = std::chrono::seconds(1);
constexpr std::string_view kHostForm = "write host = \"mail.example.org\"";

// Reads keys of one section and remembers whether all were good.
class Reader {
 public:
  explicit Reader(config::Section& section) : section_(section) {}

  std::optional<Settings> read() {
    read_host();
    read_encryption();
    read_login();
    read_ca_file();
    read_helo();
    settings_.connections = static_cast<std::size_t>(section_.number("connections", 8, 1, kMostConnections));
    read_rate();
    settings_.idle = section_.duration("idle", settings_.idle);
    if (settings_.idle < kLeastIdle)
      fault("idle", "is shorter than a second", "leave it out, or write \"60s\"");
    if (!good_) return std::nullopt;
    return std::move(settings_);
  }

 private:
  void fault(std::string_view key, std::string what, std::string todo) {
    section_.fault(key, std::move(what), std::move(todo));
    good_ = false;
  }

  void read_host() {
    const std::string written = section_.text("host");
    if (written.empty()) {
      good_ = false;
      return;
    }
    boost::system::error_code no_address;
    const auto address = boost::asio::ip::make_address(written, no_address);
    if (!no_address) {
      settings_.host = address.to_string();
      loopback_ = address.is_loopback();
      return;
    }
    auto domain = parse_domain(written);
    if (!domain) return fault("host", "is no name of a host: " + domain.error(), std::string(kHostForm));
    loopback_ = *domain == "localhost";
    settings_.host = std::move(*domain);
  }

  void read_encryption() {
    const std::string tls = section_.choice("tls", {"starttls", "implicit", "none"}, "starttls");
    const bool may_be_read = section_.flag("allow_clear_text", false);
    std::int64_t port = 587;
    if (tls == "implicit") {
      settings_.tls = Encryption::implicit;
      port = 465;
    } else if (tls == "none") {
      settings_.tls = Encryption::none;
      port = 25;
      settings_.loopback_only = loopback_ || !may_be_read;
      if (!loopback_ && !may_be_read && !settings_.host.empty()) {
        fault("tls", "is \"none\", so that anyone on the way could read and change the mail",
              "use \"starttls\" or \"implicit\"; if you must, add allow_clear_text = true");
      }
    }
    settings_.port = static_cast<std::uint16_t>(section_.number("port", port, 1, kMostPort));
  }

  void read_login() {
    settings_.user = section_.text("user", std::string());
    auto password = section_.secret("password");
    if (section_.has("password") && !password) good_ = false;
    if (password) settings_.password = std::move(*password);
    if (settings_.user.empty()) {
      if (section_.has("password")) fault("password", "has no user", "write user = \"...\" beside it");
      return;
    }
    if (!section_.has("password")) {
      fault("user", "has no password", "write password = { credential = \"smtp\" }");
    }
    const bool nul = settings_.user.find('\0') != std::string::npos ||
                     settings_.password.reveal().find('\0') != std::string::npos;
    if (nul) fault("user", "or its password holds a NUL", "take it out");
    if (settings_.tls == Encryption::none && !loopback_) {
      fault("user", "would have its password sent in clear text", "use tls = \"starttls\" or \"implicit\"");
    }
  }

  void read_ca_file() {
    settings_.ca_file = section_.path("ca_file", std::filesystem::path());
    if (settings_.ca_file.empty() || ::access(settings_.ca_file.c_str(), R_OK) == 0) return;
    fault("ca_file", "can't be read: " + settings_.ca_file.string(), "name a file of PEM certificates");
  }

  void read_helo() {
    const std::string written = section_.text("helo", std::string());
    if (!written.empty()) {
      auto domain = parse_domain(written);
      if (!domain) return fault("helo", "is no name of a host", "write helo = \"www.example.org\"");
      settings_.helo = std::move(*domain);
      return;
    }
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return;
    if (const auto domain = parse_domain(name.data())) settings_.helo = *domain;
  }

  void read_rate() {
    const std::string written = section_.text("rate", std::string());
    if (written.empty()) return;
    settings_.rate = parse_rate(written);
    if (!settings_.rate)
      fault("rate", "is no rate: \"" + written + '"', R"(write it as "5/s", "60/min" or "1000/h")");
  }

  config::Section& section_;
  Settings settings_;
  bool loopback_ = false;
  bool good_ = true;
};

}  // namespace

std::string Settings::server() const {
  const bool bare = host.find(':') == std::string::npos;
  return (bare ? host : '[' + host + ']') + ':' + std::to_string(port);
}

std::optional<Settings> read_settings(config::Section& section) {
  return Reader(section).read();
}

}  // namespace publishers::smtp
