// The verbs that show something.
#include <iostream>

#include "cli/print.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace json = boost::json;

Colour colour_of(const std::string& state) {
  if (state == "confirmed" || state == "published" || state == "accepted" || state == "filled")
    return Colour::good;
  if (state == "rejected" || state == "failed" || state == "problem" || state == "missed") return Colour::bad;
  if (state == "uncertain" || state == "held" || state == "deferred" || state == "waiting" ||
      state == "empty") {
    return Colour::warning;
  }
  return Colour::plain;
}

const json::array& items(const json::object& body) {
  static const json::array kNone;
  const json::value* value = body.if_contains("items");
  return value != nullptr && value->is_array() ? value->as_array() : kNone;
}

// "2026-11-27T08:00:00-05:00" as "2026-11-27 08:00 -05:00"
std::string local_for_people(const std::string& local) {
  if (local.size() < 25) return local;
  return local.substr(0, 10) + ' ' + local.substr(11, 5) + ' ' + local.substr(19);
}

int show(const Client& client, const Options& options, const std::string& path,
         void (*print)(const json::object&)) {
  const Reply reply = client.get(path);
  if (!reply.ok()) {
    if (options.json && !reply.text.empty()) std::cout << reply.text;
    std::cerr << "fridayctl: " << reply.detail << '\n';
    return exit_code(reply);
  }
  if (options.json) {
    std::cout << reply.text;
  } else {
    print(reply.body);
  }
  return kDone;
}

void print_timeline(const json::object& body) {
  Table table({"WHEN", "SERIES", "STATE", "WHAT", "WHERE", "IN ITS WAY"});
  for (const json::value& each : body.at("slots").as_array()) {
    const json::object& slot = each.as_object();
    const std::string state = text_of(slot, "state") == "open" && !text_of(slot, "draft").empty()
                                  ? "planned"
                                  : text_of(slot, "state");
    const std::string title = text_of(slot, "title");
    table.row({local_for_people(text_of(slot, "local")), text_of(slot, "series"),
               painted(state, colour_of(state)), title.empty() ? "-" : title, joined(slot, "channels", ", "),
               painted(joined(slot, "obstacles", "; "), Colour::warning)});
  }
  std::cout << table.text();
  const json::array& unplanned = body.at("unplanned").as_array();
  if (unplanned.empty()) return;
  std::cout << "\nNot planned:\n";
  for (const json::value& each : unplanned) {
    const json::object& draft = each.as_object();
    std::cout << "  " << text_of(draft, "draft") << "  " << text_of(draft, "path") << ": "
              << text_of(draft, "why") << '\n';
  }
}

void print_drafts(const json::object& body) {
  Table table({"ID", "STATE", "FILE", "TITLE", "WHY"});
  std::string problems;
  for (const json::value& each : items(body)) {
    const json::object& draft = each.as_object();
    const std::string state = text_of(draft, "state");
    table.row({text_of(draft, "id"), painted(state, colour_of(state)), text_of(draft, "path"),
               text_of(draft, "title"), text_of(draft, "why")});
    for (const json::value& problem : draft.at("problems").as_array()) {
      problems += text_of(problem.as_object(), "text") + '\n';
    }
  }
  for (const json::value& each : body.at("settling").as_array()) {
    table.row(
        {"-", "settling", text_of(each.as_object(), "path"), "", "not read yet, it changed a moment ago"});
  }
  if (!problems.empty()) std::cout << painted(problems, Colour::bad) << '\n';
  std::cout << (table.empty() ? "No drafts in the folder.\n" : table.text());
}

void print_posts(const json::object& body) {
  Table table({"ID", "STATE", "WHEN (UTC)", "TITLE", "ADDRESS"});
  for (const json::value& each : items(body)) {
    const json::object& post = each.as_object();
    const std::string state = text_of(post, "state");
    table.row({text_of(post, "id"), painted(state, colour_of(state)), text_of(post, "due_at"),
               text_of(post, "title"), text_of(post, "permalink")});
  }
  std::cout << (table.empty() ? "Nothing was published yet.\n" : table.text());
}

void add_delivery(Table& table, const json::object& delivery) {
  table.row(
      {text_of(delivery, "id"), text_of(delivery, "post"), text_of(delivery, "channel"),
       painted(text_of(delivery, "face"), colour_of(text_of(delivery, "state"))),
       text_of(delivery, "attempts"), text_of(delivery, "next_at"),
       text_of(delivery, "reply").empty() ? text_of(delivery, "permalink") : text_of(delivery, "reply")});
}

const std::vector<std::string> kDeliveryHeads = {"ID",       "POST",       "CHANNEL", "STATE",
                                                 "ATTEMPTS", "NEXT (UTC)", "SAID"};

