// Ids of headings, made of their text: "What's next? Größe" becomes "whats-next-größe".
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace templates {

// Small letters, digits and single hyphens; letters of other scripts stay. Never empty, at most 80
// characters.
std::string heading_id(std::string_view text);

// Raw HTML's ids: letters, digits, '-' and '_', beginning with a letter, at most 80.
bool is_plain_id(std::string_view id);

// Makes ids unique in one document by "-1", "-2" ...
class IdSeries {
 public:
  // `take` keeps an id and says whether it was free.
  std::string next(const std::string& id, const std::function<bool(std::string_view)>& take);

 private:
  std::unordered_map<std::string, std::size_t> used_;
};

}  // namespace templates
