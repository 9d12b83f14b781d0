// GET: what people and scripts may see.
#include <algorithm>

#include "admin/arguments.h"
#include "admin/events.h"
#include "admin/json.h"
#include "admin/names.h"
#include "admin/routes.h"

namespace admin {
namespace {

namespace json = boost::json;
using Type = Field::Type;

constexpr std::int64_t kPage = 200;
constexpr std::int64_t kMostPage = 1000;
constexpr std::int64_t kMostWeeks = 104;
constexpr std::size_t kMostShown = 1000;

const Field kLimit{"limit", Type::count};
const Field kAfter{"after", Type::text};

Response bad_request(const std::string& detail) {
  return problem(400, "bad request", detail);
}

std::size_t page_size(const Request& request) {
  return static_cast<std::size_t>(std::min(count(request, "limit").value_or(kPage), kMostPage));
}

// {items, next}: `next` is the cursor for ?after=, null on the last page. `rows` has one more than the page
// if there is another.
template <class Rows, class Cursor>
json::object page(Rows rows, std::size_t limit, Cursor cursor) {
  const bool more = rows.size() > limit;
  if (more) rows.resize(limit);
  json::array items;
  for (const auto& row : rows) items.push_back(json_of(row));
  return {{"items", items}, {"next", more ? json::value(cursor(rows.back())) : json::value(nullptr)}};
}

// The cursor of a page; nothing where it is none.
template <class Id>
std::optional<Id> cursor_of(const Request& request) {
  const std::string after = query(request, "after");
  return after.empty() ? Id{} : Id::parse(after);
}

Response no_cursor(const Request& request) {
  return bad_request("\"after\" is the \"next\" of the page before, not \"" + query(request, "after") + '"');
}

std::optional<model::MessageState> message_state(const std::string& name) {
  for (int each = 0; each < model::kMessageStates; ++each) {
    const auto state = static_cast<model::MessageState>(each);
    if (model::name(state) == name) return state;
  }
  return std::nullopt;
}

// A slot that can't be kept: only the plan knows.
void add_plan_problem(model::Draft& draft, const planning::Timeline& timeline) {
  const auto found = timeline.problems.find(draft.id);
  if (found == timeline.problems.end() || draft.state != model::DraftState::ready) return;
  draft.state = model::DraftState::problem;
  draft.why = found->second.what;
  draft.problems.push_back(found->second);
}

// "waits until 09:30" for what is ready but for its hour, in its series' own zone.
std::string face_of(const House& house, store::Store& store, const model::Delivery& delivery) {
  const model::Instant now = house.clock.now();
  const bool waits =
      delivery.state == model::DeliveryState::ready && delivery.next_at && *delivery.next_at > now;
  if (!waits) return std::string(model::face(delivery.state, delivery.mail));
  const auto config = house.config();
  const auto post = store.post(delivery.post);
  const auto series = config->series.find(post ? post->series : "");
  const std::string zone = series == config->series.end() ? "UTC" : series->second.zone;
  const std::string at = house.local_text(zone, *delivery.next_at);
  const bool today = at.substr(0, 10) == house.local_text(zone, now).substr(0, 10);
  return "waits until " + (today ? "" : at.substr(0, 10) + ' ') + at.substr(11, 5);
}

json::object as_shown(const House& house, store::Store& store, const model::Delivery& delivery) {
  json::object body = json_of(delivery);
  body["face"] = face_of(house, store, delivery);
  return body;
}

json::object with_messages(const House& house, store::Store& store, const model::Delivery& delivery) {
  json::object body = as_shown(house, store, delivery);
  if (delivery.mail) body["messages"] = json_of(store.message_counts(delivery.id));
  return body;
}

json::object whole_delivery(const House& house, store::Store& store, model::DeliveryId id) {
  const auto delivery = store.delivery(id);
  if (!delivery) throw store::StoreFailure(store::Failure::not_found, id.text() + " is no delivery");
  json::object body = with_messages(house, store, *delivery);
  json::array receipts;
  for (const store::ReceiptRow& row : store.receipts(id)) receipts.push_back(json_of(row));
  body["receipts"] = receipts;
  if (!delivery->mail) return body;
  json::array left_out;
  for (const store::Exclusion& row : store.exclusions(id, kMostShown)) {
    left_out.push_back(json::object{{"address", row.address}, {"reason", row.reason}});
  }
  body["left_out"] = left_out;
  json::array uncertain;
  const auto in_doubt = store.messages(id, model::MessageState::uncertain, model::SubscriberId{}, kMostShown);
  for (const store::MessageRow& row : in_doubt) uncertain.push_back(json_of(row));
  body["uncertain"] = uncertain;
  return body;
}

json::object whole_post(const House& house, store::Store& store, model::PostId id) {
  const auto post = store.post(id);
  if (!post) throw store::StoreFailure(store::Failure::not_found, id.text() + " is no post");
  json::object body = json_of(*post);
  json::array deliveries;
  for (const model::Delivery& delivery : store.deliveries(id)) {
    deliveries.push_back(with_messages(house, store, delivery));
  }
  body["deliveries"] = deliveries;
  return body;
}

}  // namespace

void Routes::add_reads() {
  add("GET", "/api/v1/timeline", "What goes out next, where, and what stands in its way",
      {{"weeks", Type::count}}, [this](const Request& request, const Parts&) -> Response {
        const auto weeks = count(request, "weeks");
        if (!weeks) return {200, json_of(*house_.timeline())};
        if (*weeks > kMostWeeks) return bad_request("\"weeks\" is a whole number from 1 to 104");
        return {200, json_of(house_.timeline_for(static_cast<int>(*weeks)))};
      });
  add("GET", "/api/v1/drafts", "The drafts in the folder", {kLimit, kAfter},
      [this](const Request& request, const Parts&) -> Response {
        const std::size_t limit = page_size(request);
        const auto after = cursor_of<model::DraftId>(request);
        if (!after) return no_cursor(request);
        auto rows =
            house_.store.read([&](store::Store& store) { return store.drafts(false, *after, limit + 1); });
        const auto timeline = house_.timeline();
        for (model::Draft& draft : rows) add_plan_problem(draft, *timeline);
        json::object body =
            page(std::move(rows), limit, [](const model::Draft& draft) { return draft.id.text(); });
        json::array settling;
        for (const SettlingFile& file : house_.settling()) {
          settling.push_back(json::object{{"path", file.path}, {"since", file.since}});
        }
        body["settling"] = settling;
        json::array left;
        for (const LeftFile& file : house_.left()) left.push_back(json_of(file));
        body["left"] = left;
        return {200, body};
      });
  add("GET", "/api/v1/posts", "What was published, newest first", {kLimit, kAfter},
      [this](const Request& request, const Parts&) -> Response {
        const std::size_t limit = page_size(request);
        const auto before = cursor_of<model::PostId>(request);
        if (!before) return no_cursor(request);
        auto rows = house_.store.read([&](store::Store& store) { return store.posts(*before, limit + 1); });
        return {200, page(std::move(rows), limit, [](const model::Post& post) { return post.id.text(); })};
      });
  add("GET", "/api/v1/deliveries", "The outbox, newest first", {kLimit, kAfter},
      [this](const Request& request, const Parts&) -> Response {
        const std::size_t limit = page_size(request);
        const auto before = cursor_of<model::DeliveryId>(request);
        if (!before) return no_cursor(request);
        return {200, house_.store.read([&](store::Store& store) {
                  const auto rows = store.deliveries_before(*before, limit + 1);
                  json::object body =
                      page(rows, limit, [](const model::Delivery& delivery) { return delivery.id.text(); });
                  json::array& items = body["items"].as_array();
                  for (std::size_t i = 0; i < items.size(); ++i) items[i] = as_shown(house_, store, rows[i]);
                  return body;
                })};
      });
  add("GET", "/api/v1/channels", "The channels and whether they are well", {},
      [this](const Request&, const Parts&) -> Response {
        const json::object health = json_of(house_.health());
        return {200, json::object{{"items", health.at("channels")}, {"at", health.at("at")}}};
      });
  add("GET", "/api/v1/status", "Whether the daemon, its store and its channels are well", {},
      [this](const Request&, const Parts&) -> Response { return {200, json_of(house_.health())}; });
  add("GET", "/api/v1/doctor", "The configuration's file, paths and lists as fridayd finds them now", {},
      [this](const Request&, const Parts&) -> Response { return {200, json_of(house_.examine())}; });
  add("GET", "/api/v1/log", "The audit trail, newest first; of one item, if it is named",
      {{"item", Type::text}, kLimit, {"after", Type::count}},
      [this](const Request& request, const Parts&) -> Response {
        const std::size_t limit = page_size(request);
        auto rows = house_.store.read([&](store::Store& store) {
          return store.events(query(request, "item"), limit + 1, count(request, "after").value_or(0));
        });
        return {200, page(std::move(rows), limit,
                          [](const store::EventRow& row) { return std::to_string(row.id); })};
      });
  add("GET", "/api/v1/events", "What happens, as server-sent events: log, delivery, timeline",
      {{"after", Type::count}}, [this](const Request& request, const Parts&) {
        Response response;
        response.stream = std::make_shared<EventStream>(house_, count(request, "after").value_or(0));
        return response;
      });
}

void Routes::add_item_reads() {
  add("GET", "/api/v1/drafts/{name...}", "One draft", {},
      [this](const Request&, const Parts& parts) -> Response {
        const model::DraftId id = find_draft(house_, parts[0]);
        auto draft = house_.store.read([&](store::Store& store) { return store.draft(id); });
        if (draft) add_plan_problem(*draft, *house_.timeline());
        if (!draft) return problem(404, "not found", id.text() + " is no draft");
        return {200, json_of(*draft)};
      });
  add("GET", "/api/v1/posts/{name...}", "One post with its deliveries", {},
      [this](const Request&, const Parts& parts) -> Response {
        const model::PostId id = find_post(house_, parts[0]);
        return {200, house_.store.read([&](store::Store& store) { return whole_post(house_, store, id); })};
      });
  add("GET", "/api/v1/deliveries/{id}", "One delivery: its receipts, and for mail its messages' sums", {},
      [this](const Request&, const Parts& parts) -> Response {
        const model::DeliveryId id = find_delivery(house_, parts[0]);
        return {200,
                house_.store.read([&](store::Store& store) { return whole_delivery(house_, store, id); })};
      });
  add("GET", "/api/v1/deliveries/{id}/messages", "A mail delivery's messages; of one state, if it is named",
      {{"state", Type::text}, kLimit, kAfter},
      [this](const Request& request, const Parts& parts) -> Response {
        const model::DeliveryId id = find_delivery(house_, parts[0]);
        const std::string wanted = query(request, "state");
        const auto state = message_state(wanted);
        if (!wanted.empty() && !state) return bad_request('"' + wanted + "\" is no state of a message");
        const std::size_t limit = page_size(request);
        const auto after = cursor_of<model::SubscriberId>(request);
        if (!after) return no_cursor(request);
        auto rows = house_.store.read(
            [&](store::Store& store) { return store.messages(id, state, *after, limit + 1); });
        return {200, page(std::move(rows), limit,
                          [](const store::MessageRow& row) { return row.id.subscriber.text(); })};
      });
}

}  // namespace admin
