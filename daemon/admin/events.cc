#include "admin/events.h"

#include "admin/json.h"

namespace admin {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostAtOnce = 100;
// The newest deliveries, among which are those that move.
constexpr std::size_t kDeliveries = 50;

void append(std::string& out, const char* kind, json::value data, std::int64_t id = 0) {
  make_legible(data);
  if (id > 0) out += "id: " + std::to_string(id) + '\n';
  out += std::string("event: ") + kind + "\ndata: " + json::serialize(data) + "\n\n";
}

std::int64_t newest_entry(const House& house) {
  const auto newest = house.store.read([](store::Store& store) { return store.events("", 1); });
  return newest.empty() ? 0 : newest.front().id;
}

}  // namespace

EventStream::EventStream(const House& house, std::int64_t after)
    : house_(house), last_entry_(after > 0 ? after : newest_entry(house)) {
  std::string ignored;
  deliveries_ = look_at_deliveries(ignored);
}

std::string EventStream::next() {
  std::string out;
  const auto entries =
      house_.store.read([&](store::Store& store) { return store.events_after(last_entry_, kMostAtOnce); });
  for (const store::EventRow& entry : entries) {
    append(out, "log", json_of(entry), entry.id);
    last_entry_ = entry.id;
  }
  deliveries_ = look_at_deliveries(out);
  if (auto timeline = house_.timeline(); timeline != timeline_) {
    timeline_ = std::move(timeline);
    append(out, "timeline", json::object{{"at", model::rfc3339(timeline_->at)}});
  }
  return out;
}

std::map<model::DeliveryId, EventStream::Seen> EventStream::look_at_deliveries(std::string& out) {
  std::map<model::DeliveryId, Seen> all;
  const auto rows = house_.store.read(
      [](store::Store& store) { return store.deliveries_before(model::DeliveryId{}, kDeliveries); });
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const Seen seen{row->state, row->attempts, row->changed_at};
    const auto before = deliveries_.find(row->id);
    if (before == deliveries_.end() || before->second != seen) append(out, "delivery", json_of(*row));
    all[row->id] = seen;
  }
  return all;
}

}  // namespace admin
