#include "config/load.h"
#include "planning/planner.h"

namespace planning {
namespace {

void report_zone(const config::Series& series, const TimeZones& zones, config::Faults& faults) {
  const auto names = zones.names();
  const std::string nearest = config::nearest(series.zone, names);
  faults.add(
      series.zone_position, "'" + series.zone + "' is no time zone",
      nearest.empty() ? "write an IANA name such as \"America/New_York\"" : "write \"" + nearest + "\"");
}

// The schedule's faults are "what; what to do".
void report_schedule(const config::Series& series, const std::string& why, config::Faults& faults) {
  const std::size_t split = why.rfind("; ");
  faults.add(series.schedule_position, why.substr(0, split), why.substr(split + 2));
}

}  // namespace

std::map<std::string, SeriesPlan> resolve_series(const config::Config& config, TimeZones& zones,
                                                 config::Faults& faults) {
  std::map<std::string, SeriesPlan> plans;
  for (const auto& [key, series] : config.series) {
    // What is missing altogether has been reported by whoever read the file.
    const Zone zone = zones.find(series.zone);
    if (!zone && !series.zone.empty()) report_zone(series, zones, faults);
    std::string why;
    const auto schedule = Schedule::parse(series.schedule, why);
    if (!schedule && !series.schedule.empty()) report_schedule(series, why, faults);
    if (zone && schedule)
      plans.emplace(key, SeriesPlan{std::make_shared<const config::Series>(series), zone, *schedule});
  }
  return plans;
}

}  // namespace planning
