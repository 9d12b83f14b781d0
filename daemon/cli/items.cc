#include "cli/items.h"

#include <algorithm>
#include <iostream>
#include <utility>

namespace cli {

namespace json = boost::json;

bool is_id(const std::string& item, char letter) {
  return item.size() > 1 && item[0] == letter &&
         item.find_first_not_of("0123456789/", 1) == std::string::npos;
}

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

int refused(const Reply& reply) {
  std::cerr << "fridayctl: " << shown(reply.detail) << '\n';
  return exit_code(reply);
}

int show_reply(const Options& options, const Reply& reply, void (*print)(const json::object&)) {
  if (options.json && !reply.text.empty()) std::cout << reply.text;
  if (!reply.ok()) return refused(reply);
  if (!options.json) print(reply.body);
  return kDone;
}

int show(const Client& client, const Options& options, const std::string& path,
         void (*print)(const json::object&)) {
  return show_reply(options, client.get(path), print);
}

Reply all_pages(const std::function<Reply(const std::string& path)>& get, const std::string& path,
                std::optional<int> most) {
  constexpr int kPage = 1000;
  const std::string base = path + (path.find('?') == std::string::npos ? '?' : '&');
  Reply whole;
  json::array rows;
  std::string after;
  for (bool first = true; first || !after.empty(); first = false) {
    const int left = most ? *most - static_cast<int>(rows.size()) : kPage;
    if (left <= 0) break;
    Reply page = get(base + "limit=" + std::to_string(std::min(left, kPage)) +
                     (after.empty() ? "" : "&after=" + url_encode(after)));
    if (!page.ok()) return page;
    after = text_of(page.body, "next");
    for (const json::value& row : items(page.body)) rows.push_back(row);
    if (first && after.empty()) return page;
    if (first) whole = std::move(page);
  }
  whole.body["items"] = std::move(rows);
  whole.body["next"] = after.empty() ? json::value(nullptr) : json::value(after);
  whole.text = json::serialize(whole.body) + '\n';
  return whole;
}

Reply all_pages(const Client& client, const std::string& path, std::optional<int> most) {
  return all_pages([&client](const std::string& page) { return client.get(page); }, path, most);
}

void show_table(const Table& table, const std::string& nothing) {
  if (table.empty()) return remark(nothing);
  std::cout << table.text();
}

const std::vector<std::string> kDeliveryHeads = {"ID",       "POST",       "CHANNEL", "STATE",
                                                 "ATTEMPTS", "NEXT (UTC)", "SAID"};

void add_delivery(Table& table, const json::object& delivery) {
  table.row(
      {text_of(delivery, "id"), text_of(delivery, "post"), text_of(delivery, "channel"),
       painted(text_of(delivery, "face"), colour_of(text_of(delivery, "state"))),
       text_of(delivery, "attempts"), text_of(delivery, "next_at"),
       text_of(delivery, "reply").empty() ? text_of(delivery, "permalink") : text_of(delivery, "reply")});
}

}  // namespace cli
