// Addresses that get no mail, whatever a list says: one a line (or the first column of a CSV file); what
// follows a blank, and a line that begins with #, is a comment. Compared without the case of letters. Not
// thread-safe; append() may run beside readers and other processes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "publishers/email/address.h"

namespace publishers {

class SuppressionList {
 public:
  struct BadLine {
    std::size_t line = 0;
    std::string why;
  };

  // A file that was never there is an empty list. Read at the first refresh().
  explicit SuppressionList(std::filesystem::path file) : file_(std::move(file)) {}
  // It was seen by somebody else: that it is not there is no empty list.
  void was_there() { was_there_ = true; }

  // Reads the file if it changed since the last time. Says why it can't be read, or that it is gone: the
  // old list stays then, for nobody who left may come back by a file's loss. One that is being written is
  // left alone for its second; without an old list that is a fault.
  std::optional<std::string> refresh();
  enum class Trouble { none, gone, being_written, unreadable };
  Trouble trouble() const { return trouble_; }  // of the last refresh()

  bool contains(const Address& address) const { return keys_.count(address.key()) > 0; }
  std::size_t size() const { return keys_.size(); }
  const std::filesystem::path& file() const { return file_; }
  std::size_t readings() const { return readings_; }  // how often the file was found changed, and read
  const std::vector<BadLine>& bad_lines() const { return bad_lines_; }

  // Durable when it returns nothing; else why not. An address that is there already is not written again.
  static std::optional<std::string> append(const std::filesystem::path& file, const Address& address);

 private:
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t seconds = 0;  // of the last change, be it of bytes or of name
    std::int64_t nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };

  std::optional<std::string> fail(Trouble trouble, const std::string& what);

  std::filesystem::path file_;
  bool was_there_ = false;
  Trouble trouble_ = Trouble::none;
  Stamp stamp_;
  std::size_t readings_ = 0;
  std::unordered_set<std::string> keys_;
  std::vector<BadLine> bad_lines_;
};

}  // namespace publishers
