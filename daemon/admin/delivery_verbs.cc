#include "admin/delivery_verbs.h"

namespace admin {
namespace {

void do_to(store::Store& store, model::DeliveryId id, const std::string& verb, const std::string& reason,
           model::Instant now) {
  if (verb == "hold") store.hold(id, "held " + reason, now);
  if (verb == "unhold") store.unhold(id, now);
  if (verb == "cancel") store.cancel(id, "cancelled " + reason, now);
  if (verb == "retry") store.retry(id, now);
}

void add(std::string& list, const std::string& part) {
  list += (list.empty() ? "" : "; ") + part;
}

}  // namespace

std::string do_to_deliveries(store::Store& store, const std::vector<model::DeliveryId>& ids,
                             const std::string& verb, const std::string& why, const Caller& caller,
                             model::Instant now) {
  const std::string reason = why.empty() ? "by " + caller.who : why + " (" + caller.who + ')';
  const bool says_why = verb == "hold" || verb == "cancel";
  std::string done;
  std::string not_done;
  for (const model::DeliveryId id : ids) {
    try {
      do_to(store, id, verb, reason, now);
    } catch (const store::StoreFailure& failure) {
      if (failure.kind() != store::Failure::not_allowed) throw;
      add(not_done, failure.what());
      continue;
    }
    store.event({now, caller.who, id.text(), verb + (says_why ? ": " + reason : "")});
    const auto delivery = store.delivery(id);
    add(done, id.text() + " is " + std::string(model::face(delivery->state, delivery->mail)));
  }
  if (done.empty()) throw store::StoreFailure(store::Failure::not_allowed, not_done);
  if (!not_done.empty()) done += "; not done: " + not_done;
  caller.keep_done(store, done);
  return done;
}

}  // namespace admin
