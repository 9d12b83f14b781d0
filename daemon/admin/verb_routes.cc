// POST: what people may do.
#include <algorithm>

#include "admin/arguments.h"
#include "admin/json.h"
#include "admin/names.h"
#include "admin/routes.h"

namespace admin {
namespace {

namespace json = boost::json;
using Type = Field::Type;

const Field kWhy{"why", Type::text};
const Field kAs{"as", Type::text, true};

Response refused(const Refusal& refusal) {
  return problem(refusal.status, refusal.title, refusal.detail);
}

Response answer(const Answer<std::string>& said) {
  if (!said) return refused(said.error());
  return {200, json::object{{"done", *said}}};
}

// Why an order can't be for these channels, or nothing.
std::optional<Response> refuse_channels(const config::Config& config, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    const auto channel = config.channels.find(key);
    if (channel == config.channels.end()) {
      std::string known;
      for (const auto& [name, each] : config.channels) known += (known.empty() ? "" : ", ") + name;
      return problem(422, "unknown channel", "there is no channel \"" + key + "\"; there is " + known);
    }
    if (!channel->second.enabled) return problem(409, "not possible now", '"' + key + "\" is switched off");
  }
  return std::nullopt;
}

// A write whose answer is kept with it.
Response change(const House& house, const Request& request, std::function<std::string(store::Store&)> work) {
  return answer(house.change([work = std::move(work), caller = request.caller()](store::Store& store) {
    std::string done = work(store);
    caller.keep_done(store, done);
    return done;
  }));
}

std::string series_of(const House& house, model::DraftId id) {
  const auto draft = house.store.read([&](store::Store& store) { return store.draft(id); });
  if (!draft) throw store::StoreFailure(store::Failure::not_found, id.text() + " is no draft");
  return draft->head.series;
}

}  // namespace

void Routes::add_house_verbs() {
  add("POST", "/api/v1/publish", "Publishes a draft now, or says what would become of it",
      {{"draft", Type::text, true}, {"channels", Type::texts}, {"slot", Type::text}, {"dry_run", Type::flag}},
      [this](const Request& request, const Parts&) -> Response {
        PublishOrder order;
        order.channels = texts(request, "channels");
        if (auto refusal = refuse_channels(*house_.config(), order.channels)) return std::move(*refusal);
        order.draft = find_draft(house_, text(request, "draft"));
        order.dry_run = flag(request, "dry_run");
        if (const std::string slot = text(request, "slot"); !slot.empty()) {
          order.occurrence = find_slot(house_, series_of(house_, order.draft), slot).occurrence;
        }
        const auto plan = house_.publish(order, request.caller());
        if (!plan) return refused(plan.error());
        return {200, json_of(*plan)};
      });
  add("POST", "/api/v1/stop", "The brake: nothing more leaves until resume", {},
      [this](const Request& request, const Parts&) { return answer(house_.stop(request.caller())); });
  add("POST", "/api/v1/resume", "Ends the brake and safe mode", {},
      [this](const Request& request, const Parts&) { return answer(house_.resume(request.caller())); });
  add("POST", "/api/v1/reload", "Reads the configuration again", {},
      [this](const Request& request, const Parts&) { return answer(house_.reload(request.caller())); });
  add("POST", "/api/v1/rebuild", "Writes a channel's whole site anew", {{"channel", Type::text}},
      [this](const Request& request, const Parts&) {
        return answer(house_.rebuild(text(request, "channel"), request.caller()));
      });
  add("POST", "/api/v1/suppress", "Never writes to an address again", {{"address", Type::text, true}},
      [this](const Request& request, const Parts&) {
        return answer(house_.suppress(text(request, "address"), request.caller()));
      });
  add("POST", "/api/v1/backup", "A consistent copy of the store", {{"file", Type::text, true}},
      [this](const Request& request, const Parts&) {
        return answer(house_.backup(text(request, "file"), request.caller()));
      });
  add("POST", "/api/v1/send-test", "Sends a draft's mail to one address",
      {{"draft", Type::text, true}, {"to", Type::text, true}, {"channel", Type::text}},
      [this](const Request& request, const Parts&) {
        return answer(house_.send_test(find_draft(house_, text(request, "draft")), text(request, "channel"),
                                       text(request, "to"), request.caller()));
      });
  handlers_.back().acts_elsewhere = true;
  add("POST", "/api/v1/skip", "Leaves a slot out", {{"series", Type::text}, {"date", Type::text, true}},
      [this](const Request& request, const Parts&) {
        const model::Occurrence slot =
            find_slot(house_, text(request, "series"), text(request, "date")).occurrence;
        return change(house_, request,
                      [slot, who = request.who, now = house_.clock.now()](store::Store& store) {
                        store.decide(slot, model::SlotState::skipped, "skipped by " + who, now);
                        store.event({now, who, slot.series + ' ' + model::iso_date(slot.date), "skipped"});
                        return slot.text() + " is skipped";
                      });
      });
}

