// The file of those who left, as a mailing asks it. The store remembers that it was once seen with
// addresses, so that a file that got lost is not taken for an empty one.
#pragma once

#include <cstddef>
#include <string>

#include "mailing/mail_channel.h"
#include "publishers/email/suppression.h"
#include "store/store.h"

namespace mailing {

// Whether the channel's file was seen with addresses.
bool was_seen(store::Store& store, const MailChannel& channel);
// What was just read from it; a file that holds no addresses any more may go.
void note_seen(store::Store& store, const MailChannel& channel, std::size_t addresses);

// A fault of the file for people: with what to do about it.
std::string with_advice(const publishers::SuppressionList& list, const std::string& fault);

}  // namespace mailing
