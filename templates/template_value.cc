#include "templates/template_value.h"

#include <charconv>
#include <limits>

namespace templates {

namespace json = boost::json;

namespace {

const json::value kTrue(true);
const json::value kFalse(false);

bool is_whole(const json::value& value) {
  return value.is_int64() ||
         (value.is_uint64() && value.get_uint64() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()});
}

std::int64_t whole(const json::value& value) {
  return value.is_int64() ? value.get_int64() : static_cast<std::int64_t>(value.get_uint64());
}

double real(const json::value& value) {
  if (value.is_double()) return value.get_double();
  return value.is_int64() ? static_cast<double>(value.get_int64()) : static_cast<double>(value.get_uint64());
}

template <class Number>
std::string number_text(Number number) {
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return {digits, end};
}

std::string double_text(double number) {
  std::string text = number_text(number);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

void require_numbers(const Value& a, const Value& b, std::string_view operation) {
  if (a.json().is_number() && b.json().is_number()) return;
  std::string what(operation);
  what += operation == "+" ? " needs two numbers or two texts" : " needs two numbers";
  throw ValueProblem(what + ", not " + std::string(kind_name(a)) + " and " + std::string(kind_name(b)));
}

[[noreturn]] void too_large() {
  throw ValueProblem("the number grows too large");
}

}  // namespace

const json::value Value::kNone;

Value Value::made(json::value value) {
  auto owner = std::make_shared<const json::value>(std::move(value));
  const json::value& kept = *owner;
  return {std::move(owner), kept};
}

Value Value::of(bool truth) {
  return borrowed(truth ? kTrue : kFalse);
}
Value Value::of(std::int64_t number) {
  return made(json::value(number));
}
Value Value::of(double number) {
  return made(json::value(number));
}
Value Value::of(std::string_view text) {
  return made(json::value(json::string(text)));
}

Value Value::as_safe(bool safe) const {
  Value result = *this;
  result.safe_ = safe;
  return result;
}

bool truthy(const Value& value) {
  const json::value& json = value.json();
  switch (json.kind()) {
    case json::kind::null:
      return false;
    case json::kind::bool_:
      return json.get_bool();
    case json::kind::string:
      return !json.get_string().empty();
    case json::kind::array:
      return !json.get_array().empty();
    case json::kind::object:
      return !json.get_object().empty();
    default:
      return real(json) != 0;
  }
}

std::string_view kind_name(const Value& value) {
  switch (value.json().kind()) {
    case json::kind::null:
      return "none";
    case json::kind::bool_:
      return "true or false";
    case json::kind::string:
      return "a text";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
    default:
      return "a number";
  }
}

std::string printed(const Value& value) {
  const json::value& json = value.json();
  switch (json.kind()) {
    case json::kind::string:
      return std::string(value.text());
    case json::kind::bool_:
      return json.get_bool() ? "true" : "false";
    case json::kind::int64:
      return number_text(json.get_int64());
    case json::kind::uint64:
      return number_text(json.get_uint64());
    case json::kind::double_:
      return double_text(json.get_double());
    case json::kind::array:
      throw ValueProblem("a list can't be printed; loop over it with for, or use join");
    case json::kind::object:
      throw ValueProblem("an object can't be printed; name one of its members");
    case json::kind::null:
      break;
  }
  throw ValueProblem("none can't be printed; test it with if, or use default(\"...\", true)");
}

bool equal(const Value& a, const Value& b) {
  const json::value& left = a.json();
  const json::value& right = b.json();
  if (!left.is_number() || !right.is_number()) return left == right;
  if (is_whole(left) && is_whole(right)) return whole(left) == whole(right);
  return real(left) == real(right);
}

bool less(const Value& a, const Value& b) {
  if (a.is_text() && b.is_text()) return a.text() < b.text();
  const json::value& left = a.json();
  const json::value& right = b.json();
  if (!left.is_number() || !right.is_number()) {
    throw ValueProblem(std::string(kind_name(a)) + " and " + std::string(kind_name(b)) +
                       " have no order; compare two numbers or two texts");
  }
  if (is_whole(left) && is_whole(right)) return whole(left) < whole(right);
  return real(left) < real(right);
}

Value sum(const Value& a, const Value& b) {
  require_numbers(a, b, "+");
  if (!is_whole(a.json()) || !is_whole(b.json())) return Value::of(real(a.json()) + real(b.json()));
  std::int64_t result = 0;
  if (__builtin_add_overflow(whole(a.json()), whole(b.json()), &result)) too_large();
  return Value::of(result);
}

Value difference(const Value& a, const Value& b) {
  require_numbers(a, b, "-");
  if (!is_whole(a.json()) || !is_whole(b.json())) return Value::of(real(a.json()) - real(b.json()));
  std::int64_t result = 0;
  if (__builtin_sub_overflow(whole(a.json()), whole(b.json()), &result)) too_large();
  return Value::of(result);
}

}  // namespace templates
