// The files of one site's folder. Every change is whole or not there: a temporary file beside the tree,
// fsync, rename, fsync of the folder. Nothing outside the folder is read or written: links inside it are
// refused, never followed.
//
// One writer at a time. Errors are std::system_error with the path and the system's own words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "publishers/blog/static_site/descriptor.h"

namespace publishers::static_site {

class Files {
 public:
  // Told before each step that changes the disk, with its name and path; what it throws ends the call
  // there and then, with nothing tidied up, as a killed process would.
  using Observer = std::function<void(std::string_view step, const std::string& path)>;

  // Bytes that are on disk under a temporary name, for commit or discard.
  struct Staged {
    std::string path;       // where they are to go
    std::string temporary;  // empty: the bytes are there already
  };

  explicit Files(std::filesystem::path root, Observer before = {});

  const std::filesystem::path& root() const { return root_; }

  // Paths are relative, without "." and "..", and are not checked again here. A root that is not there
  // reads as empty, and is made by the first write if its parent is there.
  std::optional<std::string> read(const std::string& path, std::size_t most = SIZE_MAX) const;
  bool exists(const std::string& path) const;
  std::vector<std::string> names_in(const std::string& folder) const;

  // Exactly these bytes are there, durably.
  bool holds(const std::string& path, std::string_view bytes) const;
  // True if the bytes were not there already.
  bool write(const std::string& path, std::string_view bytes);
  Staged stage(const std::string& path, std::string_view bytes);
  bool commit(const Staged& staged);
  void discard(const Staged& staged);
  // The file and the folders that it leaves empty. No error if it is not there.
  void remove(const std::string& path);

  // The folder for what is not to be seen; writable by this account only.
  static constexpr std::string_view kHidden = ".fridayd-tmp";
  static std::string hidden(const std::string& name) { return std::string(kHidden) + "/" + name; }

 private:
  struct Place;  // an open folder and the name of a file in it

  Descriptor open_root() const;
  Descriptor make_root() const;
  Descriptor make_folder(const Descriptor& parent, const std::string& name, const std::string& path) const;
  std::optional<Place> place(const std::string& path) const;
  Place make_place(const std::string& path);
  bool same(const Place& place, const std::string& path, std::string_view bytes) const;
  void fill(const Place& place, const std::string& path, std::string_view bytes);
  void remove_empty_folders(std::string path);
  void sweep();
  void about_to(std::string_view step, const std::string& path) const;
  [[noreturn]] void fail(const std::string& path, int error) const;

  std::filesystem::path root_;
  Observer before_;
  unsigned counter_ = 0;
};

}  // namespace publishers::static_site
