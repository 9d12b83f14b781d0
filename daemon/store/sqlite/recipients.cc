// Who gets a mailing: fixed in chunks, then counted.
#include "store/sqlite/engine.h"
#include "store/sqlite/json.h"

namespace store::sqlite {
namespace {

using model::MessageState;

}  // namespace

void SqliteStore::freeze_begin(DeliveryId id, std::int64_t fence, const std::string& frozen_mail) {
  atomically([&] {
    check_fence(id, fence);
    if (is_fixed(id)) {
      throw StoreFailure(Failure::not_allowed, id.text() + " has its recipients fixed already");
    }
    db_.run("DELETE FROM message WHERE delivery=?", id);
    db_.run("DELETE FROM message_count WHERE delivery=?", id);
    db_.run("DELETE FROM exclusion WHERE delivery=?", id);
    for (int state = kFirstPending; state < model::kMessageStates; ++state) {
      db_.run("INSERT INTO message_count VALUES(?,?,0)", id, state);
    }
    db_.run("UPDATE delivery SET frozen_mail=? WHERE id=?", frozen_mail, id);
  });
}

void SqliteStore::check_freezing(DeliveryId id, std::int64_t fence) {
  check_fence(id, fence);
  const auto freezing =
      db_.value<bool>("SELECT frozen_mail IS NOT NULL AND frozen_at IS NULL FROM delivery WHERE id=?", id);
  if (!freezing.value_or(false)) {
    throw StoreFailure(Failure::not_allowed, id.text() + " is not having its recipients fixed");
  }
}

// Nobody's words are changed once they stand there: mailings that are under way say them. Whether they are
// the list's is the second value.
std::pair<SubscriberId, bool> SqliteStore::put_subscriber(const Recipient& recipient,
                                                          const std::string& fields) {
  {
    Statement row = db_.select("SELECT id,name=?2 AND fields=?3 FROM subscriber WHERE address=?1",
                               recipient.address, recipient.name, fields);
    std::pair<SubscriberId, bool> known;
    if (row.next()) {
      row.read(known.first, known.second);
      return known;
    }
  }
  return {*db_.value<SubscriberId>("INSERT INTO subscriber(address,name,fields) VALUES(?,?,?) RETURNING id",
                                   recipient.address, recipient.name, fields),
          true};
}

bool SqliteStore::add_message(DeliveryId id, const Recipient& recipient) {
  const std::string fields = text_of(recipient.fields);
  const auto [subscriber, same] = put_subscriber(recipient, fields);
  if (same) {
    return db_.run(
               "INSERT INTO message(delivery,subscriber,state,changed_at) VALUES(?,?,0,0) ON CONFLICT DO "
               "NOTHING",
               id, subscriber) > 0;
  }
  return db_.run(
             "INSERT INTO message(delivery,subscriber,state,changed_at,name,fields) VALUES(?,?,0,0,?,?) ON "
             "CONFLICT DO NOTHING",
             id, subscriber, recipient.name, fields) > 0;
}

void SqliteStore::freeze_chunk(DeliveryId id, std::int64_t fence, const std::vector<Recipient>& recipients,
                               const std::vector<Exclusion>& exclusions) {
  atomically([&] {
    check_freezing(id, fence);
    std::int64_t added = 0;
    std::int64_t left_out = 0;
    const auto leave_out = [&](const std::string& address, std::string_view reason) {
      db_.run("INSERT INTO exclusion VALUES(?,?,?)", id, address, reason);
      ++left_out;
    };
    for (const Recipient& recipient : recipients) {
      if (add_message(id, recipient)) {
        ++added;
      } else {
        leave_out(recipient.address, "stands in the list twice");
      }
    }
    for (const Exclusion& exclusion : exclusions) leave_out(exclusion.address, exclusion.reason);
    Tally tally;
    tally.add(id, MessageState::pending, added);
    count_messages(tally);
    count_excluded(id, left_out);
  });
}

void SqliteStore::count_excluded(DeliveryId id, std::int64_t more) {
  db_.run("UPDATE message_count SET count=count+? WHERE delivery=? AND state=?", more, id, kExcluded);
}

model::MessageCounts SqliteStore::freeze_end(DeliveryId id, std::int64_t fence, Instant now) {
  return atomically([&] {
    check_freezing(id, fence);
    db_.run("UPDATE delivery SET frozen_at=? WHERE id=?", now, id);
    return message_counts(id);
  });
}

bool SqliteStore::is_fixed(DeliveryId id) {
  return db_.value<bool>("SELECT frozen_at IS NOT NULL FROM delivery WHERE id=?", id).value_or(false);
}

std::optional<std::string> SqliteStore::frozen_mail(DeliveryId id) {
  return db_.value<std::string>("SELECT frozen_mail FROM delivery WHERE id=? AND frozen_at IS NOT NULL", id);
}

model::MessageCounts SqliteStore::message_counts(DeliveryId id) {
  model::MessageCounts counts;
  Statement rows = db_.select("SELECT state,count FROM message_count WHERE delivery=?", id);
  while (rows.next()) {
    int state = 0;
    std::int64_t count = 0;
    rows.read(state, count);
    if (state == kExcluded) {
      counts.excluded = count;
    } else if (state >= 0) {
      counts.by_state[state] = count;
    }
  }
  return counts;
}

std::vector<Exclusion> SqliteStore::exclusions(DeliveryId id, std::size_t limit) {
  std::vector<Exclusion> exclusions;
  Statement rows =
      db_.select("SELECT address,reason FROM exclusion WHERE delivery=? ORDER BY rowid LIMIT ?", id, limit);
  while (rows.next()) {
    Exclusion& row = exclusions.emplace_back();
    rows.read(row.address, row.reason);
  }
  return exclusions;
}

void SqliteStore::suppress_messages(const std::vector<MessageId>& messages, const std::string& why,
                                    Instant now) {
  atomically([&] {
    Tally tally;
    for (const MessageId& id : messages) {
      const std::int64_t moved = db_.run(
          "UPDATE message SET state=?,reply=?,changed_at=? WHERE delivery=? AND subscriber=? AND state=?",
          MessageState::suppressed, why, now, id.delivery, id.subscriber, MessageState::claimed);
      tally.move(id.delivery, MessageState::claimed, MessageState::suppressed, moved);
    }
    count_messages(tally);
  });
}

void SqliteStore::suppress(const std::string& address, const std::string& reason, Instant now) {
  db_.run("INSERT INTO suppression VALUES(?,?,?) ON CONFLICT DO NOTHING", address, reason, now);
}

bool SqliteStore::suppressed(const std::string& address) {
  return db_.value<int>("SELECT 1 FROM suppression WHERE address=?", address).has_value();
}

}  // namespace store::sqlite
