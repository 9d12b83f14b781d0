// The verbs that change something, but for publish.
#include <filesystem>
#include <iostream>

#include "cli/items.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "model/time.h"

namespace cli {
namespace {

namespace json = boost::json;

int say(const Options& options, const Reply& reply) {
  if (options.json && !reply.text.empty()) std::cout << reply.text;
  if (!reply.ok()) {
    std::cerr << "fridayctl: " << shown(reply.detail) << '\n';
    return exit_code(reply);
  }
  if (!options.json) std::cout << text_of(reply.body, "done") << '\n';
  return kDone;
}

// A name may be that of a draft, which can be held as well.
bool may_be_draft(const std::string& item, const std::string& verb) {
  return (verb == "hold" || verb == "unhold") && !is_id(item, 'v') && !is_id(item, 'p');
}

Reply hold_draft(const Client& client, const std::string& item, const std::string& verb,
                 const json::object& body) {
  json::object taken = body;
  if (verb == "unhold") taken.erase("why");
  return client.post("/api/v1/drafts/" + url_encode(item) + '/' + verb, taken);
}

std::string item_path(const std::string& item, const std::string& verb) {
  const std::string kind = is_id(item, 'v') ? "deliveries/" : is_id(item, 'm') ? "messages/" : "posts/";
  return "/api/v1/" + kind + url_encode(item) + '/' + verb;
}

// With the next slots of the series, where the daemon tells.
int no_date(const Client& client, const Options& options) {
  std::string near;
  const Reply timeline = client.get("/api/v1/timeline");
  const json::value* slots = timeline.body.if_contains("slots");
  int left = 2;
  for (const json::value& each : slots != nullptr ? slots->as_array() : json::array()) {
    const json::object& slot = each.as_object();
    if (left == 0) break;
    if (text_of(slot, "series") != options.item || text_of(slot, "state") != "open") continue;
    near += (near.empty() ? "" : ", ") + text_of(slot, "date");
    --left;
  }
  std::cerr << "fridayctl: \"" << shown(options.date) << "\" is no date; write YYYY-MM-DD"
            << (near.empty() ? "" : "; the next slots are " + near) << '\n';
  return kUsage;
}

}  // namespace

int act(const Client& client, const Options& options) {
  const std::string& verb = options.verb;
  json::object body;
  if (verb == "hold" || verb == "unhold" || verb == "cancel" || verb == "retry") {
    if (!options.why.empty()) body["why"] = options.why;
    if (may_be_draft(options.item, verb)) {
      const Reply reply = hold_draft(client, options.item, verb, body);
      if (reply.status != 404 || is_id(options.item, 'd')) return say(options, reply);
    }
    Reply reply = client.post(item_path(options.item, verb), body);
    if (reply.status == 404 && may_be_draft(options.item, verb)) {
      reply.detail = "no draft and no post is called \"" + options.item + '"';
    }
    return say(options, reply);
  }
  if (verb == "settle") {
    body["as"] = options.as;
    return say(options, client.post(item_path(options.item, verb), body));
  }
  if (verb == "skip") {
    if (options.date != "next" && !model::parse_date(options.date)) return no_date(client, options);
    body["series"] = options.item;
    body["date"] = options.date;
    return say(options, client.post("/api/v1/skip", body));
  }
  if (verb == "suppress") body["address"] = options.item;
  if (verb == "backup") body["file"] = std::filesystem::absolute(options.item).lexically_normal().string();
  if (verb == "send-test") {
    body["draft"] = options.item;
    body["to"] = options.to;
    if (!options.channel.empty()) body["channel"] = options.channel;
  }
  if (verb == "site rebuild") {
    body["channel"] = options.channel;
    return say(options, client.post("/api/v1/rebuild", body));
  }
  const Reply reply = client.post("/api/v1/" + verb, body);
  const int exit = say(options, reply);
  // A file named STOP outlasts it.
  if (verb == "resume" && exit == kDone && !text_of(client.get("/api/v1/status").body, "halted").empty()) {
    return kTryAgain;
  }
  return verb == "reload" && reply.status == 422 ? kConfiguration : exit;
}

}  // namespace cli
