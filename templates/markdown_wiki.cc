#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "templates/markdown_characters.h"
#include "templates/markdown_comments.h"
#include "templates/markdown_edit.h"
#include "templates/markdown_entities.h"
#include "templates/markdown_extensions.h"
#include "templates/markdown_merge.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_attributes.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_image_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == kNowhere) return false;
  const std::string ending = lower(name.substr(dot + 1));
  for (const std::string_view known : {"png", "jpg", "jpeg", "gif", "webp", "avif"}) {
    if (ending == known) return true;
  }
  return false;
}

// What was written, without backslashes and references.
std::string as_read(std::string_view written) {
  std::string out;
  for (std::size_t at = 0; at < written.size(); ++at) {
    const bool escapes = written[at] == '\\' && at + 1 < written.size() && !is_letter(written[at + 1]) &&
                         !is_digit(written[at + 1]) && !is_space(written[at + 1]);
    if (!escapes) out += written[at];
    if (escapes) out += written[++at];
  }
  return std::string(trimmed(decode_entities(out)));
}

struct Size {
  std::string_view width;
  std::string_view height;
};

// "300" or "300x200".
std::optional<Size> size_of(std::string_view text) {
  text = trimmed(text);
  const std::size_t cross = text.find('x');
  const Size size{text.substr(0, cross), cross == kNowhere ? std::string_view() : text.substr(cross + 1)};
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 4 && std::all_of(part.begin(), part.end(), is_digit);
  };
  if (!is_number(size.width) || (cross != kNowhere && !is_number(size.height))) return std::nullopt;
  return size;
}

// TARGET, TARGET|LABEL; in a table the bar has a backslash before it.
struct Content {
  std::string target;
  std::string label;
  Size size;  // of an image
};

Content content_of(std::string_view written, bool image) {
  const auto without_backslash = [](std::string_view before_bar) {
    return before_bar.substr(0, before_bar.size() - (before_bar.ends_with('\\') ? 1 : 0));
  };
  Content content;
  const std::size_t bar = written.find('|');
  content.target = as_read(bar == kNowhere ? written : without_backslash(written.substr(0, bar)));
  std::string_view label = bar == kNowhere ? std::string_view() : written.substr(bar + 1);
  const std::size_t last_bar = label.rfind('|');
  if (const auto size = size_of(last_bar == kNowhere ? label : label.substr(last_bar + 1)); image && size) {
    content.size = *size;
    label = last_bar == kNowhere ? std::string_view() : without_backslash(label.substr(0, last_bar));
  }
  content.label = as_read(label);
  return content;
}

// "folder/Note.md#Heading" is called "Note", "#Heading" by its own name.
std::string name_of(std::string_view target) {
  const std::size_t part = target.find('#');
  std::string_view note = trimmed(target.substr(0, part));
  if (note.empty()) {
    note = trimmed(target.substr(part == kNowhere ? target.size() : target.rfind('#') + 1));
    return std::string(note.substr(note.starts_with('^') ? 1 : 0));
  }
  if (const std::size_t slash = note.rfind('/'); slash != kNowhere && slash + 1 < note.size())
    note.remove_prefix(slash + 1);
  if (note.size() > 3 && lower(note.substr(note.size() - 3)) == ".md") note.remove_suffix(3);
  return std::string(note);
}

// One [[...]] or ![[...]], in offsets of the body.
struct Brackets {
  std::size_t begin;  // of what is in them
  std::size_t end;
  Node* last;  // the text that holds the end of them
};

class WikiReader {
 public:
  explicit WikiReader(TreeBuilder& builder) : builder_(builder), body_(builder.body()) {}

  void read() {
    Node& root = builder_.root();
    for (Node* n = &root; n != nullptr; n = following(n, root)) {
      for (Node* child = n->first_child; child != nullptr; child = child->next) {
        if (is_plain_text(*child) && builder_.holds(child->text)) child = look_at(child);
      }
    }
    drop_empty_paragraphs(perhaps_empty_);
  }

 private:
  // The text in which the search goes on.
  Node* look_at(Node* text) {
    std::size_t at = 0;
    while ((at = text->text.find("[[", at)) != kNowhere) {
      const bool embedded = at > 0 && text->text[at - 1] == '!';
      const auto brackets = brackets_at(*text, at);
      if (!brackets) {
        ++at;
        continue;
      }
      text = &replace(*text, at, embedded, *brackets);
      at = 0;
    }
    return text;
  }

