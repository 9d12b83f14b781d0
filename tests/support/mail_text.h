// A mail as a test reads it, whether its lines end as on the wire or as in a file.
#pragma once

#include <string>

namespace support {

// Of a header field that stands on one line; empty if there is none.
inline std::string header_field(const std::string& mail, const std::string& name) {
  const std::size_t at = ('\n' + mail).find('\n' + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 2;
  return mail.substr(begin, mail.find_first_of("\r\n", begin) - begin);
}

// Quoted-printable's soft breaks taken out.
inline std::string whole_lines(std::string text) {
  for (const char* soft : {"=\r\n", "=\n"}) {
    for (std::size_t at = text.find(soft); at != std::string::npos; at = text.find(soft, at))
      text.erase(at, std::string(soft).size());
  }
  return text;
}

}  // namespace support
