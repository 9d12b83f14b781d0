#include "publishers/blog/static_site/site_state.h"

namespace publishers::static_site {

std::shared_ptr<SiteState> state_of(const std::filesystem::path& root) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::weak_ptr<SiteState>> states;
  const std::lock_guard lock(mutex);
  std::erase_if(states, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<SiteState>& known = states[std::filesystem::absolute(root).lexically_normal()];
  std::shared_ptr<SiteState> state = known.lock();
  if (!state) known = state = std::make_shared<SiteState>();
  return state;
}

}  // namespace publishers::static_site
