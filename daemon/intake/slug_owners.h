// Which draft has which address: the first to take it keeps it, the others are told. Pure.
#pragma once

#include <set>
#include <string>
#include <unordered_map>

namespace intake {

class SlugOwners {
 public:
  // The path of the draft that has `slug`; `path` itself if it was free, and it is taken now. What `path`
  // had before is given back.
  std::string take(const std::string& slug, const std::string& path);
  // The drafts that wanted an address which is free now; each is named once.
  std::set<std::string> freed();
  void release(const std::string& path);
  void renamed(const std::string& from, const std::string& to);

 private:
  std::unordered_map<std::string, std::string> owners_;            // slug -> path
  std::unordered_map<std::string, std::string> slugs_;             // path -> slug it has or wants
  std::unordered_map<std::string, std::set<std::string>> wanted_;  // slug -> paths
  std::set<std::string> freed_;
};

}  // namespace intake
