#include "templates/markdown_text.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "templates/markdown_characters.h"
#include "templates/markdown_flow.h"
#include "templates/markdown_plain.h"
#include "templates/markdown_table_text.h"
#include "templates/markdown_wrap.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

// Quotes and lists deeper than this are not moved further to the right.
constexpr std::size_t kDeepest = 8;
constexpr std::size_t kNarrowest = 16;

class TextWriter {
 public:
  explicit TextWriter(const TextOptions& options) : options_(options), flows_(options.merge_marks) {}

  std::string write(const Node& root) {
    blocks(root);
    if (!flows_.links().empty()) separate();
    for (std::size_t i = 0; i < flows_.links().size(); ++i) {
      line("[" + std::to_string(i + 1) + "] " + std::string(flows_.links()[i]));
    }
    return std::move(out_);
  }

 private:
  struct Margin {
    std::string first;
    std::string rest;
    bool used = false;
  };

  void line(std::string_view text) {
    if (out_.size() > options_.limit) return;
    const std::size_t start = out_.size();
    for (Margin& margin : margins_) {
      out_ += margin.used ? margin.rest : margin.first;
      margin.used = true;
    }
    out_ += text;
    trim_from(start);
  }

  void trim_from(std::size_t start) {
    while (out_.size() > start && out_.back() == ' ') out_.pop_back();
    out_ += '\n';
    gap_wanted_ = false;
  }

  // The empty line between two blocks.
  void separate() {
    if (!gap_wanted_ || tight_ || out_.empty() || out_.size() > options_.limit) return;
    const std::size_t start = out_.size();
    for (const Margin& margin : margins_) out_ += margin.rest;
    trim_from(start);
  }

  std::size_t width() const {
    std::size_t taken = 0;
    for (const Margin& margin : margins_) taken += display_width(margin.rest);
    return options_.width > taken + kNarrowest ? options_.width - taken : kNarrowest;
  }

  template <typename Content>
  void with_margin(std::string first, std::string rest, const Content& content) {
    const bool shown = margins_.size() < kDeepest;
    if (shown) margins_.push_back({std::move(first), std::move(rest), false});
    content();
    if (shown) {
      if (!margins_.back().used) line("");
      margins_.pop_back();
    }
    gap_wanted_ = true;
  }

  void paragraph(std::string_view flow) {
    if (blank(flow)) return;
    separate();
    for (const std::string& text : wrap(flow, width())) line(text);
    gap_wanted_ = true;
  }

  // Children that are not blocks are paragraphs as far as they stand together.
  void blocks(const Node& parent) {
    std::string run = task_mark(parent);
    for (const Node* child = parent.first_child; child != nullptr; child = child->next) {
      if (is_block(child->kind)) {
        if (child->kind == Kind::kP && is_task(run)) {
          run += flows_.flow_of_children(*child);
          continue;
        }
        paragraph(std::exchange(run, {}));
        block(*child);
      } else {
        run += flows_.flow(*child);
      }
    }
    paragraph(run);
  }

  static std::string task_mark(const Node& item) {
    const Attribute* task = item.attribute(AttributeName::kTask);
    if (task == nullptr) return {};
    return std::string(task->value == " " ? "[ ]" : "[x]") + kFirmSpace;
  }
  static bool is_task(std::string_view run) { return run.size() == 4 && run[3] == kFirmSpace; }

  void block(const Node& node) {
    switch (node.kind) {
      case Kind::kP:
      case Kind::kCaption:
      case Kind::kDt:
        if (has_blocks(node)) return blocks(node);
        return paragraph(flows_.flow_of_children(node));
      case Kind::kH1:
      case Kind::kH2:
      case Kind::kH3:
      case Kind::kH4:
      case Kind::kH5:
      case Kind::kH6:
        return heading(node);
      case Kind::kHr:
        separate();
        line("* * *");
        gap_wanted_ = true;
        return;
      case Kind::kPre:
        return code(node);
      case Kind::kBlockquote:
        separate();
        return with_margin("> ", "> ", [&] { loose(node); });
      case Kind::kDd:
        separate();
        return with_margin("  ", "  ", [&] { blocks(node); });
      case Kind::kUl:
      case Kind::kOl:
        return list(node);
      case Kind::kTable:
        return table(node);
      default:
        return blocks(node);
    }
  }

  static bool has_blocks(const Node& node) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (is_block(child->kind)) return true;
    }
    return false;
  }

  void loose(const Node& node) {
    const bool tight = std::exchange(tight_, false);
    blocks(node);
    tight_ = tight;
  }

  void heading(const Node& node) {
    const std::string flow = flows_.flow_of_children(node);
    if (blank(flow)) return;
    separate();
    std::size_t longest = 0;
    for (const std::string& text : wrap(flow, width())) {
      longest = std::max(longest, flow_width(text));
      line(text);
    }
    if (node.kind == Kind::kH1) line(std::string(longest, '='));
    if (node.kind == Kind::kH2) line(std::string(longest, '-'));
    gap_wanted_ = true;
  }

  void code(const Node& node) {
    separate();
    std::string text;
    for (const Node* n = &node; n != nullptr; n = following(n, node)) {
      if (n->kind == Kind::kText || n->kind == Kind::kMergeField) text += n->text;
      if (n->kind == Kind::kBr) text += '\n';
    }
    if (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty() && text.front() == '\n') text.erase(0, 1);  // the one that HTML does not count
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      line("    " + text.substr(at, end - at));
      at = end + 1;
    }
    gap_wanted_ = true;
  }

  static bool is_loose(const Node& list) {
    for (const Node* item = list.first_child; item != nullptr; item = item->next) {
      for (const Node* child = item->first_child; child != nullptr; child = child->next) {
        if (child->kind == Kind::kP) return true;
      }
    }
    return false;
  }

  void list(const Node& node) {
    separate();
    const bool tight = std::exchange(tight_, !is_loose(node));
    const std::string_view start = node.value(AttributeName::kStart);
    long number = start.empty() ? 1 : std::strtol(std::string(start).c_str(), nullptr, 10);
    for (const Node* item = node.first_child; item != nullptr; item = item->next) {
      separate();
      const std::string marker = node.kind == Kind::kOl ? std::to_string(number++) + ". " : "- ";
      with_margin(marker, std::string(marker.size(), ' '), [&] { blocks(*item); });
    }
    tight_ = tight;
    gap_wanted_ = true;
  }

  void table(const Node& node) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child->kind == Kind::kCaption) block(*child);
    }
    separate();
    for (const std::string& text : table_lines(node, flows_, width())) line(text);
    gap_wanted_ = true;
  }

  const TextOptions& options_;
  FlowWriter flows_;
  std::string out_;
  std::vector<Margin> margins_;
  bool tight_ = false;
  bool gap_wanted_ = false;
};

}  // namespace

std::string write_text(const Node& root, const TextOptions& options) {
  return TextWriter(options).write(root);
}

}  // namespace templates
