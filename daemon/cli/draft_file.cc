#include "cli/draft_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "cli/print.h"
#include "config/load.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostDraft = 64u << 20;

// As the daemon refuses what stands in the folder.
void only_ordinary(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (!fs::exists(status)) return;  // reading it says so
  const auto refuse = [&path](const char* why) {
    throw std::runtime_error(path.string() + ' ' + why + "; put the file itself there");
  };
  if (fs::is_symlink(status)) refuse("is a symbolic link");
  if (fs::is_directory(status)) refuse("is a folder, and no draft");
  if (!fs::is_regular_file(status)) refuse("is no ordinary file");
  if (fs::hard_link_count(path, error) > 1) refuse("is a hard-linked file");
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path.string() + ": can't be read: " + std::strerror(errno));
  if (fs::file_size(path) > kMostDraft) throw std::runtime_error(path.string() + ": larger than 64 MiB");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

intake::OpenImage images_beside(const fs::path& root) {
  return [root](const std::string& name, std::uintmax_t limit) {
    intake::OpenedImage image;
    std::error_code error;
    const fs::path path = root / name;
    if (!fs::exists(path, error)) return image;
    if (!fs::is_regular_file(fs::symlink_status(path, error))) {
      return intake::OpenedImage{intake::OpenedImage::Outcome::refused, "", "is no ordinary file"};
    }
    if (fs::file_size(path, error) > limit)
      return intake::OpenedImage{intake::OpenedImage::Outcome::too_large, "", ""};
    image.outcome = intake::OpenedImage::Outcome::ok;
    image.bytes = read_file(path);
    return image;
  };
}

// The folder of drafts that `file` stands in; its own folder where it stands elsewhere.
fs::path drafts_folder(const config::Config& config, const fs::path& file) {
  const fs::path drafts = config.daemon.content / "drafts";
  const fs::path relative = fs::absolute(file).lexically_normal().lexically_relative(drafts);
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return inside ? drafts : fs::absolute(file).lexically_normal().parent_path();
}

}  // namespace

std::optional<config::Config> config_for_drafts(const Options& options) {
  config::Faults faults;
  std::error_code error;
  if (!options.config_named && !fs::exists(options.config, error)) return config::Config{};
  config::Config config = config::load(options.config, faults);
  if (faults.empty() || !options.config_named) return config;
  std::cerr << shown(faults.text());
  if (config.series.empty() && config.channels.empty()) return std::nullopt;
  return config;
}

intake::ReadDraft read_draft_file(const config::Config& config, const fs::path& file) {
  only_ordinary(file);
  const fs::path root = drafts_folder(config, file);
  const std::string name = fs::absolute(file).lexically_normal().lexically_relative(root).string();
  intake::ReadRules rules = intake::read_rules(config);
  if (rules.series.empty()) rules.series = {"series"};
  return intake::read_draft(name, read_file(file), rules, images_beside(root));
}

}  // namespace cli
