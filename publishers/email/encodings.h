// The alphabets that mail is written in: base64, base32, percent, HTML entities. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace publishers {

bool is_utf8(std::string_view text);
bool is_ascii(std::string_view text);
// C0, DEL and C1. Invalid UTF-8 is for is_utf8 to find.
bool has_control(std::string_view text);
// How many bytes the character at the front takes; 1 for what is no UTF-8.
std::size_t utf8_length(char first);

std::string ascii_lower(std::string_view text);
bool starts_with_ignoring_case(std::string_view text, std::string_view start);
std::string_view without_outer_blanks(std::string_view text);  // spaces and tabs

std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
// In lines of 76, each ended by CRLF.
std::string base64_lines(std::string_view bytes);
// RFC 4648 lower case, without padding.
void append_base32(std::string& out, std::string_view bytes);

// All but RFC 3986's unreserved characters.
void append_percent_encoded(std::string& out, std::string_view text);
// Only characters that may stand in a URI, percent signs included.
bool is_uri_text(std::string_view text);
// http:, https: or mailto: with something behind it.
bool is_way_to_leave(std::string_view uri);

// & < > " ' as entities.
void append_html(std::string& out, std::string_view text);
// The entity of a character that has to be one, else empty.
std::string_view html_entity(char c);

}  // namespace publishers
