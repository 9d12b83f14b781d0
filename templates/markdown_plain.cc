#include "templates/markdown_plain.h"

#include "templates/markdown_characters.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

void append_collapsed(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    while (at < text.size() && !is_space(text[at])) ++at;
    out.append(text, start, at - start);
    if (at == text.size()) return;
    if (!out.empty() && out.back() != ' ') out += ' ';
    ++at;
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

Node* following(Node* node, const Node& root) {
  return const_cast<Node*>(following(static_cast<const Node*>(node), root));
}

bool has_words(const Node& node) {
  for (const Node* n = &node; n != nullptr; n = following(n, node)) {
    const bool is_image = n->kind == Kind::kImg;
    if (!blank(is_image ? n->value(AttributeName::kAlt) : n->text)) return true;
  }
  return false;
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
