// Texts that Windows programs save as "Unicode": UTF-16 behind a byte order mark. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace intake {

bool is_utf16(std::string_view bytes);

// The same text in UTF-8, without a mark; nothing where half a character is missing. `bytes` are UTF-16.
std::optional<std::string> utf8_of_utf16(std::string_view bytes);

// `bytes` themselves unless they are whole UTF-16.
std::string as_utf8(std::string_view bytes);

}  // namespace intake
