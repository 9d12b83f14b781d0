#include "intake/slug_owners.h"

#include <utility>

namespace intake {

std::string SlugOwners::take(const std::string& slug, const std::string& path) {
  const auto before = slugs_.find(path);
  if (before != slugs_.end() && before->second != slug) release(path);
  slugs_[path] = slug;
  const auto [owner, free] = owners_.emplace(slug, path);
  if (owner->second != path) wanted_[slug].insert(path);
  return owner->second;
}

void SlugOwners::release(const std::string& path) {
  const auto found = slugs_.find(path);
  if (found == slugs_.end()) return;
  const std::string slug = found->second;
  slugs_.erase(found);
  if (const auto wanted = wanted_.find(slug); wanted != wanted_.end()) wanted->second.erase(path);
  const auto owner = owners_.find(slug);
  if (owner == owners_.end() || owner->second != path) return;
  owners_.erase(owner);
  if (const auto wanted = wanted_.find(slug); wanted != wanted_.end()) {
    freed_.insert(wanted->second.begin(), wanted->second.end());
    wanted_.erase(wanted);
  }
}

std::set<std::string> SlugOwners::freed() {
  return std::exchange(freed_, {});
}

void SlugOwners::renamed(const std::string& from, const std::string& to) {
  const auto found = slugs_.find(from);
  if (found == slugs_.end()) return;
  const std::string slug = found->second;
  slugs_.erase(found);
  slugs_[to] = slug;
  if (const auto owner = owners_.find(slug); owner != owners_.end() && owner->second == from)
    owner->second = to;
  if (const auto wanted = wanted_.find(slug); wanted != wanted_.end() && wanted->second.erase(from) != 0) {
    wanted->second.insert(to);
  }
}

}  // namespace intake
