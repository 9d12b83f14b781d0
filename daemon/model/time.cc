#include "model/time.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace model {
namespace {

using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string padded(long long number, int width) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%0*lld", width, number);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string date_and_time(std::chrono::sys_seconds instant) {
  const auto day = floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss clock{instant - day};
  return iso_date(LocalDate{day}) + 'T' + padded(clock.hours().count(), 2) + ':' +
         padded(clock.minutes().count(), 2) + ':' + padded(clock.seconds().count(), 2);
}

// Takes exactly `width` decimal digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return number;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<LocalDate> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const LocalDate date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                       std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

// HH:MM:SS; second 60 is a leap second, which POSIX time counts as the first of the next minute.
std::optional<seconds> take_clock(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ":")) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > (*minute == 59 ? 60 : 59)) return std::nullopt;
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

std::optional<milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, ".")) return milliseconds{0};
  milliseconds fraction{0};
  milliseconds weight{100};
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits) {
    fraction += weight * (text.front() - '0');
    weight /= 10;
  }
  if (digits == 0) return std::nullopt;
  return fraction;
}

std::optional<seconds> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return seconds{0};
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  const seconds offset = hours{*hour} + minutes{*minute};
  return west ? -offset : offset;
}

std::string two_units(long long many, std::string_view unit, long long few, std::string_view small_unit) {
  std::string text = std::to_string(many).append(unit);
  if (few != 0) text.append(" ").append(std::to_string(few)).append(small_unit);
  return text;
}

}  // namespace

std::string rfc3339(Instant instant) {
  return date_and_time(floor<seconds>(instant)) + 'Z';
}

std::string rfc3339(Instant instant, seconds utc_offset) {
  // The form has no seconds of offset (local mean times have them): the instant stays right.
  const auto offset = std::chrono::round<minutes>(utc_offset);
  const std::chrono::hh_mm_ss size{std::chrono::abs(offset)};
  return date_and_time(floor<seconds>(instant) + offset) + (offset < minutes{0} ? '-' : '+') +
         padded(size.hours().count(), 2) + ':' + padded(size.minutes().count(), 2);
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !take(text, "Tt ")) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Instant{std::chrono::sys_days{*date}} + *clock + *fraction - *offset;
}

std::string iso_date(LocalDate date) {
  return padded(static_cast<int>(date.year()), 4) + '-' + padded(static_cast<unsigned>(date.month()), 2) +
         '-' + padded(static_cast<unsigned>(date.day()), 2);
}

std::optional<LocalDate> parse_date(std::string_view text) {
  const auto date = take_date(text);
  return text.empty() ? date : std::nullopt;
}

std::string hh_mm(TimeOfDay time) {
  const std::chrono::hh_mm_ss clock{time.since_midnight};
  return padded(clock.hours().count(), 2) + ':' + padded(clock.minutes().count(), 2);
}

std::optional<TimeOfDay> parse_hh_mm(std::string_view text) {
  const auto hour = take_number(text, text.find(':') == 1 ? 1 : 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !text.empty()) return std::nullopt;
  return TimeOfDay{hours{*hour} + minutes{*minute}};
}

std::string for_people(milliseconds span) {
  const long long ms = span < milliseconds{0} ? -span.count() : span.count();
  const long long s = ms / 1000;
  if (ms < 1000) return ms == 0 ? "0 s" : std::to_string(ms) + " ms";
  if (s < 60) return std::to_string(s) + " s";
  if (s < 600) return two_units(s / 60, " min", s % 60, " s");
  if (s < 3600) return std::to_string(s / 60) + " min";
  if (s < 86400) return two_units(s / 3600, " h", s % 3600 / 60, " min");
  const long long days = s / 86400;
  return two_units(days, days == 1 ? " day" : " days", days < 3 ? s % 86400 / 3600 : 0, " h");
}

}  // namespace model
