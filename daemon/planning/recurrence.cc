#include "planning/recurrence.h"

#include <algorithm>
#include <array>

namespace planning {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::string_view kExample = "as in \"Fri 08:00\" or \"Mon,Wed,Fri 07:30\"";
constexpr int kLastYear = 9999;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// For a message: short, on one line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string shown(text.substr(0, kMost));
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) c = '?';
  }
  return '\'' + shown + (text.size() > kMost ? "...'" : "'");
}

std::optional<unsigned> weekday_of(std::string_view word) {
  for (unsigned day = 0; day < kDays.size(); ++day) {
    if (same_word(word, kDays[day]) || same_word(word, kDays[day].substr(0, 3))) return day;
  }
  return std::nullopt;
}

std::optional<unsigned> parse_weekdays(std::string_view text, std::string& why) {
  unsigned weekdays = 0;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    more = comma != std::string_view::npos;
    const std::string_view word = trimmed(text.substr(0, comma));
    if (more) text.remove_prefix(comma + 1);
    const auto day = weekday_of(word);
    if (word.empty()) {
      why = "there is a comma too many; write one comma between two days, " + std::string(kExample);
      return std::nullopt;
    }
    if (!day) {
      why = quoted(word) +
            " is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun, with commas between";
      return std::nullopt;
    }
    if ((weekdays >> *day & 1u) != 0) {
      why = std::string(kDays[*day]) + " is named twice; write each day once";
      return std::nullopt;
    }
    weekdays |= 1u << *day;
  }
  return weekdays;
}

}  // namespace

std::optional<Schedule> Schedule::parse(std::string_view text, std::string& why) {
  text = trimmed(text);
  if (text.empty()) {
    why = "the schedule is empty; write days and a time, " + std::string(kExample);
    return std::nullopt;
  }
  const std::size_t gap = text.find_last_of(" \t");
  const std::string_view last = text.substr(gap == std::string_view::npos ? 0 : gap + 1);
  if (last.find_first_of("0123456789:") == std::string_view::npos) {
    why = quoted(text) + " has no time; write days and a time, " + std::string(kExample);
    return std::nullopt;
  }
  const auto time = model::parse_hh_mm(last);
  if (!time) {
    why = quoted(last) + " is no time of day; write hours and minutes from 00:00 to 23:59, " +
          std::string(kExample);
    return std::nullopt;
  }
  if (gap == std::string_view::npos) {
    why = quoted(text) + " names no day; write days and a time, " + std::string(kExample);
    return std::nullopt;
  }
  const auto weekdays = parse_weekdays(text.substr(0, gap), why);
  if (!weekdays) return std::nullopt;
  Schedule schedule;
  schedule.weekdays_ = *weekdays;
  schedule.time_ = *time;
  return schedule;
}

bool Schedule::matches(model::LocalDate date) const {
  return (weekdays_ >> std::chrono::weekday{sys_days{date}}.c_encoding() & 1u) != 0;
}

model::LocalDate Schedule::on_or_after(model::LocalDate date) const {
  sys_days day{date};
  for (int tries = 0; tries < 7 && !matches(model::LocalDate{day}); ++tries) day += days{1};
  return model::LocalDate{day};
}

std::string Schedule::text() const {
  std::string text;
  for (const unsigned day : {1u, 2u, 3u, 4u, 5u, 6u, 0u}) {
    if ((weekdays_ >> day & 1u) == 0) continue;
    if (!text.empty()) text += ',';
    text += kDays[day].substr(0, 3);
  }
  return text + ' ' + model::hh_mm(time_);
}

std::vector<std::chrono::sys_seconds> next_instants(const Schedule& schedule, const TimeZone& zone,
                                                    model::Instant after, std::size_t count,
                                                    std::optional<model::LocalDate> starts) {
  std::vector<std::chrono::sys_seconds> instants;
  const auto here = zone.to_local(std::chrono::floor<std::chrono::seconds>(after));
  // A slot that was shifted over a missing day comes up to a day after its date.
  sys_days day{std::chrono::floor<days>(here).time_since_epoch() - days{2}};
  if (starts) day = std::max(day, sys_days{*starts});
  while (instants.size() < count) {
    const model::LocalDate date = schedule.on_or_after(model::LocalDate{day});
    if (static_cast<int>(date.year()) > kLastYear) break;
    const auto instant = zone.to_instant(date, schedule.time().since_midnight);
    if (instant > after && (instants.empty() || instant > instants.back())) instants.push_back(instant);
    day = sys_days{date} + days{1};
  }
  return instants;
}

}  // namespace planning
