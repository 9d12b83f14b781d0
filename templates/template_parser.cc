#include "templates/template_parser.h"

#include <algorithm>
#include <initializer_list>

namespace templates {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

// Of the first thing in a text that can be seen.
Place place_of_ink(const Token& token) {
  Place place = token.place;
  for (const char c : token.text.substr(0, token.text.find_first_not_of(" \t\n"))) {
    place.line += c == '\n' ? 1 : 0;
    place.column = c == '\n' ? 1 : place.column + 1;
  }
  return place;
}

class TemplateParser {
 public:
  explicit TemplateParser(Template& made)
      : made_(made), tokens_(made.text, made.shown), expressions_(tokens_, made.escaping, depth_) {}

  void run() {
    Body body = statements({});
    if (tokens_.peek().kind != TokenKind::end) tokens_.unexpected("the end of the file");
    made_.body = std::move(body);
  }

 private:
  // What stands up to a tag that begins with one of `ends`, or up to the end of the file.
  Body statements(std::initializer_list<std::string_view> ends) {
    Body body;
    while (tokens_.peek().kind != TokenKind::end) {
      if (tokens_.peek().kind == TokenKind::tag_begin) {
        tokens_.take();
        if (at_any(ends)) break;
        tag(body);
      } else {
        content(body);
      }
    }
    return body;
  }

  bool at_any(std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(),
                       [this](std::string_view word) { return tokens_.at_word(word); });
  }

  bool at_top() const { return open_ == 0; }

  void content(Body& body) {
    const Token& token = tokens_.take();
    if (token.kind == TokenKind::text) {
      if (made_.parent && at_top() && is_blank(token.text)) return;
      only_blanks_ = only_blanks_ && is_blank(token.text);
      require_shown(place_of_ink(token));
      body.push_back(std::make_unique<TextStatement>(token.place, token.text));
      return;
    }
    only_blanks_ = false;
    require_shown(token.place);
    const Place place = tokens_.peek().place;
    ExpressionPtr value = expressions_.parse();
    tokens_.expect(TokenKind::output_end, "}}");
    body.push_back(std::make_unique<OutputStatement>(place, made_.escaping, std::move(value)));
  }

  void require_shown(const Place& place) const {
    if (made_.parent && at_top()) {
      fail(place,
           "this template extends another, so what stands outside of its blocks is never shown; "
           "move it into a block");
    }
  }

  void tag(Body& body) {
    const Token& word = tokens_.expect_name("a tag");
    if (word.text == "extends") return extends_tag(body, word);
    only_blanks_ = false;
    if (word.text == "if") return if_tag(body, word);
    if (word.text == "for") return for_tag(body, word);
    if (word.text == "set") return set_tag(body, word);
    if (word.text == "block") return block_tag(body, word);
    if (word.text == "include") return include_tag(body, word);
    for (const std::string_view end : {"elif", "else", "endif", "endfor", "endblock"}) {
      if (word.text == end) fail(word.place, std::string(end) + " has nothing to end here");
    }
    fail(word.place, "no tag " + quoted(word.text) + "; " +
                         suggestion(word.text, {"block", "extends", "for", "if", "include", "set"}));
  }

  void end_tag() { tokens_.expect(TokenKind::tag_end, "%}"); }

  // A body, and the word of the tag that ends it.
  std::string_view body_until(Body& body, const Token& opened, std::initializer_list<std::string_view> ends) {
    const Depth deeper(depth_, opened.place);
    ++open_;
    body = statements(ends);
    --open_;
    if (tokens_.peek().kind == TokenKind::end) {
      const std::string end(*(ends.end() - 1));
      fail(opened.place, std::string(opened.text) + " is never closed; end it with {% " + end + " %}");
    }
    return tokens_.take().text;
  }

  void if_tag(Body& body, const Token& opened) {
    require_shown(opened.place);
    std::vector<IfStatement::Branch> branches;
    std::string_view word = "if";
    while (word != "endif") {
      IfStatement::Branch branch;
      const bool is_else = word == "else";
      if (!is_else) branch.condition = expressions_.parse();
      end_tag();
      word = is_else ? body_until(branch.body, opened, {"endif"})
                     : body_until(branch.body, opened, {"elif", "else", "endif"});
      branches.push_back(std::move(branch));
    }
    end_tag();
    body.push_back(std::make_unique<IfStatement>(opened.place, std::move(branches)));
  }

