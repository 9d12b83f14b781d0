#include "mailing/left_out.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace mailing {
namespace {

// A list may give each row a reason of its own.
constexpr std::size_t kMostKept = 1000;
constexpr std::size_t kMostNamed = 3;

}  // namespace

void LeftOut::add(const std::string& why, std::size_t rows) {
  rows_ += rows;
  if (rows == 0 || (by_reason_.size() >= kMostKept && !by_reason_.contains(why))) return;
  by_reason_[why] += rows;
}

std::string LeftOut::reasons() const {
  std::vector<std::pair<std::string, std::size_t>> all(by_reason_.begin(), by_reason_.end());
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kMostNamed); ++i) {
    text += (i > 0 ? ", " : "") + all[i].first + " (" + std::to_string(all[i].second) + ')';
  }
  if (all.size() > kMostNamed) text += ", and others";
  return text;
}

}  // namespace mailing
