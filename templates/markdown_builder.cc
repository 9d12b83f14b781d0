#include "templates/markdown_builder.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "templates/markdown_characters.h"
#include "templates/markdown_comments.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

constexpr std::string_view kCommentStart = "<!--";

bool is_verbatim(Kind kind) {
  return kind == Kind::kCode || kind == Kind::kPre || kind == Kind::kSamp || kind == Kind::kKbd;
}

// Levels as a person counts them: a list is one, a paragraph none.
bool counts(Kind kind, TreeBuilder::By by) {
  if (by == TreeBuilder::By::kRawHtml) return !is_void(kind);
  return kind == Kind::kBlockquote || kind == Kind::kLi || kind == Kind::kImg ||
         (!is_block(kind) && !is_void(kind));
}

// Markdown says no position of what has no text: the first line from `from` on that is a heading's mark
// alone.
std::size_t find_empty_heading(std::string_view body, std::size_t from) {
  while (from < body.size()) {
    const std::size_t end = std::min(body.find('\n', from), body.size());
    const std::string_view line = body.substr(from, end - from);
    const std::size_t mark = line.find('#');
    if (mark != std::string_view::npos && line.find_first_not_of("# \t\r", mark) == std::string_view::npos) {
      return from + mark;
    }
    from = end + 1;
  }
  return body.size();
}

}  // namespace

TreeBuilder::TreeBuilder(std::string_view body, const MarkdownOptions& options, Arena& arena,
                         Findings& findings)
    : body_(body),
      options_(options),
      arena_(arena),
      findings_(findings),
      has_comments_(body.find(kCommentStart) != std::string_view::npos),
      has_fillers_(body.find(kFiller) != std::string_view::npos),
      limit_(output_limit(body.size())) {
  frames_.reserve(32);
  parsed_.root = arena_.make<Node>();
  parsed_.root->kind = Kind::kDocument;
  Frame frame;
  frame.node = parsed_.root;
  frame.kind = Kind::kDocument;
  frames_.push_back(std::move(frame));
}

void TreeBuilder::append(Node& node) {
  Node* parent = frames_.back().node;
  if (std::exchange(owes_space_, nullptr) == parent && !is_block(node.kind)) append_text(" ", false, false);
  node.parent = parent;
  if (parent->last_child == nullptr) {
    parent->first_child = &node;
  } else {
    parent->last_child->next = &node;
  }
  parent->last_child = &node;
}

bool TreeBuilder::within_nesting() {
  if (nesting_ < options_.max_nesting) return true;
  tell_nesting(last_offset_);
  return false;
}

void TreeBuilder::tell_nesting(std::size_t offset) {
  if (told_nesting_) return;
  told_nesting_ = true;
  findings_.block(offset, "nested more than " + std::to_string(options_.max_nesting) + " levels deep",
                  "take quotes, lists and tags out of one another");
}

void TreeBuilder::note_kind(Kind kind, int change) {
  const auto count = [change](std::size_t& counter) { change > 0 ? ++counter : --counter; };
  if (is_verbatim(kind)) count(verbatim_);
  if (kind == Kind::kA) count(links_);
  if (kind == Kind::kImg) count(images_open_);
}

Node* TreeBuilder::push(Kind kind, By by) {
  Frame frame;
  frame.kind = kind;
  frame.by = by;
  frame.offset = last_offset_;
  frame.in_comment = in_comment();
  const bool counted = counts(kind, by);
  const bool room = frames_.back().node != nullptr && !exhausted() && (!counted || within_nesting());
  if (!room && by == By::kRawHtml) return nullptr;
  if (room) {
    Node* node = arena_.make<Node>();
    node->kind = kind;
    node->offset = static_cast<std::uint32_t>(last_offset_);
    frame.before = frames_.back().node->last_child;
    append(*node);
    frame.node = node;
    frame.counted = counted;
    nesting_ += counted ? 1 : 0;
    spent_ += 2 * tag_name(kind).size() + 6;
    note_kind(kind, 1);
    if (is_heading(kind)) parsed_.headings.push_back(node);
  }
  frames_.push_back(std::move(frame));
  return frames_.back().node;
}

void TreeBuilder::push_removed(std::string name, std::size_t offset) {
  Frame frame;
  frame.by = By::kRawHtml;
  frame.removed = std::move(name);
  frame.offset = offset;
  frames_.push_back(std::move(frame));
}

Node* TreeBuilder::open(Kind kind) {
  if (is_block(kind)) close_implied(kind);
  make_room_for(kind);
  return push(kind, By::kMarkdown);
}

void TreeBuilder::open_without_element(Kind kind) {
  make_room_for(kind);
  Frame frame;
  frame.node = frames_.back().node;
  frame.kind = kind;
  frame.own = false;
  frames_.push_back(std::move(frame));
}

void TreeBuilder::close_raw() {
  while (frames_.back().by == By::kRawHtml) pop();
}

void TreeBuilder::close() {
  close_raw();
  if (frames_.size() > 1) pop();
}

void TreeBuilder::pop_to(std::size_t depth) {
  while (frames_.size() > depth) pop();
}

void TreeBuilder::pop() {
  const Frame& frame = frames_.back();
  if (!frame.removed.empty()) {
    findings_.block(frame.offset,
                    "<" + frame.removed + "> is not closed, so that what follows it would be lost",
                    "close it with </" + frame.removed + "> or take it out");
  }
  if (!frame.own && frame.kind == Kind::kP) make_paragraphs(*frame.node, frame.before);
  if (frame.node != nullptr && frame.own) {
    if (frame.counted) --nesting_;
    note_kind(frame.kind, -1);
    const bool may_be_nothing = frame.in_comment || (has_fillers_ && frame.kind == Kind::kP);
    if (may_be_nothing && frame.node->first_child == nullptr) {
      Node* parent = frame.node->parent;
      (frame.before == nullptr ? parent->first_child : frame.before->next) = nullptr;
      parent->last_child = frame.before;
      if (is_heading(frame.kind)) parsed_.headings.pop_back();
    }
  }
  frames_.pop_back();
}

