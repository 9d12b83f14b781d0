// What values look like whose text has a form. Pure; for config/ alone.
#pragma once

#include <string_view>

namespace config {

bool is_key(std::string_view text);          // of a series or channel: "sales-leadership-friday"
bool is_colour(std::string_view text);       // "#1f5fbf" or "#15b"
bool is_web_address(std::string_view text);  // "https://example.org/blog": scheme and host, nothing odd in it
bool is_language(std::string_view text);     // a BCP 47 tag such as "en" or "pt-BR", by its form
bool is_hour(std::string_view text);         // "09:30"
bool is_mail_address(std::string_view text);  // roughly: name@host, without blanks or brackets

}  // namespace config
