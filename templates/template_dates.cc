#include "templates/template_dates.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "templates/template_value.h"

namespace templates {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

struct LocalTime {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  std::string offset = "+0000";
};

[[noreturn]] void refuse(std::string_view when) {
  throw ValueProblem('"' + std::string(when) + "\" is no date of the form 2026-11-27T08:00:00-05:00");
}

// Matches `text` against a form in which 0 is any digit and every other character itself.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string offset_of(std::string_view text, std::string_view when) {
  if (text == "Z" || text == "z") return "+0000";
  if (!has_form(text, "+00:00") && !has_form(text, "-00:00")) refuse(when);
  return std::string(text.substr(0, 3)) + std::string(text.substr(4));
}

LocalTime parse(std::string_view when) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kClock = 19;
  LocalTime time;
  if (!has_form(when.substr(0, kDate), "0000-00-00")) refuse(when);
  time.year = number(when.substr(0, 4));
  time.month = number(when.substr(5, 2));
  time.day = number(when.substr(8, 2));
  const std::chrono::year_month_day date{std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  if (!date.ok()) refuse(when);
  if (when.size() == kDate) return time;

  if (when.size() <= kClock || !has_form(when.substr(kDate + 1, kClock - kDate - 1), "00:00:00"))
    refuse(when);
  if (std::string_view("Tt ").find(when[kDate]) == std::string_view::npos) refuse(when);
  time.hour = number(when.substr(11, 2));
  time.minute = number(when.substr(14, 2));
  if (time.hour > 23 || time.minute > 59) refuse(when);
  std::string_view tail = when.substr(kClock);
  if (tail.front() == '.') {
    const std::size_t end = tail.find_first_not_of("0123456789", 1);
    tail = end == std::string_view::npos ? std::string_view() : tail.substr(end);
  }
  time.offset = offset_of(tail, when);
  return time;
}

std::string padded(int value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string_view weekday(const LocalTime& time) {
  const std::chrono::year_month_day date{std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  return kDays[std::chrono::weekday(std::chrono::sys_days(date)).c_encoding()];
}

std::string field(const LocalTime& time, char letter) {
  constexpr std::size_t kShort = 3;
  const std::string_view month = kMonths[static_cast<std::size_t>(time.month - 1)];
  switch (letter) {
    case 'Y':
      return padded(time.year, 4);
    case 'm':
      return padded(time.month, 2);
    case 'd':
      return padded(time.day, 2);
    case 'e':
      return std::to_string(time.day);
    case 'B':
      return std::string(month);
    case 'b':
      return std::string(month.substr(0, kShort));
    case 'A':
      return std::string(weekday(time));
    case 'a':
      return std::string(weekday(time).substr(0, kShort));
    case 'H':
      return padded(time.hour, 2);
    case 'I':
      return padded(time.hour % 12 == 0 ? 12 : time.hour % 12, 2);
    case 'M':
      return padded(time.minute, 2);
    case 'p':
      return time.hour < 12 ? "AM" : "PM";
    case 'z':
      return time.offset;
    case '%':
      return "%";
    default:
      throw ValueProblem(std::string("date knows no %") + letter +
                         "; it knows %Y %m %d %e %B %b %A %a %H %M %I %p %z");
  }
}

}  // namespace

std::string formatted_date(std::string_view when, std::string_view pattern) {
  const LocalTime time = parse(when);
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      text += pattern[i];
    } else if (++i < pattern.size()) {
      text += field(time, pattern[i]);
    } else {
      throw ValueProblem("the date's pattern ends in a single %");
    }
  }
  return text;
}

}  // namespace templates
