// Drafts whose file went away, for a while: the same file under another name is a rename, not an end and
// a beginning. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "intake/settling.h"
#include "model/ids.h"

namespace intake {

struct Orphan {
  model::DraftId draft;
  std::string path;
  std::string sha256;
  std::uint64_t inode = 0;
  bool deleted = false;  // by name: its inode may be another file's by now
  Tick missing_since{};
  bool gone = false;  // the store was told
};

class Orphans {
 public:
  static constexpr std::chrono::minutes kRemembered{10};

  void add(Orphan orphan);
  const Orphan* find(const std::string& path) const;
  // The one that a file with this path, these bytes or this inode was; it is taken out.
  std::optional<Orphan> claim(const std::string& path, std::uint64_t inode, const std::string& sha256);
  void erase(const std::string& path);
  void mark_gone(const std::string& path);

  // Missing for `quiet` and not gone yet.
  std::vector<Orphan> overdue(Tick now, std::chrono::milliseconds quiet) const;
  std::optional<Tick> next_overdue(std::chrono::milliseconds quiet) const;
  void forget_old(Tick now);

 private:
  std::map<std::string, Orphan> by_path_;
  std::unordered_multimap<std::string, std::string> by_sha256_;
  std::unordered_multimap<std::uint64_t, std::string> by_inode_;
  std::set<std::pair<Tick, std::string>> waiting_;  // not gone yet
};

}  // namespace intake
