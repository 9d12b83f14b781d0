#include "templates/template_rendering.h"

#include <algorithm>

#include "templates/template_escape.h"

namespace templates {
namespace {

constexpr std::size_t kMostSteps = 1'000'000;

}  // namespace

Rendering::Rendering(const boost::json::object& variables, std::size_t max_output,
                     std::size_t expected_output)
    : variables_(variables), max_output_(max_output) {
  out_.reserve(std::min(expected_output, max_output));
}

void Rendering::step(const Place& place) {
  if (++steps_ > kMostSteps) fail(place, "this takes over 1000000 steps; loop over fewer things");
}

void Rendering::tell_too_large(const Place& place) const {
  fail(place, "the page grows over " + std::to_string(max_output_) + " bytes; show fewer things");
}

void Rendering::append_escaped_text(const Place& place, std::string_view text) {
  append_escaped(out_, text);
  check_output(place);
}

std::optional<Value> Rendering::find(std::string_view name) const {
  for (auto each = bound_.rbegin(); each != bound_.rend(); ++each) {
    if (each->first == name) return each->second;
  }
  const boost::json::value* value = variables_.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return Value::borrowed(*value);
}

std::vector<std::string_view> Rendering::names() const {
  std::vector<std::string_view> names;
  names.reserve(bound_.size() + variables_.size());
  for (const auto& each : bound_) names.push_back(each.first);
  for (const auto& each : variables_) names.push_back(each.key());
  return names;
}

void Rendering::bind(std::string_view name, Value value) {
  bound_.emplace_back(name, std::move(value));
}

}  // namespace templates
