// From a template's text to its nodes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "templates/template_statements.h"
#include "templates/template_tokens.h"

namespace templates {

// Not yet linked: parent, includes and final blocks are filled when all templates are there.
// `name` says how values are escaped. Throws TemplateError.
std::unique_ptr<Template> parse_template(std::string name, std::string shown, std::string text);

// Nesting of tags and parentheses, counted over both parsers.
class Depth {
 public:
  Depth(std::size_t& depth, const Place& place);
  ~Depth() { --depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  std::size_t& depth_;
};

class ExpressionParser {
 public:
  ExpressionParser(Tokens& tokens, Escaping escaping, std::size_t& depth)
      : tokens_(tokens), escaping_(escaping), depth_(depth) {}

  ExpressionPtr parse();

 private:
  ExpressionPtr disjunction();
  ExpressionPtr conjunction();
  ExpressionPtr negation();
  ExpressionPtr comparison();
  ExpressionPtr sum();
  ExpressionPtr signed_value();
  ExpressionPtr postfix();
  ExpressionPtr primary();
  ExpressionPtr number(const Token& token);
  ExpressionPtr name(const Token& token);
  ExpressionPtr loop_member(const Token& token);
  ExpressionPtr item(ExpressionPtr whole, const Token& bracket);
  ExpressionPtr filter(ExpressionPtr input);
  ExpressionPtr test(ExpressionPtr path, const Token& is);
  std::vector<ExpressionPtr> arguments();

  template <class NodeType, class... Parts>
  ExpressionPtr node(const Place& place, Parts&&... parts);

  Tokens& tokens_;
  Escaping escaping_;
  std::size_t& depth_;
  std::size_t nodes_ = 0;  // of this expression
};

// A word of the language, which can't name a variable.
bool is_reserved(std::string_view word);

}  // namespace templates
