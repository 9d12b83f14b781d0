#include "templates/markdown_edit.h"

#include <unordered_set>

#include "templates/markdown_characters.h"

namespace templates {

bool is_plain_text(const Node& node) {
  return node.kind == Kind::kText && !node.has(Node::kVerbatim);
}

Node& insert_behind(Node& node, Arena& arena) {
  Node& added = *arena.make<Node>();
  added.parent = node.parent;
  added.next = node.next;
  if (node.next == nullptr) node.parent->last_child = &added;
  node.next = &added;
  return added;
}

Node& split_text(Node& text, std::size_t at, std::size_t left_out, Arena& arena) {
  Node& rest = insert_behind(text, arena);
  rest.kind = Kind::kText;
  rest.offset = text.offset + static_cast<std::uint32_t>(at + left_out);
  rest.text = text.text.substr(at + left_out);
  text.text = text.text.substr(0, at);
  return rest;
}

void wrap(Node* before, Node& first, Node& last, Node& whole) {
  Node& parent = *first.parent;
  whole.parent = &parent;
  whole.next = last.next;
  whole.first_child = &first;
  whole.last_child = &last;
  (before == nullptr ? parent.first_child : before->next) = &whole;
  if (parent.last_child == &last) parent.last_child = &whole;
  last.next = nullptr;
  for (Node* child = &first; child != nullptr; child = child->next) child->parent = &whole;
}

void drop_empty_paragraphs(const std::vector<Node*>& nodes) {
  const auto is_empty = [](const Node& node) {
    const Node* child = node.first_child;
    while (child != nullptr && child->kind == Kind::kText && blank(child->text)) child = child->next;
    return child == nullptr;
  };
  std::unordered_set<const Node*> empty;
  std::unordered_set<Node*> parents;
  for (const Node* node : nodes) {
    if (node->kind != Kind::kP || !is_empty(*node)) continue;
    empty.insert(node);
    parents.insert(node->parent);
  }
  for (Node* parent : parents) {
    Node** place = &parent->first_child;
    parent->last_child = nullptr;
    for (Node* child = parent->first_child; child != nullptr; child = child->next) {
      if (empty.count(child) != 0) continue;
      *place = child;
      place = &child->next;
      parent->last_child = child;
    }
    *place = nullptr;
  }
}

}  // namespace templates
