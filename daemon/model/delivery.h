// Posts, deliveries and messages: the states of the outbox and which step may follow which.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "model/occurrence.h"
#include "model/time.h"

namespace model {

// Stored; never renumber.
enum class PostState {
  planned = 0,
  held = 1,
  publishing = 2,
  published = 3,
  partial = 4,
  failed = 5,
  cancelled = 6
};

enum class DeliveryState {
  waiting = 0,  // for another channel, or for its hour
  ready = 1,
  working = 2,
  confirmed = 3,
  deferred = 4,
  rejected = 5,
  uncertain = 6,
  held = 7,
  cancelled = 8,
};

// How far a delivery got at the far end; recovery starts from here.
enum class Stage { none = 0, preparing = 1, prepared = 2, publishing = 3, published = 4, sending = 5 };

enum class MessageState {
  pending = 0,
  claimed = 1,
  armed = 2,
  accepted = 3,
  deferred = 4,
  failed = 5,
  uncertain = 6,
  suppressed = 7,
  cancelled = 8,
};
inline constexpr int kMessageStates = 9;

std::string_view name(PostState state);
std::string_view name(DeliveryState state);
std::string_view name(MessageState state);
// The words that people see: "sending", "live", "sent", "may have arrived" ...
std::string_view face(DeliveryState state, bool mail);

bool is_final(DeliveryState state);  // confirmed, rejected, cancelled
// deferred, rejected, uncertain, held: the slot is not done, and people are told why.
bool stands_in_the_way(DeliveryState state);
bool is_final(MessageState state);  // accepted, failed, suppressed, cancelled

struct Post {
  PostId id;
  std::string pid;  // ULID
  DraftId draft;
  int draft_revision = 0;
  std::optional<Occurrence> occurrence;  // none: published by hand out of a slot
  std::string series;
  std::string slug;
  std::string title;
  PostState state = PostState::planned;
  std::string permalink;  // absolute, once a blog has it
  Instant created_at{};
  Instant due_at{};  // the slot's instant, or the moment of the publish by hand
};

struct Delivery {
  DeliveryId id;
  PostId post;
  std::string channel;
  bool mail = false;
  DeliveryState state = DeliveryState::waiting;
  Stage stage = Stage::none;
  int attempts = 0;
  std::optional<Instant> next_at;  // not before
  std::int64_t fence = 0;          // grows with every claim; a write that names an older one is refused
  std::optional<Instant> lease_until;
  std::string key;  // idempotency key, the same on every attempt
  std::string remote_id;
  std::string permalink;
  std::string reply;  // the last words of the far end, or why it is held
  Instant changed_at{};
};

// How many messages of one delivery are in which state; their sum is the number of recipients fixed.
struct MessageCounts {
  std::int64_t by_state[kMessageStates] = {};
  std::int64_t excluded = 0;  // candidates that were left out, each with its reason
  std::int64_t total() const;
  std::int64_t of(MessageState state) const { return by_state[static_cast<int>(state)]; }
};

}  // namespace model
