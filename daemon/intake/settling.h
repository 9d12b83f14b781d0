// Which files are complete. A file that was renamed into place is; any other one is when its signature
// has stood still for a while. An empty file waits: editors truncate first and write then. Pure: the
// caller looks at the files and says what time it is, on a clock that nobody sets.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/time.h"
#include "runtime/ticker.h"
#include "store/store.h"

namespace intake {

using runtime::Tick;

class Settling {
 public:
  explicit Settling(std::chrono::milliseconds quiet) : quiet_(quiet) {}
  void set_quiet(std::chrono::milliseconds quiet) { quiet_ = quiet; }

  // What a look at the file showed. Another signature than last time begins the quiet anew. `since` is for
  // people: when the file was first seen in this state of being written.
  void seen(const std::string& path, const store::FileSignature& signature, Tick now, model::Instant since);
  // The same for a file that is known to be complete.
  void complete(const std::string& path, const store::FileSignature& signature, Tick now,
                model::Instant since);
  void forget(const std::string& path);

  struct File {
    std::string path;
    store::FileSignature signature;
    model::Instant since{};
  };
  // Takes out files whose quiet is over, the longest waiting first.
  std::vector<File> take_due(Tick now, std::size_t limit);
  std::optional<Tick> next_due() const;

  bool contains(const std::string& path) const { return files_.contains(path); }
  std::size_t size() const { return files_.size(); }
  std::vector<std::pair<std::string, model::Instant>> list(std::size_t limit) const;

 private:
  struct Entry {
    store::FileSignature signature;
    model::Instant since{};
    std::optional<Tick> due;  // none: the file is empty
  };
  void put(const std::string& path, Entry entry);

  std::chrono::milliseconds quiet_;
  std::map<std::string, Entry> files_;
  std::set<std::pair<Tick, std::string>> due_;
};

}  // namespace intake
