// fridayctl deliveries and log: what became of a delivery and of its single mails, in the far end's words.
#include <array>
#include <iostream>

#include "cli/items.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace json = boost::json;

// Those that people have to know of, and how many of each before they ask for all.
constexpr std::array<const char*, 3> kTold = {"failed", "deferred", "uncertain"};
constexpr int kMostTold = 20;
constexpr int kNewest = 200;

std::string messages_path(const std::string& delivery, const std::string& state) {
  return "/api/v1/deliveries/" + delivery + "/messages?state=" + url_encode(state);
}

void add_message(Table& table, const json::object& message) {
  const std::string state = text_of(message, "state");
  table.row({text_of(message, "id"), text_of(message, "address"), painted(state, colour_of(state)),
             text_of(message, "attempts"), text_of(message, "next_at"), text_of(message, "reply")});
}

const std::vector<std::string> kMessageHeads = {"ID", "ADDRESS", "STATE", "ATTEMPTS", "NEXT (UTC)", "SAID"};

// The first of each state that is told, and how many more there are.
int print_messages(const Client& client, const std::string& id, const json::object& counts) {
  Table table(kMessageHeads);
  std::string more;
  for (const std::string state : kTold) {
    const json::value* count = counts.if_contains(state);
    const std::int64_t all = count != nullptr && count->is_int64() ? count->as_int64() : 0;
    if (all == 0) continue;
    const Reply reply = all_pages(client, messages_path(id, state), kMostTold);
    if (!reply.ok()) return refused(reply);
    for (const json::value& each : items(reply.body)) add_message(table, each.as_object());
    if (all > kMostTold) {
      more += "and " + std::to_string(all - kMostTold) + " more that are " + state +
              ": `fridayctl deliveries " + id + " --state " + state + "`\n";
    }
    if (state == "uncertain") {
      more +=
          "what may have arrived waits for your word: `fridayctl settle ID --as accepted`, failed or "
          "resend\n";
    }
  }
  if (!table.empty()) std::cout << table.text() << more;
  return kDone;
}

void print_counts(const json::object& counts) {
  std::cout << "messages: " << text_of(counts, "total") << " in all";
  for (const char* state : {"accepted", "pending", "claimed", "armed", "deferred", "failed", "uncertain",
                            "suppressed", "cancelled"}) {
    const std::string count = text_of(counts, state);
    if (!count.empty() && count != "0") std::cout << ", " << count << ' ' << state;
  }
  std::cout << "; " << text_of(counts, "excluded") << " rows left out\n";
}

void print_receipts(const json::object& delivery) {
  for (const json::value& each : delivery.at("receipts").as_array()) {
    const json::object& receipt = each.as_object();
    std::cout << "  " << text_of(receipt, "at") << "  attempt " << text_of(receipt, "attempt") << "  "
              << text_of(receipt, "outcome") << "  "
              << (text_of(receipt, "permalink").empty() ? text_of(receipt, "reply")
                                                        : text_of(receipt, "permalink"))
              << '\n';
  }
}

int print_delivery(const Client& client, const json::object& body) {
  Table table(kDeliveryHeads);
  add_delivery(table, body);
  std::cout << table.text();
  if (const json::value* left_out = body.if_contains("left_out")) {
    for (const json::value& each : left_out->as_array()) {
      std::cout << "  left out: " << text_of(each.as_object(), "address") << ": "
                << text_of(each.as_object(), "reason") << '\n';
    }
  }
  print_receipts(body);
  const json::value* counts = body.if_contains("messages");
  if (counts == nullptr) return kDone;
  print_counts(counts->as_object());
  return print_messages(client, text_of(body, "id"), counts->as_object());
}

void print_post(const json::object& body) {
  std::cout << text_of(body, "id") << "  " << text_of(body, "title") << "  " << text_of(body, "state")
            << '\n';
  Table table(kDeliveryHeads);
  for (const json::value& each : body.at("deliveries").as_array()) add_delivery(table, each.as_object());
  std::cout << table.text();
  for (const json::value& each : body.at("deliveries").as_array()) {
    if (const json::value* counts = each.as_object().if_contains("messages")) {
      print_counts(counts->as_object());
    }
  }
}

void print_deliveries(const json::object& body) {
  Table table(kDeliveryHeads);
  for (const json::value& each : items(body)) add_delivery(table, each.as_object());
  show_table(table, "The outbox is empty.");
}

