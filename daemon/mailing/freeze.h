// Fixing who gets a mailing: the list is read once, counted, and from then on the rows decide.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "mailing/mail_channel.h"
#include "publishers/email/suppression.h"
#include "store/store_thread.h"

namespace mailing {

struct Unfixed {
  store::StoreError error;     // not_allowed: what a person has to mend (the list, the theme, the text)
  bool being_written = false;  // it is a list that may be whole in a moment
};
using Fixed = tl::expected<model::MessageCounts, Unfixed>;

// Reads the list on a worker, composes and freezes the text, stores both in chunks. `then` in the house:
// the sums, of at least one recipient.
void freeze_recipients(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                       store::StoreThread& store, std::shared_ptr<MailChannel> channel,
                       const store::Work& work, model::Instant now, std::function<void(Fixed)> then);

// Lines of the file of those who left that hold no address, in the log: whoever was meant gets mail.
void warn_of_bad_lines(const publishers::SuppressionList& list);

// Recipients and rows left out, as the list stands now. `who_left_was_seen`: see was_seen(). Blocking; throws
// std::runtime_error for a list that can't be read.
std::pair<std::int64_t, std::int64_t> count_recipients(const MailChannel& channel, bool who_left_was_seen);

}  // namespace mailing
