#include "intake/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "intake/beneath.h"
#include "intake/file_names.h"
#include "intake/text.h"

namespace intake {
namespace {

constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
constexpr std::size_t kMostRefused = 1000;

std::string error_text(int error) {
  return std::error_code(error, std::generic_category()).message();
}

store::FileSignature signature_of(const struct stat& status) {
  const auto nanoseconds = [](const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
  };
  return {status.st_ino, status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

std::string kind_refusal(mode_t mode) {
  if (S_ISLNK(mode)) return "is a symbolic link";
  if (S_ISFIFO(mode)) return "is a FIFO";
  if (S_ISSOCK(mode)) return "is a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "is a device";
  if (S_ISDIR(mode)) return "is a folder";
  return "is no file";
}

std::vector<uid_t> uids_of(const std::vector<std::string>& names) {
  std::vector<uid_t> uids;
  for (const std::string& name : names) {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
      uids.push_back(found->pw_uid);
    }
  }
  return uids;
}

void refuse(Scan& scan, const std::string& path, std::string why, std::string todo) {
  if (scan.refused.size() < kMostRefused) {
    scan.refused.push_back({escaped_bytes(path), std::move(why), std::move(todo)});
  }
}

}  // namespace

Folder::Folder(std::filesystem::path content, const std::vector<std::string>& allowed_owners)
    : content_(std::move(content)),
      check_owners_(!allowed_owners.empty()),
      owners_(uids_of(allowed_owners)) {}

std::string Folder::prepare() const {
  const FileDescriptor root(::open(content_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return content_.string() + ": " + error_text(errno);
  for (const char* name : {"drafts", "published"}) {
    if (!make_folders_beneath(root.get(), name)) {
      return (content_ / name).string() + ": " + error_text(errno);
    }
  }
  return "";
}

FileDescriptor Folder::open_folder(const char* name) const {
  const FileDescriptor root(::open(content_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return {};
  return FileDescriptor(::openat(root.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

std::string Folder::refusal(const struct stat& status) const {
  if (!S_ISREG(status.st_mode)) return kind_refusal(status.st_mode);
  if (status.st_nlink > 1) return "is a hard-linked file";
  if (check_owners_ && std::find(owners_.begin(), owners_.end(), status.st_uid) == owners_.end()) {
    return "belongs to an account that is not in allowed_owners";
  }
  return "";
}

Scan Folder::scan() const {
  Scan scan;
  const FileDescriptor drafts = open_folder("drafts");
  if (!drafts) {
    scan.error = (content_ / "drafts").string() + ": " + error_text(errno);
    return scan;
  }
  scan.complete = true;
  scan_folder(drafts.get(), "", scan);
  std::sort(scan.drafts.begin(), scan.drafts.end(),
            [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
  std::sort(scan.refused.begin(), scan.refused.end(),
            [](const Refusal& a, const Refusal& b) { return a.path < b.path; });
  return scan;
}

void Folder::scan_folder(int drafts, const std::string& folder, Scan& scan) const {
  FileDescriptor opened = folder.empty()
                              ? FileDescriptor(::openat(drafts, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
                              : open_beneath(drafts, folder, O_RDONLY | O_DIRECTORY);
  if (!opened) {
    if (errno == ENOENT || errno == ENOTDIR) return;  // it went away meanwhile
    if (errno == EXDEV) return refuse(scan, folder, "is on another file system", "use a plain folder");
    scan.complete = false;
    scan.error = escaped_bytes(folder) + ": " + error_text(errno);
    return;
  }
  const int at = opened.get();
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(opened.release()), ::closedir);
  if (!listing) {
    ::close(at);
    scan.complete = false;
    scan.error = escaped_bytes(folder) + ": " + error_text(errno);
    return;
  }
  std::vector<std::string> subfolders;
  errno = 0;
  while (const dirent* entry = ::readdir(listing.get())) {
    scan_entry(at, join_path(folder, entry->d_name), entry->d_type, scan, subfolders);
    errno = 0;
  }
  if (errno != 0) {
    scan.complete = false;
    scan.error = escaped_bytes(folder) + ": " + error_text(errno);
  }
  for (const std::string& subfolder : subfolders) {
    if (folders_above(subfolder) >= kDeepestFolder) {
      refuse(scan, subfolder, "lies too deep", "drafts may lie in up to three folders");
      continue;
    }
    scan.folders.push_back(subfolder);
    scan_folder(drafts, subfolder, scan);
  }
}

void Folder::scan_entry(int at, const std::string& path, unsigned char type, Scan& scan,
                        std::vector<std::string>& subfolders) const {
  const std::string name(last_name(path));
  if (name.starts_with('.') || name.starts_with('_')) return;
  if (problem_file(name)) {
    scan.problem_files.push_back(path);
    return;
  }
  if (ignored_name(name)) return;
  const bool draft = draft_name(name);
  if (type == DT_REG && !draft) return;
  struct stat status{};
  if (::fstatat(at, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (S_ISREG(status.st_mode) && !draft) return;
  if (first_bad_utf8(name)) return refuse(scan, path, "has a name that is not UTF-8", "rename it");
  if (S_ISDIR(status.st_mode)) {
    subfolders.push_back(path);
    return;
  }
  const std::string why = refusal(status);
  if (!why.empty()) return refuse(scan, path, why, "put the file itself there");
  scan.drafts.push_back({path, signature_of(status)});
}

FileRead Folder::checked(const FileDescriptor& file, const std::string& path) const {
  FileRead result;
  struct stat status{};
  if (!file) {
    const int error = errno;
    const bool missing = error == ENOENT || error == ENOTDIR;
    result.outcome = missing ? FileRead::Outcome::missing : FileRead::Outcome::failed;
    result.why = error_text(error);
    if (error == ELOOP || error == EXDEV || error == ENXIO) {
      result.outcome = FileRead::Outcome::refused;
      result.why = error == ELOOP   ? "is a symbolic link"
                   : error == ENXIO ? "is a socket"
                                    : "is on another file system";
    }
    return result;
  }
  if (::fstat(file.get(), &status) != 0) {
    result.outcome = FileRead::Outcome::failed;
    result.why = escaped_bytes(path) + ": " + error_text(errno);
    return result;
  }
  result.signature = signature_of(status);
  result.why = refusal(status);
  result.outcome = FileRead::Outcome::ok;
  if (!result.why.empty()) {
    result.outcome = FileRead::Outcome::refused;
  } else if (status.st_nlink == 0) {
    result.outcome = FileRead::Outcome::changed;
  } else if (status.st_size == 0) {
    result.outcome = FileRead::Outcome::empty;
  }
  return result;
}

FileRead Folder::look(const std::string& path) const {
  const FileDescriptor drafts = open_folder("drafts");
  FileRead result;
  if (!drafts) {
    // No file can be said to be missing from a folder that is not there.
    result.outcome = FileRead::Outcome::failed;
    result.why = error_text(errno);
    return result;
  }
  return checked(open_beneath(drafts.get(), path, O_PATH), path);
}

FileRead Folder::read(const std::string& path, std::uintmax_t limit) const {
  const FileDescriptor drafts = open_folder("drafts");
  if (!drafts) {
    FileRead result;
    result.outcome = FileRead::Outcome::failed;
    result.why = error_text(errno);
    return result;
  }
  const FileDescriptor file = open_beneath(drafts.get(), path, kReadFlags);
  FileRead result = checked(file, path);
  if (result.outcome != FileRead::Outcome::ok) return result;
  const auto size = static_cast<std::uintmax_t>(result.signature.size);
  if (size > limit) {
    result.outcome = FileRead::Outcome::too_large;
    return result;
  }
  result.bytes.resize(size + 1);  // one more, to see a file that grows
  std::size_t filled = 0;
  while (filled < result.bytes.size()) {
    const ssize_t got = ::read(file.get(), result.bytes.data() + filled, result.bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      result.outcome = FileRead::Outcome::failed;
      result.why = error_text(errno);
      return result;
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  result.bytes.resize(filled);
  const FileRead after = checked(file, path);
  const bool same =
      after.outcome == FileRead::Outcome::ok && after.signature == result.signature && filled == size;
  if (!same) result.outcome = FileRead::Outcome::changed;
  return result;
}

OpenedImage Folder::read_image(const std::string& path, std::uintmax_t limit) const {
  using From = FileRead::Outcome;
  using To = OpenedImage::Outcome;
  FileRead file = read(path, limit);
  switch (file.outcome) {
    case From::ok:
      return {To::ok, std::move(file.bytes), ""};
    case From::empty:
      return {To::ok, "", ""};
    case From::missing:
      return {To::missing, "", ""};
    case From::too_large:
      return {To::too_large, "", ""};
    case From::changed:
      return {To::refused, "", "is still being written"};
    case From::refused:
      return {To::refused, "", file.why};
    case From::failed:
      break;
  }
  return {To::refused, "", "can't be read (" + file.why + ")"};
}

bool Folder::exists(const std::string& path) const {
  return look(path).outcome == FileRead::Outcome::ok;
}

}  // namespace intake
