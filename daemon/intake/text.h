// Text as authors' programs leave it: is it UTF-8, where is what, and one form for all line ends. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intake {

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;  // in characters
  bool operator==(const Place&) const = default;
};

Place place_of(std::string_view text, std::size_t offset);

// Offset of the first byte that belongs to no well-formed UTF-8 sequence (RFC 3629).
std::optional<std::size_t> first_bad_utf8(std::string_view bytes);

// Offset of the first control character that has no business in a text (all but tab and the line ends).
std::optional<std::size_t> first_control(std::string_view utf8);

// Without a byte order mark; CRLF and lone CR become LF.
std::string normalised(std::string_view bytes);

std::string trimmed(std::string_view text);
std::string lower(std::string_view text);           // ASCII only
std::string one_line(std::string_view text);        // runs of white space become one space, ends trimmed
std::string escaped_bytes(std::string_view bytes);  // what is no printable UTF-8 as \xNN
// At most `size` bytes, cut between characters.
std::string_view cut(std::string_view utf8, std::size_t size);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
// "700 KiB", "2.9 MiB"; rounded up.
std::string size_for_people(std::uintmax_t bytes);
std::string hex_byte(unsigned char byte);  // "93"

// Lines with what ends them (\n, \r\n, \r or the end of the text).
struct Line {
  std::string_view text;   // without its end
  std::size_t offset = 0;  // of its first byte
  std::size_t next = 0;    // offset of the line after it
};
Line line_at(std::string_view text, std::size_t offset);

}  // namespace intake
