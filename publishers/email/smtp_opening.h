// From nothing to a server that takes mail: connection, encryption, EHLO, AUTH. Never falls back to clear
// text, and says nothing of a password over it.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "publishers/email/smtp_envelope.h"
#include "publishers/email/smtp_settings.h"
#include "publishers/email/smtp_wire.h"
#include "publishers/receipt.h"

namespace publishers::smtp {

// A good end is a receipt with Fault::none; else the receipt says whose fault it was, always deferred.
// `settings` outlives the call.
boost::asio::awaitable<Receipt> open(std::shared_ptr<Wire> wire, const Settings& settings, Abilities& server);

// QUIT, waited for a moment, and the end of the connection.
boost::asio::awaitable<void> quit(std::shared_ptr<Wire> wire, const Settings& settings);

// `text` without the user's secrets in any form in which they went over the wire.
std::string without_secrets(std::string text, const Settings& settings);

}  // namespace publishers::smtp
