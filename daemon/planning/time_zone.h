// IANA time zones, read from the system's TZif files (RFC 8536), with the POSIX rule at their end for all
// years after the last listed change.
//
// A TimeZone is immutable and may be shared between threads. TimeZones is the folder they come from.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "model/time.h"

namespace planning {

class TimeZone {
 public:
  // Throws std::runtime_error for bytes that are no TZif file of version 2 or later.
  static std::shared_ptr<const TimeZone> parse(std::string name, std::string_view bytes);

  const std::string& name() const;
  std::chrono::seconds offset_at(std::chrono::sys_seconds instant) const;

  // The instant of a local wall time: in a gap shifted forward by the gap's length, in a fold the first
  // pass (RFC 5545 3.3.5).
  std::chrono::sys_seconds to_instant(model::LocalDate date, std::chrono::seconds since_midnight) const;
  // The local date and second of day at an instant.
  std::chrono::local_seconds to_local(std::chrono::sys_seconds instant) const;

  struct Data;
  explicit TimeZone(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

 private:
  std::shared_ptr<const Data> data_;
};

using Zone = std::shared_ptr<const TimeZone>;

// Reads zones by name, keeping those read. Not thread-safe; one per thread that plans.
class TimeZones {
 public:
  explicit TimeZones(std::filesystem::path folder = "/usr/share/zoneinfo");
  // Null for a name that is no zone (no path tricks: "../" and absolute names are no zones).
  Zone find(const std::string& name);
  // Forgets all zones if the folder's data changed since they were read; true if so.
  bool refresh();
  // All names, sorted, for suggestions; none where the folder has no tzdata.zi.
  std::vector<std::string> names() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// "2026-11-27T08:00:00-05:00"
std::string rfc3339_in(const TimeZone& zone, model::Instant instant);

}  // namespace planning
