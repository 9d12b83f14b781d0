#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "templates/markdown_characters.h"
#include "templates/markdown_edit.h"
#include "templates/markdown_extensions.h"
#include "templates/markdown_ids.h"
#include "templates/markdown_plain.h"

namespace templates {
namespace {

struct Attributes {
  std::size_t length = 0;  // with both braces; 0: these are none
  std::string_view id;
  bool id_only = true;
};

// {#id .class key=value key="value" - =format} as Pandoc has them, on one line.
class AttributeParser {
 public:
  explicit AttributeParser(std::string_view text) : text_(text) {}

  Attributes parse() {
    Attributes found;
    if (text_.substr(0, 1) != "{") return {};
    for (at_ = 1; skip_blanks(), at_ < text_.size() && text_[at_] != '}';) {
      const std::size_t start = at_;
      if (!take_item()) return {};
      if (text_[start] == '#') {
        found.id = text_.substr(start + 1, at_ - start - 1);
      } else {
        found.id_only = false;
      }
      ++items_;
    }
    if (at_ >= text_.size() || items_ == 0) return {};
    found.length = at_ + 1;
    return found;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take_item() {
    const char first = text_[at_];
    if (first == '#' || first == '.' || first == '=') {
      ++at_;
      return take_name();
    }
    if (first == '-') {
      ++at_;
      return at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '}');
    }
    if (!is_letter(first) || !take_name()) return false;
    if (at_ >= text_.size() || text_[at_] != '=') return false;
    ++at_;
    return take_value();
  }

  bool take_name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) &&
           std::string_view("={}#|\"'<>").find(text_[at_]) == std::string_view::npos)
      ++at_;
    return at_ > start;
  }

  bool take_value() {
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const std::size_t end = text_.find(text_[at_], at_ + 1);
      if (end == std::string_view::npos || text_.substr(at_, end - at_).find('\n') != std::string_view::npos)
        return false;
      at_ = end + 1;
      return true;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '}' && text_[at_] != '{') ++at_;
    return at_ > start;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t items_ = 0;
};

class AttributeReader {
 public:
  explicit AttributeReader(TreeBuilder& builder) : builder_(builder) {}

  void read() {
    Node& root = builder_.root();
    for (Node* n = &root; n != nullptr; n = following(n, root)) {
      if (is_heading(n->kind)) read_heading(*n);
      if (may_have_attributes(*n) && n->next != nullptr) read_behind(*n->next);
    }
  }

 private:
  static bool may_have_attributes(const Node& node) {
    return node.kind == Kind::kA || node.kind == Kind::kImg || node.kind == Kind::kCode;
  }

  bool is_of_markdown(const Node& text) const { return is_plain_text(text) && builder_.holds(text.text); }

  void read_heading(Node& heading) {
    Node* last = heading.last_child;
    if (last == nullptr || !is_of_markdown(*last)) return;
    const std::string_view text = trimmed_behind(last->text);
    const std::size_t at = text.rfind('{');
    if (at == std::string_view::npos || (at > 0 && text[at - 1] == '{')) return;
    const Attributes found = AttributeParser(text.substr(at)).parse();
    if (found.length == 0 || at + found.length != text.size()) return;
    const bool used = is_plain_id(found.id) && builder_.take_id(found.id);
    if (used) builder_.add_attribute(heading, AttributeName::kId, found.id);
    if (!used || !found.id_only) tell(last->offset + at, text.substr(at), used);
    last->text = trimmed_behind(text.substr(0, at));
  }

  // Of an element that Markdown's own signs end just before the text.
  void read_behind(Node& text) {
    if (!is_of_markdown(text)) return;
    const std::size_t offset = builder_.offset_of(text.text);
    const char before = offset == 0 ? '\0' : builder_.body()[offset - 1];
    if (before != ')' && before != ']' && before != '`') return;
    const Attributes found = AttributeParser(text.text).parse();
    if (found.length == 0) return;
    tell(offset, text.text.substr(0, found.length), false);
    text.text.remove_prefix(found.length);
    text.offset += static_cast<std::uint32_t>(found.length);
  }

  static std::string_view trimmed_behind(std::string_view text) {
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
  }

  void tell(std::size_t offset, std::string_view written, bool id_used) {
    builder_.findings().warn(
        offset, "attributes " + quoted_short(written) + " are left out" + (id_used ? " but for the id" : ""),
        "take them out");
  }

  TreeBuilder& builder_;
};

}  // namespace

bool may_hold_attributes(std::string_view body) {
  for (std::size_t at = body.find('{'); at != std::string_view::npos; at = body.find('{', at + 1)) {
    const bool of_field = (at > 0 && body[at - 1] == '{') || body.substr(at + 1, 1) == "{";
    if (!of_field) return true;
  }
  return false;
}

void read_attributes(TreeBuilder& builder) {
  AttributeReader(builder).read();
}

}  // namespace templates