void TreeBuilder::close_implied(Kind kind) {
  const auto closes = [kind](Kind open) {
    if (kind == Kind::kA) return open == Kind::kA;
    return is_block(kind) && (open == Kind::kP || (is_heading(kind) && is_heading(open)));
  };
  for (std::size_t i = frames_.size();
       i-- > 1 && frames_[i].by == By::kRawHtml && frames_[i].removed.empty();) {
    const Kind open = frames_[i].kind;
    if (closes(open)) {
      pop_to(i);
    } else if (open == Kind::kTd || open == Kind::kTh || open == Kind::kCaption || open == Kind::kTable) {
      return;
    }
  }
}

void TreeBuilder::make_room_for(Kind kind) {
  if (frames_.back().by == By::kRawHtml && frames_.back().kind == Kind::kColgroup && kind != Kind::kCol)
    pop();
  while (frames_.back().by == By::kRawHtml && frames_.back().node != nullptr) {
    const Kind whole = frames_.back().kind;
    const Kind part = implied_part(whole);
    if (part == Kind::kNone || is_part_of(kind, whole) || push(part, By::kRawHtml) == nullptr) return;
  }
}

std::string_view TreeBuilder::kept(std::string_view value) {
  if (!has_fillers_ || value.find(kFiller) == std::string_view::npos)
    return holds(value) ? value : arena_.keep(value);
  std::string shown(value);
  shown.erase(std::remove(shown.begin(), shown.end(), kFiller), shown.end());
  return arena_.keep(shown);
}

void TreeBuilder::add_attribute(Node& node, AttributeName name, std::string_view value) {
  auto* attribute = arena_.make<Attribute>();
  attribute->name = name;
  attribute->value = kept(value);
  spent_ += value.size() + 12;
  Attribute** place = &node.attributes;
  while (*place != nullptr) place = &(*place)->next;
  *place = attribute;
}

bool TreeBuilder::set_address(Node& node, AttributeName name, std::string_view decoded, std::size_t offset) {
  if (decoded.find("{{") != std::string_view::npos) {
    findings_.warn(offset, "a merge field in an address is not filled in: " + quoted_short(decoded),
                   "put it into the text");
  }
  const bool image = name == AttributeName::kSrc;
  const bool plain = decoded.substr(0, 8) == "https://" || decoded.substr(0, 7) == "http://";
  if (plain && holds(decoded) && is_encoded_address(decoded)) {
    add_attribute(node, name, decoded);
    return true;
  }
  const Address address = check_address(decoded, image ? AddressUse::kImage : AddressUse::kLink);
  if (address.kind == AddressKind::kRefused) {
    const std::string what = image ? "image address " : "link to ";
    findings_.warn(
        offset,
        what + (decoded.empty() ? "nothing" : quoted_short(decoded)) + " is not allowed; its text stays",
        image ? "use a file beside the draft, http or https"
              : "use http, https, mailto, tel, #part or a place on the site");
    return false;
  }
  if (image && address.kind == AddressKind::kRelative) {
    node.flags |= Node::kRelative;
    add_attribute(node, name, decode_relative_address(address.text));
  } else {
    add_attribute(node, name, address.text);
  }
  return true;
}

void TreeBuilder::finish_image(Node& node, std::size_t offset, bool without_alt_is_meant) {
  const std::string_view alt = node.value(AttributeName::kAlt);
  const Attribute* src = node.attribute(AttributeName::kSrc);
  if (src == nullptr || images_open_ > 1) return;
  ImageReference image;
  image.address = std::string(src->value);
  image.alt = std::string(alt);
  std::tie(image.line, image.column) = findings_.place(offset);
  parsed_.images.push_back(std::move(image));
  if (alt.empty() && !without_alt_is_meant) {
    const std::string name = quoted_short(src->value);
    findings_.warn(offset, "image " + name + " has no description", "write ![what it shows](" + name + ")");
  }
}

bool TreeBuilder::take_id(std::string_view id) {
  return ids_.insert(std::string(id)).second;
}

void TreeBuilder::tell_empty_headings() {
  std::size_t from = 0;
  for (const Node* heading : parsed_.headings) {
    if (has_words(*heading)) continue;
    from = std::max<std::size_t>(from, heading->offset);
    const std::size_t found = find_empty_heading(body_, from);
    if (found != body_.size()) from = found;
    findings_.warn(from, "heading without words", "write its text or take it out");
    from = std::min(body_.find('\n', from), body_.size());
  }
}

void TreeBuilder::tell_comments(std::size_t others, std::size_t first_of_them) {
  const std::size_t all = comments_ + others;
  if (all == 0) return;
  const std::size_t first = comments_ == 0 ? first_of_them
                            : others == 0  ? first_comment_
                                           : std::min(first_comment_, first_of_them);
  if (all == 1) {
    findings_.warn(first, "a comment is left out", "no reader sees it; take it out once it is settled");
  } else {
    findings_.warn(first, std::to_string(all) + " comments are left out",
                   "no reader sees them; take out what is settled");
  }
}

Parsed TreeBuilder::finish() {
  pop_to(1);
  if (exhausted()) {
    findings_.block(last_offset_, "the text grows to more than 10 times its size plus 1 MiB",
                    "use fewer repeated links and empty table cells");
  }
  tell_empty_headings();
  std::stable_sort(parsed_.images.begin(), parsed_.images.end(), [](const auto& a, const auto& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(parsed_);
}

}  // namespace templates
