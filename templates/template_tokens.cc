#include "templates/template_tokens.h"

namespace templates {
namespace {

std::string described(const Token& token) {
  switch (token.kind) {
    case TokenKind::text:
      return "text";
    case TokenKind::end:
      return "the end of the file";
    case TokenKind::string:
      return "the text " + quoted(token.string);
    case TokenKind::output_begin:
    case TokenKind::output_end:
    case TokenKind::tag_begin:
    case TokenKind::tag_end:
      return std::string(token.text);
    default:
      return quoted(token.text);
  }
}

}  // namespace

const Token& Tokens::take() {
  const Token& token = tokens_[next_];
  if (token.kind != TokenKind::end) ++next_;
  return token;
}

bool Tokens::take_if(bool here) {
  if (here) take();
  return here;
}

void Tokens::unexpected(std::string_view called) const {
  fail(peek().place, "expected " + std::string(called) + ", found " + described(peek()));
}

void Tokens::expect_symbol(std::string_view symbol) {
  if (!take_symbol(symbol)) unexpected(quoted(symbol));
}

void Tokens::expect_word(std::string_view word) {
  if (!take_word(word)) unexpected(quoted(word));
}

void Tokens::expect(TokenKind kind, std::string_view called) {
  if (peek().kind != kind) unexpected(called);
  take();
}

const Token& Tokens::expect_name(std::string_view called) {
  if (peek().kind != TokenKind::name) unexpected(called);
  return take();
}

const Token& Tokens::expect_string(std::string_view called) {
  if (peek().kind != TokenKind::string) unexpected(called);
  return take();
}

}  // namespace templates