void Routes::add_draft_verbs() {
  add("POST", "/api/v1/drafts/{name...}/hold", "Keeps a draft from the timeline until it is let go", {kWhy},
      [this](const Request& request, const Parts& parts) {
        const model::DraftId id = find_draft(house_, parts[0], false);
        const std::string why = text(request, "why");
        const std::string held =
            "on hold" + (why.empty() ? " by " + request.who : ": " + why + " (" + request.who + ')');
        return change(house_, request,
                      [id, held, who = request.who, now = house_.clock.now()](store::Store& store) {
                        store.hold_draft(id, held);
                        store.event({now, who, id.text(), held});
                        return id.text() + ' ' + store.draft(id)->path + " is on hold";
                      });
      });
  add("POST", "/api/v1/drafts/{name...}/unhold", "Lets a draft go that was held", {},
      [this](const Request& request, const Parts& parts) {
        const model::DraftId id = find_draft(house_, parts[0], false);
        return change(
            house_, request, [id, who = request.who, now = house_.clock.now()](store::Store& store) {
              store.hold_draft(id, "");
              store.event({now, who, id.text(), "let go"});
              const auto draft = store.draft(id);
              return id.text() + ' ' + draft->path + " is " + std::string(model::name(draft->state));
            });
      });
}

void Routes::add_item_verbs() {
  for (const std::string verb : {"retry", "hold", "unhold", "cancel"}) {
    add("POST", "/api/v1/deliveries/{id}/" + verb, "To one delivery: " + verb, {kWhy},
        [this, verb](const Request& request, const Parts& parts) {
          return answer(house_.delivery_verb({find_delivery(house_, parts[0])}, verb, text(request, "why"),
                                             request.caller()));
        });
    add("POST", "/api/v1/posts/{name...}/" + verb,
        "To every delivery of a post that it can be done to: " + verb, {kWhy},
        [this, verb](const Request& request, const Parts& parts) -> Response {
          const model::PostId id = find_post(house_, parts[0]);
          std::vector<model::DeliveryId> ids;
          for (const auto& each :
               house_.store.read([&](store::Store& store) { return store.deliveries(id); })) {
            ids.push_back(each.id);
          }
          if (ids.empty()) return problem(409, "not possible now", id.text() + " has no deliveries");
          return answer(house_.delivery_verb(ids, verb, text(request, "why"), request.caller()));
        });
  }
  add("POST", "/api/v1/deliveries/{id}/settle",
      "Says what became of an uncertain delivery: accepted or failed", {kAs},
      [this](const Request& request, const Parts& parts) -> Response {
        const model::DeliveryId id = find_delivery(house_, parts[0]);
        const std::string as = text(request, "as");
        if (as != "accepted" && as != "failed") {
          return problem(400, "bad request", "\"as\" is accepted or failed; `retry` sends again");
        }
        return change(house_, request,
                      [id, as, who = request.who, now = house_.clock.now()](store::Store& store) {
                        store.settle(id, as == "accepted", "settled by " + who, now);
                        store.event({now, who, id.text(), "settled as " + as});
                        return id.text() + " is settled as " + as;
                      });
      });
  add("POST", "/api/v1/messages/{delivery}/{subscriber}/settle",
      "Says what became of an uncertain message: accepted, failed or resend", {kAs},
      [this](const Request& request, const Parts& parts) -> Response {
        const std::string name = parts[0] + '/' + parts[1];
        const auto id = model::MessageId::parse(name);
        if (!id) return problem(404, "not found", name + " is no message");
        const std::string as = text(request, "as");
        if (as != "accepted" && as != "failed" && as != "resend") {
          return problem(400, "bad request", "\"as\" is accepted, failed or resend");
        }
        return change(house_, request,
                      [id = *id, as, who = request.who, now = house_.clock.now()](store::Store& store) {
                        const auto state = as == "accepted" ? model::MessageState::accepted
                                           : as == "failed" ? model::MessageState::failed
                                                            : model::MessageState::pending;
                        store.settle_message(id, state, now);
                        store.event({now, who, id.text(), "settled as " + as});
                        return id.text() + " is settled as " + as;
                      });
      });
}

}  // namespace admin
