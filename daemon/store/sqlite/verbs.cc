// What people do to deliveries.
#include <algorithm>

#include "store/sqlite/engine.h"

namespace store::sqlite {
namespace {

using model::DeliveryState;
using model::MessageState;

[[noreturn]] void refuse(const model::Delivery& delivery, const std::string& verb) {
  throw StoreFailure(Failure::not_allowed, delivery.id.text() + " is " +
                                               std::string(model::face(delivery.state, delivery.mail)) +
                                               " and can't be " + verb);
}

}  // namespace

// The fence grows with each of these, so that whoever held a claim finds it gone.
void SqliteStore::set_delivery(const model::Delivery& delivery, DeliveryState state,
                               std::optional<Instant> next_at, const std::string& reply, Instant now) {
  db_.run(
      "UPDATE delivery SET "
      "held_from=state,state=?,reply=?,next_at=?,lease_until=NULL,fence=fence+1,changed_at=? "
      "WHERE id=?",
      state, reply, next_at, now, delivery.id);
  update_post(delivery.post);
}

void SqliteStore::hold(DeliveryId id, const std::string& why, Instant now) {
  atomically([&] {
    const model::Delivery delivery = known_delivery(id);
    switch (delivery.state) {
      case DeliveryState::waiting:
      case DeliveryState::deferred:
        return set_delivery(delivery, DeliveryState::held, std::nullopt, why, now);
      case DeliveryState::ready:
        // It keeps its hour.
        return set_delivery(delivery, DeliveryState::held, delivery.next_at, why, now);
      default:
        refuse(delivery, "held");
    }
  });
}

void SqliteStore::unhold(DeliveryId id, Instant now) {
  atomically([&] {
    const model::Delivery delivery = known_delivery(id);
    if (delivery.state != DeliveryState::held) refuse(delivery, "let go");
    if (moves(id)) refuse(delivery, "let go before its messages are ready; that happens by itself");
    const auto from = db_.value<DeliveryState>("SELECT held_from FROM delivery WHERE id=?", id);
    if (from != DeliveryState::waiting)
      return set_delivery(delivery, DeliveryState::ready, delivery.next_at, "", now);
    // The time on hold is not taken from what it may wait for its blog.
    const model::milliseconds held = std::max(now - delivery.changed_at, model::milliseconds(0));
    db_.run("UPDATE delivery SET blog_deadline=blog_deadline+? WHERE id=?", held, id);
    set_delivery(delivery, DeliveryState::waiting, std::nullopt, "", now);
  });
}

void SqliteStore::cancel(DeliveryId id, const std::string& why, Instant now) {
  atomically([&] {
    const model::Delivery delivery = known_delivery(id);
    const bool over = model::is_final(delivery.state) && delivery.state != DeliveryState::rejected;
    if (over || delivery.state == DeliveryState::working) refuse(delivery, "cancelled");
    if (delivery.state == DeliveryState::uncertain && !delivery.mail)
      refuse(delivery, "cancelled; settle it");
    set_delivery(delivery, DeliveryState::cancelled, std::nullopt, why, now);
    if (delivery.mail) begin_moving(id, MessageState::cancelled, now);
  });
}

void SqliteStore::retry(DeliveryId id, Instant now) {
  atomically([&] {
    const model::Delivery delivery = known_delivery(id);
    switch (delivery.state) {
      case DeliveryState::rejected:
      case DeliveryState::deferred:
      case DeliveryState::held:
        break;
      case DeliveryState::uncertain:
        if (delivery.mail) refuse(delivery, "tried again; settle its messages");
        // Asked again at once: it is looked up, never repeated blindly.
        db_.run("UPDATE delivery SET next_at=? WHERE id=?", now, id);
        return;
      case DeliveryState::confirmed:
        if (delivery.mail && message_counts(id).of(MessageState::failed) > 0) break;
        [[fallthrough]];
      default:
        refuse(delivery, "tried again");
    }
    if (delivery.mail && !begin_moving(id, MessageState::pending, now)) {
      return set_delivery(delivery, DeliveryState::held, std::nullopt,
                          "tried again as soon as its messages are ready", now);
    }
    start_again(delivery, now);
  });
}

void SqliteStore::start_again(const model::Delivery& delivery, Instant now) {
  db_.run("UPDATE delivery SET attempts=0 WHERE id=?", delivery.id);
  set_delivery(delivery, DeliveryState::ready, std::nullopt, "", now);
}

void SqliteStore::settle(DeliveryId id, bool confirmed, const std::string& why, Instant now) {
  atomically([&] {
    const model::Delivery delivery = known_delivery(id);
    if (delivery.state != DeliveryState::uncertain) refuse(delivery, "settled");
    if (delivery.mail) {
      move_messages(id, MessageState::uncertain, confirmed ? MessageState::accepted : MessageState::failed,
                    now);
      return end_settled(delivery, why, now);
    }
    if (confirmed) {
      show_at(delivery, delivery.permalink.empty() ? edition(delivery.post, delivery.channel).permalink
                                                   : delivery.permalink);
    }
    set_delivery(delivery, confirmed ? DeliveryState::confirmed : DeliveryState::rejected, std::nullopt, why,
                 now);
  });
}

void SqliteStore::end_settled(const model::Delivery& delivery, const std::string& why, Instant now) {
  const model::MessageCounts counts = message_counts(delivery.id);
  const bool none = counts.total() > 0 && counts.of(MessageState::failed) == counts.total();
  set_delivery(delivery, none ? DeliveryState::rejected : DeliveryState::confirmed, std::nullopt, why, now);
}

void SqliteStore::settle_message(const MessageId& id, MessageState as, Instant now) {
  atomically([&] {
    const auto state = db_.value<MessageState>("SELECT state FROM message WHERE delivery=? AND subscriber=?",
                                               id.delivery, id.subscriber);
    if (!state) throw StoreFailure(Failure::not_found, id.text() + " is no message");
    const model::Delivery delivery = known_delivery(id.delivery);
    const bool again = as == MessageState::pending;
    const bool known = as == MessageState::accepted || as == MessageState::failed || again;
    if (*state != MessageState::uncertain || !known) {
      throw StoreFailure(Failure::not_allowed,
                         id.text() + " is " + std::string(model::name(*state)) + " and can't be settled");
    }
    if (again && delivery.state == DeliveryState::cancelled) {
      throw StoreFailure(Failure::not_allowed, id.delivery.text() + " is cancelled: nothing more is sent");
    }
    MessageResult result;
    result.message = id;
    result.state = as;
    result.charge_attempt = false;
    result.reply = "settled by hand";
    set_message(result, MessageState::uncertain, now);
    // It is tried for as long as any other from now on.
    if (again) {
      db_.run("UPDATE message SET first_tried=NULL WHERE delivery=? AND subscriber=?", id.delivery,
              id.subscriber);
      pending_again(id.delivery, id.subscriber);
    }
    Tally tally;
    tally.move(id.delivery, MessageState::uncertain, as);
    count_messages(tally);
    // One to be sent again sets its delivery going; the last doubt settled, the delivery ends.
    const bool over = delivery.state == DeliveryState::uncertain || model::is_final(delivery.state);
    if (again && over) return set_delivery(delivery, DeliveryState::ready, std::nullopt, "", now);
    if (delivery.state != DeliveryState::uncertain) return;
    if (message_counts(id.delivery).of(MessageState::uncertain) > 0) return;
    end_settled(delivery, "every message is settled", now);
  });
}

}  // namespace store::sqlite
