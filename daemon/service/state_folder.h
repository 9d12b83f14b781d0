// The state folder: one daemon at a time, and the guard against a restored or cloned store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace service {

// Holds an open-file-description lock on FOLDER/lock for its life. Throws std::runtime_error that names
// the other process, or what kept the folder from being made.
class StateLock {
 public:
  explicit StateLock(const std::filesystem::path& folder);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  int descriptor_ = -1;
};

// The generation that the file beside the store remembers; nothing where there is none.
std::optional<std::int64_t> read_generation(const std::filesystem::path& folder);
// Durable when it returns.
void write_generation(const std::filesystem::path& folder, std::int64_t generation);

}  // namespace service
