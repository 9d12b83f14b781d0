// How raw HTML fits in between the blocks of Markdown: its white space, and paragraphs where it has none.
#include <algorithm>

#include "templates/markdown_builder.h"
#include "templates/markdown_characters.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

bool holds_paragraphs(Kind kind) {
  return kind == Kind::kDocument || kind == Kind::kBlockquote;
}

bool holds_blocks(Kind kind) {
  return is_container(kind) || kind == Kind::kLi || kind == Kind::kTd || kind == Kind::kTh;
}

bool is_blank_text(const Node& node) {
  return node.kind == Kind::kText && blank(node.text);
}

// Without the white space at either end of a paragraph.
void trim(Node& first, Node& last) {
  while (first.kind == Kind::kText && !first.text.empty() && is_space(first.text.front())) {
    first.text.remove_prefix(1);
    ++first.offset;
  }
  while (last.kind == Kind::kText && !last.text.empty() && is_space(last.text.back())) {
    last.text.remove_suffix(1);
  }
}

}  // namespace

void TreeBuilder::raw_text(std::string_view decoded, std::size_t offset) {
  const Frame& frame = frames_.back();
  if (frame.node != nullptr && holds_blocks(frame.kind)) {
    const Node* last = frame.node->last_child;
    const bool behind_block = last == nullptr || is_block(last->kind);
    if (blank(decoded)) {
      if (!behind_block) owes_space_ = frame.node;
      return;
    }
    while (last != nullptr && behind_block && is_space(decoded.front())) {
      decoded.remove_prefix(1);
      ++offset;
    }
  }
  const std::size_t seen = last_offset_;
  last_offset_ = offset;
  append_text(decoded, false, false);
  last_offset_ = seen;
}

void TreeBuilder::begin_html() {
  const auto markdown = std::find_if(frames_.rbegin(), frames_.rend(),
                                     [](const Frame& frame) { return frame.by == By::kMarkdown; });
  html_before_ = markdown->node == nullptr ? nullptr : markdown->node->last_child;
}

void TreeBuilder::end_html() {
  const Frame& frame = frames_.back();
  if (frame.by == By::kMarkdown && frame.node != nullptr && holds_paragraphs(frame.kind))
    make_paragraphs(*frame.node, html_before_);
}

void TreeBuilder::give_up_empty_paragraph() {
  Frame& frame = frames_.back();
  if (frame.by != By::kMarkdown || frame.kind != Kind::kP || !frame.own || frame.node == nullptr ||
      frame.node->first_child != nullptr) {
    return;
  }
  Node* parent = frame.node->parent;
  (frame.before == nullptr ? parent->first_child : frame.before->next) = nullptr;
  parent->last_child = frame.before;
  frame.node = parent;
  frame.own = false;
}

void TreeBuilder::make_paragraphs(Node& parent, Node* before) {
  Node* child = before == nullptr ? parent.first_child : before->next;
  while (child != nullptr) {
    if (is_block(child->kind) ||
        (is_blank_text(*child) && (child->next == nullptr || is_block(child->next->kind)))) {
      before = child;
      child = child->next;
      continue;
    }
    Node* paragraph = arena_.make<Node>();
    paragraph->kind = Kind::kP;
    paragraph->offset = child->offset;
    paragraph->parent = &parent;
    (before == nullptr ? parent.first_child : before->next) = paragraph;
    paragraph->first_child = child;
    for (; child != nullptr && !is_block(child->kind); child = child->next) {
      child->parent = paragraph;
      paragraph->last_child = child;
    }
    paragraph->last_child->next = nullptr;
    trim(*paragraph->first_child, *paragraph->last_child);
    paragraph->next = child;
    if (child == nullptr) parent.last_child = paragraph;
    spent_ += 2 * tag_name(Kind::kP).size() + 6;
    before = paragraph;
  }
}

}  // namespace templates
