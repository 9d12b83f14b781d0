#include "intake/file_names.h"

#include <algorithm>

#include "intake/sha256.h"
#include "intake/text.h"

namespace intake {
namespace {

constexpr std::string_view kProblemEnding = ".problem.txt";
constexpr std::size_t kLongName = 200;
constexpr std::size_t kKept = 150;
constexpr std::size_t kHashDigits = 12;

constexpr std::string_view kIgnoredEndings[] = {
    "~",     ".swp",     ".swo",      ".swx",         ".swn",      ".tmp",      ".temp",
    ".part", ".partial", ".filepart", ".crdownload",  ".download", ".kate-swp", ".bak",
    ".orig", ".rej",     ".lock",     ".problem.txt", "#",
};
constexpr std::string_view kIgnoredBeginnings[] = {".", "_", "#", "~$", "~syncthing~", "STATUS"};

}  // namespace

bool ignored_name(std::string_view name) {
  const std::string small = lower(name);
  if (small == "readme.md" || small == "readme.markdown" || small == "4913") return true;
  for (const std::string_view ending : kIgnoredEndings) {
    if (small.ends_with(ending)) return true;
  }
  // vim, Syncthing and GNOME write into names such as x.md.tmp-1234 or .goutputstream-XYZ.
  if (small.find(".tmp-") != std::string::npos || small.find(".sb-") != std::string::npos) return true;
  for (const std::string_view beginning : kIgnoredBeginnings) {
    if (!name.starts_with(beginning)) continue;
    if (beginning != "STATUS" || small.ends_with(".md")) return true;
  }
  return false;
}

bool draft_name(std::string_view name) {
  const std::string small = lower(name);
  const bool markdown = small.ends_with(".md") || small.ends_with(".markdown");
  return markdown && !ignored_name(name);
}

int folders_above(std::string_view path) {
  return static_cast<int>(std::count(path.begin(), path.end(), '/'));
}

std::string_view last_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_folder(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return std::string(folder) + '/' + std::string(name);
}

std::string problem_file_name(std::string_view draft_name) {
  if (draft_name.size() <= kLongName) return std::string(draft_name) + std::string(kProblemEnding);
  return std::string(cut(draft_name, kKept)) + "-" + sha256_hex(draft_name).substr(0, kHashDigits) +
         std::string(kProblemEnding);
}

bool problem_file(std::string_view name) {
  return name.ends_with(kProblemEnding);
}

}  // namespace intake
