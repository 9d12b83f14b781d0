#include "intake/utf16.h"

#include <cstdint>

#include <unicode/ustring.h>

namespace intake {
namespace {

constexpr std::string_view kLittle = "\xFF\xFE";
constexpr std::string_view kBig = "\xFE\xFF";
constexpr std::size_t kMostBytesOfAUnit = 3;  // in UTF-8

std::u16string units_of(std::string_view bytes) {
  const bool little = bytes.starts_with(kLittle);
  std::u16string units;
  units.reserve(bytes.size() / 2);
  for (std::size_t i = kLittle.size(); i + 1 < bytes.size(); i += 2) {
    const auto first = static_cast<std::uint8_t>(bytes[i]);
    const auto second = static_cast<std::uint8_t>(bytes[i + 1]);
    units += static_cast<char16_t>(little ? second << 8U | first : first << 8U | second);
  }
  return units;
}

}  // namespace

bool is_utf16(std::string_view bytes) {
  return bytes.starts_with(kLittle) || bytes.starts_with(kBig);
}

std::optional<std::string> utf8_of_utf16(std::string_view bytes) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const std::u16string units = units_of(bytes);
  std::string text(units.size() * kMostBytesOfAUnit, '\0');
  std::int32_t size = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strToUTF8(text.data(), static_cast<std::int32_t>(text.size()), &size, units.data(),
              static_cast<std::int32_t>(units.size()), &status);
  if (U_FAILURE(status)) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string as_utf8(std::string_view bytes) {
  if (is_utf16(bytes)) {
    if (auto text = utf8_of_utf16(bytes)) return std::move(*text);
  }
  return std::string(bytes);
}

}  // namespace intake
