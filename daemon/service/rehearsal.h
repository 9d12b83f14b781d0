// What a rehearsal is, in the words that status, STATUS.md and the programs have for it.
#pragma once

#include <string>

#include "config/config.h"

namespace service {

inline std::string rehearsal_text(const config::Config& config) {
  if (!config.rehearsal) return "";
  return "all mail goes to " + config.rehearsal->to + ", blogs are written below " +
         config.rehearsal->folder.string();
}

}  // namespace service
