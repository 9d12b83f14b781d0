// What a refusal means: whose fault it is, and whether trying again helps. Pure; any thread.
#pragma once

#include "publishers/email/smtp_reply.h"
#include "publishers/receipt.h"

namespace publishers::smtp {

// What a reply answers.
enum class Phase { greeting, hello, starttls, login, sender, recipient, data, end_of_data };

// Whether the reply is the one that lets the dialogue go on.
bool is_good(Phase phase, const Reply& reply);

// The receipt for `reply`. Only a good end_of_data is confirmed. Nothing is rejected but a recipient, a
// text or a size: what our set-up or the moment is to blame for is deferred.
Receipt verdict(Phase phase, const Reply& reply);

}  // namespace publishers::smtp
