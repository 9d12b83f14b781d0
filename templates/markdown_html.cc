#include "templates/markdown_html.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "templates/markdown_scan.h"
#include "templates/merge.h"
#include "templates/sanitise_address.h"
#include "templates/sanitise_attributes.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

std::string_view reference(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return "&quot;";
  }
}

template <typename MayHold, typename IsSpecial>
void append_replacing(std::string& out, std::string_view text, const MayHold& may_hold,
                      const IsSpecial& is_special) {
  std::size_t done = 0;
  for (std::size_t at = 0; (at = find_special(text, at, may_hold, is_special)) != std::string_view::npos;
       ++at) {
    out.append(text, done, at - done);
    out += reference(text[at]);
    done = at + 1;
  }
  out.append(text, done);
}

void append_escaped(std::string& out, std::string_view text) {
  // '<' and '>' differ in one bit.
  const auto may_hold = [](std::uint64_t word) {
    return zero_byte((word | each_byte('<' ^ '>')) ^ each_byte('<' | '>')) | zero_byte(word ^ each_byte('&'));
  };
  append_replacing(out, text, may_hold, [](char c) { return c == '&' || c == '<' || c == '>'; });
}

void append_attribute_value(std::string& out, std::string_view value) {
  const auto may_hold = [](std::uint64_t) { return std::uint64_t{1}; };
  append_replacing(out, value, may_hold, [](char c) { return c == '&' || c == '<' || c == '>' || c == '"'; });
}

class HtmlWriter {
 public:
  explicit HtmlWriter(const HtmlOptions& options) : options_(options) { out_.reserve(options.expected_size); }

  std::string write(const Node& root) {
    for (const Node* node = root.first_child; node != nullptr;) {
      if (enter(*node) && node->first_child != nullptr) {
        node = node->first_child;
        continue;
      }
      while (node != &root && node->next == nullptr) {
        node = node->parent;
        if (node != &root) leave(*node);
      }
      node = node == &root ? nullptr : node->next;
    }
    return std::move(out_);
  }

 private:
  // True if the node is open now, so that its children and leave() follow.
  bool enter(const Node& node) {
    if (out_.size() > options_.limit) return false;
    switch (node.kind) {
      case Kind::kText:
        append_escaped(out_, node.text);
        return false;
      case Kind::kMergeField:
        merge_field(node);
        return false;
      case Kind::kImg:
        image(node);
        return false;
      default:
        break;
    }
    open_tag(node);
    if (is_void(node.kind)) {
      if (node.kind == Kind::kHr || node.kind == Kind::kBr || node.kind == Kind::kCol) out_ += '\n';
      return false;
    }
    if (node.first_child == nullptr) leave(node);
    return true;
  }

  void leave(const Node& node) {
    out_ += "</";
    out_ += tag_name(node.kind);
    out_ += is_block(node.kind) ? ">\n" : ">";
    if (node.kind == Kind::kTable) out_ += "</div>\n";
  }

  void open_tag(const Node& node) {
    // A table may be wider than a telephone; its box scrolls then, and what scrolls has to take the focus.
    if (node.kind == Kind::kTable) out_ += "<div class=\"table\" tabindex=\"0\">\n";
    out_ += '<';
    out_ += tag_name(node.kind);
    for (const Attribute* a = node.attributes; a != nullptr; a = a->next) attribute(*a);
    out_ += '>';
    if (is_container(node.kind) && starts_line(node, node.first_child)) out_ += '\n';
    if (const Attribute* task = node.attribute(AttributeName::kTask)) {
      const bool done = task->value != " ";
      out_ += done ? R"(<span role="img" aria-label="done">&#9745;</span> )"
                   : R"(<span role="img" aria-label="to do">&#9744;</span> )";
    }
  }

  static bool starts_line(const Node& container, const Node* first) {
    return first == nullptr || is_block(first->kind) ||
           (container.kind == Kind::kFigure && first->kind == Kind::kImg);
  }

  void attribute(const Attribute& a) {
    if (a.name == AttributeName::kTask) {
      out_ += R"( class="task")";
    } else if (a.name == AttributeName::kLanguage) {
      out_ += R"( class="language-)";
      append_attribute_value(out_, a.value);
      out_ += '"';
    } else if (a.name == AttributeName::kOpen) {
      out_ += " open";
    } else {
      put(attribute_name(a.name), a.value);
    }
  }

  void put(std::string_view name, std::string_view value) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    append_attribute_value(out_, value);
    out_ += '"';
  }

  void merge_field(const Node& node) {
    if (options_.merge_marks) {
      append_merge_mark(out_, node.value(AttributeName::kField), node.text);
    } else {
      append_escaped(out_, node.text);
    }
  }

  void image(const Node& node) {
    const std::string_view alt = node.value(AttributeName::kAlt);
    Markdown::ShownImage shown(std::string(node.value(AttributeName::kSrc)));
    if (node.has(Node::kRelative)) {
      if (options_.image != nullptr && *options_.image) shown = (*options_.image)(shown.address);
      shown.address = encode_address(shown.address);
    }
    if (shown.address.empty()) {
      append_escaped(out_, alt);
      return;
    }
    out_ += "<img";
    put("src", shown.address);
    put("alt", alt);
    const bool sized =
        node.attribute(AttributeName::kWidth) != nullptr || node.attribute(AttributeName::kHeight) != nullptr;
    if (!sized && shown.width > 0 && shown.height > 0) {
      put("width", std::to_string(shown.width));
      put("height", std::to_string(shown.height));
    }
    for (const Attribute* a = node.attributes; a != nullptr; a = a->next) {
      if (a->name != AttributeName::kSrc && a->name != AttributeName::kAlt)
        put(attribute_name(a->name), a->value);
    }
    out_ += '>';
  }

  const HtmlOptions& options_;
  std::string out_;
};

}  // namespace

std::string write_html(const Node& root, const HtmlOptions& options) {
  return HtmlWriter(options).write(root);
}

}  // namespace templates
