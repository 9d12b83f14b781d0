#include "templates/template_expressions.h"

#include <utility>

namespace templates {

namespace json = boost::json;

namespace {

std::vector<std::string_view> keys_of(const json::object& object) {
  std::vector<std::string_view> keys;
  for (const auto& each : object) keys.push_back(each.key());
  return keys;
}

const json::object& object_of(const Value& value, const Place& place, const Expression& whole,
                              std::string_view member) {
  if (value.json().is_object()) return value.json().get_object();
  fail(place,
       whole.described() + " is " + std::string(kind_name(value)) + ", which has no " + quoted(member));
}

// Runs `work`; a ValueProblem becomes a TemplateError at `place`.
template <class Work>
auto at(const Place& place, Work work) {
  try {
    return work();
  } catch (const ValueProblem& problem) {
    fail(place, problem.what());
  }
}

}  // namespace

Value Name::evaluate(const Rendering& rendering) const {
  if (auto value = rendering.find(name_)) return *std::move(value);
  fail(place(), "no variable " + quoted(name_) + "; " + suggestion(name_, rendering.names()));
}

Value Member::evaluate(const Rendering& rendering) const {
  Value whole = object_->evaluate(rendering);
  const json::object& object = object_of(whole, place(), *object_, name_);
  const json::value* value = object.if_contains(name_);
  if (value != nullptr) return Value::part(std::move(whole), *value);
  fail(place(),
       object_->described() + " has no " + quoted(name_) + "; " + suggestion(name_, keys_of(object)));
}

std::optional<Value> Member::find(const Rendering& rendering) const {
  const std::optional<Value> whole = object_->find(rendering);
  if (!whole || !whole->json().is_object()) return std::nullopt;
  const json::value* value = whole->json().get_object().if_contains(name_);
  if (value == nullptr) return std::nullopt;
  return Value::part(*whole, *value);
}

std::optional<Value> Item::item_of(const Value& whole, const Value& key) const {
  if (whole.json().is_object() && key.is_text()) {
    const json::value* value = whole.json().get_object().if_contains(key.text());
    if (value == nullptr) return std::nullopt;
    return Value::part(whole, *value);
  }
  if (whole.json().is_array() && key.json().is_int64()) {
    const json::array& list = whole.json().get_array();
    const std::int64_t index = key.json().get_int64();
    if (index < 0 || static_cast<std::uint64_t>(index) >= list.size()) return std::nullopt;
    return Value::part(whole, list[static_cast<std::size_t>(index)]);
  }
  fail(place(), std::string("[ ] takes a list and a whole number, or an object and a text, not ") +
                    std::string(kind_name(whole)) + " and " + std::string(kind_name(key)));
}

Value Item::evaluate(const Rendering& rendering) const {
  const Value whole = whole_->evaluate(rendering);
  const Value key = key_->evaluate(rendering);
  if (auto value = item_of(whole, key)) return *value;
  if (key.is_text()) {
    fail(place(), whole_->described() + " has no " + quoted(key.text()) + "; " +
                      suggestion(key.text(), keys_of(whole.json().get_object())));
  }
  fail(place(), whole_->described() + " has no item " + printed(key) + "; its length is " +
                    std::to_string(whole.json().get_array().size()));
}

std::optional<Value> Item::find(const Rendering& rendering) const {
  const std::optional<Value> whole = whole_->find(rendering);
  if (!whole) return std::nullopt;
  return item_of(*whole, key_->evaluate(rendering));
}

Value LoopMember::evaluate(const Rendering& rendering) const {
  if (rendering.loops.empty()) fail(place(), "loop has a value only inside of for");
  const Loop& loop = rendering.loops.back();
  switch (field_) {
    case LoopField::index:
      return Value::of(static_cast<std::int64_t>(loop.index) + 1);
    case LoopField::index0:
      return Value::of(static_cast<std::int64_t>(loop.index));
    case LoopField::first:
      return Value::of(loop.index == 0);
    case LoopField::last:
      return Value::of(loop.index + 1 == loop.length);
    case LoopField::length:
      break;
  }
  return Value::of(static_cast<std::int64_t>(loop.length));
}

Value Filtered::evaluate(const Rendering& rendering) const {
  const Value input = input_->evaluate(rendering);
  std::vector<Value> arguments;
  arguments.reserve(arguments_.size());
  for (const ExpressionPtr& argument : arguments_) arguments.push_back(argument->evaluate(rendering));
  return at(place(), [&] { return filter_.apply(input, arguments); });
}

Value Default::evaluate(const Rendering& rendering) const {
  const std::optional<Value> value = input_->find(rendering);
  const bool untrue_too = also_untrue_ && truthy(also_untrue_->evaluate(rendering));
  if (value && (!untrue_too || truthy(*value))) return *value;
  return otherwise_->evaluate(rendering);
}

Value Either::evaluate(const Rendering& rendering) const {
  Value left = left_->evaluate(rendering);
  if (truthy(left) != is_and_) return left;
  return right_->evaluate(rendering);
}

// A safe text joined with one that is not: the latter is escaped, the whole is safe.
Value Binary::joined(const Value& left, const Value& right) const {
  const bool safe = left.safe() || right.safe();
  std::string text;
  for (const Value* part : {&left, &right}) {
    if (safe && !part->safe() && escaping_ == Escaping::markup) {
      append_escaped(text, part->text());
    } else {
      text += part->text();
    }
  }
  return Value::of(text).as_safe(safe);
}

Value Binary::apply(const Value& left, const Value& right) const {
  switch (operation_) {
    case Operation::equal:
      return Value::of(equal(left, right));
    case Operation::not_equal:
      return Value::of(!equal(left, right));
    case Operation::less:
      return Value::of(less(left, right));
    case Operation::less_or_equal:
      return Value::of(!less(right, left));
    case Operation::greater:
      return Value::of(less(right, left));
    case Operation::greater_or_equal:
      return Value::of(!less(left, right));
    case Operation::plus:
      return left.is_text() && right.is_text() ? joined(left, right) : sum(left, right);
    case Operation::minus:
      break;
  }
  return difference(left, right);
}

Value Binary::evaluate(const Rendering& rendering) const {
  const Value left = left_->evaluate(rendering);
  const Value right = right_->evaluate(rendering);
  return at(place(), [&] { return apply(left, right); });
}

}  // namespace templates
