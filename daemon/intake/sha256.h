// SHA-256 of bytes as lower-case hex.
#pragma once

#include <string>
#include <string_view>

namespace intake {

std::string sha256_hex(std::string_view bytes);

}  // namespace intake
