#include "templates/markdown_unfinished.h"

#include <cstddef>
#include <string>

#include "templates/markdown_characters.h"
#include "templates/markdown_findings.h"
#include "templates/markdown_plain.h"

namespace templates {
namespace {

bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  return (at == 0 || !is_word(text[at - 1])) && (at + length >= text.size() || !is_word(text[at + length]));
}

// Length of "lorem ipsum" at `at`, over a line end too; 0 if it is not there.
std::size_t lorem_ipsum(std::string_view text, std::size_t at) {
  if (lower(text.substr(at, 5)) != "lorem") return 0;
  std::size_t next = at + 5;
  while (next < text.size() && next < at + 20 && is_space(text[next])) ++next;
  return next > at + 5 && lower(text.substr(next, 5)) == "ipsum" ? next + 5 - at : 0;
}

// Length of the sign that starts at `at`; 0 if none does.
std::size_t sign_at(const Node& node, std::size_t at) {
  const std::string_view text = node.text;
  switch (text[at]) {
    case 'T':
    case 'X':
      for (const std::string_view word : {"TK", "TKTK", "TODO", "XXX"}) {
        if (text.substr(at, word.size()) == word && stands_alone(text, at, word.size())) return word.size();
      }
      return 0;
    case 'l':
    case 'L':
      return lorem_ipsum(text, at);
    case '[':
      return lower(text.substr(at, 7)) == "[insert" ? 7 : 0;
    case '{':
      return text.substr(at, 2) == "{{" && !(at == 0 && node.has(Node::kLiteral)) ? 2 : 0;
    default:
      return 0;
  }
}

void look_through(const Node& node, Findings& findings) {
  for (std::size_t at = 0; at < node.text.size();) {
    const std::size_t length = sign_at(node, at);
    if (length != 0) {
      const std::string sign = quoted_short(node.text.substr(at, length));
      if (sign == "{{") {
        findings.block(node.offset + at, "merge field that cannot be filled in: {{",
                       "write {{name|fallback}}, in a table {{name\\|fallback}}");
      } else {
        findings.block(node.offset + at, "unfinished text: " + sign, "finish it or take it out");
      }
    }
    at += length == 0 ? 1 : length;
  }
}

}  // namespace

std::vector<Finding> find_unfinished(const Node& root, std::string_view body) {
  Findings findings(body);
  for (const Node* n = following(&root, root); n != nullptr; n = following(n, root)) {
    if (n->kind == Kind::kText && !n->has(Node::kVerbatim)) look_through(*n, findings);
  }
  return findings.take();
}

}  // namespace templates
