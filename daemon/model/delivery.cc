#include "model/delivery.h"

#include <iterator>
#include <numeric>

namespace model {

std::string_view name(PostState state) {
  switch (state) {
    case PostState::planned:
      return "planned";
    case PostState::held:
      return "held";
    case PostState::publishing:
      return "publishing";
    case PostState::published:
      return "published";
    case PostState::partial:
      return "partial";
    case PostState::failed:
      return "failed";
    case PostState::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string_view name(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting:
      return "waiting";
    case DeliveryState::ready:
      return "ready";
    case DeliveryState::working:
      return "working";
    case DeliveryState::confirmed:
      return "confirmed";
    case DeliveryState::deferred:
      return "deferred";
    case DeliveryState::rejected:
      return "rejected";
    case DeliveryState::uncertain:
      return "uncertain";
    case DeliveryState::held:
      return "held";
    case DeliveryState::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string_view name(MessageState state) {
  switch (state) {
    case MessageState::pending:
      return "pending";
    case MessageState::claimed:
      return "claimed";
    case MessageState::armed:
      return "armed";
    case MessageState::accepted:
      return "accepted";
    case MessageState::deferred:
      return "deferred";
    case MessageState::failed:
      return "failed";
    case MessageState::uncertain:
      return "uncertain";
    case MessageState::suppressed:
      return "suppressed";
    case MessageState::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::string_view face(DeliveryState state, bool mail) {
  switch (state) {
    case DeliveryState::waiting:
      return "planned";
    case DeliveryState::ready:
    case DeliveryState::working:
      return mail ? "sending" : "publishing";
    case DeliveryState::confirmed:
      return mail ? "sent" : "live";
    case DeliveryState::deferred:
      return "trying again";
    case DeliveryState::rejected:
      return "failed";
    case DeliveryState::uncertain:
      return "may have arrived";
    case DeliveryState::held:
      return "on hold";
    case DeliveryState::cancelled:
      return "cancelled";
  }
  return "unknown";
}

bool is_final(DeliveryState state) {
  return state == DeliveryState::confirmed || state == DeliveryState::rejected ||
         state == DeliveryState::cancelled;
}

bool stands_in_the_way(DeliveryState state) {
  return state == DeliveryState::deferred || state == DeliveryState::rejected ||
         state == DeliveryState::uncertain || state == DeliveryState::held;
}

bool is_final(MessageState state) {
  return state == MessageState::accepted || state == MessageState::failed ||
         state == MessageState::suppressed || state == MessageState::cancelled;
}

std::int64_t MessageCounts::total() const {
  return std::accumulate(std::begin(by_state), std::end(by_state), std::int64_t{0});
}

}  // namespace model
