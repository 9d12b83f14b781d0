#include "templates/markdown_merge.h"

#include <string_view>
#include <vector>

#include "templates/markdown_edit.h"
#include "templates/merge.h"

namespace templates {
namespace {

// True if a field is begun in the text and not ended.
bool breaks_off(std::string_view text, bool begun_before) {
  const std::size_t start = text.rfind("{{");
  if (start == std::string_view::npos && !begun_before) return false;
  return text.find("}}", start == std::string_view::npos ? 0 : start) == std::string_view::npos;
}

// A field may stand in several texts: an escaped bar in a table, an accent written as a character reference.
// Texts that hold no part of it are left apart, for each knows where in the body it stands.
void join_texts(Node& first, Arena& arena) {
  std::string joined;
  Node* next = first.next;
  bool begun = breaks_off(first.text, false);
  for (; begun && next != nullptr && is_plain_text(*next); next = next->next) {
    if (next->has(Node::kLiteral) && next->text.substr(0, 1) == "{") break;
    if (joined.empty()) joined = first.text;
    joined += next->text;
    begun = breaks_off(next->text, begun);
  }
  if (joined.empty()) return;
  first.text = arena.keep(joined);
  first.next = next;
  if (next == nullptr) first.parent->last_child = &first;
}

// Cuts the field that starts at `at` out of the text; the text behind it is returned.
Node& cut_out(Node& text, std::size_t at, const MergeField& field, Arena& arena) {
  Node& rest = split_text(text, at, field.length, arena);
  Node& merge = insert_behind(text, arena);
  merge.kind = Kind::kMergeField;
  merge.offset = text.offset + static_cast<std::uint32_t>(at);
  merge.text = arena.keep(field.fallback);
  merge.attributes = arena.make<Attribute>();
  merge.attributes->name = AttributeName::kField;
  merge.attributes->value = arena.keep(field.name);
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

std::string description_of(std::string_view text, std::size_t offset, Findings& findings) {
  std::vector<std::string> unresolved;
  std::string description = with_fallbacks(mark_merge_fields(text, &unresolved));
  for (const std::string& name : unresolved) tell_unresolved(findings, offset, name);
  return description;
}

void find_merge_fields(Node& root, Arena& arena, Findings& findings) {
  Node* node = &root;
  while (node != nullptr) {
    if (is_plain_text(*node)) {
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
