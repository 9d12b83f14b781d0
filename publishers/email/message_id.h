// Message-IDs that are the same on every attempt and tell nothing: base32 of the first 160 bits of
// HMAC-SHA256(site key, mailing, recipient), at a domain. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace publishers {

class MessageIds {
 public:
  // Throws std::runtime_error if OpenSSL has no HMAC.
  MessageIds(std::string_view key, std::string mailing, std::string domain);
  ~MessageIds();
  MessageIds(MessageIds&&) noexcept;
  MessageIds& operator=(MessageIds&&) noexcept;

  // Without angle brackets.
  void append(std::string& out, std::string_view recipient_id);

 private:
  struct Mac;
  std::unique_ptr<Mac> mac_;
  std::string mailing_;
  std::string domain_;
};

// Lower-case hex of SHA-256.
std::string sha256_hex(std::string_view bytes);

}  // namespace publishers
