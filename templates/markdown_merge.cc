#include "templates/markdown_merge.h"

#include <string_view>

#include "templates/markdown_plain.h"
#include "templates/merge.h"

namespace templates {
namespace {

bool is_plain_text(const Node* node) {
  return node->kind == Kind::kText && !node->has(Node::kVerbatim);
}

// A field may stand in several texts: an escaped bar in a table, an accent written as a character reference.
void join_texts(Node& first, Arena& arena) {
  std::string joined;
  Node* next = first.next;
  for (; next != nullptr && is_plain_text(next); next = next->next) {
    if (next->has(Node::kLiteral) && next->text.substr(0, 1) == "{") break;
    if (joined.empty()) joined = first.text;
    joined += next->text;
  }
  if (joined.empty()) return;
  first.text = arena.keep(joined);
  first.next = next;
  if (next == nullptr) first.parent->last_child = &first;
}

Node& insert_behind(Node& node, Arena& arena) {
  Node& added = *arena.make<Node>();
  added.parent = node.parent;
  added.next = node.next;
  if (node.next == nullptr) node.parent->last_child = &added;
  node.next = &added;
  return added;
}

// Cuts the field that starts at `at` out of the text; the text behind it is returned.
Node& cut_out(Node& text, std::size_t at, const MergeField& field, Arena& arena) {
  Node& merge = insert_behind(text, arena);
  merge.kind = Kind::kMergeField;
  merge.offset = text.offset + static_cast<std::uint32_t>(at);
  merge.text = arena.keep(field.fallback);
  merge.attributes = arena.make<Attribute>();
  merge.attributes->name = AttributeName::kField;
  merge.attributes->value = arena.keep(field.name);
  Node& rest = insert_behind(merge, arena);
  rest.kind = Kind::kText;
  rest.offset = merge.offset + static_cast<std::uint32_t>(field.length);
  rest.text = text.text.substr(at + field.length);
  text.text = text.text.substr(0, at);
  return rest;
}

Node* split_fields(Node* text, Arena& arena, Findings& findings) {
  std::size_t at = text->has(Node::kLiteral) ? 1 : 0;
  for (at = text->text.find("{{", at); at != std::string_view::npos; at = text->text.find("{{", at)) {
    const auto field = merge_field_at(text->text, at);
    if (!field) {
      ++at;
    } else if (!field->has_fallback) {
      tell_unresolved(findings, text->offset + at, field->name);
      at += field->length;
    } else {
      text = &cut_out(*text, at, *field, arena);
      at = 0;
    }
  }
  return text;
}

}  // namespace

void tell_unresolved(Findings& findings, std::size_t offset, const std::string& name) {
  findings.block(offset, "merge field {{" + name + "}} has no fallback", "write {{" + name + "|...}}");
}

void find_merge_fields(Node& root, Arena& arena, Findings& findings) {
  Node* node = &root;
  while (node != nullptr) {
    if (is_plain_text(node)) {
      join_texts(*node, arena);
      node = split_fields(node, arena, findings);
    }
    if (node->first_child != nullptr) {
      node = node->first_child;
      continue;
    }
    while (node != &root && node->next == nullptr) node = node->parent;
    node = node == &root ? nullptr : node->next;
  }
}

}  // namespace templates
