#include "publishers/email/smtp.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include "publishers/email/smtp_pool.h"

namespace publishers {
namespace {

namespace asio = boost::asio;

// The system's authorities are read from their folder as they are needed: reading all of them at once takes
// longer than the rest of the daemon's start.
bool trust_system(SSL_CTX* context) {
  const char* const file = std::getenv(X509_get_default_cert_file_env());
  const bool named = file != nullptr && *file != '\0';
  return SSL_CTX_set_default_verify_dir(context) == 1 &&
         (!named || SSL_CTX_set_default_verify_file(context) == 1);
}

// A client of TLS 1.2 or later that trusts the system's authorities, and one more file of them.
asio::ssl::context trust(const std::filesystem::path& ca_file) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX* const raw = context.native_handle();
  if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1 || !trust_system(raw)) {
    throw std::runtime_error("OpenSSL offers no TLS 1.2 or no trusted authorities");
  }
  boost::system::error_code error;
  context.set_verify_mode(asio::ssl::verify_peer, error);
  if (!error && !ca_file.empty()) context.load_verify_file(ca_file.string(), error);
  if (error) throw std::runtime_error(error.message());
  return context;
}

}  // namespace

Smtp::Smtp(asio::any_io_executor executor, smtp::Settings settings)
    : pool_(std::make_shared<smtp::Pool>(std::move(executor), trust(settings.ca_file), settings)) {}

Smtp::~Smtp() {
  pool_->stop();
}

TransportLimits Smtp::limits() const {
  return {pool_->settings().connections};
}

std::vector<NeededPath> Smtp::paths() const {
  const std::filesystem::path& ca_file = pool_->settings().ca_file;
  if (ca_file.empty()) return {};
  return {{NeededPath::Use::read_file, "trusted certificates", ca_file}};
}

void Smtp::check(std::function<void(Receipt)> then) {
  pool_->check(std::move(then));
}

void Smtp::send(OutgoingMessage message, MailGate& gate) {
  pool_->send(std::move(message), gate);
}

void Smtp::drain(std::function<void()> then) {
  pool_->drain(std::move(then));
}

std::unique_ptr<MailTransport> make_smtp(config::Section& section, asio::any_io_executor executor) {
  std::optional<smtp::Settings> settings = smtp::read_settings(section);
  if (!settings) return nullptr;
  try {
    return std::make_unique<Smtp>(std::move(executor), std::move(*settings));
  } catch (const std::runtime_error& error) {
    section.fault("ca_file", std::string("can't be used: ") + error.what(),
                  "name a file of PEM certificates");
    return nullptr;
  }
}

}  // namespace publishers
