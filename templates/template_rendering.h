// The state of one rendering: output, names that the template has set, loops, limits. One thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "templates/template_place.h"
#include "templates/template_value.h"

namespace templates {

class BlockStatement;
using Blocks = std::map<std::string_view, const BlockStatement*>;

struct Loop {
  std::size_t index = 0;  // from 0
  std::size_t length = 0;
};

class Rendering {
 public:
  // `variables` must outlive the rendering.
  Rendering(const boost::json::object& variables, std::size_t max_output, std::size_t expected_output);

  // Each tag, each {{ }} and each turn of a loop is a step. Throws TemplateError over the limit.
  void step(const Place& place);
  void append(const Place& place, std::string_view text) {
    out_.append(text);
    check_output(place);
  }
  void append_escaped_text(const Place& place, std::string_view text);
  std::string take_output() { return std::move(out_); }

  std::optional<Value> find(std::string_view name) const;
  std::vector<std::string_view> names() const;
  void bind(std::string_view name, Value value);
  // Names bound since scope() are forgotten by leave().
  std::size_t scope() const { return bound_.size(); }
  void leave(std::size_t scope) {
    bound_.erase(bound_.begin() + static_cast<std::ptrdiff_t>(scope), bound_.end());
  }

  std::vector<Loop> loops;
  const Blocks* blocks = nullptr;  // as the template being rendered fills them
  std::size_t includes = 0;

 private:
  void check_output(const Place& place) const {
    if (out_.size() > max_output_) tell_too_large(place);
  }
  [[noreturn]] void tell_too_large(const Place& place) const;

  const boost::json::object& variables_;
  std::size_t max_output_;
  std::size_t steps_ = 0;
  std::string out_;
  std::vector<std::pair<std::string_view, Value>> bound_;
};

}  // namespace templates
