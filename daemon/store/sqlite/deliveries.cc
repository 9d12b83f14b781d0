// The outbox: claims, attempts and what came of them.
#include <algorithm>
#include <limits>

#include "store/sqlite/engine.h"
#include "store/sqlite/json.h"

namespace store::sqlite {
namespace {

using model::DeliveryState;
using model::Stage;

#define DELIVERY_COLUMNS                                                                                     \
  "id,post,channel,mail,state,stage,attempts,next_at,fence,lease_until,idempotency_key,remote_id,permalink," \
  "reply,changed_at"

template <class... More>
void read_delivery(const Statement& row, model::Delivery& delivery, More&... more) {
  row.read(delivery.id, delivery.post, delivery.channel, delivery.mail, delivery.state, delivery.stage,
           delivery.attempts, delivery.next_at, delivery.fence, delivery.lease_until, delivery.key,
           delivery.remote_id, delivery.permalink, delivery.reply, delivery.changed_at, more...);
}

std::vector<model::Delivery> all(Statement rows) {
  std::vector<model::Delivery> deliveries;
  while (rows.next()) read_delivery(rows, deliveries.emplace_back());
  return deliveries;
}

std::vector<DeliveryId> ids(Statement rows) {
  std::vector<DeliveryId> all;
  while (rows.next()) rows.read(all.emplace_back());
  return all;
}

StoreFailure no_delivery(DeliveryId id) {
  return {Failure::not_found, id.text() + " is no delivery"};
}

// The states that an attempt can end in.
bool ends_attempt(DeliveryState state) {
  return state != DeliveryState::waiting && state != DeliveryState::working &&
         state != DeliveryState::cancelled;
}

}  // namespace

std::optional<model::Delivery> SqliteStore::delivery(DeliveryId id) {
  Statement row = db_.select("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE id=?", id);
  if (!row.next()) return std::nullopt;
  model::Delivery delivery;
  read_delivery(row, delivery);
  return delivery;
}

model::Delivery SqliteStore::known_delivery(DeliveryId id) {
  auto found = delivery(id);
  if (!found) throw no_delivery(id);
  return std::move(*found);
}

void SqliteStore::check_fence(DeliveryId id, std::int64_t fence) {
  const auto holds = db_.value<bool>("SELECT fence=? AND state=? FROM delivery WHERE id=?", fence,
                                     DeliveryState::working, id);
  if (!holds) throw no_delivery(id);
  if (!*holds) throw StoreFailure(Failure::stale_fence, id.text() + " was taken over");
}

std::vector<Waiting> SqliteStore::waiting() {
  std::vector<Waiting> all;
  Statement rows = db_.select(
      "SELECT d.id,d.post,d.channel,d.mail,d.state,d.stage,d.attempts,d.next_at,d.fence,d.lease_until,"
      "d.idempotency_key,d.remote_id,d.permalink,d.reply,d.changed_at,d.after,d.delay,d.not_before,d.blog_"
      "deadline,"
      "d.if_blog_fails,p.due_at,b.state,b.changed_at FROM delivery d JOIN post p ON p.id=d.post "
      "LEFT JOIN delivery b ON b.post=d.post AND b.channel=d.after WHERE d.state=0 AND d." DELIVERY_IS_OPEN
      " ORDER BY d.id");
  while (rows.next()) {
    Waiting& row = all.emplace_back();
    read_delivery(rows, row.delivery, row.after, row.delay, row.not_before, row.blog_deadline,
                  row.if_blog_fails, row.due_at, row.predecessor, row.predecessor_changed_at);
  }
  return all;
}

void SqliteStore::release(DeliveryId id, DeliveryState state, std::optional<Instant> next_at,
                          const std::string& reply, Instant now) {
  if (state != DeliveryState::ready && state != DeliveryState::held) {
    throw StoreFailure(Failure::not_allowed, "what waits becomes ready or held");
  }
  atomically([&] {
    const model::Delivery delivery = known_delivery(id);
    if (delivery.state != DeliveryState::waiting) {
      throw StoreFailure(Failure::conflict, id.text() + " does not wait any more");
    }
    // Its wait is over, whatever it ended in: let go, it does not wait again.
    db_.run("UPDATE delivery SET state=?,held_from=?,next_at=?,reply=?,changed_at=? WHERE id=?", state,
            DeliveryState::ready, next_at, reply, now, id);
    update_post(delivery.post);
  });
}

std::vector<Work> SqliteStore::claim(const std::vector<std::string>& channels, const Lease& lease,
                                     Instant now, std::size_t limit) {
  return atomically([&] {
    std::vector<Work> claimed;
    for (const std::string& channel : channels) {
      if (claimed.size() >= limit) break;
      const std::vector<model::Delivery> expired =
          all(db_.select("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE state=2 AND " DELIVERY_IS_OPEN
                         " AND channel=? AND lease_until<=?",
                         channel, now));
      for (const model::Delivery& delivery : expired) {
        std::vector<std::string> uncertain;
        take_back(delivery, now, uncertain);
        for (const std::string& line : uncertain)
          event({now, "fridayd", delivery.id.text(), "claim ran out: " + line});
      }
      // Uncertain and deferred ones without an instant wait for a person.
      const std::vector<DeliveryId> due =
          ids(db_.select("SELECT id FROM delivery WHERE state IN (1,4,6) AND " DELIVERY_IS_OPEN
                         " AND channel=?1 AND (next_at<=?2 OR (state=1 AND next_at IS NULL)) ORDER BY "
                         "coalesce(next_at,0),id LIMIT ?3",
                         channel, now, limit - claimed.size()));
      for (const DeliveryId id : due) claimed.push_back(start_work(id, lease, now));
    }
    return claimed;
  });
}

Work SqliteStore::start_work(DeliveryId id, const Lease& lease, Instant now) {
  db_.run(
      "UPDATE delivery SET "
      "state=2,fence=fence+1,attempts=attempts+1,lease_until=?,node=?,epoch=?,changed_at=? "
      "WHERE id=?",
      lease.until, lease.node, lease.epoch, now, id);
  Work work;
  work.delivery = known_delivery(id);
  update_post(work.delivery.post);
  work.post = post(work.delivery.post).value();
  work.edition = edition(work.delivery.post, work.delivery.channel);
  return work;
}

void SqliteStore::renew(DeliveryId id, std::int64_t fence, Instant lease_until) {
  atomically([&] {
    check_fence(id, fence);
    db_.run("UPDATE delivery SET lease_until=? WHERE id=?", lease_until, id);
  });
}

void SqliteStore::enter_stage(DeliveryId id, std::int64_t fence, Stage stage, const std::string& remote_id) {
  atomically([&] {
    check_fence(id, fence);
    db_.run("UPDATE delivery SET stage=?,remote_id=? WHERE id=?", stage, remote_id, id);
  });
}

void SqliteStore::store_receipt(const model::Delivery& delivery, const publishers::Receipt& receipt,
                                Instant now) {
  db_.run(
      "INSERT INTO receipt(delivery,attempt,at,outcome,fault,remote_id,permalink,reply,asset_urls) "
      "VALUES(?,?,?,?,?,?,?,?,?)",
      delivery.id, delivery.attempts, now, receipt.outcome, receipt.fault, receipt.remote_id,
      receipt.permalink, receipt.reply, text_of(receipt.asset_urls));
}

void SqliteStore::finish(DeliveryId id, std::int64_t fence, const DeliveryUpdate& update,
                         const publishers::Receipt& receipt, Instant now) {
  if (!ends_attempt(update.state)) {
    throw StoreFailure(Failure::not_allowed, "no attempt ends as " + std::string(model::name(update.state)));
  }
  atomically([&] {
    check_fence(id, fence);
    const model::Delivery before = known_delivery(id);
    store_receipt(before, receipt, now);
    const std::string permalink = update.permalink.value_or(before.permalink);
    db_.run(
        "UPDATE delivery SET state=?,held_from=?,stage=?,next_at=?,remote_id=?,permalink=?,reply=?,"
        "lease_until=NULL,attempts=max(0,attempts-?),changed_at=? WHERE id=?",
        update.state, DeliveryState::ready, update.stage, update.next_at,
        update.remote_id.value_or(before.remote_id), permalink, update.reply, !update.charge_attempt, now,
        id);
    if (before.mail) {
      // Nobody is left to send them, or to hear of them.
      std::vector<std::string> uncertain;
      take_back_messages(id, now, uncertain);
    } else if (update.state == DeliveryState::confirmed) {
      show_at(before, permalink);
    }
    update_post(before.post);
  });
}

// Readers are sent to the first of a post's blogs.
void SqliteStore::show_at(const model::Delivery& delivery, const std::string& permalink) {
  if (permalink.empty()) return;
  db_.run("UPDATE delivery SET permalink=? WHERE id=?", permalink, delivery.id);
  db_.run(
      "UPDATE post SET permalink=?1 WHERE id=?2 AND NOT EXISTS(SELECT 1 FROM delivery WHERE post=?2 AND "
      "id<?3 AND mail=0 AND state=3 AND permalink<>'')",
      permalink, delivery.post, delivery.id);
}

void SqliteStore::take_back(const model::Delivery& delivery, Instant now,
                            std::vector<std::string>& uncertain) {
  const bool begun = !delivery.mail && delivery.stage != Stage::none;
  db_.run("UPDATE delivery SET state=?,next_at=?,fence=fence+1,lease_until=NULL,changed_at=? WHERE id=?",
          begun ? DeliveryState::uncertain : DeliveryState::ready, now, now, delivery.id);
  if (begun) uncertain.push_back(delivery.id.text() + " on " + delivery.channel + ": it is looked up");
  if (delivery.mail) take_back_messages(delivery.id, now, uncertain);
  update_post(delivery.post);
}

std::vector<std::string> SqliteStore::recover(Instant now) {
  return atomically([&] {
    std::vector<std::string> uncertain;
    const std::vector<model::Delivery> working = all(db_.select(
        "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE state=2 AND " DELIVERY_IS_OPEN " ORDER BY id"));
    for (const model::Delivery& delivery : working) take_back(delivery, now, uncertain);
    return uncertain;
  });
}

std::optional<Instant> SqliteStore::next_delivery_at(Instant after) {
  // A ready one without an instant is due since ever.
  return db_
      .value<std::optional<Instant>>(
          "SELECT min(coalesce(next_at,0)) FROM delivery WHERE state IN (1,4,6) AND " DELIVERY_IS_OPEN
          " AND (state=1 OR next_at IS NOT NULL) AND coalesce(next_at,0)>?",
          after)
      .value_or(std::nullopt);
}

std::vector<model::Delivery> SqliteStore::deliveries(PostId post) {
  return all(db_.select("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE post=? ORDER BY id", post));
}

// Deferred and uncertain ones with an instant are tried again by themselves, as is a mailing that is made
// ready for that.
#define DELIVERY_IS_STUCK                                                                                   \
  "d.state IN (4,5,6,7) AND (d.state IN (5,7) OR d.next_at IS NULL) AND d.id NOT IN (SELECT delivery FROM " \
  "moving)"

Some<Stuck> SqliteStore::stuck_deliveries(std::size_t limit) {
  Some<Stuck> stuck;
  Statement rows = db_.select(
      "SELECT d.id,d.post,d.channel,d.mail,d.state,d.stage,d.attempts,d.next_at,d.fence,d.lease_until,"
      "d.idempotency_key,d.remote_id,d.permalink,d.reply,d.changed_at,p.draft,p.title FROM delivery d JOIN "
      "post p ON p.id=d.post WHERE " DELIVERY_IS_STUCK " ORDER BY d.id DESC LIMIT ?",
      limit);
  while (rows.next()) {
    Stuck& row = stuck.items.emplace_back();
    read_delivery(rows, row.delivery, row.draft, row.title);
  }
  stuck.all = db_.value<std::int64_t>("SELECT count(*) FROM delivery d WHERE " DELIVERY_IS_STUCK).value_or(0);
  return stuck;
}

std::vector<model::Delivery> SqliteStore::open_deliveries(std::size_t limit) {
  return all(db_.select(
      "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE " DELIVERY_IS_OPEN " ORDER BY id LIMIT ?", limit));
}

std::vector<model::Delivery> SqliteStore::deliveries_before(DeliveryId before, std::size_t limit) {
  if (!before) before.value = std::numeric_limits<std::int64_t>::max();
  return all(db_.select("SELECT " DELIVERY_COLUMNS " FROM delivery WHERE id<? ORDER BY id DESC LIMIT ?",
                        before, limit));
}

std::vector<ReceiptRow> SqliteStore::receipts(DeliveryId id) {
  std::vector<ReceiptRow> receipts;
  Statement rows = db_.select(
      "SELECT at,attempt,outcome,fault,remote_id,permalink,reply,asset_urls FROM receipt WHERE delivery=? "
      "ORDER BY id",
      id);
  while (rows.next()) {
    ReceiptRow& row = receipts.emplace_back();
    publishers::Receipt& receipt = row.receipt;
    std::string urls;
    rows.read(row.at, row.attempt, receipt.outcome, receipt.fault, receipt.remote_id, receipt.permalink,
              receipt.reply, urls);
    receipt.asset_urls = map_of(urls);
  }
  return receipts;
}

}  // namespace store::sqlite
