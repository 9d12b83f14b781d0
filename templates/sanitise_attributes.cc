#include "templates/sanitise_attributes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <iterator>

#include "templates/markdown_characters.h"

namespace templates {
namespace {

using enum AttributeName;

struct Row {
  AttributeName name;
  std::string_view text;
};

constexpr std::array kRows = {
    Row{kAlign, "align"},     Row{kAlt, "alt"},           Row{kCite, "cite"},
    Row{kColspan, "colspan"}, Row{kDatetime, "datetime"}, Row{kDir, "dir"},
    Row{kHeight, "height"},   Row{kHref, "href"},         Row{kId, "id"},
    Row{kLang, "lang"},       Row{kOpen, "open"},         Row{kRowspan, "rowspan"},
    Row{kScope, "scope"},     Row{kSrc, "src"},           Row{kStart, "start"},
    Row{kTitle, "title"},     Row{kWidth, "width"},
};

bool may_have(Kind kind, AttributeName name) {
  const bool cell = kind == Kind::kTd || kind == Kind::kTh;
  switch (name) {
    case kTitle:
    case kLang:
    case kDir:
    case kId:
      return true;
    case kHref:
      return kind == Kind::kA;
    case kSrc:
    case kAlt:
    case kHeight:
      return kind == Kind::kImg;
    case kWidth:
      return kind == Kind::kImg || kind == Kind::kTable || kind == Kind::kCol || cell;
    case kAlign:
      return cell || kind == Kind::kP || kind == Kind::kDiv || kind == Kind::kImg || kind == Kind::kTable ||
             kind == Kind::kTr || kind == Kind::kCol || kind == Kind::kCaption || is_heading(kind);
    case kColspan:
    case kRowspan:
      return cell;
    case kScope:
      return kind == Kind::kTh;
    case kStart:
      return kind == Kind::kOl;
    case kOpen:
      return kind == Kind::kDetails;
    case kCite:
      return kind == Kind::kBlockquote || kind == Kind::kQ || kind == Kind::kDel || kind == Kind::kIns;
    case kDatetime:
      return kind == Kind::kDel || kind == Kind::kIns;
    case kLanguage:
    case kTask:
    case kField:
      return false;
  }
  return false;
}

template <std::size_t N>
std::optional<std::string> one_of(std::string_view value, const std::string_view (&values)[N]) {
  std::string small = lower(trimmed(value));
  if (std::find(std::begin(values), std::end(values), small) == std::end(values)) return std::nullopt;
  return small;
}

std::optional<std::string> number(std::string_view value, long least, long most) {
  const std::string text(trimmed(value));
  const std::size_t sign = text.substr(0, 1) == "-" ? 1 : 0;
  const bool digits = text.size() > sign && text.size() <= 9 &&
                      std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(), is_digit);
  if (!digits) return std::nullopt;
  const long n = std::strtol(text.c_str(), nullptr, 10);
  return n < least || n > most ? std::nullopt : std::optional(std::to_string(n));
}

std::optional<std::string> measure(std::string_view value) {
  std::string_view digits = trimmed(value);
  const bool percent = !digits.empty() && digits.back() == '%';
  if (percent) digits.remove_suffix(1);
  if (digits.size() > 2 && digits.substr(digits.size() - 2) == "px") digits.remove_suffix(2);
  auto n = number(digits, 0, percent ? 100 : 10000);
  if (n && percent) *n += '%';
  return n;
}

std::optional<std::string> language(std::string_view value) {
  const std::string_view text = trimmed(value);
  const bool good = !text.empty() && text.size() <= 35 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-';
  });
  return good ? std::optional(std::string(text)) : std::nullopt;
}

}  // namespace

std::optional<AttributeName> allowed_attribute(Kind kind, std::string_view name) {
  for (const Row& row : kRows) {
    if (row.text == name) return may_have(kind, row.name) ? std::optional(row.name) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> allowed_value(AttributeName name, std::string_view decoded) {
  static constexpr std::string_view kAligns[] = {"left", "right",  "center", "justify",
                                                 "top",  "middle", "bottom"};
  static constexpr std::string_view kDirections[] = {"ltr", "rtl", "auto"};
  static constexpr std::string_view kScopes[] = {"row", "col", "rowgroup", "colgroup"};
  switch (name) {
    case kAlign:
      return one_of(decoded, kAligns);
    case kDir:
      return one_of(decoded, kDirections);
    case kScope:
      return one_of(decoded, kScopes);
    case kColspan:
    case kRowspan:
      return number(decoded, 1, 1000);
    case kStart:
      return number(decoded, -99'999'999, 999'999'999);
    case kWidth:
    case kHeight:
      return measure(decoded);
    case kLang:
      return language(decoded);
    case kOpen:
      return std::string();
    default:
      return std::string(decoded);
  }
}

std::string_view attribute_name(AttributeName name) {
  const auto found =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.name == name; });
  return found == kRows.end() ? std::string_view() : found->text;
}

bool is_address(AttributeName name) {
  return name == kHref || name == kSrc || name == kCite;
}

}  // namespace templates
