// One table of the configuration file, read key by key. Getters check type and range, remember what was
// asked for, and report each fault with its place; finish() reports the keys that nobody asked for, with
// the nearest known one. No getter throws for bad input: after a fault it returns the fallback, so that
// all faults of a file are found in one go.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/secret.h"

namespace config {

struct Position {
  std::string file;
  std::size_t line = 0;  // from 1; 0: not in a file
  std::size_t column = 0;
};

// "file:line:col: what; what to do"
struct FaultLine {
  Position position;
  std::string what;
  std::string todo;
  std::string text() const;
};

// A copy is another hold on the same list: a section that is read later still has where to report.
class Faults {
 public:
  Faults() = default;
  Faults(const Faults&) = default;
  Faults& operator=(const Faults&) = default;
  ~Faults() = default;

  void add(const Position& position, std::string what, std::string todo);
  bool empty() const { return lines_->empty(); }
  // By file, line, column; the same line twice is one.
  std::vector<FaultLine> sorted() const;
  std::string text() const;  // one per line

 private:
  std::shared_ptr<std::vector<FaultLine>> lines_ = std::make_shared<std::vector<FaultLine>>();
};

class Section {
 public:
  struct Impl;  // toml++ stays in section.cc and load.cc
  explicit Section(std::unique_ptr<Impl> impl);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  const std::string& name() const;  // "channels.mail"
  bool has(std::string_view key) const;
  Position position(std::string_view key) const;  // of the key; of the section where it is missing

  std::string text(std::string_view key);                        // required, not empty
  std::string text(std::string_view key, std::string fallback);  // may be empty
  bool flag(std::string_view key, bool fallback);
  std::int64_t number(std::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most);
  std::chrono::milliseconds duration(std::string_view key,
                                     std::chrono::milliseconds fallback);  // "90s" "12h" "2d"
  std::uintmax_t size(std::string_view key, std::uintmax_t fallback);      // "2MiB" "500kB"
  // Relative paths are relative to the file they stand in.
  std::filesystem::path path(std::string_view key);  // required
  std::filesystem::path path(std::string_view key, std::filesystem::path fallback);
  std::vector<std::string> list(std::string_view key, std::vector<std::string> fallback);
  std::string choice(std::string_view key, std::initializer_list<std::string_view> choices,
                     std::string_view fallback);
  // { credential = "name" }, { file = "path" } or { env = "NAME" }. A plain string is a fault: a
  // configuration is read by more people than a secret. Nothing where the key is missing.
  std::optional<Secret> secret(std::string_view key);

  // "KEY WHAT; TODO" at the key's place.
  void fault(std::string_view key, std::string what, std::string todo);
  void finish();

 private:
  // The key's string; nothing where it is missing, or is something else, which is a fault.
  std::optional<std::string> written(std::string_view key, std::string_view example);

  std::unique_ptr<Impl> impl_;
};

}  // namespace config
