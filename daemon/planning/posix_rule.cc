#include "planning/posix_rule.h"

namespace planning {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::year;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<unsigned> take_number(std::string_view& text, unsigned least, unsigned most) {
  unsigned number = 0;
  std::size_t digits = 0;
  for (; digits < 3 && digits < text.size() && is_digit(text[digits]); ++digits) {
    number = number * 10 + static_cast<unsigned>(text[digits] - '0');
  }
  if (digits == 0 || number < least || number > most) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

// Three letters at least, or in angle brackets letters, digits and signs.
bool take_name(std::string_view& text) {
  const bool quoted = take(text, '<');
  std::size_t length = 0;
  while (length < text.size() &&
         (is_letter(text[length]) ||
          (quoted && (is_digit(text[length]) || text[length] == '+' || text[length] == '-')))) {
    ++length;
  }
  if (length < 3) return false;
  text.remove_prefix(length);
  return !quoted || take(text, '>');
}

// [+-]h[h[h]][:mm[:ss]]
std::optional<seconds> take_time(std::string_view& text, unsigned most_hours) {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  const auto hour = take_number(text, 0, most_hours);
  if (!hour) return std::nullopt;
  seconds time = hours{*hour};
  if (take(text, ':')) {
    const auto minute = take_number(text, 0, 59);
    if (!minute) return std::nullopt;
    time += minutes{*minute};
    if (take(text, ':')) {
      const auto second = take_number(text, 0, 59);
      if (!second) return std::nullopt;
      time += seconds{*second};
    }
  }
  return negative ? -time : time;
}

bool take_day(std::string_view& text, PosixRule::Moment& moment) {
  using Kind = PosixRule::Moment::Kind;
  if (take(text, 'M')) {
    moment.kind = Kind::month_week_day;
    const auto month = take_number(text, 1, 12);
    if (!month || !take(text, '.')) return false;
    const auto week = take_number(text, 1, 5);
    if (!week || !take(text, '.')) return false;
    const auto day = take_number(text, 0, 6);
    if (!day) return false;
    moment.month = *month;
    moment.week = *week;
    moment.day = *day;
    return true;
  }
  moment.kind = take(text, 'J') ? Kind::julian : Kind::day_of_year;
  const auto day = take_number(text, moment.kind == Kind::julian ? 1 : 0, 365);
  if (!day) return false;
  moment.day = *day;
  return true;
}

std::optional<PosixRule::Moment> take_moment(std::string_view& text) {
  PosixRule::Moment moment;
  if (!take(text, ',') || !take_day(text, moment)) return std::nullopt;
  if (take(text, '/')) {
    const auto time = take_time(text, 167);
    if (!time) return std::nullopt;
    moment.time = *time;
  }
  return moment;
}

year year_of(sys_seconds instant) {
  return std::chrono::year_month_day{std::chrono::floor<days>(instant)}.year();
}

}  // namespace

std::chrono::local_seconds PosixRule::Moment::in(year y) const {
  if (kind == Kind::month_week_day) {
    const std::chrono::weekday weekday{day};
    const std::chrono::month m{month};
    if (week == 5) return local_days{y / m / weekday[std::chrono::last]} + time;
    return local_days{y / m / weekday[week]} + time;
  }
  const local_days first{y / std::chrono::January / 1};
  if (kind == Kind::day_of_year) return first + days{day} + time;
  const bool after_leap_day = y.is_leap() && day >= 60;
  return first + days{day - 1} + days{after_leap_day ? 1 : 0} + time;
}

std::optional<PosixRule> PosixRule::parse(std::string_view text) {
  PosixRule rule;
  if (!take_name(text)) return std::nullopt;
  const auto west = take_time(text, 24);
  if (!west) return std::nullopt;
  rule.standard_ = -*west;
  if (text.empty()) return rule;

  Daylight daylight;
  if (!take_name(text)) return std::nullopt;
  daylight.offset = rule.standard_ + hours{1};
  if (!text.empty() && text.front() != ',') {
    const auto daylight_west = take_time(text, 24);
    if (!daylight_west) return std::nullopt;
    daylight.offset = -*daylight_west;
  }
  const auto start = take_moment(text);
  if (!start) return std::nullopt;
  const auto end = take_moment(text);
  if (!end || !text.empty()) return std::nullopt;
  daylight.start = *start;
  daylight.end = *end;
  rule.daylight_ = daylight;
  return rule;
}

std::array<sys_seconds, 2> PosixRule::changes_in(year y, const Daylight& daylight) const {
  return {sys_seconds{daylight.start.in(y).time_since_epoch() - standard_},
          sys_seconds{daylight.end.in(y).time_since_epoch() - daylight.offset}};
}

seconds PosixRule::offset_at(sys_seconds instant) const {
  if (!daylight_) return standard_;
  // A change may lie up to a week and a day outside its year.
  const year here = year_of(instant);
  sys_seconds latest = sys_seconds::min();
  seconds offset = standard_;
  for (int i = -2; i <= 1; ++i) {
    const auto [start, end] = changes_in(here + std::chrono::years{i}, *daylight_);
    if (end <= instant && end > latest) {
      latest = end;
      offset = standard_;
    }
    // Daylight time all the year round ends at the instant at which it starts again.
    if (start <= instant && start >= latest) {
      latest = start;
      offset = daylight_->offset;
    }
  }
  return offset;
}

void PosixRule::add_changes(sys_seconds after, sys_seconds until, std::vector<sys_seconds>& changes) const {
  if (!daylight_) return;
  const int last = static_cast<int>(year_of(until)) + 1;
  for (int y = static_cast<int>(year_of(after)) - 1; y <= last; ++y) {
    for (const sys_seconds change : changes_in(year{y}, *daylight_)) {
      if (change > after && change <= until) changes.push_back(change);
    }
  }
}

}  // namespace planning
