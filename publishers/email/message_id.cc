#include "publishers/email/message_id.h"

#include <array>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "publishers/email/encodings.h"

namespace publishers {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kIdBytes = 20;  // so that the header fits on a line of 78 at most domains

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct MessageIds::Mac {
  std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm{EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                              EVP_MAC_free};
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context{nullptr, EVP_MAC_CTX_free};
};

MessageIds::MessageIds(std::string_view key, std::string mailing, std::string domain)
    : mac_(std::make_unique<Mac>()), mailing_(std::move(mailing)), domain_(std::move(domain)) {
  // The separator can't be part of a mailing's name without being part of its length.
  mailing_ = std::to_string(mailing_.size()) + ":" + mailing_ + "|";
  std::array<char, 7> digest{"SHA256"};
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
  if (mac_->algorithm) mac_->context.reset(EVP_MAC_CTX_new(mac_->algorithm.get()));
  const bool ready =
      mac_->context && EVP_MAC_init(mac_->context.get(), bytes_of(key), key.size(), parameters.data()) == 1;
  if (!ready) throw std::runtime_error("OpenSSL offers no HMAC-SHA256");
}

MessageIds::~MessageIds() = default;
MessageIds::MessageIds(MessageIds&&) noexcept = default;
MessageIds& MessageIds::operator=(MessageIds&&) noexcept = default;

void MessageIds::append(std::string& out, std::string_view recipient_id) {
  std::array<unsigned char, kDigestBytes> digest{};
  std::size_t length = 0;
  EVP_MAC_CTX* context = mac_->context.get();
  const bool done = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                    EVP_MAC_update(context, bytes_of(mailing_), mailing_.size()) == 1 &&
                    EVP_MAC_update(context, bytes_of(recipient_id), recipient_id.size()) == 1 &&
                    EVP_MAC_final(context, digest.data(), &length, digest.size()) == 1 && length >= kIdBytes;
  if (!done) throw std::runtime_error("OpenSSL could not compute an HMAC");
  append_base32(out, {reinterpret_cast<const char*>(digest.data()), kIdBytes});
  out += '@';
  out += domain_;
}

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, kDigestBytes> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
  }
  std::string out;
  for (const unsigned char byte : digest) {
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
  }
  return out;
}

}  // namespace publishers
