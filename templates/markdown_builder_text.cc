// How texts get into the tree: joined where they stand together in the body, without comments.
#include <algorithm>

#include "templates/markdown_builder.h"
#include "templates/markdown_characters.h"
#include "templates/markdown_comments.h"
#include "templates/sanitise_html.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

constexpr std::string_view kCommentStart = "<!--";

// Characters that may begin a sign which is read in the tree: there, a backslash before it is gone. An
// escaped one is a text of its own, so that it makes no sign with what follows.
bool begins_sign(char c) {
  return c == '{' || c == '=' || c == '[' || c == '!';
}

}  // namespace

bool TreeBuilder::append_to_last(std::string_view text, std::uint8_t flags) {
  Node* last = frames_.back().node->last_child;
  if (last == nullptr || last->kind != Kind::kText || last->flags != flags) return false;
  const char* end = last->text.data() + last->text.size();
  const bool adjoins = end == text.data();
  const bool same_line_feed = text == "\n" && holds(last->text) &&
                              offset_of(last->text) + last->text.size() < body_.size() && *end == '\n';
  if (!adjoins && !same_line_feed) return false;
  last->text = {last->text.data(), last->text.size() + text.size()};
  return true;
}

void TreeBuilder::append_text(std::string_view text, bool verbatim, bool literal) {
  if (text.empty() || frames_.back().node == nullptr || exhausted()) return;
  spent_ += text.size();
  const Frame& frame = frames_.back();
  if (frame.by == By::kRawHtml && implied_part(frame.kind) != Kind::kNone) {
    if (blank(text)) return;
    make_room_for(Kind::kText);
  }
  const auto flags = static_cast<std::uint8_t>((verbatim || verbatim_ != 0 ? Node::kVerbatim : 0) |
                                               (literal ? Node::kLiteral : 0));
  if (append_to_last(text, flags)) return;
  Node* node = arena_.make<Node>();
  node->kind = Kind::kText;
  node->flags = flags;
  node->offset = static_cast<std::uint32_t>(offset_of(text));
  node->text = holds(text) ? text : arena_.keep(text);
  append(*node);
}

void TreeBuilder::text(std::string_view piece, bool verbatim) {
  if (!holds(piece)) {
    if (!in_comment()) append_text(piece, verbatim, false);
    return;
  }
  const std::size_t end = offset_of(piece) + piece.size();
  if (has_fillers_) {
    for (auto part = next_without_fillers(piece); !part.empty(); part = next_without_fillers(piece))
      text_of_body(part, verbatim);
  } else {
    text_of_body(piece, verbatim);
  }
  last_offset_ = end;
}

void TreeBuilder::text_of_body(std::string_view piece, bool verbatim) {
  std::string_view visible = outside_comment(piece);
  last_offset_ = offset_of(piece) + piece.size();
  if (visible.empty()) return;
  if (has_comments_ && !verbatim) {
    drop_comments(visible);
    return;
  }
  append_text(visible, verbatim, begins_sign(visible.front()) && is_escaped(body_, offset_of(visible)));
}

void TreeBuilder::drop_comments(std::string_view piece) {
  while (!piece.empty()) {
    std::size_t start = piece.find(kCommentStart);
    while (start != std::string_view::npos && is_escaped(body_, offset_of(piece) + start)) {
      start = piece.find(kCommentStart, start + 1);
    }
    const std::string_view shown = piece.substr(0, start);
    append_text(shown, false, begins_sign(piece.front()) && is_escaped(body_, offset_of(piece)));
    if (start == std::string_view::npos) return;
    comment_from(offset_of(piece) + start);
    piece = outside_comment(piece.substr(start));
  }
}

void TreeBuilder::comment_from(std::size_t offset) {
  std::size_t end = offset + kCommentStart.size();
  const std::size_t length = find_comment_end(body_, end);
  if (length != 0) {
    note_comment(offset);
    comment_until_ = end + length;
    return;
  }
  comment_until_ = body_.size() + 1;
  findings_.block(offset, "HTML comment is not closed", "end it with -->");
}

std::string_view TreeBuilder::outside_comment(std::string_view piece) const {
  const std::size_t offset = offset_of(piece);
  if (comment_until_ <= offset || !holds(piece)) return piece;
  return piece.substr(std::min(comment_until_ - offset, piece.size()));
}

void TreeBuilder::entity(std::string_view piece, std::string_view decoded) {
  const bool shown = !outside_comment(piece).empty();
  if (holds(piece)) last_offset_ = offset_of(piece) + piece.size();
  if (shown) append_text(decoded, false, decoded.find_first_of("{|}") != std::string_view::npos);
}

void TreeBuilder::line_break() {
  if (!in_comment()) append_text("\n", false, false);
}

}  // namespace templates
