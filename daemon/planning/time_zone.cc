#include "planning/time_zone.h"

#include "planning/tzif.h"

namespace planning {

using std::chrono::seconds;
using std::chrono::sys_seconds;

struct TimeZone::Data {
  std::string name;
  Tzif rules;
};

std::shared_ptr<const TimeZone> TimeZone::parse(std::string name, std::string_view bytes) {
  auto data = std::make_shared<Data>();
  data->rules = read_tzif(bytes);
  data->name = std::move(name);
  return std::make_shared<TimeZone>(std::move(data));
}

const std::string& TimeZone::name() const {
  return data_->name;
}

seconds TimeZone::offset_at(sys_seconds instant) const {
  return data_->rules.offset_at(instant);
}

sys_seconds TimeZone::to_instant(model::LocalDate date, seconds since_midnight) const {
  const sys_seconds wall = std::chrono::sys_days{date} + since_midnight;  // as if it were UTC
  const sys_seconds least = wall - kMostOffset - seconds{1};
  const sys_seconds most = wall + kMostOffset + seconds{1};

  seconds offset = data_->rules.offset_at(least);
  for (const sys_seconds change : data_->rules.changes_between(least, most)) {
    if (wall - offset < change) return wall - offset;
    const seconds next = data_->rules.offset_at(change);
    // The wall time was passed over by this change: it counts as if the clocks had not moved yet.
    if (wall - next < change) return wall - offset;
    offset = next;
  }
  return wall - offset;
}

std::chrono::local_seconds TimeZone::to_local(sys_seconds instant) const {
  return std::chrono::local_seconds{instant.time_since_epoch() + offset_at(instant)};
}

std::string rfc3339_in(const TimeZone& zone, model::Instant instant) {
  return model::rfc3339(instant, zone.offset_at(std::chrono::floor<seconds>(instant)));
}

}  // namespace planning
