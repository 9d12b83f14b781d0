// The tokens of a template, taken one after the other by its parsers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templates/template_lexer.h"

namespace templates {

class Tokens {
 public:
  Tokens(std::string_view text, const std::string& file) : tokens_(tokens_of(text, file)) {}

  const Token& peek() const { return tokens_[next_]; }
  // The last token, `end`, is given again and again.
  const Token& take();

  bool at_symbol(std::string_view symbol) const { return is(TokenKind::symbol, symbol); }
  bool at_word(std::string_view word) const { return is(TokenKind::name, word); }
  bool take_symbol(std::string_view symbol) { return take_if(at_symbol(symbol)); }
  bool take_word(std::string_view word) { return take_if(at_word(word)); }

  // These throw TemplateError where something else stands.
  void expect_symbol(std::string_view symbol);
  void expect_word(std::string_view word);
  void expect(TokenKind kind, std::string_view called);
  const Token& expect_name(std::string_view called);
  const Token& expect_string(std::string_view called);

  // "expected CALLED, found ..."
  [[noreturn]] void unexpected(std::string_view called) const;

 private:
  bool is(TokenKind kind, std::string_view text) const { return peek().kind == kind && peek().text == text; }
  bool take_if(bool here);

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
};

}  // namespace templates
