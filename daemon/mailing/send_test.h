// One mail to one address, outside of the ledger: a trial of what the subscribers would get.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "mailing/mail_channel.h"
#include "model/time.h"
#include "publishers/edition.h"
#include "publishers/receipt.h"

namespace mailing {

// On the house thread; `then` there too.
void send_test(const std::shared_ptr<MailChannel>& channel, const publishers::Edition& edition,
               const std::string& to, model::Instant now, std::function<void(publishers::Receipt)> then);

}  // namespace mailing
