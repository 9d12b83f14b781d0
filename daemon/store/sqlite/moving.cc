// What becomes of a mailing's messages when it is cancelled or tried again: some at a time, for there may be
// millions. The delivery's state comes first, and `moving` says what is left to be done.
#include <algorithm>
#include <span>

#include "store/sqlite/engine.h"

namespace store::sqlite {
namespace {

using model::MessageState;

constexpr std::int64_t kAtOnce = 10'000;

constexpr MessageState kGivenUp[] = {MessageState::pending, MessageState::claimed, MessageState::deferred};
constexpr MessageState kTriedAgain[] = {MessageState::failed, MessageState::deferred};

std::span<const MessageState> that_become(MessageState to) {
  if (to == MessageState::cancelled) return kGivenUp;
  return kTriedAgain;
}

}  // namespace

// One that is tried again is tried for as long as any other from then on.
#define MOVE_MESSAGES                                                  \
  "UPDATE message SET state=?1,next_at=NULL,changed_at=?2,"            \
  "first_tried=CASE WHEN ?4=4 OR ?4=5 THEN NULL ELSE first_tried END " \
  "WHERE delivery=?3 AND subscriber IN (SELECT subscriber FROM message "

// From pending to accepted no index says which messages are in a state: the way is walked, up to the last of
// `most`.
std::int64_t SqliteStore::move_at_most(DeliveryId id, MessageState from, MessageState to, std::int64_t most,
                                       Instant now) {
  if (most == 0) return 0;
  if (is_aside(from)) {
    const std::int64_t moved =
        db_.run(MOVE_MESSAGES "INDEXED BY message_aside WHERE delivery=?3 AND state=?4 AND " MESSAGE_IS_ASIDE
                              " LIMIT ?5)",
                to, now, id, from, most);
    if (to == MessageState::pending && moved > 0) pending_again(id, {});
    return moved;
  }
  const bool pending = from == MessageState::pending;
  const auto first = db_.value<SubscriberId>(
      "SELECT subscriber FROM message WHERE delivery=? AND state=? AND subscriber>=? ORDER BY subscriber "
      "LIMIT 1",
      id, from, pending ? first_pending(id) : SubscriberId());
  if (!first) return 0;
  if (pending) set_first_pending(id, *first);
  if (to == MessageState::pending) pending_again(id, *first);
  return db_.run(MOVE_MESSAGES
                 "WHERE delivery=?3 AND state=?4 AND subscriber>=?6 ORDER BY subscriber LIMIT ?5)",
                 to, now, id, from, most, *first);
}

// True when none is left.
bool SqliteStore::move_some(DeliveryId id, MessageState to, Instant now) {
  std::int64_t left = kAtOnce;
  Tally tally;
  for (const MessageState from : that_become(to)) {
    const std::int64_t moved = move_at_most(id, from, to, std::min(left, how_many(id, from)), now);
    tally.move(id, from, to, moved);
    left -= moved;
    if (left == 0) break;
  }
  count_messages(tally);
  return left > 0;
}

bool SqliteStore::moves(DeliveryId id) {
  return db_.value<int>("SELECT 1 FROM moving WHERE delivery=?", id).has_value();
}

bool SqliteStore::begin_moving(DeliveryId id, MessageState to, Instant now) {
  db_.run("DELETE FROM moving WHERE delivery=?", id);
  if (move_some(id, to, now)) return true;
  db_.run("INSERT INTO moving VALUES(?,?)", id, to);
  return false;
}

bool SqliteStore::carry_on(Instant now) {
  return atomically([&] {
    const auto id = db_.value<DeliveryId>("SELECT delivery FROM moving ORDER BY delivery LIMIT 1");
    if (!id) return false;
    const auto to = db_.value<MessageState>("SELECT state FROM moving WHERE delivery=?", *id).value();
    if (!move_some(*id, to, now)) return true;
    db_.run("DELETE FROM moving WHERE delivery=?", *id);
    if (to == MessageState::pending) start_again(known_delivery(*id), now);
    return true;
  });
}

bool SqliteStore::forget_freeze(DeliveryId id, std::int64_t fence) {
  return atomically([&] {
    check_fence(id, fence);
    if (is_fixed(id)) {
      throw StoreFailure(Failure::not_allowed, id.text() + " has its recipients fixed already");
    }
    const std::int64_t messages = db_.run(
        "DELETE FROM message WHERE delivery=?1 AND subscriber IN (SELECT subscriber FROM message WHERE "
        "delivery=?1 LIMIT ?2)",
        id, kAtOnce);
    const std::int64_t rows =
        db_.run("DELETE FROM exclusion WHERE rowid IN (SELECT rowid FROM exclusion WHERE delivery=? LIMIT ?)",
                id, kAtOnce);
    Tally tally;
    tally.add(id, MessageState::pending, -messages);
    count_messages(tally);
    count_excluded(id, -rows);
    return messages == kAtOnce || rows == kAtOnce;
  });
}

}  // namespace store::sqlite
