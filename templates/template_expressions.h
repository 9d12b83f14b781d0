// The nodes of what stands in {{ }} and after if, for and set. Immutable once parsed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "templates/template_escape.h"
#include "templates/template_filters.h"
#include "templates/template_rendering.h"

namespace templates {

class Expression {
 public:
  explicit Expression(Place place) : place_(place) {}
  virtual ~Expression() = default;
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;

  // Throws TemplateError, also for what is undefined.
  virtual Value evaluate(const Rendering& rendering) const = 0;
  // Nothing where a name or a member is undefined.
  virtual std::optional<Value> find(const Rendering& rendering) const { return evaluate(rendering); }
  // Names a variable or a part of one.
  virtual bool is_path() const { return false; }
  // As the author wrote it, if it is a path.
  virtual std::string described() const { return "it"; }

  const Place& place() const { return place_; }

 private:
  Place place_;
};

using ExpressionPtr = std::unique_ptr<const Expression>;

class Literal : public Expression {
 public:
  Literal(Place place, Value value) : Expression(place), value_(std::move(value)) {}
  Value evaluate(const Rendering&) const override { return value_; }

 private:
  Value value_;
};

class Name : public Expression {
 public:
  Name(Place place, std::string_view name) : Expression(place), name_(name) {}
  Value evaluate(const Rendering& rendering) const override;
  std::optional<Value> find(const Rendering& rendering) const override { return rendering.find(name_); }
  bool is_path() const override { return true; }
  std::string described() const override { return std::string(name_); }

 private:
  std::string_view name_;
};

class Member : public Expression {
 public:
  Member(Place place, ExpressionPtr object, std::string_view name)
      : Expression(place), object_(std::move(object)), name_(name) {}
  Value evaluate(const Rendering& rendering) const override;
  std::optional<Value> find(const Rendering& rendering) const override;
  bool is_path() const override { return true; }
  std::string described() const override { return object_->described() + '.' + std::string(name_); }

 private:
  ExpressionPtr object_;
  std::string_view name_;
};

// x[0], x["name"]
class Item : public Expression {
 public:
  Item(Place place, ExpressionPtr whole, ExpressionPtr key)
      : Expression(place), whole_(std::move(whole)), key_(std::move(key)) {}
  Value evaluate(const Rendering& rendering) const override;
  std::optional<Value> find(const Rendering& rendering) const override;
  bool is_path() const override { return true; }
  std::string described() const override { return whole_->described() + "[...]"; }

 private:
  std::optional<Value> item_of(const Value& whole, const Value& key) const;

  ExpressionPtr whole_;
  ExpressionPtr key_;
};

enum class LoopField { index, index0, first, last, length };

class LoopMember : public Expression {
 public:
  LoopMember(Place place, LoopField field) : Expression(place), field_(field) {}
  Value evaluate(const Rendering& rendering) const override;

 private:
  LoopField field_;
};

class Filtered : public Expression {
 public:
  Filtered(Place place, ExpressionPtr input, const Filter& filter, std::vector<ExpressionPtr> arguments)
      : Expression(place), input_(std::move(input)), filter_(filter), arguments_(std::move(arguments)) {}
  Value evaluate(const Rendering& rendering) const override;

 private:
  ExpressionPtr input_;
  const Filter& filter_;
  std::vector<ExpressionPtr> arguments_;
};

// x | default(y), x | default(y, true): the latter also where x is not true
class Default : public Expression {
 public:
  Default(Place place, ExpressionPtr input, ExpressionPtr otherwise, ExpressionPtr also_untrue)
      : Expression(place),
        input_(std::move(input)),
        otherwise_(std::move(otherwise)),
        also_untrue_(std::move(also_untrue)) {}
  Value evaluate(const Rendering& rendering) const override;

 private:
  ExpressionPtr input_;
  ExpressionPtr otherwise_;
  ExpressionPtr also_untrue_;  // may be null
};

class IsDefined : public Expression {
 public:
  IsDefined(Place place, ExpressionPtr path, bool wanted)
      : Expression(place), path_(std::move(path)), wanted_(wanted) {}
  Value evaluate(const Rendering& rendering) const override {
    return Value::of(path_->find(rendering).has_value() == wanted_);
  }

 private:
  ExpressionPtr path_;
  bool wanted_;
};

class Not : public Expression {
 public:
  Not(Place place, ExpressionPtr operand) : Expression(place), operand_(std::move(operand)) {}
  Value evaluate(const Rendering& rendering) const override {
    return Value::of(!truthy(operand_->evaluate(rendering)));
  }

 private:
  ExpressionPtr operand_;
};

// As in Jinja, the value of `x or y` is x or y themselves.
class Either : public Expression {
 public:
  Either(Place place, bool is_and, ExpressionPtr left, ExpressionPtr right)
      : Expression(place), is_and_(is_and), left_(std::move(left)), right_(std::move(right)) {}
  Value evaluate(const Rendering& rendering) const override;

 private:
  bool is_and_;
  ExpressionPtr left_;
  ExpressionPtr right_;
};

enum class Operation { equal, not_equal, less, less_or_equal, greater, greater_or_equal, plus, minus };

class Binary : public Expression {
 public:
  Binary(Place place, Operation operation, Escaping escaping, ExpressionPtr left, ExpressionPtr right)
      : Expression(place),
        operation_(operation),
        escaping_(escaping),
        left_(std::move(left)),
        right_(std::move(right)) {}
  Value evaluate(const Rendering& rendering) const override;

 private:
  Value apply(const Value& left, const Value& right) const;
  Value joined(const Value& left, const Value& right) const;

  Operation operation_;
  Escaping escaping_;
  ExpressionPtr left_;
  ExpressionPtr right_;
};

}  // namespace templates
