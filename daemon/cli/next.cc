// fridayctl next: the slots of a schedule, or of each series of the configuration.
#include <algorithm>
#include <chrono>
#include <iostream>

#include <boost/json.hpp>

#include "cli/print.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "planning/planner.h"

namespace cli {
namespace {

namespace json = boost::json;

struct Line {
  model::Instant instant{};
  std::string local;
  std::string series;
};

int wrong(const std::string& what) {
  std::cerr << "fridayctl: " << what << '\n';
  return kUsage;
}

// A fault of the command line, or "".
std::string fault_of(const Options& options) {
  if (!options.schedule && !options.zone.empty()) {
    return "--zone belongs to --schedule; a series has its zone in the configuration";
  }
  if (options.schedule && options.schedule->find_first_not_of(' ') == std::string::npos) {
    return "--schedule is empty; write one such as 'Fri 08:00'";
  }
  if (!options.after.empty() && !model::parse_rfc3339(options.after)) {
    return "--after is no instant: \"" + shown(options.after) + "\"; write 2026-11-27T13:00:00Z";
  }
  if (!options.starts.empty() && !model::parse_date(options.starts)) {
    return "--starts is no date: \"" + shown(options.starts) + "\"; write 2026-11-27";
  }
  return "";
}

// The one of the command line; an exit code where it is none.
int add_given(const Options& options, planning::TimeZones& zones,
              std::map<std::string, planning::SeriesPlan>& series) {
  std::string why;
  const auto schedule = planning::Schedule::parse(*options.schedule, why);
  const planning::Zone zone = zones.find(options.zone);
  if (!schedule) wrong("--schedule: " + shown(why));
  if (!zone) {
    wrong("--zone: " +
          (options.zone.empty() ? "is missing" : '"' + shown(options.zone) + "\" is no IANA time zone") +
          "; write one such as America/New_York");
  }
  if (!schedule || !zone) return kUsage;
  series[""] = {nullptr, zone, *schedule};
  return kDone;
}

void print(const std::vector<Line>& lines, bool as_json) {
  json::array all;
  for (const Line& line : lines) {
    if (as_json) {
      json::object item{{"instant", model::rfc3339(line.instant)}, {"local", line.local}};
      if (!line.series.empty()) item["series"] = line.series;
      all.push_back(std::move(item));
      continue;
    }
    std::cout << model::rfc3339(line.instant) << '\t' << line.local
              << (line.series.empty() ? "" : '\t' + line.series) << '\n';
  }
  if (as_json) std::cout << json::serialize(json::object{{"items", all}}) << '\n';
}

}  // namespace

int next(const Options& options) {
  if (const std::string fault = fault_of(options); !fault.empty()) return wrong(fault);
  const model::Instant after = options.after.empty()
                                   ? std::chrono::floor<model::milliseconds>(std::chrono::system_clock::now())
                                   : *model::parse_rfc3339(options.after);
  const auto starts = model::parse_date(options.starts);
  planning::TimeZones zones;
  config::Config config;
  std::map<std::string, planning::SeriesPlan> series;
  if (options.schedule) {
    if (const int exit = add_given(options, zones, series); exit != kDone) return exit;
  } else {
    config::Faults faults;
    config = config::load(options.config, faults);
    series = planning::resolve_series(config, zones, faults);
    if (series.empty()) {
      std::cerr << shown(faults.text())
                << "fridayctl: no series is configured; or say --schedule 'Fri 08:00' --zone ZONE\n";
      return kConfiguration;
    }
  }
  std::vector<Line> lines;
  for (const auto& [key, plan] : series) {
    for (const auto instant : planning::next_instants(plan.schedule, *plan.zone, after,
                                                      static_cast<std::size_t>(options.count), starts)) {
      lines.push_back({model::Instant(instant), planning::rfc3339_in(*plan.zone, instant), key});
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.instant < b.instant; });
  print(lines, options.json);
  return kDone;
}

}  // namespace cli