void print_deliveries(const json::object& body) {
  Table table(kDeliveryHeads);
  for (const json::value& each : items(body)) add_delivery(table, each.as_object());
  std::cout << (table.empty() ? "The outbox is empty.\n" : table.text());
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

void print_delivery(const json::object& body) {
  Table table(kDeliveryHeads);
  add_delivery(table, body);
  std::cout << table.text();
  if (const json::value* counts = body.if_contains("messages")) print_counts(counts->as_object());
  if (const json::value* uncertain = body.if_contains("uncertain")) {
    for (const json::value& each : uncertain->as_array()) {
      const json::object& message = each.as_object();
      std::cout << "  " << text_of(message, "id") << "  " << text_of(message, "address")
                << "  may have arrived; say `fridayctl settle " << text_of(message, "id")
                << " --as accepted`\n";
    }
  }
  if (const json::value* left_out = body.if_contains("left_out")) {
    for (const json::value& each : left_out->as_array()) {
      std::cout << "  left out: " << text_of(each.as_object(), "address") << ": "
                << text_of(each.as_object(), "reason") << '\n';
    }
  }
  for (const json::value& each : body.at("receipts").as_array()) {
    const json::object& receipt = each.as_object();
    std::cout << "  " << text_of(receipt, "at") << "  attempt " << text_of(receipt, "attempt") << "  "
              << text_of(receipt, "outcome") << "  "
              << (text_of(receipt, "permalink").empty() ? text_of(receipt, "reply")
                                                        : text_of(receipt, "permalink"))
              << '\n';
  }
}

void print_post(const json::object& body) {
  std::cout << text_of(body, "id") << "  " << text_of(body, "title") << "  " << text_of(body, "state")
            << '\n';
  Table table(kDeliveryHeads);
  for (const json::value& each : body.at("deliveries").as_array()) add_delivery(table, each.as_object());
  std::cout << table.text();
  for (const json::value& each : body.at("deliveries").as_array()) {
    if (const json::value* counts = each.as_object().if_contains("messages"))
      print_counts(counts->as_object());
  }
}

void print_channels(const json::object& body) {
  const json::value* channels = body.if_contains("channels");
  Table table({"CHANNEL", "KIND", "STATE", "CHECKED (UTC)", "SAID"});
  for (const json::value& each : channels != nullptr ? channels->as_array() : items(body)) {
    const json::object& channel = each.as_object();
    const bool well = channel.at("well").as_bool();
    const std::string paused = text_of(channel, "paused");
    table.row({text_of(channel, "channel"), text_of(channel, "kind"),
               painted(well ? "well" : "not well", well ? Colour::good : Colour::bad),
               text_of(channel, "checked"), paused.empty() ? text_of(channel, "reply") : paused});
  }
  std::cout << table.text();
}

void print_status(const json::object& body) {
  std::cout << "fridayd " << text_of(body, "version") << ", running since " << text_of(body, "started")
            << '\n';
  std::cout << "store: " << text_of(body, "store") << '\n';
  if (const std::string halted = text_of(body, "halted"); !halted.empty()) {
    std::cout << painted("nothing is sent or published: " + halted, Colour::bad)
              << "\n  `fridayctl resume` goes on\n";
  }
  if (const std::string rehearsal = text_of(body, "rehearsal"); !rehearsal.empty()) {
    std::cout << painted("REHEARSAL: " + rehearsal, Colour::warning) << '\n';
  }
  print_channels(body);
}

void print_log(const json::object& body) {
  Table table({"WHEN (UTC)", "WHO", "ITEM", "WHAT"});
  for (const json::value& each : items(body)) {
    const json::object& event = each.as_object();
    table.row({text_of(event, "at"), text_of(event, "who"), text_of(event, "item"), text_of(event, "what")});
  }
  std::cout << (table.empty() ? "Nothing is recorded.\n" : table.text());
}

bool is_delivery_id(const std::string& item) {
  return item.size() > 1 && item[0] == 'v' && item.find_first_not_of("0123456789", 1) == std::string::npos;
}

}  // namespace

int view(const Client& client, const Options& options) {
  const std::string& verb = options.verb;
  if (verb == "timeline") {
    const std::string weeks = options.weeks > 0 ? "?weeks=" + std::to_string(options.weeks) : "";
    return show(client, options, "/api/v1/timeline" + weeks, print_timeline);
  }
  if (verb == "drafts") return show(client, options, "/api/v1/drafts?limit=1000", print_drafts);
  if (verb == "posts") return show(client, options, "/api/v1/posts", print_posts);
  if (verb == "channels") return show(client, options, "/api/v1/channels", print_channels);
  if (verb == "log") {
    return show(client, options,
                "/api/v1/log" + (options.item.empty() ? "" : "?item=" + url_encode(options.item)), print_log);
  }
  if (verb == "status") {
    const int shown = show(client, options, "/api/v1/status", print_status);
    if (shown != kDone) return shown;
    return client.get("/api/v1/status").body["well"].as_bool() ? kDone : kProblems;
  }
  if (options.item.empty()) return show(client, options, "/api/v1/deliveries", print_deliveries);
  if (is_delivery_id(options.item))
    return show(client, options, "/api/v1/deliveries/" + options.item, print_delivery);
  return show(client, options, "/api/v1/posts/" + url_encode(options.item), print_post);
}

}  // namespace cli
