#include "templates/template_statements.h"

namespace templates {

namespace json = boost::json;

namespace {

constexpr std::size_t kDeepestInclude = 16;

void render_all(const Body& body, Rendering& rendering) {
  for (const auto& statement : body) statement->render(rendering);
}

}  // namespace

void OutputStatement::render(Rendering& rendering) const {
  rendering.step(place());
  const Value value = value_->evaluate(rendering);
  if (!value.is_text()) {
    try {
      rendering.append(place(), printed(value));
    } catch (const ValueProblem& problem) {
      fail(place(), problem.what());
    }
  } else if (value.safe() || escaping_ == Escaping::none) {
    rendering.append(place(), value.text());
  } else {
    rendering.append_escaped_text(place(), value.text());
  }
}

void IfStatement::render(Rendering& rendering) const {
  rendering.step(place());
  for (const Branch& branch : branches_) {
    if (!branch.condition || truthy(branch.condition->evaluate(rendering))) {
      return render_all(branch.body, rendering);
    }
  }
}

// Of a list its items, of an object its keys.
std::vector<Value> ForStatement::items(const Rendering& rendering) const {
  const Value whole = list_->evaluate(rendering);
  std::vector<Value> items;
  if (whole.json().is_array()) {
    items.reserve(whole.json().get_array().size());
    for (const json::value& each : whole.json().get_array()) items.push_back(Value::part(whole, each));
  } else if (whole.json().is_object()) {
    for (const auto& each : whole.json().get_object())
      items.push_back(Value::of(std::string_view(each.key())));
  } else {
    fail(list_->place(), "for needs a list or an object, not " + std::string(kind_name(whole)));
  }
  return items;
}

void ForStatement::render(Rendering& rendering) const {
  rendering.step(place());
  std::vector<Value> all = items(rendering);
  if (all.empty()) return render_all(otherwise_, rendering);
  const std::size_t scope = rendering.scope();
  rendering.loops.push_back({0, all.size()});
  for (std::size_t i = 0; i < all.size(); ++i) {
    rendering.step(place());
    rendering.loops.back().index = i;
    rendering.bind(name_, std::move(all[i]));
    render_all(body_, rendering);
    rendering.leave(scope);
  }
  rendering.loops.pop_back();
}

void SetStatement::render(Rendering& rendering) const {
  rendering.step(place());
  rendering.bind(name_, value_->evaluate(rendering));
}

void IncludeStatement::render(Rendering& rendering) const {
  rendering.step(place());
  if (rendering.includes == kDeepestInclude) {
    fail(place(), "templates include each other over 16 deep; does one include itself?");
  }
  ++rendering.includes;
  target_->render(rendering);
  --rendering.includes;
}

void BlockStatement::render(Rendering& rendering) const {
  rendering.step(place());
  const std::size_t scope = rendering.scope();
  render_all(rendering.blocks->at(name_)->body_, rendering);
  rendering.leave(scope);
}

void Template::render(Rendering& rendering) const {
  const Blocks* const outer = rendering.blocks;
  const std::size_t scope = rendering.scope();
  rendering.blocks = &final_blocks;
  for (const Template* each = this; each != nullptr; each = each->extended()) {
    render_all(each->body, rendering);
  }
  rendering.leave(scope);
  rendering.blocks = outer;
}

}  // namespace templates
