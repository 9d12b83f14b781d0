// What a server said it can do, and the commands that are put to it accordingly. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "publishers/email/smtp_data.h"
#include "publishers/email/smtp_reply.h"
#include "publishers/receipt.h"

namespace publishers::smtp {

struct Abilities {
  std::string name;  // as the server calls itself
  bool starttls = false;
  bool pipelining = false;
  bool eight_bit_mime = false;
  bool smtputf8 = false;
  bool size = false;
  std::uint64_t most_bytes = 0;  // 0: it named no limit
  bool auth_plain = false;
  bool auth_login = false;

  // "PIPELINING, 8BITMIME, SIZE 10240000", for people.
  std::string text() const;
};

// From the reply to EHLO.
Abilities abilities(const Reply& reply);

// The receipt for a message that this server can't take; nothing if it may be tried.
std::optional<Receipt> refusal(const OutgoingMessage& message, const Traits& traits, const Abilities& server);

void append_mail_from(std::string& out, const OutgoingMessage& message, const Traits& traits,
                      const Abilities& server);
void append_rcpt_to(std::string& out, const OutgoingMessage& message);

}  // namespace publishers::smtp
