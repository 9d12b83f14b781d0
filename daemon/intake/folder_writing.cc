// What fridayd itself writes into the shared folder.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "intake/beneath.h"
#include "intake/file_names.h"
#include "intake/folder.h"
#include "intake/sha256.h"
#include "intake/text.h"

namespace intake {
namespace {

constexpr const char* kSummary = "PROBLEMS.txt";
constexpr const char* kStatus = "STATUS.md";
constexpr int kMostNames = 9;

std::string error_text(int error) {
  return std::error_code(error, std::generic_category()).message();
}

// The bytes of a file of ours, or "" where there is none or it is far larger than what is to be written.
std::string bytes_of(int folder, const std::string& name, std::size_t expected) {
  const FileDescriptor file = open_beneath(folder, name, O_RDONLY | O_NONBLOCK);
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return "";
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) != expected) return "";
  std::string bytes(expected, '\0');
  const ssize_t got = ::read(file.get(), bytes.data(), bytes.size());
  return got == static_cast<ssize_t>(expected) ? bytes : "";
}

std::string write_if_changed(int folder, const std::string& name, const std::string& text) {
  if (bytes_of(folder, name, text.size()) == text) return "";
  return replace_file(folder, name, text, false) ? "" : name + ": " + error_text(errno);
}

// Files of other accounts are left alone, whatever they are called.
void remove_own(int folder, const std::string& name) {
  struct stat status{};
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (S_ISREG(status.st_mode) && status.st_uid == ::geteuid()) ::unlinkat(folder, name.c_str(), 0);
}

FileDescriptor parent_beneath(int folder, std::string_view path) {
  if (parent_folder(path).empty()) return FileDescriptor(::fcntl(folder, F_DUPFD_CLOEXEC, 0));
  return open_beneath(folder, std::string(parent_folder(path)), O_RDONLY | O_DIRECTORY);
}

struct Created {
  std::string path;
  std::string error;
};

// The name asked for, or with "-2" to "-9" where another text has it. The same bytes there are ours: a
// crash came between this step and the next.
Created create_numbered(int folder, const std::string& stem, const std::string& ending,
                        const std::string& bytes) {
  for (int number = 1; number <= kMostNames; ++number) {
    const std::string path = stem + (number == 1 ? "" : "-" + std::to_string(number)) + ending;
    const FileDescriptor parent = parent_beneath(folder, path);
    if (!parent) return {"", path + ": " + error_text(errno)};
    const std::string name(last_name(path));
    if (create_file(parent.get(), name, bytes)) return {path, ""};
    if (errno != EEXIST) return {"", path + ": " + error_text(errno)};
    if (bytes_of(parent.get(), name, bytes.size()) == bytes) return {path, ""};
  }
  return {"", stem + ending + ": the name is taken"};
}

// "../images/a.png" -> "images/a.png": where an image lies in the folder of its published post.
std::string below_post(const std::string& name) {
  std::string path;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    begin = end + 1;
    if (!part.empty() && part != "." && part != "..") path = join_path(path, part);
  }
  return path;
}

}  // namespace

std::string Folder::write_problem(const std::string& draft_path, const std::string& text) const {
  const FileDescriptor drafts = open_folder("drafts");
  if (!drafts) return "drafts: " + error_text(errno);
  const FileDescriptor parent = parent_beneath(drafts.get(), draft_path);
  if (!parent) return escaped_bytes(draft_path) + ": " + error_text(errno);
  return write_if_changed(parent.get(), problem_file_name(last_name(draft_path)), text);
}

void Folder::remove_problem(const std::string& draft_path) const {
  remove_problem_file(join_path(parent_folder(draft_path), problem_file_name(last_name(draft_path))));
}

void Folder::remove_problem_file(const std::string& path) const {
  const FileDescriptor drafts = open_folder("drafts");
  if (!drafts) return;
  const FileDescriptor parent = parent_beneath(drafts.get(), path);
  if (parent) remove_own(parent.get(), std::string(last_name(path)));
}

std::string Folder::write_problem_summary(const std::string& text) const {
  const FileDescriptor drafts = open_folder("drafts");
  if (!drafts) return "drafts: " + error_text(errno);
  if (!text.empty()) return write_if_changed(drafts.get(), kSummary, text);
  remove_own(drafts.get(), kSummary);
  return "";
}

