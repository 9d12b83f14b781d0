// What can be found out about a configuration without doing anything: its faults, the rights of every path
// that it needs, and its lists. The daemon looks with its own eyes when it is asked; fridayctl does where no
// daemon answers.
#pragma once

#include <functional>

#include "admin/house.h"
#include "mailing/mail_channel.h"
#include "service/service.h"

namespace service {

// Reads the configuration as a start would, beside the one that is in force. `running`: folders that the
// daemon makes only at its first start have to be there. Blocking, any thread.
//
// `was_seen`: whether a channel's file of those who left was ever there, by a store that knows (see
// mailing::was_seen); without one it can't be said.
using WasSeen = std::function<bool(const mailing::MailChannel&)>;
admin::Examination examine(const Setup& setup, bool running, const WasSeen& was_seen = {});

}  // namespace service
