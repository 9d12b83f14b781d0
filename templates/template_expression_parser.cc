#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "templates/template_parser.h"

namespace templates {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostNodes = 256;

constexpr std::array<std::string_view, 12> kReserved = {"and", "elif", "else", "false", "if", "in",
                                                        "is",  "loop", "none", "not",   "or", "true"};

constexpr std::array<std::pair<std::string_view, Operation>, 6> kComparisons = {{
    {"==", Operation::equal},
    {"!=", Operation::not_equal},
    {"<", Operation::less},
    {"<=", Operation::less_or_equal},
    {">", Operation::greater},
    {">=", Operation::greater_or_equal},
}};

constexpr std::array<std::pair<std::string_view, LoopField>, 5> kLoopFields = {{
    {"index", LoopField::index},
    {"index0", LoopField::index0},
    {"first", LoopField::first},
    {"last", LoopField::last},
    {"length", LoopField::length},
}};

std::string arguments_wanted(std::string_view filter, std::size_t least, std::size_t most) {
  std::string text(filter);
  if (most == 0) return text + " takes no argument";
  text += " takes " + std::to_string(least);
  if (most != least) text += " or " + std::to_string(most);
  return text + (most == 1 ? " argument" : " arguments");
}

}  // namespace

bool is_reserved(std::string_view word) {
  return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

Depth::Depth(std::size_t& depth, const Place& place) : depth_(depth) {
  if (depth == kDeepest) fail(place, "this is nested over 64 deep; move a part into a template of its own");
  ++depth_;
}

template <class NodeType, class... Parts>
ExpressionPtr ExpressionParser::node(const Place& place, Parts&&... parts) {
  if (++nodes_ > kMostNodes) fail(place, "the expression is too long; give its parts names with set");
  return std::make_unique<NodeType>(place, std::forward<Parts>(parts)...);
}

ExpressionPtr ExpressionParser::parse() {
  nodes_ = 0;
  return disjunction();
}

ExpressionPtr ExpressionParser::disjunction() {
  const Depth deeper(depth_, tokens_.peek().place);
  ExpressionPtr left = conjunction();
  while (tokens_.at_word("or")) {
    const Place place = tokens_.take().place;
    ExpressionPtr right = conjunction();
    left = node<Either>(place, false, std::move(left), std::move(right));
  }
  return left;
}

ExpressionPtr ExpressionParser::conjunction() {
  ExpressionPtr left = negation();
  while (tokens_.at_word("and")) {
    const Place place = tokens_.take().place;
    ExpressionPtr right = negation();
    left = node<Either>(place, true, std::move(left), std::move(right));
  }
  return left;
}

ExpressionPtr ExpressionParser::negation() {
  if (!tokens_.at_word("not")) return comparison();
  const Place place = tokens_.take().place;
  const Depth deeper(depth_, place);
  ExpressionPtr operand = negation();
  return node<Not>(place, std::move(operand));
}

ExpressionPtr ExpressionParser::comparison() {
  ExpressionPtr left = sum();
  for (const auto& [symbol, operation] : kComparisons) {
    if (!tokens_.at_symbol(symbol)) continue;
    const Place place = tokens_.take().place;
    ExpressionPtr right = sum();
    return node<Binary>(place, operation, escaping_, std::move(left), std::move(right));
  }
  return left;
}

ExpressionPtr ExpressionParser::sum() {
  ExpressionPtr left = signed_value();
  while (tokens_.at_symbol("+") || tokens_.at_symbol("-")) {
    const Token& sign = tokens_.take();
    const Operation operation = sign.text == "+" ? Operation::plus : Operation::minus;
    ExpressionPtr right = signed_value();
    left = node<Binary>(sign.place, operation, escaping_, std::move(left), std::move(right));
  }
  return left;
}

ExpressionPtr ExpressionParser::signed_value() {
  if (!tokens_.at_symbol("-")) return postfix();
  const Place place = tokens_.take().place;
  const Depth deeper(depth_, place);
  ExpressionPtr zero = node<Literal>(place, Value::of(std::int64_t{0}));
  ExpressionPtr value = signed_value();
  return node<Binary>(place, Operation::minus, escaping_, std::move(zero), std::move(value));
}

ExpressionPtr ExpressionParser::postfix() {
  ExpressionPtr value = primary();
  for (;;) {
    if (tokens_.take_symbol(".")) {
      const Token& member = tokens_.expect_name("a name after \".\"");
      value = node<Member>(member.place, std::move(value), member.text);
    } else if (tokens_.at_symbol("[")) {
      value = item(std::move(value), tokens_.take());
    } else if (tokens_.take_symbol("|")) {
      value = filter(std::move(value));
    } else if (tokens_.at_word("is")) {
      value = test(std::move(value), tokens_.take());
    } else if (tokens_.at_symbol("(")) {
      fail(tokens_.peek().place, "nothing can be called; a filter is written {{ x | upper }}");
    } else {
      return value;
    }
  }
}

ExpressionPtr ExpressionParser::item(ExpressionPtr whole, const Token& bracket) {
  ExpressionPtr key = disjunction();
  tokens_.expect_symbol("]");
  return node<Item>(bracket.place, std::move(whole), std::move(key));
}

std::vector<ExpressionPtr> ExpressionParser::arguments() {
  std::vector<ExpressionPtr> arguments;
  if (!tokens_.take_symbol("(")) return arguments;
  while (!tokens_.at_symbol(")")) {
    if (!arguments.empty()) tokens_.expect_symbol(",");
    arguments.push_back(disjunction());
  }
  tokens_.expect_symbol(")");
  return arguments;
}

ExpressionPtr ExpressionParser::filter(ExpressionPtr input) {
  const Token& word = tokens_.expect_name("a filter after \"|\"");
  const Filter* found = find_filter(word.text);
  const bool is_default = word.text == "default";
  if (found == nullptr && !is_default) {
    fail(word.place, "no filter " + quoted(word.text) + "; " + suggestion(word.text, filter_names()));
  }
  const std::size_t least = is_default ? 1 : found->least_arguments;
  const std::size_t most = is_default ? 2 : found->most_arguments;
  std::vector<ExpressionPtr> given = arguments();
  if (given.size() < least || given.size() > most) {
    fail(word.place, arguments_wanted(word.text, least, most));
  }
  if (!is_default) return node<Filtered>(word.place, std::move(input), *found, std::move(given));
  ExpressionPtr also_untrue = given.size() == 2 ? std::move(given[1]) : nullptr;
  return node<Default>(word.place, std::move(input), std::move(given[0]), std::move(also_untrue));
}

ExpressionPtr ExpressionParser::test(ExpressionPtr path, const Token& is) {
  const bool wanted = !tokens_.take_word("not");
  if (!tokens_.take_word("defined")) tokens_.unexpected("\"defined\" or \"not defined\" after \"is\"");
  if (!path->is_path()) fail(is.place, "only a variable or a member of one can be defined or not");
  return node<IsDefined>(is.place, std::move(path), wanted);
}

ExpressionPtr ExpressionParser::primary() {
  const Token& token = tokens_.peek();
  if (token.kind == TokenKind::string) {
    tokens_.take();
    return node<Literal>(token.place, Value::of(std::string_view(token.string)));
  }
  if (token.kind == TokenKind::number) return number(tokens_.take());
  if (token.kind == TokenKind::name) return name(token);
  if (!tokens_.take_symbol("(")) tokens_.unexpected("a value");
  ExpressionPtr inner = disjunction();
  tokens_.expect_symbol(")");
  return inner;
}

ExpressionPtr ExpressionParser::number(const Token& token) {
  const char* const begin = token.text.data();
  const char* const end = begin + token.text.size();
  if (token.text.find('.') != std::string_view::npos) {
    double real = 0;
    if (std::from_chars(begin, end, real).ec != std::errc()) fail(token.place, "the number is too large");
    return node<Literal>(token.place, Value::of(real));
  }
  std::int64_t whole = 0;
  if (std::from_chars(begin, end, whole).ec != std::errc()) fail(token.place, "the number is too large");
  return node<Literal>(token.place, Value::of(whole));
}

ExpressionPtr ExpressionParser::name(const Token& token) {
  if (!is_reserved(token.text)) {
    tokens_.take();
    return node<Name>(token.place, token.text);
  }
  if (tokens_.take_word("true")) return node<Literal>(token.place, Value::of(true));
  if (tokens_.take_word("false")) return node<Literal>(token.place, Value::of(false));
  if (tokens_.take_word("none")) return node<Literal>(token.place, Value());
  if (tokens_.take_word("loop")) return loop_member(token);
  tokens_.unexpected("a value");
}

ExpressionPtr ExpressionParser::loop_member(const Token& token) {
  if (!tokens_.take_symbol(".")) tokens_.unexpected("\".\" after \"loop\"");
  const Token& field = tokens_.expect_name("a name after \".\"");
  std::vector<std::string_view> names;
  for (const auto& [known, value] : kLoopFields) {
    if (known == field.text) return node<LoopMember>(token.place, value);
    names.push_back(known);
  }
  fail(field.place, "loop has no " + quoted(field.text) + "; " + suggestion(field.text, names));
}

}  // namespace templates
