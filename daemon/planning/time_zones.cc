#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <tuple>
#include <utility>

#include "planning/time_zone.h"
#include "planning/tzif.h"

namespace planning {
namespace {

namespace fs = std::filesystem;

bool is_name_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
         c == '-' || c == '/';
}

// IANA names begin with a capital letter; what else lies in the folder ("localtime", "right/...") does not.
bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() >= 'A' && name.front() <= 'Z' &&
         name.back() != '/' && name.find("//") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), is_name_letter);
}

// What tells one version of a file from another.
using Mark = std::tuple<dev_t, ino_t, off_t, time_t, long, time_t, long>;

Mark mark_of(const fs::path& file) {
  struct stat status{};
  if (stat(file.c_str(), &status) != 0) return {};
  return {status.st_dev,          status.st_ino,         status.st_size,        status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

std::optional<std::string> read_whole(const fs::path& file, std::size_t most) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::string bytes(most + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad() || in.gcount() < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > most) return std::nullopt;
  return bytes;
}

}  // namespace

struct TimeZones::Impl {
  struct Read {
    Zone zone;
    Mark mark;
  };
  fs::path folder;
  std::map<std::string, Read> read;
  std::vector<Mark> folder_marks;

  std::vector<Mark> marks_now() const {
    return {mark_of(folder), mark_of(folder / "tzdata.zi"), mark_of(folder / "+VERSION")};
  }
};

TimeZones::TimeZones(fs::path folder) : impl_(std::make_shared<Impl>()) {
  impl_->folder = std::move(folder);
  impl_->folder_marks = impl_->marks_now();
}

Zone TimeZones::find(const std::string& name) {
  const auto known = impl_->read.find(name);
  if (known != impl_->read.end()) return known->second.zone;
  if (!is_name(name)) return nullptr;
  const fs::path file = impl_->folder / name;
  const Mark mark = mark_of(file);
  const auto bytes = read_whole(file, kMostTzifBytes);
  if (!bytes) return nullptr;
  try {
    return impl_->read.emplace(name, Impl::Read{TimeZone::parse(name, *bytes), mark}).first->second.zone;
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

bool TimeZones::refresh() {
  auto marks = impl_->marks_now();
  const bool same = marks == impl_->folder_marks &&
                    std::all_of(impl_->read.begin(), impl_->read.end(), [this](const auto& entry) {
                      return mark_of(impl_->folder / entry.first) == entry.second.mark;
                    });
  if (same) return false;
  impl_->read.clear();
  impl_->folder_marks = std::move(marks);
  return true;
}

std::vector<std::string> TimeZones::names() const {
  const auto text = read_whole(impl_->folder / "tzdata.zi", kMostTzifBytes);
  std::vector<std::string> names;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    std::string name;
    words >> kind >> name;
    if (kind == "L") words >> name;
    if ((kind == "Z" || kind == "L") && is_name(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace planning
