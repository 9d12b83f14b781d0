#include "admin/arguments.h"

#include <algorithm>
#include <charconv>

namespace admin {
namespace {

namespace json = boost::json;

Response bad_request(const std::string& detail) {
  return problem(400, "bad request", detail);
}

const Field* find(const std::vector<Field>& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string unknown(const std::string& what, std::string_view name, const Routes::Route& route) {
  std::string known;
  for (const Field& field : route.fields) known += (known.empty() ? "" : ", ") + field.name;
  return "unknown " + what + " \"" + std::string(name) + "\"; " + route.method + ' ' + route.pattern +
         " takes " + (known.empty() ? "none" : known);
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 1) return std::nullopt;
  return value;
}

bool all_texts(const json::value& value) {
  return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(),
                                         [](const json::value& each) { return each.is_string(); });
}

// What a member has to be and is not, or "".
const char* mistake(const Field& field, const json::value& value) {
  switch (field.type) {
    case Field::Type::text:
      if (!value.is_string()) return "a text";
      return field.required && value.get_string().empty() ? "a text that is not empty" : "";
    case Field::Type::flag:
      return value.is_bool() ? "" : "true or false";
    case Field::Type::texts:
      return all_texts(value) ? "" : "a list of texts";
    case Field::Type::count:
      return value.is_int64() && value.get_int64() > 0 ? "" : "a whole number from 1";
  }
  return "";
}

std::optional<Response> refuse_query(const Routes::Route& route, const Request& request) {
  for (const auto& [name, value] : request.query) {
    const Field* const field = route.method == "GET" ? find(route.fields, name) : nullptr;
    if (field == nullptr && route.method != "GET") {
      return bad_request("\"" + name + "\" stands in the query; " + route.method + " takes it in the body");
    }
    if (field == nullptr) return bad_request(unknown("parameter", name, route));
    if (field->type == Field::Type::count && !number(value)) {
      return bad_request('"' + name + "\" is a whole number from 1");
    }
  }
  return std::nullopt;
}

std::optional<Response> refuse_body(const Routes::Route& route, const json::object& body) {
  for (const auto& [name, value] : body) {
    const Field* const field = find(route.fields, name);
    if (field == nullptr) return bad_request(unknown("member", name, route));
    const std::string wanted = value.is_null() ? "" : mistake(*field, value);
    if (!wanted.empty()) return bad_request('"' + field->name + "\" is " + wanted);
  }
  for (const Field& field : route.fields) {
    const json::value* const value = body.if_contains(field.name);
    if (field.required && (value == nullptr || value->is_null())) {
      return bad_request("the body lacks \"" + field.name + '"');
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Response> refuse(const Routes::Route& route, const Request& request) {
  if (auto refused = refuse_query(route, request)) return refused;
  return route.method == "GET" ? std::nullopt : refuse_body(route, request.body);
}

std::string text(const Request& request, const char* key) {
  const json::value* value = request.body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag(const Request& request, const char* key) {
  const json::value* value = request.body.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<std::string> texts(const Request& request, const char* key) {
  std::vector<std::string> out;
  const json::value* value = request.body.if_contains(key);
  if (value == nullptr || !value->is_array()) return out;
  for (const json::value& each : value->get_array()) out.emplace_back(each.as_string());
  return out;
}

std::string query(const Request& request, const char* key) {
  const auto found = request.query.find(key);
  return found == request.query.end() ? std::string() : found->second;
}

std::optional<std::int64_t> count(const Request& request, const char* key) {
  return number(query(request, key));
}

}  // namespace admin
