#include "templates/sanitise_address.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "templates/markdown_characters.h"

namespace templates {
namespace {

constexpr std::array<bool, 256> safe_table() {
  std::array<bool, 256> table{};
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (const char c : std::string_view("-._~:/?#[]@!$&'()*+,;=%"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kSafe = safe_table();

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

// Browsers drop tabs and line breaks anywhere, and control characters and spaces at both ends.
std::string as_browsers_read(std::string_view address) {
  while (!address.empty() && (is_control(address.front()) || address.front() == ' '))
    address.remove_prefix(1);
  while (!address.empty() && (is_control(address.back()) || address.back() == ' ')) address.remove_suffix(1);
  std::string out;
  out.reserve(address.size());
  for (const char c : address) {
    if (c != '\t' && c != '\n' && c != '\r') out += c;
  }
  return out;
}

bool is_allowed_scheme(std::string_view scheme, AddressUse use) {
  const std::string name = lower(scheme);
  if (name == "http" || name == "https") return true;
  return use == AddressUse::kLink && (name == "mailto" || name == "tel");
}

bool is_slash(char c) {
  return c == '/' || c == '\\';
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || text.size() - at < length) return false;
    std::size_t next = at;
    const char32_t c = next_code_point(text, next);
    std::string again;
    append_utf8(again, c);
    if (again != text.substr(at, length) || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) return false;
    at = next;
  }
  return true;
}

int hexadecimal(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

bool is_encoded_address(std::string_view address) {
  return std::all_of(address.begin(), address.end(),
                     [](char c) { return kSafe[static_cast<unsigned char>(c)]; });
}

std::string encode_address(std::string_view address) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(address.size());
  for (const char c : address) {
    const auto byte = static_cast<unsigned char>(c);
    if (kSafe[byte]) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

Address check_address(std::string_view address, AddressUse use) {
  Address result;
  result.text = std::string(address);
  const std::string read = as_browsers_read(address);
  if (read.empty() || std::any_of(read.begin(), read.end(), is_control)) return result;
  if (read.size() > 1 && is_slash(read[0]) && is_slash(read[1])) {
    // "//host" takes the scheme of its page, which a mail lacks.
    const std::string_view host = std::string_view(read).substr(2);
    if (host.empty() || is_slash(host.front())) return result;
    result.kind = AddressKind::kAbsolute;
    result.text = "https://" + encode_address(host);
    return result;
  }
  const std::size_t colon = read.find_first_of(":/?#");
  if (colon != std::string::npos && read[colon] == ':') {
    if (!is_allowed_scheme(std::string_view(read).substr(0, colon), use)) return result;
    result.kind = AddressKind::kAbsolute;
  } else {
    result.kind = read.front() == '#' ? AddressKind::kFragment : AddressKind::kRelative;
    if (result.kind == AddressKind::kFragment && use == AddressUse::kImage) {
      result.kind = AddressKind::kRefused;
      return result;
    }
  }
  result.text = encode_address(read);
  return result;
}

std::string decode_relative_address(std::string_view address) {
  std::string out;
  for (std::size_t at = 0; at < address.size(); ++at) {
    const int high = at + 2 < address.size() && address[at] == '%' ? hexadecimal(address[at + 1]) : -1;
    const int low = high < 0 ? -1 : hexadecimal(address[at + 2]);
    if (low < 0) {
      out += address[at];
      continue;
    }
    const char c = static_cast<char>(static_cast<unsigned char>(high * 16 + low));
    if (is_control(c)) return std::string(address);
    out += c;
    at += 2;
  }
  return is_utf8(out) ? out : std::string(address);
}

}  // namespace templates
