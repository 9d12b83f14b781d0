// Builds the tree from what Markdown and raw HTML open, close and say, in the order of the text. Keeps it
// well-nested, within the limits on nesting and size, and free of comments. Used for one body, once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "templates/markdown.h"
#include "templates/markdown_arena.h"
#include "templates/markdown_findings.h"
#include "templates/markdown_tree.h"
#include "templates/sanitise_address.h"

namespace templates {

struct Parsed {
  Node* root = nullptr;
  std::vector<ImageReference> images;
  std::vector<Node*> headings;
};

// Most bytes that a body of this size may become.
constexpr std::size_t output_limit(std::size_t body_size) {
  return 10 * body_size + (std::size_t{1} << 20U);
}

class TreeBuilder {
 public:
  enum class By : unsigned char { kMarkdown, kRawHtml };

  struct Frame {
    Node* node = nullptr;  // where content goes; null: it is left out
    Kind kind = Kind::kNone;
    By by = By::kMarkdown;
    bool own = true;          // false: `node` is that of the frame below
    bool counted = false;     // in the nesting
    bool in_comment = false;  // opened while a comment was open
    Node* before = nullptr;   // the sibling that was last when this one came
    std::string removed;      // an element of raw HTML that goes with all it holds
    std::size_t removed_depth = 0;
    std::size_t offset = 0;
  };

  TreeBuilder(std::string_view body, const MarkdownOptions& options, Arena& arena, Findings& findings);

  // What Markdown says. A link or image without a good address is replaced by its text.
  Node* open(Kind kind);
  void open_without_element(Kind kind);
  void close();
  // Closes what raw HTML opened inside the innermost element of Markdown.
  void close_raw();
  void text(std::string_view piece, bool verbatim);
  // A character reference and what it stands for.
  void entity(std::string_view piece, std::string_view decoded);
  void line_break();

  // For raw HTML. Null if there is no more room in the nesting.
  Node* push(Kind kind, By by);
  void push_removed(std::string name, std::size_t offset);
  // Closes frames until `depth` of them are left.
  void pop_to(std::size_t depth);
  const std::vector<Frame>& frames() const { return frames_; }
  Frame& top() { return frames_.back(); }
  // Closes what raw HTML left open and a new element of `kind` ends by standing there.
  void close_implied(Kind kind);
  // Opens the parts of a raw table or list that have to be around an element or text.
  void make_room_for(Kind kind);
  void raw_text(std::string_view decoded, std::size_t offset);
  // A block of raw HTML begins, and ends. What it leaves in the document or a quote besides blocks becomes
  // paragraphs.
  void begin_html();
  void end_html();
  // If the innermost element is a paragraph of Markdown without content, what follows stands in its place:
  // md4c takes "<h2>" for the start of one.
  void give_up_empty_paragraph();

  void add_attribute(Node& node, AttributeName name, std::string_view value);
  // Sets the address of a link or an image; false if it is refused, which is told.
  bool set_address(Node& node, AttributeName name, std::string_view decoded, std::size_t offset);
  void finish_image(Node& node, std::size_t offset, bool without_alt_is_meant);
  bool take_id(std::string_view id);

  bool inside_link() const { return links_ != 0; }
  bool inside_image() const { return images_open_ != 0; }
  bool in_comment() const { return comment_until_ > last_offset_; }
  // A comment starts at `offset` that nothing in its block ends; it may end behind that.
  void comment_from(std::size_t offset);
  void note_comment(std::size_t offset) {
    if (comments_++ == 0) first_comment_ = offset;
  }
  // Tells how many comments there were, with those that were taken out of the body before.
  void tell_comments(std::size_t others, std::size_t first_of_them);
  bool has_fillers() const { return has_fillers_; }
  // The part of a piece that no comment covers.
  std::string_view outside_comment(std::string_view piece) const;

  bool holds(std::string_view piece) const {
    return number(piece.data()) >= number(body_.data()) &&
           number(piece.data() + piece.size()) <= number(body_.data() + body_.size());
  }
  // In the body; of a piece that is not of it, the end of what was seen.
  std::size_t offset_of(std::string_view piece) const {
    return holds(piece) ? number(piece.data()) - number(body_.data()) : last_offset_;
  }
  void seen_until(std::size_t offset) { last_offset_ = offset; }
  std::size_t seen() const { return last_offset_; }
  bool at_end() const { return last_offset_ >= body_.size(); }

  void tell_nesting(std::size_t offset);
  // Counts work done on what is left out: a definition of a link may be long, and used often.
  void spend(std::size_t bytes) { spent_ += bytes; }
  // True once the tree has grown over the limit: the rest is left out.
  bool exhausted() const { return spent_ > limit_; }
  std::size_t spent() const { return spent_; }

  std::string_view body() const { return body_; }
  Node& root() { return *parsed_.root; }
  Arena& arena() { return arena_; }
  Findings& findings() { return findings_; }
  const MarkdownOptions& options() const { return options_; }

  Parsed finish();

 private:
  static std::uintptr_t number(const char* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

  void append(Node& node);
  std::string_view kept(std::string_view value);
  void make_paragraphs(Node& parent, Node* before);
  void append_text(std::string_view text, bool verbatim, bool literal);
  bool append_to_last(std::string_view text, std::uint8_t flags);
  void text_of_body(std::string_view piece, bool verbatim);
  void drop_comments(std::string_view piece);
  void pop();
  bool within_nesting();
  void note_kind(Kind kind, int change);
  void tell_empty_headings();

  std::string_view body_;
  MarkdownOptions options_;
  Arena& arena_;
  Findings& findings_;
  std::vector<Frame> frames_;
  Parsed parsed_;
  std::unordered_set<std::string> ids_;
  Node* html_before_ = nullptr;  // behind it stands what the block of raw HTML has put into the tree
  Node* owes_space_ = nullptr;   // a space belongs at its end if anything but a block follows
  bool has_comments_;
  bool has_fillers_;  // in place of comments
  bool told_nesting_ = false;
  std::size_t nesting_ = 0;
  std::size_t verbatim_ = 0;
  std::size_t links_ = 0;
  std::size_t images_open_ = 0;
  std::size_t last_offset_ = 0;
  std::size_t comment_until_ = 0;
  std::size_t comments_ = 0;
  std::size_t first_comment_ = 0;
  std::size_t spent_ = 0;
  std::size_t limit_;
};

}  // namespace templates