// All of one state.
int all_messages(const Client& client, const Options& options) {
  const Reply reply = all_pages(client, messages_path(options.item, options.state), options.limit);
  if (!reply.ok() || options.json) return show_reply(options, reply, [](const json::object&) {});
  Table table(kMessageHeads);
  for (const json::value& each : items(reply.body)) add_message(table, each.as_object());
  show_table(table, "No message is " + shown(options.state) + '.');
  return kDone;
}

void print_log(const json::object& body) {
  Table table({"WHEN (UTC)", "WHO", "ITEM", "WHAT"});
  for (const json::value& each : items(body)) {
    const json::object& event = each.as_object();
    table.row({text_of(event, "at"), text_of(event, "who"), text_of(event, "item"), text_of(event, "what")});
  }
  show_table(table, "Nothing is recorded.");
}

// What the far end said of a message; nothing where there is none of that id.
std::optional<json::object> message(const Client& client, const std::string& id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string number = id.substr(slash + 1);
  if (number.empty() || number.size() > 18) return std::nullopt;
  const std::int64_t before = std::stoll(number) - 1;
  const Reply reply = client.get("/api/v1/deliveries/v" + id.substr(1, slash - 1) + "/messages?limit=1" +
                                 (before > 0 ? "&after=s" + std::to_string(before) : ""));
  for (const json::value& each : items(reply.body)) {
    if (text_of(each.as_object(), "id") == id) return each.as_object();
  }
  return std::nullopt;
}

// What the log of an item ends with: the far end's words.
int print_item(const Client& client, const std::string& item) {
  if (is_id(item, 'v')) {
    const Reply delivery = client.get("/api/v1/deliveries/" + item);
    if (!delivery.ok()) return kDone;
    std::cout << '\n';
    return print_delivery(client, delivery.body);
  }
  if (const auto found = is_id(item, 'm') ? message(client, item) : std::nullopt) {
    Table table(kMessageHeads);
    add_message(table, *found);
    std::cout << '\n' << table.text();
  }
  return kDone;
}

bool is_there(const Client& client, const std::string& item) {
  if (is_id(item, 'm')) return message(client, item).has_value();
  const char* kind = is_id(item, 'd')   ? "drafts/"
                     : is_id(item, 'p') ? "posts/"
                     : is_id(item, 'v') ? "deliveries/"
                                        : "";
  return *kind != '\0' && client.get("/api/v1/" + (kind + url_encode(item))).ok();
}

}  // namespace

int deliveries(const Client& client, const Options& options) {
  const std::string& item = options.item;
  if (!options.state.empty() && !is_id(item, 'v')) {
    std::cerr
        << "fridayctl: --state is for the mails of one delivery: `fridayctl deliveries v31 --state failed`\n";
    return kUsage;
  }
  if (!options.state.empty()) return all_messages(client, options);
  if (item.empty()) {
    return show_reply(options, all_pages(client, "/api/v1/deliveries", options.limit), print_deliveries);
  }
  if (options.limit) {
    std::cerr << "fridayctl: --limit is for a list: `fridayctl deliveries`, or with --state\n";
    return kUsage;
  }
  if (!is_id(item, 'v')) return show(client, options, "/api/v1/posts/" + url_encode(item), print_post);
  const Reply reply = client.get("/api/v1/deliveries/" + item);
  if (!reply.ok() || options.json) return show_reply(options, reply, [](const json::object&) {});
  return print_delivery(client, reply.body);
}

int log(const Client& client, const Options& options) {
  const std::string& item = options.item;
  // Of all items it grows for ever.
  const auto most = options.limit || !item.empty() ? options.limit : std::optional(kNewest);
  const Reply reply =
      all_pages(client, "/api/v1/log" + (item.empty() ? "" : "?item=" + url_encode(item)), most);
  const bool nothing = reply.ok() && !item.empty() && items(reply.body).empty();
  if (nothing && !is_there(client, item)) {
    std::cerr << "fridayctl: no such ID: \"" << shown(item) << "\"; write d12, p7, v31 or m31/204\n";
    return kProblems;
  }
  const int exit = show_reply(options, reply, print_log);
  const bool more = exit == kDone && !options.json && !text_of(reply.body, "next").empty();
  if (more) remark("these are the newest; --limit N shows more");
  if (exit != kDone || options.json || item.empty()) return exit;
  return print_item(client, item);
}

}  // namespace cli
