// Header fields as RFC 5322, 2047 and 2231 write them: folded at 76 columns where there is a place to
// fold, ASCII only but for addresses that need SMTPUTF8. Nothing is refused here, for the types of the
// arguments hold only what may stand in a header. Pure functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "publishers/email/address.h"

namespace publishers {

// A text that may stand in a header: UTF-8 without control characters. There is no other way to make
// one, so nothing that ends a line can reach a header.
class HeaderText {
 public:
  static tl::expected<HeaderText, std::string> from(std::string_view text);
  const std::string& text() const { return text_; }

 private:
  explicit HeaderText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// Token as RFC 5322 wants a field's name: printable ASCII without colon and space.
bool is_header_name(std::string_view name);

// "Name: value CRLF" for free text. `name` is_header_name.
void append_text_field(std::string& out, std::string_view name, const HeaderText& value);

// "Name: mailbox CRLF". `address` is one that parse_address gave.
void append_mailbox_field(std::string& out, std::string_view name, const HeaderText& display_name,
                          const Address& address);

// "List-Id: name <id> CRLF". `id` is one that parse_list_id gave.
void append_list_id_field(std::string& out, const HeaderText& name, std::string_view id);

// "; NAME=value", each on a line of its own, by RFC 2231 where plain quotes won't do.
void append_parameter(std::string& out, std::string_view name, const HeaderText& value);

// "Fri, 27 Nov 2026 08:00:00 -0500"
std::string rfc5322_date(std::chrono::sys_seconds instant, std::chrono::minutes offset);

}  // namespace publishers
