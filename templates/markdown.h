// Markdown (CommonMark with GFM tables, strikethrough, task lists and autolinks) as a tree of ours, and
// what is made of it: safe HTML, plain text for mail, an excerpt. Pure functions; thread-safe.
//
// md4c and gumbo stay behind this header. What is raw HTML in a draft passes an allow-list
// (docs/writing-drafts.md); comments never reach a reader.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace templates {

struct MarkdownOptions {
  bool raw_html = true;  // false: tags are dropped, their text stays
  std::size_t max_nesting = 100;
  // Output may be 10 times the input plus 1 MiB; more is a problem.
};

// Something that an author should know. Lines and columns count from 1, in the body given.
struct Finding {
  std::size_t line = 0;
  std::size_t column = 0;
  std::string what;
  std::string todo;
  bool blocking = true;  // false: only a warning
};

struct ImageReference {
  std::string address;  // as the author wrote it, percent-decoded only when relative
  std::string alt;
  std::size_t line = 0;
  std::size_t column = 0;
};

struct Node;  // templates/markdown_tree.h

class Markdown {
 public:
  explicit Markdown(std::string_view body, const MarkdownOptions& options = {});
  ~Markdown();
  Markdown(Markdown&&) noexcept;
  Markdown& operator=(Markdown&&) noexcept;

  const std::vector<Finding>& findings() const;
  const std::vector<ImageReference>& images() const;  // those of raw HTML too
  // Text of the first heading if it is of level 1, else "".
  std::string first_heading() const;
  // Takes that heading out of the body if its text is `title`.
  void drop_heading(std::string_view title);

  // What stands in the src, and the pixels to keep free for it (0: not known). Without an address the image
  // is left out and its alt text stands in its place.
  struct ShownImage {
    ShownImage(std::string shown_address = {}, int shown_width = 0, int shown_height = 0)
        : address(std::move(shown_address)), width(shown_width), height(shown_height) {}
    std::string address;
    int width;
    int height;
  };
  // Asked for each relative image address.
  using ImageAddress = std::function<ShownImage(const std::string& address)>;

  // Headings carry ids made of their text; a table stands in a <div class="table"> that can be scrolled by
  // keyboard. Merge fields: see templates/merge.h.
  std::string html(const ImageAddress& image, bool merge_marks = false) const;
  // Wrapped at `width`, links numbered and listed at the foot, tables as aligned text.
  std::string text(const ImageAddress& image, bool merge_marks = false, std::size_t width = 72) const;
  // The first paragraphs' words, cut at a word with an ellipsis, one line.
  std::string excerpt(std::size_t max_characters = 200) const;
  std::size_t words() const;

  const Node& root() const;

  friend std::vector<Finding> unfinished_text(const Markdown& markdown);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Signs that the author is not done: TK, TODO, XXX, "lorem ipsum", "[insert" and merge fields that are not of
// the form, none of them inside code. They hold a draft; they are no fault of it.
std::vector<Finding> unfinished_text(const Markdown& markdown);

}  // namespace templates
