// What all publishers of one folder share while they live, for a reload makes new ones while the old are at
// work: one writes at a time, and what was placed is known before the shelf knows it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "publishers/edition.h"

namespace publishers::static_site {

struct SiteState {
  std::mutex writing;  // from what is read to decide, to the last file that is written
  // By pid, protected by `writing`: published here, and not seen on the shelf since.
  std::map<std::string, Edition> placed;
};

// The same for the same folder, on any thread.
std::shared_ptr<SiteState> state_of(const std::filesystem::path& root);

}  // namespace publishers::static_site
