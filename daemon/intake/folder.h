// The shared folder: drafts/, published/, STATUS.md. Whoever writes there is not trusted: symbolic links,
// hard-linked files, FIFOs, devices and files of foreign accounts are refused and named.
//
// Blocking; used by one thread at a time. The folder is opened afresh for each task, so that one that was
// unmounted and came back is seen. Nothing here throws for what others do to the folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "intake/draft_reader.h"
#include "intake/file_descriptor.h"
#include "store/store.h"

struct stat;

namespace intake {

struct FoundFile {
  std::string path;  // relative to drafts/
  store::FileSignature signature;
};

struct Refusal {
  std::string path;  // fit to be shown: what is no UTF-8 is escaped
  std::string why;   // "is a symbolic link"
  std::string todo;
  std::string text() const { return path + ' ' + why + "; " + todo; }
  bool operator==(const Refusal&) const = default;
};

struct Scan {
  bool complete = false;  // false: the folder can't be read as a whole; `error` says why
  std::string error;
  std::vector<FoundFile> drafts;
  std::vector<std::string> folders;  // below drafts/, to be watched
  std::vector<Refusal> refused;
  std::vector<std::string> problem_files;  // of ours, relative to drafts/
};

struct FileRead {
  enum class Outcome { ok, missing, empty, changed, refused, too_large, failed };
  Outcome outcome = Outcome::missing;
  std::string bytes;
  store::FileSignature signature;
  std::string why;  // of refused and failed
};

// A published draft that leaves drafts/.
struct PutAway {
  std::string draft_path;
  std::string draft_sha256;                                 // of the bytes that were published
  std::string bytes;                                        // with address and date added
  std::string stem;                                         // published_file.h: published_stem
  std::vector<std::pair<std::string, std::string>> images;  // as the draft refers to it, bytes
};

class Folder {
 public:
  // `allowed_owners`: names of accounts; empty: anyone. Unknown names allow nobody.
  Folder(std::filesystem::path content, const std::vector<std::string>& allowed_owners);

  // Creates drafts/ and published/ where they are missing. Why not, or "".
  std::string prepare() const;

  Scan scan() const;
  // The state of one draft's file; `bytes` stay empty.
  FileRead look(const std::string& path) const;
  // The whole file, if it did not change meanwhile.
  FileRead read(const std::string& path, std::uintmax_t limit) const;
  OpenedImage read_image(const std::string& path, std::uintmax_t limit) const;
  bool exists(const std::string& path) const;

  // Why not, or "". Nothing is written where the same text stands already.
  std::string write_problem(const std::string& draft_path, const std::string& text) const;
  void remove_problem(const std::string& draft_path) const;
  void remove_problem_file(const std::string& path) const;           // as a scan lists it
  std::string write_problem_summary(const std::string& text) const;  // "" removes it
  std::string write_status(const std::string& markdown) const;

  struct Filed {
    std::string path;  // relative to published/; empty: it failed
    std::string error;
    std::string note;  // why the original stayed, or ""
  };
  Filed put_away(const PutAway& post) const;

  const std::filesystem::path& content() const { return content_; }

 private:
  FileDescriptor open_folder(const char* name) const;
  std::string refusal(const struct stat& status) const;
  FileRead checked(const FileDescriptor& file, const std::string& path) const;
  void scan_folder(int drafts, const std::string& folder, Scan& scan) const;
  void scan_entry(int at, const std::string& path, unsigned char type, Scan& scan,
                  std::vector<std::string>& subfolders) const;
  std::string remove_original(int drafts, const PutAway& post) const;
  void remove_images(int drafts, const PutAway& post) const;

  std::filesystem::path content_;
  bool check_owners_ = false;
  std::vector<uid_t> owners_;
};

}  // namespace intake
