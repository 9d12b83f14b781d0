#include "mailing/books.h"

#include <algorithm>

namespace mailing {

using model::DeliveryState;
using model::MessageState;
using namespace std::chrono_literals;

std::string books(const model::MessageCounts& counts) {
  std::string text = std::to_string(counts.of(MessageState::accepted)) + " of " +
                     std::to_string(counts.total()) + " accepted";
  const auto add = [&](MessageState state, const char* words) {
    if (counts.of(state) > 0) text += ", " + std::to_string(counts.of(state)) + ' ' + words;
  };
  add(MessageState::failed, "failed");
  add(MessageState::suppressed, "not sent (left the list)");
  add(MessageState::uncertain, "may have arrived");
  add(MessageState::cancelled, "cancelled");
  add(MessageState::deferred, "to be tried again");
  add(MessageState::pending, "to be sent");
  if (counts.excluded > 0) text += "; " + std::to_string(counts.excluded) + " rows left out";
  return text;
}

Ending ending(const Standing& standing, model::Instant now) {
  // For what came back without a word on when to send it again.
  constexpr auto kPause = 1min;
  const model::MessageCounts& counts = standing.counts;
  const bool pending = counts.of(MessageState::pending) > 0;
  if (pending || counts.of(MessageState::deferred) > 0) {
    if (standing.next_day) return {DeliveryState::deferred, standing.next_day};
    const model::Instant soon = now + kPause;
    const model::Instant due = standing.next_message.value_or(soon);
    return {DeliveryState::deferred, pending ? std::min(due, soon) : due};
  }
  if (counts.of(MessageState::uncertain) > 0) return {DeliveryState::uncertain, std::nullopt};
  const bool none = counts.total() > 0 && counts.of(MessageState::failed) == counts.total();
  return {none ? DeliveryState::rejected : DeliveryState::confirmed, std::nullopt};
}

}  // namespace mailing