  std::string_view new_name(std::string_view called) {
    if (tokens_.peek().kind == TokenKind::name && is_reserved(tokens_.peek().text)) {
      fail(tokens_.peek().place,
           quoted(tokens_.peek().text) + " is a word of the language; choose another name");
    }
    return tokens_.expect_name(called).text;
  }

  void for_tag(Body& body, const Token& opened) {
    require_shown(opened.place);
    const std::string_view name = new_name("a name after \"for\"");
    tokens_.expect_word("in");
    ExpressionPtr list = expressions_.parse();
    end_tag();
    Body each;
    Body otherwise;
    ++loops_;
    const std::string_view word = body_until(each, opened, {"else", "endfor"});
    --loops_;
    if (word == "else") {
      end_tag();
      body_until(otherwise, opened, {"endfor"});
    }
    end_tag();
    body.push_back(std::make_unique<ForStatement>(opened.place, name, std::move(list), std::move(each),
                                                  std::move(otherwise)));
  }

  void set_tag(Body& body, const Token& opened) {
    const std::string_view name = new_name("a name after \"set\"");
    tokens_.expect_symbol("=");
    ExpressionPtr value = expressions_.parse();
    end_tag();
    body.push_back(std::make_unique<SetStatement>(opened.place, name, std::move(value)));
  }

  void block_tag(Body& body, const Token& opened) {
    if (loops_ > 0) fail(opened.place, "a block can't stand inside of for; put the for into the block");
    const Token& name = tokens_.expect_name("a name after \"block\"");
    for (const BlockStatement* other : made_.blocks) {
      if (other->name() == name.text) fail(name.place, "there are two blocks " + quoted(name.text));
    }
    end_tag();
    const bool fills = made_.parent && at_top();
    auto block = std::make_unique<BlockStatement>(name.place, name.text);
    made_.blocks.push_back(block.get());
    Body inner;
    body_until(inner, opened, {"endblock"});
    if (tokens_.peek().kind == TokenKind::name) tokens_.expect_word(name.text);
    end_tag();
    block->fill(std::move(inner));
    (fills ? made_.fills : body).push_back(std::move(block));
  }

  void include_tag(Body& body, const Token& opened) {
    require_shown(opened.place);
    const Token& name = tokens_.expect_string("the name of a template in quotes after \"include\"");
    auto include = std::make_unique<IncludeStatement>(name.place, name.string);
    end_tag();
    made_.includes.push_back(include.get());
    body.push_back(std::move(include));
  }

  void extends_tag(Body& body, const Token& opened) {
    if (made_.parent || !at_top() || !only_blanks_) {
      fail(opened.place, "extends must come before everything else, and once");
    }
    const Token& name = tokens_.expect_string("the name of a template in quotes after \"extends\"");
    end_tag();
    made_.parent = std::make_unique<Template::Parent>(Template::Parent{name.place, name.string, nullptr});
    body.clear();
  }

  Template& made_;
  Tokens tokens_;
  std::size_t depth_ = 0;
  std::size_t open_ = 0;     // bodies around
  std::size_t loops_ = 0;    // of them, those of for
  bool only_blanks_ = true;  // nothing but white space and comments so far
  ExpressionParser expressions_;
};

}  // namespace

std::unique_ptr<Template> parse_template(std::string name, std::string shown, std::string text) {
  auto made = std::make_unique<Template>();
  made->name = std::move(name);
  made->shown = std::move(shown);
  made->text = std::move(text);
  const auto escaping = escaping_of(made->name);
  if (!escaping) {
    fail({&made->shown, 1, 1},
         "its name does not say how values are escaped; end it with .html.j2, .xml.j2 "
         "or .txt.j2");
  }
  made->escaping = *escaping;
  TemplateParser(*made).run();
  return made;
}

}  // namespace templates
