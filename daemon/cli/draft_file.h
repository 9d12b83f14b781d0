// A draft read from a file without the daemon, by the same rules.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/options.h"
#include "config/config.h"
#include "intake/draft_reader.h"

namespace cli {

// The configuration as far as it can be read, its faults on standard error where somebody named it; the
// defaults where there is none. Nothing where a named one is of no use at all.
std::optional<config::Config> config_for_drafts(const Options& options);

// Throws std::runtime_error in words for people if the file can't be read.
intake::ReadDraft read_draft_file(const config::Config& config, const std::filesystem::path& file);

}  // namespace cli
