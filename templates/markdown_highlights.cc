#include <algorithm>
#include <cstddef>
#include <string_view>

#include "templates/markdown_characters.h"
#include "templates/markdown_edit.h"
#include "templates/markdown_extensions.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

constexpr std::string_view kSign = "==";

class Highlighter {
 public:
  explicit Highlighter(TreeBuilder& builder) : builder_(builder) {}

  void look_through(Node& parent) {
    opener_ = nullptr;
    const Node* before = nullptr;
    for (Node* child = parent.first_child; child != nullptr; before = child, child = child->next) {
      if (is_block(child->kind)) opener_ = nullptr;
      if (is_plain_text(*child) && builder_.holds(child->text)) child = look_at(before, child);
    }
  }

 private:
  static bool ends_words(const Node* neighbour) {
    return neighbour == nullptr || neighbour->kind == Kind::kBr || is_block(neighbour->kind);
  }

  static bool blank_before(const Node* before, std::string_view text, std::size_t at) {
    if (at > 0) return is_space(text[at - 1]);
    const bool is_text = before != nullptr && before->kind == Kind::kText && !before->text.empty();
    return is_text ? is_space(before->text.back()) : ends_words(before);
  }

  static bool blank_behind(const Node* next, std::string_view text, std::size_t at) {
    if (at < text.size()) return is_space(text[at]);
    const bool is_text = next != nullptr && next->kind == Kind::kText && !next->text.empty();
    return is_text ? is_space(next->text.front()) : ends_words(next);
  }

  // The text in which the search goes on.
  Node* look_at(const Node* before, Node* text) {
    for (std::size_t at = text->text.find(kSign); at != std::string_view::npos;
         at = text->text.find(kSign, at)) {
      const std::size_t behind = std::min(text->text.find_first_not_of('=', at), text->text.size());
      const bool sign = behind - at == kSign.size();
      if (sign && opener_ != nullptr && !blank_before(before, text->text, at)) {
        before = &highlight(*text, at);
        text = before->next;
        at = 0;
        continue;
      }
      if (sign && !blank_behind(text->next, text->text, behind)) {
        opener_ = text;
        opener_at_ = at;
      }
      at = behind;
    }
    return text;
  }

  // The mark; behind it stands what follows the sign in `closer`.
  Node& highlight(Node& closer, std::size_t at) {
    Arena& arena = builder_.arena();
    split_text(closer, at, kSign.size(), arena);
    Node& first = split_text(*opener_, opener_at_, kSign.size(), arena);
    Node& last = &closer == opener_ ? first : closer;
    Node& mark = *arena.make<Node>();
    mark.kind = Kind::kMark;
    mark.offset = first.offset;
    wrap(opener_, first, last, mark);
    builder_.spend(2 * tag_name(Kind::kMark).size() + 6);
    opener_ = nullptr;
    return mark;
  }

  TreeBuilder& builder_;
  Node* opener_ = nullptr;
  std::size_t opener_at_ = 0;
};

bool holds_code(Kind kind) {
  return kind == Kind::kPre || kind == Kind::kCode;
}

}  // namespace

void read_highlights(TreeBuilder& builder) {
  Highlighter highlighter(builder);
  Node& root = builder.root();
  for (Node* n = &root; n != nullptr;) {
    if (!holds_code(n->kind) && n->first_child != nullptr) highlighter.look_through(*n);
    n = following(n, root);
  }
}

}  // namespace templates
