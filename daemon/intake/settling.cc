#include "intake/settling.h"

namespace intake {

void Settling::put(const std::string& path, Entry entry) {
  const auto found = files_.find(path);
  if (found != files_.end()) {
    entry.since = found->second.since;
    if (found->second.due) due_.erase({*found->second.due, path});
  }
  if (entry.signature.size == 0) entry.due.reset();
  if (entry.due) due_.emplace(*entry.due, path);
  files_[path] = entry;
}

void Settling::seen(const std::string& path, const store::FileSignature& signature, Tick now,
                    model::Instant since) {
  const auto found = files_.find(path);
  if (found != files_.end() && found->second.signature == signature) return;
  put(path, {signature, since, now + quiet_});
}

void Settling::complete(const std::string& path, const store::FileSignature& signature, Tick now,
                        model::Instant since) {
  put(path, {signature, since, now});
}

void Settling::forget(const std::string& path) {
  const auto found = files_.find(path);
  if (found == files_.end()) return;
  if (found->second.due) due_.erase({*found->second.due, path});
  files_.erase(found);
}

std::vector<Settling::File> Settling::take_due(Tick now, std::size_t limit) {
  std::vector<File> taken;
  while (!due_.empty() && due_.begin()->first <= now && taken.size() < limit) {
    const auto found = files_.find(due_.begin()->second);
    taken.push_back({found->first, found->second.signature, found->second.since});
    files_.erase(found);
    due_.erase(due_.begin());
  }
  return taken;
}

std::optional<Tick> Settling::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

std::vector<std::pair<std::string, model::Instant>> Settling::list(std::size_t limit) const {
  std::vector<std::pair<std::string, model::Instant>> out;
  for (const auto& [path, entry] : files_) {
    if (out.size() == limit) break;
    out.emplace_back(path, entry.since);
  }
  return out;
}

}  // namespace intake
