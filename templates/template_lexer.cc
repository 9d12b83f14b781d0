#include "templates/template_lexer.h"

namespace templates {
namespace {

constexpr std::string_view kBlanks = " \t\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class Lexer {
 public:
  Lexer(std::string_view text, const std::string& file) : rest_(text) { place_.file = &file; }

  std::vector<Token> run() {
    while (!rest_.empty()) {
      literal();
      if (rest_.empty()) break;
      if (rest_.starts_with("{#")) {
        comment();
      } else {
        code();
      }
    }
    add(TokenKind::end, {});
    return std::move(tokens_);
  }

 private:
  void advance(std::size_t count) {
    for (const char c : rest_.substr(0, count)) {
      if (c == '\n') {
        ++place_.line;
        place_.column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
        ++place_.column;
      }
    }
    rest_.remove_prefix(count);
  }

  void add(TokenKind kind, std::string_view text) { tokens_.push_back({kind, text, {}, place_}); }

  void skip_blanks() {
    const std::size_t end = rest_.find_first_not_of(kBlanks);
    advance(end == std::string_view::npos ? rest_.size() : end);
  }

  static std::size_t find_opening(std::string_view text) {
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
      const char next = at + 1 < text.size() ? text[at + 1] : ' ';
      if (next == '{' || next == '%' || next == '#') return at;
    }
    return text.size();
  }

  // What stands between tags, without the white space that the tag after it takes away.
  void literal() {
    const std::size_t length = find_opening(rest_);
    std::string_view text = rest_.substr(0, length);
    const std::string_view opening = rest_.substr(length, 3);
    if (opening.ends_with('-') && opening.size() == 3) {
      text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    } else if (!opening.empty() && !opening.starts_with("{{")) {
      text = without_indent(text);
    }
    if (!text.empty()) add(TokenKind::text, text);
    advance(length);
  }

  std::string_view without_indent(std::string_view text) const {
    const std::size_t last = text.find_last_not_of(" \t");
    if (last == std::string_view::npos) return place_.column == 1 ? std::string_view() : text;
    return text[last] == '\n' ? text.substr(0, last + 1) : text;
  }

  void after_closing(bool dash, bool of_output) {
    if (dash) {
      skip_blanks();
    } else if (!of_output && rest_.starts_with('\n')) {
      advance(1);
    }
  }

  void comment() {
    const std::size_t end = rest_.find("#}", 2);
    if (end == std::string_view::npos) fail(place_, "{# is never closed; end it with #}");
    const bool dash = end > 2 && rest_[end - 1] == '-';
    advance(end + 2);
    after_closing(dash, false);
  }

  void code() {
    const bool of_output = rest_[1] == '{';
    const std::string_view closing = of_output ? "}}" : "%}";
    const Place opened = place_;
    add(of_output ? TokenKind::output_begin : TokenKind::tag_begin, rest_.substr(0, 2));
    advance(2);
    if (rest_.starts_with('-')) advance(1);
    for (;;) {
      skip_blanks();
      if (rest_.empty()) {
        fail(opened, of_output ? "{{ is never closed; end it with }}" : "{% is never closed; end it with %}");
      }
      const bool dash = rest_.starts_with('-') && rest_.substr(1).starts_with(closing);
      if (dash || rest_.starts_with(closing)) {
        add(of_output ? TokenKind::output_end : TokenKind::tag_end, closing);
        advance(dash ? 3 : 2);
        after_closing(dash, of_output);
        return;
      }
      word();
    }
  }

  void word() {
    const char c = rest_.front();
    if (begins_name(c)) {
      take(TokenKind::name, length_of([](char each) { return begins_name(each) || is_digit(each); }));
    } else if (is_digit(c)) {
      number();
    } else if (c == '"' || c == '\'') {
      string(c);
    } else {
      symbol();
    }
  }

  template <class Belongs>
  std::size_t length_of(Belongs belongs) const {
    std::size_t length = 0;
    while (length < rest_.size() && belongs(rest_[length])) ++length;
    return length;
  }

  void take(TokenKind kind, std::size_t length) {
    add(kind, rest_.substr(0, length));
    advance(length);
  }

  void number() {
    std::size_t length = length_of(is_digit);
    if (length + 1 < rest_.size() && rest_[length] == '.' && is_digit(rest_[length + 1])) {
      ++length;
      while (length < rest_.size() && is_digit(rest_[length])) ++length;
    }
    take(TokenKind::number, length);
  }

  void string(char quote) {
    Token token{TokenKind::string, {}, {}, place_};
    std::size_t at = 1;
    for (;; ++at) {
      if (at >= rest_.size() || rest_[at] == '\n') fail(place_, "the text is not closed on its line");
      if (rest_[at] == quote) break;
      token.string += rest_[at] == '\\' ? escape(++at) : rest_[at];
    }
    tokens_.push_back(std::move(token));
    advance(at + 1);
  }

  char escape(std::size_t at) const {
    const char c = at < rest_.size() ? rest_[at] : ' ';
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    if (c == '\\' || c == '"' || c == '\'') return c;
    fail(place_, "a backslash in a text stands only before n, t, \\, \" and '");
  }

  void symbol() {
    for (const std::string_view two : {"==", "!=", "<=", ">="}) {
      if (rest_.starts_with(two)) return take(TokenKind::symbol, 2);
    }
    constexpr std::string_view kSingle = ".,()[]|+-<>=";
    if (kSingle.find(rest_.front()) == std::string_view::npos) {
      fail(place_, "a stray " + quoted(first_character()) + "; it means nothing here");
    }
    take(TokenKind::symbol, 1);
  }

  std::string_view first_character() const {
    std::size_t length = 1;
    while (length < rest_.size() && (static_cast<unsigned char>(rest_[length]) & 0xC0) == 0x80) ++length;
    return rest_.substr(0, length);
  }

  std::string_view rest_;
  Place place_;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text, const std::string& file) {
  return Lexer(text, file).run();
}

}  // namespace templates
