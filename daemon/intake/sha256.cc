#include "intake/sha256.h"

#include <array>

#include <openssl/sha.h>

#include "intake/text.h"

namespace intake {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) hex += hex_byte(byte);
  return hex;
}

}  // namespace intake
