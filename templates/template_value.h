// A value in the course of rendering: borrowed from the variables, or made on the way. Cheap to copy.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

namespace templates {

// What is wrong with a value, in words for a theme's maker; who catches it knows the place.
class ValueProblem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Value {
 public:
  Value() = default;  // none
  // `value` must outlive the rendering.
  static Value borrowed(const boost::json::value& value) { return {nullptr, value}; }
  // A part of `whole`, which is kept alive.
  static Value part(Value whole, const boost::json::value& value) { return {std::move(whole.owner_), value}; }
  static Value of(bool truth);
  static Value of(std::int64_t number);
  static Value of(double number);
  static Value of(std::string_view text);

  const boost::json::value& json() const { return *value_; }
  // Already escaped: goes out as it is.
  bool safe() const { return safe_; }
  Value as_safe(bool safe = true) const;

  bool is_text() const { return value_->is_string(); }
  std::string_view text() const { return value_->get_string(); }  // REQUIRES: is_text()

 private:
  Value(std::shared_ptr<const boost::json::value> owner, const boost::json::value& value)
      : owner_(std::move(owner)), value_(&value) {}
  static Value made(boost::json::value value);
  static const boost::json::value kNone;

  std::shared_ptr<const boost::json::value> owner_;
  const boost::json::value* value_ = &kNone;
  bool safe_ = false;
};

// false, none, 0, "", an empty list and an empty object are not true.
bool truthy(const Value& value);
// "a text", "a number", "a list", ...
std::string_view kind_name(const Value& value);

// The text that a value is printed as. Lists, objects and none are a ValueProblem.
std::string printed(const Value& value);

// Of two numbers or two texts; others are only equal or not.
bool equal(const Value& a, const Value& b);
bool less(const Value& a, const Value& b);  // throws ValueProblem
Value sum(const Value& a, const Value& b);  // numbers only; throws ValueProblem
Value difference(const Value& a, const Value& b);

}  // namespace templates
