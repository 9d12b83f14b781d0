#include "admin/routes.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "admin/arguments.h"
#include "admin/json.h"
#include "admin/replays.h"

namespace admin {
namespace {

namespace json = boost::json;

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    segments.push_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return segments;
}

bool is_place(const std::string& segment) {
  return segment.starts_with('{');
}

}  // namespace

Response problem(int status, const std::string& title, const std::string& detail) {
  Response response;
  response.status = status;
  response.body =
      json::object{{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}};
  return response;
}

Routes::Routes(House house)
    : house_(std::move(house)), replays_(std::make_unique<Replays>(house_.store, house_.clock)) {
  add_reads();
  add_item_reads();
  add_house_verbs();
  add_draft_verbs();
  add_item_verbs();
}

Routes::~Routes() = default;

void Routes::add(const std::string& method, std::string pattern, const std::string& summary,
                 std::vector<Field> fields, Handle handle) {
  constexpr std::string_view kWide = "...}";
  Handler handler;
  handler.segments = split(pattern);
  for (std::size_t i = 0; i < handler.segments.size(); ++i) {
    if (handler.segments[i].ends_with(kWide)) handler.wide = i;
  }
  if (handler.wide) pattern.replace(pattern.find(kWide), kWide.size(), "}");
  handler.route = {method, std::move(pattern), summary, std::move(fields)};
  handler.handle = std::move(handle);
  handlers_.push_back(std::move(handler));
}

bool Routes::matches(const Handler& handler, const Parts& segments, Parts& parts) {
  const std::size_t wanted = handler.segments.size();
  if (handler.wide ? segments.size() < wanted : segments.size() != wanted) return false;
  const std::size_t extra = segments.size() - wanted;
  parts.clear();
  for (std::size_t i = 0, at = 0; i < wanted; ++i, ++at) {
    if (!is_place(handler.segments[i])) {
      if (handler.segments[i] != segments[at]) return false;
      continue;
    }
    parts.push_back(segments[at]);
    if (handler.wide != i) continue;
    for (const std::size_t last = at + extra; at < last;) parts.back() += '/' + segments[++at];
  }
  return std::none_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); });
}

Response Routes::handle(const Request& request) const {
  const Parts segments = split(request.path);
  Parts parts;
  std::string allow;
  for (const Handler& handler : handlers_) {
    if (!matches(handler, segments, parts)) continue;
    if (handler.route.method != request.method) {
      allow += (allow.empty() ? "" : ", ") + handler.route.method;
      continue;
    }
    Response response = replays_->once(request, handler.acts_elsewhere,
                                       [&](const Request& keeping) { return run(handler, keeping, parts); });
    make_legible(response.body);
    return response;
  }
  if (allow.empty()) return problem(404, "not found", request.path + " is no address of this API");
  Response refused = problem(405, "method not allowed", request.method + " is not for " + request.path);
  refused.allow = allow;
  return refused;
}

Response Routes::run(const Handler& handler, const Request& request, const Parts& parts) const {
  if (auto refused = refuse(handler.route, request)) return std::move(*refused);
  try {
    return handler.handle(request, parts);
  } catch (const store::StoreFailure& failure) {
    switch (failure.kind()) {
      case store::Failure::not_found:
        return problem(404, "not found", failure.what());
      case store::Failure::conflict:
      case store::Failure::not_allowed:
      case store::Failure::stale_fence:
        return problem(409, "not possible now", failure.what());
      default:
        return problem(503, "the store is not well", failure.what());
    }
  } catch (const std::exception& error) {
    return problem(500, "an error in fridayd", error.what());
  }
}

std::vector<Routes::Route> Routes::list() const {
  std::vector<Route> routes;
  routes.reserve(handlers_.size());
  for (const Handler& handler : handlers_) routes.push_back(handler.route);
  return routes;
}

}  // namespace admin
