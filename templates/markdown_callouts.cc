#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "templates/markdown_characters.h"
#include "templates/markdown_edit.h"
#include "templates/markdown_extensions.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

struct Marker {
  std::size_t length = 0;  // 0: there is none; else with the blanks behind it
  std::string_view word;
};

bool is_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
  });
}

// [!note], [!note]- or [!note]+ at the start of a line.
Marker marker_of(std::string_view text) {
  constexpr std::size_t kLongestWord = 60;
  if (text.substr(0, 2) != "[!") return {};
  const std::size_t end = text.substr(0, kLongestWord).find(']');
  if (end == std::string_view::npos || !is_word(text.substr(2, end - 2))) return {};
  std::size_t behind = end + 1;
  if (behind < text.size() && (text[behind] == '+' || text[behind] == '-')) ++behind;
  if (behind < text.size() && !is_space(text[behind])) return {};
  while (behind < text.size() && text[behind] == ' ') ++behind;
  return {behind, text.substr(2, end - 2)};
}

std::string capitalised(std::string_view word) {
  std::string out = lower(word);
  if (out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

// The last node of a paragraph's first line. Behind it the paragraph goes on without the line break.
Node& end_of_line(Node& paragraph, Arena& arena) {
  for (Node* n = paragraph.first_child; n != nullptr; n = n->next) {
    const std::size_t line_feed = n->kind == Kind::kText ? n->text.find('\n') : std::string_view::npos;
    if (line_feed != std::string_view::npos) {
      split_text(*n, line_feed, 1, arena);
      return *n;
    }
    if (n->next != nullptr && n->next->kind == Kind::kBr) {
      n->next = n->next->next;
      if (n->next == nullptr) paragraph.last_child = n;
      return *n;
    }
  }
  return *paragraph.last_child;
}

void name(Node& title, std::string_view word, Arena& arena) {
  Node& text = *arena.make<Node>();
  text.kind = Kind::kText;
  text.offset = title.offset;
  text.text = arena.keep(capitalised(word));
  text.parent = &title;
  title.first_child = title.last_child = &text;
}

void read_callout(Node& quote, TreeBuilder& builder) {
  Node* paragraph = quote.first_child;
  Node* first = paragraph != nullptr && paragraph->kind == Kind::kP ? paragraph->first_child : nullptr;
  if (first == nullptr || !is_plain_text(*first) || !builder.holds(first->text)) return;
  const Marker marker = marker_of(first->text);
  if (marker.length == 0) return;
  first->text.remove_prefix(marker.length);
  first->offset += static_cast<std::uint32_t>(marker.length);

  Arena& arena = builder.arena();
  Node& last = end_of_line(*paragraph, arena);
  Node* rest = last.next;
  Node& title = *arena.make<Node>();
  title.kind = Kind::kStrong;
  title.offset = first->offset;
  wrap(nullptr, *first, last, title);
  if (!has_words(title)) name(title, marker.word, arena);
  builder.spend(2 * (tag_name(Kind::kStrong).size() + tag_name(Kind::kP).size() + 6));
  if (rest == nullptr) return;

  Node& line = *arena.make<Node>();
  line.kind = Kind::kP;
  line.offset = title.offset;
  line.parent = &quote;
  line.next = paragraph;
  quote.first_child = &line;
  line.first_child = line.last_child = &title;
  title.parent = &line;
  title.next = nullptr;
  paragraph->first_child = rest;
  paragraph->offset = rest->offset;
}

}  // namespace

void read_callouts(TreeBuilder& builder) {
  Node& root = builder.root();
  for (Node* n = &root; n != nullptr; n = following(n, root)) {
    if (n->kind == Kind::kBlockquote) read_callout(*n, builder);
  }
}

}  // namespace templates