  std::optional<Brackets> brackets_at(Node& text, std::size_t at) {
    constexpr std::size_t kLongest = 500;
    const std::size_t begin = builder_.offset_of(text.text) + at + 2;
    if (close_ != kNowhere && close_ < begin) close_ = body_.find("]]", begin);
    if (close_ == kNowhere || close_ - begin > kLongest || is_escaped(body_, close_)) return std::nullopt;
    const std::string_view written = body_.substr(begin, close_ - begin);
    if (blank(written) || written.find('\n') != kNowhere || written.find("[[") != kNowhere)
      return std::nullopt;
    Node* last = text_with_close(text);
    return last == nullptr ? std::nullopt : std::optional(Brackets{begin, close_, last});
  }

  Node* text_with_close(Node& first) const {
    for (Node* n = &first; n != nullptr && !is_block(n->kind); n = n->next) {
      if (n->kind != Kind::kText || !builder_.holds(n->text)) continue;
      const std::size_t offset = builder_.offset_of(n->text);
      if (close_ + 2 <= offset + n->text.size()) return offset <= close_ ? n : nullptr;
    }
    return nullptr;
  }

  // The text behind the brackets, in whose place stands what they say.
  Node& replace(Node& text, std::size_t at, bool embedded, const Brackets& brackets) {
    const std::size_t from = embedded ? at - 1 : at;
    const std::size_t start = builder_.offset_of(text.text) + from;
    const std::size_t in_last = brackets.end + 2 - builder_.offset_of(brackets.last->text);
    Node& rest = split_text(*brackets.last, in_last, 0, builder_.arena());
    text.text = text.text.substr(0, from);
    text.next = &rest;
    std::string written(body_.substr(brackets.begin, brackets.end - brackets.begin));
    std::erase(written, kFiller);
    embedded ? embed(text, written, start) : link(text, written, start);
    return rest;
  }

  // Where the other note will be on the site, if it will, is not known.
  void link(Node& before, std::string_view written, std::size_t start) {
    const Content content = content_of(written, false);
    const std::string words = content.label.empty() ? name_of(content.target) : content.label;
    Node& text = insert_behind(before, builder_.arena());
    text.kind = Kind::kText;
    text.text = builder_.arena().keep(words);
    text.offset =
        static_cast<std::uint32_t>(start + 2 + written.size() - std::min(words.size(), written.size()));
    builder_.findings().warn(start,
                             "[[" + quoted_short(written) + "]] is no link for readers; its words stay",
                             "write [words](address) to make it one");
  }

  void embed(Node& before, std::string_view written, std::size_t start) {
    const Content content = content_of(written, true);
    if (is_image_name(content.target)) {
      put_image(insert_behind(before, builder_.arena()), content, start);
      return;
    }
    builder_.findings().warn(start, "![[" + quoted_short(written) + "]] is left out: only pictures are shown",
                             "write its text here");
    if (perhaps_empty_.empty() || perhaps_empty_.back() != before.parent)
      perhaps_empty_.push_back(before.parent);
  }

  void put_image(Node& image, const Content& content, std::size_t start) {
    const std::string alt = description_of(content.label, start, builder_.findings());
    image.offset = static_cast<std::uint32_t>(start);
    if (!builder_.set_address(image, AttributeName::kSrc, content.target, start)) {
      image.kind = Kind::kText;
      image.text = builder_.arena().keep(alt);
      return;
    }
    image.kind = Kind::kImg;
    builder_.add_attribute(image, AttributeName::kAlt, alt);
    put_size(image, AttributeName::kWidth, content.size.width);
    put_size(image, AttributeName::kHeight, content.size.height);
    builder_.finish_image(image, start, true);
    if (alt.empty()) {
      const std::string name = quoted_short(content.target);
      builder_.findings().warn(start, "image " + name + " has no description",
                               "write ![[" + name + "|what it shows]]");
    }
  }

  void put_size(Node& image, AttributeName name, std::string_view size) {
    if (size.empty()) return;
    if (const auto value = allowed_value(name, size)) builder_.add_attribute(image, name, *value);
  }

  TreeBuilder& builder_;
  std::string_view body_;
  std::vector<Node*> perhaps_empty_;
  std::size_t close_ = 0;  // the first end of brackets behind what was read
};

}  // namespace

void read_wiki(TreeBuilder& builder) {
  WikiReader(builder).read();
}

}  // namespace templates
