// The nodes of a template's body, and the compiled template. Immutable once parsed and linked.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "templates/template_expressions.h"

namespace templates {

class Statement {
 public:
  explicit Statement(Place place) : place_(place) {}
  virtual ~Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  virtual void render(Rendering& rendering) const = 0;
  const Place& place() const { return place_; }

 private:
  Place place_;
};

using Body = std::vector<std::unique_ptr<const Statement>>;

class TextStatement : public Statement {
 public:
  TextStatement(Place place, std::string_view text) : Statement(place), text_(text) {}
  void render(Rendering& rendering) const override { rendering.append(place(), text_); }

 private:
  std::string_view text_;
};

class OutputStatement : public Statement {
 public:
  OutputStatement(Place place, Escaping escaping, ExpressionPtr value)
      : Statement(place), escaping_(escaping), value_(std::move(value)) {}
  void render(Rendering& rendering) const override;

 private:
  Escaping escaping_;
  ExpressionPtr value_;
};

class IfStatement : public Statement {
 public:
  struct Branch {
    ExpressionPtr condition;  // null: else
    Body body;
  };
  IfStatement(Place place, std::vector<Branch> branches) : Statement(place), branches_(std::move(branches)) {}
  void render(Rendering& rendering) const override;

 private:
  std::vector<Branch> branches_;
};

class ForStatement : public Statement {
 public:
  ForStatement(Place place, std::string_view name, ExpressionPtr list, Body body, Body otherwise)
      : Statement(place),
        name_(name),
        list_(std::move(list)),
        body_(std::move(body)),
        otherwise_(std::move(otherwise)) {}
  void render(Rendering& rendering) const override;

 private:
  std::vector<Value> items(const Rendering& rendering) const;

  std::string_view name_;
  ExpressionPtr list_;
  Body body_;
  Body otherwise_;
};

class SetStatement : public Statement {
 public:
  SetStatement(Place place, std::string_view name, ExpressionPtr value)
      : Statement(place), name_(name), value_(std::move(value)) {}
  void render(Rendering& rendering) const override;

 private:
  std::string_view name_;
  ExpressionPtr value_;
};

struct Template;

class IncludeStatement : public Statement {
 public:
  IncludeStatement(Place place, std::string name) : Statement(place), name_(std::move(name)) {}
  void render(Rendering& rendering) const override;

  const std::string& name() const { return name_; }
  void link(const Template& target) { target_ = &target; }

 private:
  std::string name_;
  const Template* target_ = nullptr;
};

// Renders the block of its name that the template at hand fills it with: its own, or an heir's.
class BlockStatement : public Statement {
 public:
  BlockStatement(Place place, std::string_view name) : Statement(place), name_(name) {}
  void render(Rendering& rendering) const override;

  std::string_view name() const { return name_; }
  void fill(Body body) { body_ = std::move(body); }

 private:
  std::string_view name_;
  Body body_;
};

struct Template {
  std::string name;
  std::string shown;  // its name in errors: the path of an overlay's file
  std::string text;   // what names and literal texts of the nodes refer to
  Escaping escaping = Escaping::markup;

  struct Parent {
    Place place;
    std::string name;
    const Template* link = nullptr;
  };
  std::unique_ptr<Parent> parent;             // null: extends nothing
  Body body;                                  // only set statements where there is a parent
  Body fills;                                 // blocks at the top of a template that has a parent
  std::vector<const BlockStatement*> blocks;  // all, in order
  std::vector<IncludeStatement*> includes;
  Blocks final_blocks;  // each block's heir

  const Template* extended() const { return parent ? parent->link : nullptr; }
  void render(Rendering& rendering) const;
};

}  // namespace templates
