#include "templates/markdown_edit.h"

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

}  // namespace templates
