// Puts the raw HTML of a draft into the tree: what the allow-list knows as elements, the rest as text or not
// at all. Nothing of it is ever copied to the output as it was written, so that whatever it says can only
// become allowed elements, checked values and escaped text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "templates/markdown_builder.h"
#include "templates/sanitise_html.h"

namespace templates {

class RawHtmlReader {
 public:
  explicit RawHtmlReader(TreeBuilder& builder) : builder_(builder) {}

  // Pieces of one run of raw HTML, line by line.
  void add(std::string_view piece);
  // Before anything that is not raw HTML.
  void finish_run() {
    if (!run_.empty()) read();
  }

 private:
  void add_visible(std::string_view piece);
  void read();
  void take(RawHtml& html, const RawToken& token);
  void take_start(RawHtml& html, const RawToken& token);
  void take_end(const RawToken& token);
  void take_text(std::string_view text, std::size_t offset);
  bool place(Kind kind, const RawToken& token);
  bool open_wholes_of(Kind part);
  void put(Kind kind, const RawToken& token);
  bool put_attributes(Node& node, const RawToken& token);
  bool put_attribute(Node& node, const RawAttribute& attribute, const RawToken& token);
  void leave_out(RawHtml& html, const RawToken& token);
  void skip_in_removed(const RawToken& token);
  std::size_t offset(std::size_t in_run) const;
  std::string name_of(const RawToken& token) const;

  TreeBuilder& builder_;
  std::string run_;
  std::vector<std::pair<std::size_t, std::size_t>> lines_;  // offset in the run, offset in the body
};

}  // namespace templates
