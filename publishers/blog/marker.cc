#include "publishers/blog/marker.h"

namespace publishers {

std::string_view marker_in(std::string_view page) {
  constexpr std::string_view kBegin = "<meta name=\"fridayd\" content=\"";
  const std::size_t at = page.find(kBegin);
  if (at == std::string_view::npos) return {};
  page.remove_prefix(at + kBegin.size());
  const std::size_t end = page.find('"');
  return end == std::string_view::npos ? std::string_view() : page.substr(0, end);
}

bool is_of_post(std::string_view marker, const Edition& edition) {
  return marker.substr(0, marker.find('.')) == edition.pid && !edition.pid.empty();
}

}  // namespace publishers