std::string Folder::write_status(const std::string& markdown) const {
  const FileDescriptor root(::open(content_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return content_.string() + ": " + error_text(errno);
  return write_if_changed(root.get(), kStatus, markdown);
}

Folder::Filed Folder::put_away(const PutAway& post) const {
  const FileDescriptor drafts = open_folder("drafts");
  FileDescriptor published = open_folder("published");
  if (drafts && !published && prepare().empty()) published = open_folder("published");
  if (!published || !drafts) return {"", content_.string() + ": " + error_text(errno), ""};
  if (!make_folders_beneath(published.get(), parent_folder(post.stem))) {
    return {"", post.stem + ": " + error_text(errno), ""};
  }
  for (const auto& [name, bytes] : post.images) {
    const std::string path = post.stem + '/' + below_post(name);
    if (!make_folders_beneath(published.get(), parent_folder(path)))
      return {"", path + ": " + error_text(errno), ""};
    const FileDescriptor parent = parent_beneath(published.get(), path);
    const bool there = parent && bytes_of(parent.get(), std::string(last_name(path)), bytes.size()) == bytes;
    if (!parent || (!there && !replace_file(parent.get(), std::string(last_name(path)), bytes, true))) {
      return {"", path + ": " + error_text(errno), ""};
    }
  }
  const Created created = create_numbered(published.get(), post.stem, ".md", post.bytes);
  if (created.path.empty()) return {"", created.error, ""};
  Filed filed{created.path, "", remove_original(drafts.get(), post)};
  if (filed.note.empty()) remove_images(drafts.get(), post);
  return filed;
}

// Set aside under a hidden name first: a program that replaces the file meanwhile loses nothing.
std::string Folder::remove_original(int drafts, const PutAway& post) const {
  const FileRead before = read(post.draft_path, post.bytes.size() + (64U << 20U));
  if (before.outcome == FileRead::Outcome::missing) return "";
  if (before.outcome != FileRead::Outcome::ok || sha256_hex(before.bytes) != post.draft_sha256) {
    return escaped_bytes(post.draft_path) + " was changed after it was published and stays";
  }
  const std::string name(last_name(post.draft_path));
  const std::string aside = ".fridayd-put-away-" + post.draft_sha256.substr(0, 16);
  const FileDescriptor parent = parent_beneath(drafts, post.draft_path);
  if (!parent || ::renameat(parent.get(), name.c_str(), parent.get(), aside.c_str()) != 0) {
    return escaped_bytes(post.draft_path) + " can't be removed: " + error_text(errno);
  }
  const FileRead moved = read(join_path(parent_folder(post.draft_path), aside), before.bytes.size());
  if (moved.outcome != FileRead::Outcome::ok || sha256_hex(moved.bytes) != post.draft_sha256) {
    ::renameat2(parent.get(), aside.c_str(), parent.get(), name.c_str(), RENAME_NOREPLACE);
    return escaped_bytes(post.draft_path) + " was changed after it was published and stays";
  }
  ::unlinkat(parent.get(), aside.c_str(), 0);
  ::fsync(parent.get());
  remove_problem(post.draft_path);
  return "";
}

// A post in a folder of its own takes its images along; images elsewhere may be other drafts' too.
void Folder::remove_images(int drafts, const PutAway& post) const {
  const std::string folder(parent_folder(post.draft_path));
  if (folder.empty() || !lower(last_name(post.draft_path)).starts_with("index.")) return;
  for (const auto& [name, bytes] : post.images) {
    const auto path = join_path(folder, name);
    if (name.find("..") != std::string::npos) continue;
    const FileRead file = read(path, bytes.size());
    if (file.outcome != FileRead::Outcome::ok || file.bytes != bytes) continue;
    const FileDescriptor parent = parent_beneath(drafts, path);
    if (parent) ::unlinkat(parent.get(), std::string(last_name(path)).c_str(), 0);
    // Folders that are empty now; one that is not stays.
    for (std::string up(parent_folder(path)); up.size() > folder.size();
         up = std::string(parent_folder(up))) {
      const FileDescriptor above = parent_beneath(drafts, up);
      if (above) ::unlinkat(above.get(), std::string(last_name(up)).c_str(), AT_REMOVEDIR);
    }
  }
  const FileDescriptor above = parent_beneath(drafts, folder);
  if (above) ::unlinkat(above.get(), std::string(last_name(folder)).c_str(), AT_REMOVEDIR);
}

}  // namespace intake
