// Inline parts of the tree as flows (templates/markdown_wrap.h), and the links that they mention.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "templates/markdown_tree.h"

namespace templates {

class FlowWriter {
 public:
  explicit FlowWriter(bool merge_marks) : merge_marks_(merge_marks) {}

  std::string flow(const Node& node);  // itself and what it holds
  std::string flow_of_children(const Node& node);
  // Numbered from 1 in the order they were met; the same address has one number.
  const std::vector<std::string_view>& links() const { return links_; }

 private:
  void append(const Node& node, std::string& out);
  void append_children(const Node& node, std::string& out);
  void append_text(const Node& node, std::string& out) const;
  void append_link(const Node& node, std::string& out);
  void append_between(const Node& node, std::string_view before, std::string_view after, std::string& out);

  bool merge_marks_;
  std::vector<std::string_view> links_;
  std::unordered_map<std::string_view, std::size_t> numbers_;
};

}  // namespace templates
