#include "intake/text.h"

#include <algorithm>
#include <array>

namespace intake {
namespace {

constexpr std::string_view kSpace = " \t\n\r\f\v";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool continues(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

// Length of the well-formed sequence that begins `bytes`, or 0.
std::size_t sequence(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(at(i))) return 0;
  }
  const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
  const bool beyond = (lead == 0xED && at(1) > 0x9F) || (lead == 0xF4 && at(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

}  // namespace

Place place_of(std::string_view text, std::size_t offset) {
  Place place;
  const std::string_view before = text.substr(0, offset);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const char c = before[i];
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\n' || c == '\r') {
      ++place.line;
      place.column = 1;
    } else if (!continues(static_cast<unsigned char>(c))) {
      ++place.column;
    }
  }
  return place;
}

std::optional<std::size_t> first_bad_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequence(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

std::optional<std::size_t> first_control(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool line_or_tab = byte == '\t' || byte == '\n' || byte == '\r';
    if ((byte < 0x20 && !line_or_tab) || byte == 0x7F) return i;
    const bool c1 = byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
    if (c1) return i;
  }
  return std::nullopt;
}

std::string normalised(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\r') {
      text += bytes[i];
      continue;
    }
    text += '\n';
    if (i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
  }
  return text;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(kSpace) - first + 1));
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (kSpace.find(c) == std::string_view::npos) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string hex_byte(unsigned char byte) {
  constexpr std::array<char, 17> kDigits{"0123456789abcdef"};
  return {kDigits[byte >> 4U], kDigits[byte & 15U]};
}

std::string escaped_bytes(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequence(bytes.substr(i));
    const std::string_view character = bytes.substr(i, std::max<std::size_t>(length, 1));
    const bool newline = character == "\n" || character == "\r" || character == "\t";
    if (length == 0 || newline || first_control(character)) {
      for (const char c : character) out += "\\x" + hex_byte(static_cast<unsigned char>(c));
    } else {
      out += character;
    }
    i += character.size();
  }
  return out;
}

std::string_view cut(std::string_view utf8, std::size_t size) {
  if (utf8.size() <= size) return utf8;
  while (size > 0 && continues(static_cast<unsigned char>(utf8[size]))) --size;
  return utf8.substr(0, size);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

std::string size_for_people(std::uintmax_t bytes) {
  constexpr std::uintmax_t kMebi = 1U << 20U;
  constexpr std::uintmax_t kKibi = 1U << 10U;
  if (bytes < kMebi) return std::to_string((bytes + kKibi - 1) / kKibi) + " KiB";
  const std::uintmax_t tenths = (bytes * 10 + kMebi - 1) / kMebi;
  const std::string fraction = tenths % 10 == 0 ? "" : '.' + std::to_string(tenths % 10);
  return std::to_string(tenths / 10) + fraction + " MiB";
}

Line line_at(std::string_view text, std::size_t offset) {
  const std::size_t end = std::min(text.find_first_of("\r\n", offset), text.size());
  std::size_t next = end;
  if (next < text.size()) next += text.substr(next, 2) == "\r\n" ? 2U : 1U;
  return {text.substr(offset, end - offset), offset, next};
}

}  // namespace intake
