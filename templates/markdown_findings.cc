#include "templates/markdown_findings.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace templates {
void Findings::block(std::size_t offset, std::string what, std::string todo) {
  if (blocking_ == kMostOfAKind) return;
  ++blocking_;
  add(offset, std::move(what), std::move(todo), true);
}

void Findings::warn(std::size_t offset, std::string what, std::string todo) {
  if (findings_.size() - blocking_ == kMostOfAKind) return;
  add(offset, std::move(what), std::move(todo), false);
}

void Findings::warn_once(std::size_t offset, const std::string& what, std::string todo) {
  if (findings_.size() - blocking_ == kMostOfAKind || !said_.insert(what).second) return;
  add(offset, what, std::move(todo), false);
}

std::pair<std::size_t, std::size_t> Findings::place(std::size_t offset) {
  if (line_starts_.empty()) {
    line_starts_.push_back(0);
    for (std::size_t at = body_.find('\n'); at != std::string_view::npos; at = body_.find('\n', at + 1)) {
      line_starts_.push_back(at + 1);
    }
  }
  offset = std::min(offset, body_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::size_t start = *(after - 1);
  // Questions come in the order of the text: a line of megabytes is not counted again for each of them.
  if (last_offset_ < start || last_offset_ > offset) {
    last_offset_ = start;
    last_column_ = 1;
  }
  const std::string_view before = body_.substr(last_offset_, offset - last_offset_);
  last_column_ += static_cast<std::size_t>(std::count_if(
      before.begin(), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  last_offset_ = offset;
  return {static_cast<std::size_t>(after - line_starts_.begin()), last_column_};
}

void Findings::add(std::size_t offset, std::string what, std::string todo, bool blocking) {
  Finding finding;
  std::tie(finding.line, finding.column) = place(offset);
  finding.what = std::move(what);
  finding.todo = std::move(todo);
  finding.blocking = blocking;
  findings_.push_back(std::move(finding));
}

std::vector<Finding> Findings::take() {
  std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(findings_);
}

std::string quoted_short(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (out.size() >= kLongest && (byte & 0xC0U) != 0x80U) return out + "...";
    out += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return out;
}

}  // namespace templates
