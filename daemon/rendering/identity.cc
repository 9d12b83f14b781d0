#include "rendering/identity.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace rendering {
namespace {

constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string hmac_hex(std::string_view key, const std::string& text, std::size_t digits) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < length && out.size() < digits; ++i) {
    out += kHex[mac[i] >> 4];
    out += kHex[mac[i] & 15];
  }
  return out;
}

}  // namespace

std::string ulid(model::Instant at, const std::uint8_t (&randomness)[10]) {
  std::string out(26, '0');
  auto time = static_cast<std::uint64_t>(at.time_since_epoch().count());
  for (std::size_t i = 10; i-- > 0; time >>= 5) out[i] = kBase32[time & 31];
  std::size_t place = 10;
  unsigned bits = 0;
  unsigned held = 0;
  for (const std::uint8_t byte : randomness) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out[place++] = kBase32[held >> (bits - 5) & 31];
    held &= (1u << bits) - 1;
  }
  return out;
}

std::string fresh_ulid(model::Instant at) {
  std::uint8_t randomness[10];
  if (RAND_bytes(randomness, sizeof randomness) != 1) throw std::runtime_error("no random bytes");
  return ulid(at, randomness);
}

std::string marker(std::string_view site_key, std::string_view pid, int revision) {
  constexpr std::size_t kMacDigits = 16;
  const std::string named = std::string(pid) + '.' + std::to_string(revision);
  return named + '.' + hmac_hex(site_key, "marker " + named, kMacDigits);
}

std::string delivery_key(std::string_view site_key, std::string_view pid, std::string_view channel) {
  constexpr std::size_t kKeyDigits = 32;
  return hmac_hex(site_key, "delivery " + std::string(pid) + ' ' + std::string(channel), kKeyDigits);
}

}  // namespace rendering
