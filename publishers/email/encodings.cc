#include "publishers/email/encodings.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <sodium.h>

namespace publishers {
namespace {

constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kHex = "0123456789ABCDEF";

unsigned byte_of(char c) {
  return static_cast<unsigned char>(c);
}

bool is_continuation(char c) {
  return (byte_of(c) & 0xC0U) == 0x80U;
}

// Length of the well-formed sequence at the front, 0 if there is none.
std::size_t well_formed(std::string_view text) {
  const unsigned first = byte_of(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = utf8_length(text[0]);
  if (length == 1 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const unsigned second = byte_of(text[1]);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogates
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // past U+10FFFF
  return length;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::size_t utf8_length(char first) {
  const unsigned byte = byte_of(first);
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  if (byte >= 0xF0 && byte <= 0xF4) return 4;
  return 1;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = well_formed(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return byte_of(c) < 0x80; });
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned byte = byte_of(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && byte_of(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && ascii_lower(text.substr(0, start.size())) == ascii_lower(start);
}

std::string_view without_outer_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // its NUL
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kBytesALine = 57;
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += kBytesALine) {
    out += base64(bytes.substr(at, kBytesALine));
    out += "\r\n";
  }
  return out;
}

void append_base32(std::string& out, std::string_view bytes) {
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    group = (group << 8U) | byte_of(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += kBase32[(group >> bits) & 0x1FU];
    }
  }
  if (bits > 0) out += kBase32[(group << (5 - bits)) & 0x1FU];
}

void append_percent_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[byte_of(c) >> 4U];
    out += kHex[byte_of(c) & 0xFU];
  }
}

bool is_uri_text(std::string_view text) {
  static constexpr std::string_view kReserved = ":/?#[]@!$&'()*+,;=%";
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_unreserved(c) || kReserved.find(c) != std::string_view::npos; });
}

bool is_way_to_leave(std::string_view uri) {
  for (const std::string_view scheme : {"https://", "http://", "mailto:"}) {
    if (!starts_with_ignoring_case(uri, scheme)) continue;
    constexpr std::string_view kNoHost = "/?#:";
    return uri.size() > scheme.size() && kNoHost.find(uri[scheme.size()]) == std::string_view::npos;
  }
  return false;
}

std::string_view html_entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    const std::string_view entity = html_entity(c);
    if (entity.empty()) {
      out += c;
    } else {
      out += entity;
    }
  }
}

}  // namespace publishers
