// What a mail channel's section says about its messages and recipients, whatever transport carries them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config/section.h"
#include "publishers/email/address.h"

namespace publishers {

struct MailSettings {
  Mailbox from;
  std::optional<Mailbox> reply_to;
  std::string postal_address;
  std::string why;          // why a reader gets this, at the foot of the message
  std::string unsubscribe;  // https:, http: or mailto: address, its merge fields as marks; may be empty
  bool one_click = false;
  bool test_only = false;  // goes to nobody but testers: needs no way to leave
  std::filesystem::path recipients;
  std::filesystem::path suppressed;
  std::int64_t max_per_day = 0;  // 0: no limit
  enum class Uncertain { hold, resend, assume };
  Uncertain uncertain = Uncertain::hold;
  std::string list_id;
  enum class Images { linked, embedded };
  Images images = Images::linked;

  std::string from_text() const;      // as MailContent takes it
  std::string reply_to_text() const;  // empty: none
};

// Faults are reported in the section; what is returned is of use only if there were none.
MailSettings read_mail_settings(config::Section& section);

}  // namespace publishers
