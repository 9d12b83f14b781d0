#include "publishers/blog/static_site/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace publishers::static_site {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kHiddenMode = 0700;
constexpr mode_t kFileMode = 0644;
constexpr std::size_t kChunk = 64u << 10;

std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// The bytes of an open file from where it stands; nothing after a read error.
std::optional<std::string> contents(const Descriptor& file, std::size_t most) {
  std::string bytes;
  std::string chunk(kChunk, '\0');
  while (bytes.size() < most) {
    const ssize_t got = ::read(file.get(), chunk.data(), std::min(chunk.size(), most - bytes.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    bytes.append(chunk, 0, static_cast<std::size_t>(got));
  }
  return bytes;
}

bool write_all(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

struct Files::Place {
  Descriptor folder;
  std::string name;
};

Files::Files(std::filesystem::path root, Observer before)
    : root_(std::move(root)), before_(std::move(before)) {}

void Files::about_to(std::string_view step, const std::string& path) const {
  if (before_) before_(step, path);
}

void Files::fail(const std::string& path, int error) const {
  if (error == ELOOP || error == ENOTDIR) {
    throw std::system_error(
        error, std::generic_category(),
        (root_ / path).string() + " leads over a link or a file where a folder has to be");
  }
  throw std::system_error(error, std::generic_category(), (root_ / path).string());
}

Descriptor Files::open_root() const {
  // The way to the root is the operator's own and may lead over links.
  Descriptor root(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root && errno != ENOENT) throw std::system_error(errno, std::generic_category(), root_.string());
  return root;
}

Descriptor Files::make_root() const {
  Descriptor root = open_root();
  if (root) return root;
  about_to("mkdir", "");
  if (::mkdir(root_.c_str(), kFolderMode) == 0) root = open_root();
  if (!root || ::fchmod(root.get(), kFolderMode) != 0)
    throw std::system_error(errno, std::generic_category(), root_.string());
  return root;
}

std::optional<Files::Place> Files::place(const std::string& path) const {
  Place at{open_root(), {}};
  if (!at.folder) return std::nullopt;
  std::vector<std::string> parts = components(path);
  at.name = std::move(parts.back());
  parts.pop_back();
  for (const std::string& part : parts) {
    Descriptor next(::openat(at.folder.get(), part.c_str(), kFolder));
    if (!next && errno == ENOENT) return std::nullopt;
    if (!next) fail(path, errno);
    at.folder = std::move(next);
  }
  return at;
}

Descriptor Files::make_folder(const Descriptor& parent, const std::string& name,
                              const std::string& path) const {
  about_to("mkdir", path);
  const mode_t mode = name == kHidden ? kHiddenMode : kFolderMode;
  if (::mkdirat(parent.get(), name.c_str(), mode) != 0 && errno != EEXIST) fail(path, errno);
  Descriptor made(::openat(parent.get(), name.c_str(), kFolder));
  // The umask has had its say in mkdirat.
  if (!made || ::fchmod(made.get(), mode) != 0 || ::fsync(parent.get()) != 0) fail(path, errno);
  return made;
}

Files::Place Files::make_place(const std::string& path) {
  Place at{make_root(), {}};
  std::vector<std::string> parts = components(path);
  at.name = std::move(parts.back());
  parts.pop_back();
  for (const std::string& part : parts) {
    Descriptor next(::openat(at.folder.get(), part.c_str(), kFolder));
    if (!next && errno == ENOENT) next = make_folder(at.folder, part, path);
    if (!next) fail(path, errno);
    at.folder = std::move(next);
  }
  return at;
}

std::optional<std::string> Files::read(const std::string& path, std::size_t most) const {
  const std::optional<Place> at = place(path);
  if (!at) return std::nullopt;
  const Descriptor file(
      ::openat(at->folder.get(), at->name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) fail(path, errno);
  if (!S_ISREG(status.st_mode)) fail(path, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
  std::optional<std::string> bytes = contents(file, most);
  if (!bytes) fail(path, errno);
  return bytes;
}

bool Files::exists(const std::string& path) const {
  const std::optional<Place> at = place(path);
  struct stat status{};
  return at && ::fstatat(at->folder.get(), at->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

std::vector<std::string> Files::names_in(const std::string& folder) const {
  std::vector<std::string> names;
  const std::optional<Place> at = place(folder + "/.");
  if (!at) return names;
  Descriptor listed(::openat(at->folder.get(), ".", kFolder));
  if (!listed) fail(folder, errno);
  const auto close = [](DIR* stream) { ::closedir(stream); };
  const std::unique_ptr<DIR, decltype(close)> stream(::fdopendir(listed.get()), close);
  if (!stream) fail(folder, errno);
  static_cast<void>(listed.release());
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool Files::same(const Place& at, const std::string& path, std::string_view bytes) const {
  struct stat status{};
  if (::fstatat(at.folder.get(), at.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return false;
    fail(path, errno);
  }
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  if (S_ISLNK(status.st_mode)) fail(path, ELOOP);
  if (!S_ISREG(status.st_mode) || static_cast<std::uintmax_t>(status.st_size) != bytes.size()) return false;
  return read(path) == bytes;
}

void Files::fill(const Place& at, const std::string& path, std::string_view bytes) {
  about_to("create", path);
  // What a killed process left there goes first, so that no bytes go through a link.
  if (::unlinkat(at.folder.get(), at.name.c_str(), 0) != 0 && errno != ENOENT) fail(path, errno);
  constexpr int kCreate = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor file(::openat(at.folder.get(), at.name.c_str(), kCreate, kFileMode));
  if (!file || ::fchmod(file.get(), kFileMode) != 0) fail(path, errno);
  about_to("write", path);
  const bool written = write_all(file, bytes) && ::fsync(file.get()) == 0;
  if (written) return;
  const int error = errno;
  ::unlinkat(at.folder.get(), at.name.c_str(), 0);
  fail(path, error);
}

bool Files::holds(const std::string& path, std::string_view bytes) const {
  const std::optional<Place> at = place(path);
  if (!at || !same(*at, path, bytes)) return false;
  // It may have been put there by a process that was killed before it could make that durable.
  if (::fsync(at->folder.get()) != 0) fail(path, errno);
  return true;
}

Files::Staged Files::stage(const std::string& path, std::string_view bytes) {
  if (holds(path, bytes)) return {path, {}};
  if (counter_ == 0) sweep();
  Staged staged{path, hidden(std::to_string(++counter_) + ".new")};
  fill(make_place(staged.temporary), staged.temporary, bytes);
  return staged;
}

bool Files::commit(const Staged& staged) {
  if (staged.temporary.empty()) return false;
  const Place from = make_place(staged.temporary);
  const Place to = make_place(staged.path);
  about_to("rename", staged.path);
  if (::renameat(from.folder.get(), from.name.c_str(), to.folder.get(), to.name.c_str()) != 0)
    fail(staged.path, errno);
  about_to("sync", staged.path);
  if (::fsync(to.folder.get()) != 0) fail(staged.path, errno);
  return true;
}

void Files::discard(const Staged& staged) {
  if (staged.temporary.empty()) return;
  const std::optional<Place> at = place(staged.temporary);
  if (at) ::unlinkat(at->folder.get(), at->name.c_str(), 0);
}

bool Files::write(const std::string& path, std::string_view bytes) {
  const Staged staged = stage(path, bytes);
  try {
    return commit(staged);
  } catch (const std::system_error&) {
    discard(staged);
    throw;
  }
}

void Files::remove(const std::string& path) {
  const std::optional<Place> at = place(path);
  if (!at) return;
  about_to("remove", path);
  if (::unlinkat(at->folder.get(), at->name.c_str(), 0) != 0 && errno != ENOENT) fail(path, errno);
  if (::fsync(at->folder.get()) != 0) fail(path, errno);
  remove_empty_folders(parent_of(path));
}

// Temporary files that a killed process left.
void Files::sweep() {
  for (const std::string& name : names_in(std::string(kHidden))) {
    if (name.ends_with(".new")) discard({{}, hidden(name)});
  }
}

void Files::remove_empty_folders(std::string path) {
  for (; !path.empty() && path != kHidden; path = parent_of(path)) {
    const std::optional<Place> at = place(path);
    if (!at) continue;
    about_to("rmdir", path);
    if (::unlinkat(at->folder.get(), at->name.c_str(), AT_REMOVEDIR) != 0) return;
  }
}

}  // namespace publishers::static_site
