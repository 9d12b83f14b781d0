#include "templates/template_place.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "templates/template_set.h"

namespace templates {
namespace {

constexpr std::size_t kMostNamesTold = 16;
constexpr std::size_t kLongestCompared = 64;

// Edit distance; two letters that change places are one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, std::move(row));
  }
  return above[b.size()];
}

std::string_view closest(std::string_view wrong, const std::vector<std::string_view>& known) {
  std::size_t best = wrong.size() <= 4 ? 2 : 3;
  std::string_view found;
  if (wrong.size() > kLongestCompared) return found;
  for (const std::string_view name : known) {
    if (name.size() > kLongestCompared) continue;
    const std::size_t apart = distance(wrong, name);
    if (apart < best) {
      best = apart;
      found = name;
    }
  }
  return found;
}

}  // namespace

void fail(const Place& place, const std::string& what) {
  throw TemplateError(*place.file, place.line, place.column, what);
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& known) {
  if (const std::string_view near = closest(wrong, known); !near.empty()) {
    return "did you mean " + quoted(near) + '?';
  }
  if (known.empty()) return "there is none";
  std::vector<std::string_view> sorted = known;
  std::sort(sorted.begin(), sorted.end());
  std::string names = "there is ";
  for (std::size_t i = 0; i < std::min(sorted.size(), kMostNamesTold); ++i) {
    if (i > 0) names += ", ";
    names += sorted[i];
  }
  return sorted.size() > kMostNamesTold ? names + ", ..." : names;
}

}  // namespace templates
