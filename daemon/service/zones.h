// The time zones of the house. Their data may be replaced under a running daemon, as an update of tzdata
// does: they are looked at every hour and at each reload, and plans and texts go by what is there then.
//
// Thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "config/config.h"
#include "planning/planner.h"
#include "planning/time_zone.h"

namespace service {

class Zones {
 public:
  Zones() = default;
  explicit Zones(std::filesystem::path folder) : zones_(std::move(folder)) {}

  using Series = std::map<std::string, planning::SeriesPlan>;
  // The series of a configuration that is new, by the data as they are now: later looks compare with these.
  // Nothing, and a word in the log, while they lack a zone that is needed: the next look tries again.
  std::optional<Series> read(const config::Config& config);
  // The same for the configuration that was read, if the data changed since; else nothing.
  std::optional<Series> reread(const config::Config& config);

  // RFC 3339 in the zone's time; in UTC where there is no such zone.
  std::string local_text(const std::string& zone, model::Instant instant);
  // The first "09:30" on that day or the next that is not before `due`.
  std::optional<model::Instant> hour_on_day(const std::string& zone, model::Instant due,
                                            const std::string& hour);

 private:
  std::optional<Series> resolve(const config::Config& config);

  std::mutex mutex_;
  planning::TimeZones zones_;
  bool changed_ = false;  // and the series do not go by it yet
};

}  // namespace service
