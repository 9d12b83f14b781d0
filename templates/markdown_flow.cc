#include "templates/markdown_flow.h"

#include "templates/markdown_characters.h"
#include "templates/markdown_wrap.h"
#include "templates/merge.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

// True if the words of the link already say where it leads.
bool says_address(std::string_view words, std::string_view address) {
  if (words == address) return true;
  for (const std::string_view prefix : {"mailto:", "tel:", "http://", "https://"}) {
    if (address.substr(0, prefix.size()) == prefix && address.substr(prefix.size()) == words) return true;
  }
  return false;
}

}  // namespace

std::string FlowWriter::flow(const Node& node) {
  std::string out;
  append(node, out);
  return out;
}

std::string FlowWriter::flow_of_children(const Node& node) {
  std::string out;
  append_children(node, out);
  return out;
}

void FlowWriter::append_children(const Node& node, std::string& out) {
  for (const Node* child = node.first_child; child != nullptr; child = child->next) append(*child, out);
}

void FlowWriter::append_between(const Node& node, std::string_view before, std::string_view after,
                                std::string& out) {
  const std::string inner = flow_of_children(node);
  if (blank(inner)) {
    out += inner;
    return;
  }
  out += before;
  out += inner;
  out += after;
}

void FlowWriter::append_text(const Node& node, std::string& out) const {
  const char space = node.has(Node::kVerbatim) ? kFirmSpace : ' ';
  for (const char c : node.text) out += is_space(c) ? space : c;
}

void FlowWriter::append_link(const Node& node, std::string& out) {
  const std::string words = flow_of_children(node);
  const std::string_view address = node.value(AttributeName::kHref);
  out += words;
  if (address.empty() || address.front() == '#' || says_address(words, address)) return;
  const auto [entry, is_new] = numbers_.emplace(address, links_.size() + 1);
  if (is_new) links_.push_back(address);
  if (!blank(words)) out += kFirmSpace;
  out += "[" + std::to_string(entry->second) + "]";
}

void FlowWriter::append(const Node& node, std::string& out) {
  switch (node.kind) {
    case Kind::kText:
      append_text(node, out);
      break;
    case Kind::kMergeField:
      if (merge_marks_) {
        append_merge_mark(out, node.value(AttributeName::kField), node.text);
      } else {
        out += node.text;
      }
      break;
    case Kind::kBr:
      out += '\n';
      break;
    case Kind::kImg:
      if (const auto alt = node.value(AttributeName::kAlt); !alt.empty()) {
        out += "[Image: ";
        for (const char c : alt) out += is_space(c) ? ' ' : c;
        out += ']';
      }
      break;
    case Kind::kA:
      append_link(node, out);
      break;
    case Kind::kStrong:
    case Kind::kB:
      append_between(node, "*", "*", out);
      break;
    case Kind::kEm:
    case Kind::kI:
      append_between(node, "_", "_", out);
      break;
    case Kind::kDel:
    case Kind::kS:
      append_between(node, "~~", "~~", out);
      break;
    case Kind::kCode:
      append_between(node, "`", "`", out);
      break;
    case Kind::kQ:
      append_between(node, "\u201C", "\u201D", out);
      break;
    case Kind::kSup:
      append_between(node, "^", "", out);
      break;
    default:
      if (is_block(node.kind)) out += ' ';
      append_children(node, out);
      if (is_block(node.kind)) out += ' ';
  }
}

}  // namespace templates
