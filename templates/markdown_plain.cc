#include "templates/markdown_plain.h"

#include "templates/markdown_characters.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

void append_collapsed(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (!is_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
}

}  // namespace

const Node* following_sibling(const Node* node, const Node& root) {
  while (node != &root && node->next == nullptr) node = node->parent;
  return node == &root ? nullptr : node->next;
}

const Node* following(const Node* node, const Node& root) {
  return node->first_child != nullptr ? node->first_child : following_sibling(node, root);
}

std::string plain_text(const Node& node) {
  std::string out;
  for (const Node* n = &node; n != nullptr; n = following(n, node)) {
    if (n->kind == Kind::kText || n->kind == Kind::kMergeField) {
      append_collapsed(out, n->text);
    } else if (n->kind == Kind::kImg) {
      append_collapsed(out, n->value(AttributeName::kAlt));
    } else if (n != &node && (is_block(n->kind) || n->kind == Kind::kBr)) {
      append_collapsed(out, " ");
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace templates
