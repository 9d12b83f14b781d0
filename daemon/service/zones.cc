#include "service/zones.h"

#include <chrono>

#include "config/load.h"
#include "runtime/log.h"

namespace service {

std::optional<Zones::Series> Zones::read(const config::Config& config) {
  const std::lock_guard lock(mutex_);
  zones_.refresh();
  return resolve(config);
}

std::optional<Zones::Series> Zones::reread(const config::Config& config) {
  const std::lock_guard lock(mutex_);
  changed_ = zones_.refresh() || changed_;
  if (!changed_) return std::nullopt;
  auto series = resolve(config);
  if (series) spdlog::info("the time zone data changed and were read again");
  return series;
}

std::optional<Zones::Series> Zones::resolve(const config::Config& config) {
  config::Faults faults;
  auto series = planning::resolve_series(config, zones_, faults);
  changed_ = !faults.empty();
  if (!changed_) return series;
  spdlog::warn("the time zone data can't be used, the plan goes by what was known before:\n{}",
               faults.text());
  return std::nullopt;
}

std::string Zones::local_text(const std::string& zone_name, model::Instant instant) {
  const std::lock_guard lock(mutex_);
  const planning::Zone zone = zones_.find(zone_name);
  return zone ? planning::rfc3339_in(*zone, instant) : model::rfc3339(instant);
}

std::optional<model::Instant> Zones::hour_on_day(const std::string& zone_name, model::Instant due,
                                                 const std::string& hour) {
  const std::lock_guard lock(mutex_);
  const planning::Zone zone = zones_.find(zone_name);
  const auto time = model::parse_hh_mm(hour);
  if (!zone || !time) return std::nullopt;
  const auto local = zone->to_local(std::chrono::floor<std::chrono::seconds>(due));
  const auto day = std::chrono::floor<std::chrono::days>(local);
  for (const auto each : {day, day + std::chrono::days(1)}) {
    const model::Instant at = zone->to_instant(model::LocalDate(each), time->since_midnight);
    if (at >= due) return at;
  }
  return std::nullopt;
}

}  // namespace service
