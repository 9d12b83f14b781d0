#include "publishers/instant.h"

#include <charconv>

namespace publishers {
namespace {

constexpr std::string_view kForm = "0000-00-00T00:00:00Z";

bool has_form(std::string_view text) {
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !digit : text[i] != kForm[i]) return false;
  }
  return true;
}

unsigned number(std::string_view digits) {
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

void write_number(std::string& text, std::size_t at, std::size_t digits, unsigned value) {
  for (std::size_t i = digits; i-- > 0; value /= 10) text[at + i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string rfc3339(std::chrono::sys_seconds instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(instant - day);
  std::string text(kForm);
  write_number(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  write_number(text, 5, 2, static_cast<unsigned>(date.month()));
  write_number(text, 8, 2, static_cast<unsigned>(date.day()));
  write_number(text, 11, 2, static_cast<unsigned>(time.hours().count()));
  write_number(text, 14, 2, static_cast<unsigned>(time.minutes().count()));
  write_number(text, 17, 2, static_cast<unsigned>(time.seconds().count()));
  return text;
}

std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text) {
  if (!has_form(text)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(number(text.substr(0, 4)))),
                                         std::chrono::month(number(text.substr(5, 2))),
                                         std::chrono::day(number(text.substr(8, 2))));
  const unsigned hour = number(text.substr(11, 2));
  const unsigned minute = number(text.substr(14, 2));
  const unsigned second = number(text.substr(17, 2));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace publishers
