// The verbs that show something.
#include <chrono>
#include <iostream>

#include "cli/items.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "model/time.h"

namespace cli {
namespace {

namespace json = boost::json;

// "2026-11-27T08:00:00-05:00" as "2026-11-27 08:00 -05:00"
std::string local_for_people(const std::string& local) {
  if (local.size() < 25) return local;
  return local.substr(0, 10) + ' ' + local.substr(11, 5) + ' ' + local.substr(19);
}

// As rows like the others, for programs.
void add_unplanned(Table& table, const json::array& unplanned) {
  for (const json::value& each : unplanned) {
    const json::object& draft = each.as_object();
    table.row(
        {"-", "-", "not planned", text_of(draft, "title"), text_of(draft, "path"), text_of(draft, "why")});
  }
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
  const json::array& unplanned = body.at("unplanned").as_array();
  if (!on_terminal()) add_unplanned(table, unplanned);
  std::cout << table.text();
  if (!on_terminal() || unplanned.empty()) return;
  std::cout << "\nNot planned:\n";
  for (const json::value& each : unplanned) {
    const json::object& draft = each.as_object();
    std::cout << "  " << text_of(draft, "draft") << "  " << text_of(draft, "path") << ": "
              << text_of(draft, "why") << '\n';
  }
}

// The problems of a draft in full, a line each.
std::string problems_of(const json::object& draft) {
  std::string problems;
  for (const json::value& problem : draft.at("problems").as_array()) {
    problems += text_of(problem.as_object(), "text") + '\n';
  }
  return problems;
}

void print_drafts(const json::object& body) {
  Table table({"ID", "STATE", "FILE", "TITLE", "WHY"});
  std::string problems;
  for (const json::value& each : items(body)) {
    const json::object& draft = each.as_object();
    const std::string state = text_of(draft, "state");
    table.row({text_of(draft, "id"), painted(state, colour_of(state)), text_of(draft, "path"),
               text_of(draft, "title"), text_of(draft, "why")});
    problems += problems_of(draft);
  }
  for (const json::value& each : body.at("settling").as_array()) {
    table.row(
        {"-", "settling", text_of(each.as_object(), "path"), "", "not read yet, it changed a moment ago"});
  }
  for (const json::value& each : body.at("left").as_array()) {
    const json::object& file = each.as_object();
    table.row({text_of(file, "draft"), text_of(file, "state"), text_of(file, "path"), text_of(file, "title"),
               text_of(file, "why")});
  }
  if (!problems.empty()) remark(painted(problems, Colour::bad));
  show_table(table, "No drafts in the folder.");
}

void print_posts(const json::object& body) {
  Table table({"ID", "STATE", "WHEN (UTC)", "TITLE", "ADDRESS"});
  for (const json::value& each : items(body)) {
    const json::object& post = each.as_object();
    const std::string state = text_of(post, "state");
    table.row({text_of(post, "id"), painted(state, colour_of(state)), text_of(post, "due_at"),
               text_of(post, "title"), text_of(post, "permalink")});
  }
  show_table(table, "Nothing was published yet.");
}

// "3 min ago": how old a check is by the daemon's own clock.
std::string age_of(const std::string& checked, const std::string& now) {
  const auto then = model::parse_rfc3339(checked);
  const auto at = model::parse_rfc3339(now);
  if (!then || !at) return checked;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*at - *then).count();
  if (minutes < 1) return "just now";
  if (minutes < 60) return std::to_string(minutes) + " min ago";
  return std::to_string(minutes / 60) + " h ago";
}

void print_channels(const json::object& body) {
  const json::value* channels = body.if_contains("channels");
  Table table({"CHANNEL", "KIND", "STATE", "CHECKED", "SAID"});
  for (const json::value& each : channels != nullptr ? channels->as_array() : items(body)) {
    const json::object& channel = each.as_object();
    const bool well = channel.at("well").as_bool();
    const std::string paused = text_of(channel, "paused");
    table.row({text_of(channel, "channel"), text_of(channel, "kind"),
               painted(well ? "well" : "not well", well ? Colour::good : Colour::bad),
               age_of(text_of(channel, "checked"), text_of(body, "at")),
               paused.empty() ? text_of(channel, "reply") : paused});
  }
  std::cout << table.text();
}

void say_rehearsal(const json::object& status) {
  const std::string rehearsal = text_of(status, "rehearsal");
  if (rehearsal.empty()) return;
  remark(painted("REHEARSAL: " + rehearsal, Colour::warning));
}

// What goes on only if a person does something, a line each.
void print_stuck(const json::object& body) {
  const json::array& stuck = body.at("stuck").as_array();
  for (const json::value& each : stuck) {
    const json::object& one = each.as_object();
    const std::string why = text_of(one, "why");
    std::cout << painted(text_of(one, "id") + " (" + text_of(one, "title") + ", " + text_of(one, "channel") +
                             ") is " + text_of(one, "face") + (why.empty() ? "" : ": " + why),
                         Colour::bad)
              << "; " << text_of(one, "todo") << '\n';
  }
  const std::int64_t more = body.at("stuck_count").as_int64() - static_cast<std::int64_t>(stuck.size());
  if (more > 0) std::cout << "and " << more << " more\n";
}

void print_status(const json::object& body) {
  std::cout << "fridayd " << text_of(body, "version") << ", running since " << text_of(body, "started")
            << '\n';
  std::cout << "store: " << text_of(body, "store") << '\n';
  if (const std::string halted = text_of(body, "halted"); !halted.empty()) {
    std::cout << painted("nothing is sent or published: " + halted_for_people(halted), Colour::bad) << '\n';
  }
  if (const std::string content = text_of(body, "content"); !content.empty()) {
    std::cout << painted("the shared folder is not well: " + content, Colour::bad) << '\n';
  }
  say_rehearsal(body);
  print_channels(body);
  print_stuck(body);
}

}  // namespace

int view(const Client& client, const Options& options) {
  const std::string& verb = options.verb;
  // What is shown is not what readers get.
  if (verb != "status" && !options.json) say_rehearsal(client.get("/api/v1/status").body);
  if (verb == "timeline") {
    const std::string weeks = options.weeks > 0 ? "?weeks=" + std::to_string(options.weeks) : "";
    return show(client, options, "/api/v1/timeline" + weeks, print_timeline);
  }
  if (verb == "drafts") return show_reply(options, all_pages(client, "/api/v1/drafts"), print_drafts);
  if (verb == "posts") {
    return show_reply(options, all_pages(client, "/api/v1/posts", options.limit), print_posts);
  }
  if (verb == "channels") return show(client, options, "/api/v1/channels", print_channels);
  if (verb == "log") return log(client, options);
  if (verb == "deliveries") return deliveries(client, options);
  const Reply reply = client.get("/api/v1/status");
  const int exit = show_reply(options, reply, print_status);
  if (exit != kDone) return exit;
  return reply.body.at("well").as_bool() ? kDone : kProblems;
}

}  // namespace cli
