// A message on its way into SMTP's DATA: what may not be sent at all, what it asks of the server, and the
// dots. This is the only place that stuffs dots. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "publishers/mail_transport.h"

namespace publishers::smtp {

// What inspect() found out about a message.
struct Traits {
  bool eight_bit = false;  // needs 8BITMIME
  bool utf8_head = false;  // needs SMTPUTF8, whatever its addresses are
  bool dot_lines = false;  // at least one line begins with a dot
};

// Why the message must not be sent, in words for people; empty if it may. A lone CR or LF, a NUL, or an
// address that could end a command are ways to smuggle.
std::string inspect(const OutgoingMessage& message, Traits& traits);

// Makes a text what follows DATA: dot-stuffed if it has lines that begin with a dot, with the line that ends
// it. Returns where the ending dot stands: until it leaves, the message can't have been taken.
std::size_t as_data(std::string& text, bool dot_lines);

}  // namespace publishers::smtp
