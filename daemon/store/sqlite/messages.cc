// The ledger: one row for each recipient of a mailing. The sums by state are kept beside the rows, in the
// same transactions.
#include <algorithm>
#include <map>

#include "store/sqlite/engine.h"
#include "store/sqlite/json.h"

namespace store::sqlite {
namespace {

using model::MessageState;

constexpr std::size_t kPage = 1000;

std::int64_t hour_of(Instant instant) {
  return std::chrono::floor<std::chrono::hours>(instant).time_since_epoch().count();
}

#define MESSAGE_COLUMNS "m.subscriber,s.address,m.state,m.attempts,m.reply,m.next_at,m.changed_at"
#define CLAIMED_COLUMNS \
  "m.subscriber,s.address,coalesce(m.name,s.name),coalesce(m.fields,s.fields),m.attempts,m.first_tried"
#define MESSAGE_JOIN "message m JOIN subscriber s ON s.id=m.subscriber"
// Left to itself, SQLite would walk through all messages of a mailing in search of a few.
#define ASIDE_MESSAGE_JOIN "message m INDEXED BY message_aside JOIN subscriber s ON s.id=m.subscriber"

std::vector<MessageRow> all(Statement rows, DeliveryId delivery) {
  std::vector<MessageRow> messages;
  while (rows.next()) {
    MessageRow& row = messages.emplace_back();
    row.id.delivery = delivery;
    rows.read(row.id.subscriber, row.address, row.state, row.attempts, row.reply, row.next_at,
              row.changed_at);
  }
  return messages;
}

void take_claimed(Statement rows, std::vector<Claimed>& claimed) {
  while (rows.next()) {
    Claimed& message = claimed.emplace_back();
    std::string fields;
    rows.read(message.subscriber, message.address, message.name, fields, message.attempts,
              message.first_tried);
    message.fields = map_of(fields);
  }
}

void check_result(const MessageResult& result) {
  switch (result.state) {
    case MessageState::pending:
    case MessageState::accepted:
    case MessageState::failed:
    case MessageState::uncertain:
      return;
    case MessageState::deferred:
      if (result.next_at) return;
      [[fallthrough]];
    default:
      throw StoreFailure(Failure::not_allowed,
                         "no message ends as " + std::string(model::name(result.state)));
  }
}

}  // namespace

void SqliteStore::count_messages(const Tally& tally) {
  for (const auto& [key, change] : tally.changes()) {
    if (change == 0) continue;
    db_.run("UPDATE message_count SET count=count+? WHERE delivery=? AND state=?", change, key.first,
            key.second);
  }
}

std::int64_t SqliteStore::how_many(DeliveryId id, MessageState state) {
  return db_.value<std::int64_t>("SELECT count FROM message_count WHERE delivery=? AND state=?", id, state)
      .value_or(0);
}

void SqliteStore::move_messages(DeliveryId id, MessageState from, MessageState to, Instant now) {
  Tally tally;
  tally.move(id, from, to, move_at_most(id, from, to, how_many(id, from), now));
  count_messages(tally);
}

SubscriberId SqliteStore::first_pending(DeliveryId id) {
  return db_
      .value<SubscriberId>("SELECT count FROM message_count WHERE delivery=? AND state=?", id, kFirstPending)
      .value_or(SubscriberId());
}

void SqliteStore::set_first_pending(DeliveryId id, SubscriberId first) {
  db_.run("UPDATE message_count SET count=? WHERE delivery=? AND state=?", first, id, kFirstPending);
}

void SqliteStore::pending_again(DeliveryId id, SubscriberId subscriber) {
  if (subscriber < first_pending(id)) set_first_pending(id, subscriber);
}

std::vector<Claimed> SqliteStore::claim_messages(DeliveryId id, std::int64_t fence, const Lease&, Instant now,
                                                 std::size_t limit) {
  return atomically([&] {
    check_fence(id, fence);
    if (!is_fixed(id)) throw StoreFailure(Failure::not_allowed, id.text() + " has no recipients fixed yet");
    std::vector<Claimed> claimed;
    // Deferred ones first: they have waited longest.
    take_claimed(db_.select("SELECT " CLAIMED_COLUMNS " FROM " MESSAGE_JOIN
                            " WHERE m.delivery=? AND m.state=4 AND m.next_at<=? ORDER BY m.next_at LIMIT ?",
                            id, now, limit),
                 claimed);
    const auto deferred = static_cast<std::int64_t>(claimed.size());
    if (claimed.size() < limit && how_many(id, MessageState::pending) > 0) {
      take_claimed(
          db_.select("SELECT " CLAIMED_COLUMNS " FROM " MESSAGE_JOIN
                     " WHERE m.delivery=? AND m.state=0 AND m.subscriber>=? ORDER BY m.subscriber LIMIT ?",
                     id, first_pending(id), limit - claimed.size()),
          claimed);
    }
    const auto all = static_cast<std::int64_t>(claimed.size());
    for (std::int64_t i = 0; i < deferred; ++i) {
      db_.run(
          "UPDATE message SET state=1,fence=?,next_at=NULL,changed_at=? WHERE delivery=? AND subscriber=?",
          fence, now, id, claimed[static_cast<std::size_t>(i)].subscriber);
    }
    // All that are pending between the first and the last were taken.
    if (all > deferred) {
      const SubscriberId last = claimed.back().subscriber;
      db_.run(
          "UPDATE message SET state=1,fence=?,changed_at=? WHERE delivery=? AND state=0 AND subscriber "
          "BETWEEN ? AND ?",
          fence, now, id, claimed[static_cast<std::size_t>(deferred)].subscriber, last);
      set_first_pending(id, {last.value + 1});
    }
    Tally tally;
    tally.move(id, MessageState::deferred, MessageState::claimed, deferred);
    tally.move(id, MessageState::pending, MessageState::claimed, all - deferred);
    count_messages(tally);
    return claimed;
  });
}

std::vector<MessageId> SqliteStore::arm(const std::vector<MessageId>& messages, std::int64_t fence,
                                        Instant now) {
  return atomically([&] {
    std::vector<MessageId> armed;
    Tally tally;
    DeliveryId checked;
    const bool anybody_left =
        db_.value<int>("SELECT 1 FROM suppression WHERE address>='' LIMIT 1").has_value();
    const auto left = [&](SubscriberId subscriber) {
      return db_
          .value<int>("SELECT 1 FROM suppression WHERE address=(SELECT address FROM subscriber WHERE id=?)",
                      subscriber)
          .has_value();
    };
    for (const MessageId& id : messages) {
      if (id.delivery != checked) check_fence(id.delivery, fence);
      checked = id.delivery;
      const auto state = anybody_left && left(id.subscriber) ? MessageState::suppressed : MessageState::armed;
      const std::int64_t moved = db_.run(
          "UPDATE message SET state=?,changed_at=? WHERE delivery=? AND subscriber=? AND state=1 AND fence=?",
          state, now, id.delivery, id.subscriber, fence);
      if (moved == 0) continue;
      tally.move(id.delivery, MessageState::claimed, state);
      if (state == MessageState::armed) armed.push_back(id);
    }
    count_messages(tally);
    return armed;
  });
}

bool SqliteStore::set_message(const MessageResult& result, MessageState from, Instant now) {
  const MessageId& id = result.message;
  // What was accepted is not sent again: it needs no words for it.
  return db_.run(
             "UPDATE message SET state=?1,next_at=CASE ?1 WHEN 4 THEN ?2 END,attempts=attempts+?3,reply=?4,"
             "changed_at=?5,first_tried=CASE WHEN ?3 AND ?1<>3 THEN coalesce(first_tried,?5) ELSE "
             "first_tried END,name=CASE WHEN ?1<>3 THEN name END,fields=CASE WHEN ?1<>3 THEN fields END "
             "WHERE delivery=?6 AND subscriber=?7 AND state=?8",
             result.state, result.next_at, result.charge_attempt, result.reply, now, id.delivery,
             id.subscriber, from) > 0;
}

void SqliteStore::finish_messages(const std::vector<MessageResult>& results, Instant now) {
  atomically([&] {
    std::map<DeliveryId, std::int64_t> accepted;
    std::map<DeliveryId, SubscriberId> pending;  // the first of each
    Tally tally;
    for (const MessageResult& result : results) {
      check_result(result);
      // A result counts for what was on its way, and for nothing else: it may come twice.
      for (const MessageState from : {MessageState::armed, MessageState::claimed}) {
        if (!set_message(result, from, now)) continue;
        tally.move(result.message.delivery, from, result.state);
        if (result.state == MessageState::pending) {
          SubscriberId& first =
              pending.emplace(result.message.delivery, result.message.subscriber).first->second;
          first = std::min(first, result.message.subscriber);
        }
        if (result.state == MessageState::accepted) ++accepted[result.message.delivery];
        break;
      }
    }
    count_messages(tally);
    for (const auto& [id, first] : pending) pending_again(id, first);
    for (const auto& [id, count] : accepted) {
      db_.run(
          "INSERT INTO accepted_hour SELECT channel,?,? FROM delivery WHERE id=? ON CONFLICT(channel,hour) "
          "DO "
          "UPDATE SET count=count+excluded.count",
          hour_of(now), count, id);
    }
  });
}

void SqliteStore::unclaim_messages(DeliveryId id, Instant now) {
  atomically([&] { move_messages(id, MessageState::claimed, MessageState::pending, now); });
}

void SqliteStore::take_back_messages(DeliveryId id, Instant now, std::vector<std::string>& uncertain) {
  move_messages(id, MessageState::claimed, MessageState::pending, now);
  for (SubscriberId after;;) {
    const std::vector<MessageRow> armed = messages(id, MessageState::armed, after, kPage);
    for (const MessageRow& row : armed)
      uncertain.push_back(row.id.text() + ' ' + row.address + ": may have arrived");
    if (armed.size() < kPage) break;
    after = armed.back().id.subscriber;
  }
  move_messages(id, MessageState::armed, MessageState::uncertain, now);
}

std::optional<Instant> SqliteStore::next_message_at(DeliveryId id) {
  return db_
      .value<std::optional<Instant>>("SELECT min(next_at) FROM message WHERE delivery=? AND state=4", id)
      .value_or(std::nullopt);
}

std::vector<MessageRow> SqliteStore::messages(DeliveryId id, std::optional<MessageState> state,
                                              SubscriberId after, std::size_t limit) {
  if (!state) {
    return all(db_.select("SELECT " MESSAGE_COLUMNS " FROM " MESSAGE_JOIN
                          " WHERE m.delivery=? AND m.subscriber>? ORDER BY m.subscriber LIMIT ?",
                          id, after, limit),
               id);
  }
  if (is_aside(*state)) {
    return all(db_.select("SELECT " MESSAGE_COLUMNS " FROM " ASIDE_MESSAGE_JOIN
                          " WHERE m.delivery=? AND m.state=? AND " MESSAGE_IS_ASIDE
                          " AND m.subscriber>? ORDER BY m.subscriber LIMIT ?",
                          id, *state, after, limit),
               id);
  }
  if (how_many(id, *state) == 0) return {};
  if (*state == MessageState::pending) after = std::max(after, SubscriberId{first_pending(id).value - 1});
  return all(db_.select("SELECT " MESSAGE_COLUMNS " FROM " MESSAGE_JOIN
                        " WHERE m.delivery=? AND m.subscriber>? AND m.state=? ORDER BY m.subscriber LIMIT ?",
                        id, after, *state, limit),
             id);
}

std::int64_t SqliteStore::accepted_since(const std::string& channel, Instant since) {
  return db_
      .value<std::int64_t>("SELECT coalesce(sum(count),0) FROM accepted_hour WHERE channel=? AND hour>=?",
                           channel, hour_of(since))
      .value_or(0);
}

}  // namespace store::sqlite
