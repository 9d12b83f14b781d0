#include "intake/orphans.h"

#include <algorithm>

namespace intake {
namespace {

template <class Index, class Key>
void erase_from(Index& index, const Key& key, const std::string& path) {
  const auto [first, last] = index.equal_range(key);
  const auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second == path; });
  if (found != last) index.erase(found);
}

}  // namespace

void Orphans::add(Orphan orphan) {
  erase(orphan.path);
  by_sha256_.emplace(orphan.sha256, orphan.path);
  if (!orphan.deleted) by_inode_.emplace(orphan.inode, orphan.path);
  waiting_.emplace(orphan.missing_since, orphan.path);
  const std::string path = orphan.path;
  by_path_.emplace(path, std::move(orphan));
}

const Orphan* Orphans::find(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &found->second;
}

std::optional<Orphan> Orphans::claim(const std::string& new_path, std::uint64_t inode,
                                     const std::string& sha256) {
  std::string path;
  if (by_path_.contains(new_path)) {
    path = new_path;
  } else if (const auto found = by_sha256_.find(sha256); found != by_sha256_.end()) {
    path = found->second;
  } else if (const auto same = by_inode_.find(inode); same != by_inode_.end()) {
    path = same->second;
  } else {
    return std::nullopt;
  }
  Orphan orphan = by_path_.at(path);
  erase(path);
  return orphan;
}

void Orphans::erase(const std::string& path) {
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return;
  const Orphan orphan = found->second;
  erase_from(by_sha256_, orphan.sha256, orphan.path);
  erase_from(by_inode_, orphan.inode, orphan.path);
  waiting_.erase({orphan.missing_since, orphan.path});
  by_path_.erase(found);
}

void Orphans::mark_gone(const std::string& path) {
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return;
  found->second.gone = true;
  waiting_.erase({found->second.missing_since, path});
}

std::vector<Orphan> Orphans::overdue(Tick now, std::chrono::milliseconds quiet) const {
  std::vector<Orphan> out;
  for (const auto& [since, path] : waiting_) {
    if (since + quiet > now) break;
    out.push_back(by_path_.at(path));
  }
  return out;
}

std::optional<Tick> Orphans::next_overdue(std::chrono::milliseconds quiet) const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first + quiet;
}

void Orphans::forget_old(Tick now) {
  std::vector<std::string> old;
  for (const auto& [path, orphan] : by_path_) {
    if (orphan.gone && orphan.missing_since + kRemembered <= now) old.push_back(path);
  }
  for (const std::string& path : old) erase(path);
}

}  // namespace intake
