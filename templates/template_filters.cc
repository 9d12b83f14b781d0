#include "templates/template_filters.h"

#include <algorithm>
#include <array>

#include "templates/template_colour.h"
#include "templates/template_dates.h"
#include "templates/template_place.h"

namespace templates {

namespace json = boost::json;

namespace {

using Arguments = std::vector<Value>;

constexpr std::string_view kBlanks = " \t\r\n\f\v";

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::string_view text_of(const Value& value, std::string_view what = "it") {
  if (value.is_text()) return value.text();
  throw ValueProblem(std::string(what) + " needs a text, not " + std::string(kind_name(value)));
}

const json::array& list_of(const Value& value, std::string_view filter) {
  if (value.json().is_array()) return value.json().get_array();
  throw ValueProblem(std::string(filter) + " needs a list, not " + std::string(kind_name(value)));
}

Value safe(const Value& input, const Arguments&) {
  return input.as_safe();
}

// Only the letters A to Z: what stands in other scripts stays.
template <class Change>
Value changed(const Value& input, std::string_view filter, Change change) {
  std::string text(text_of(input, filter));
  std::transform(text.begin(), text.end(), text.begin(), change);
  return Value::of(text);
}

Value upper(const Value& input, const Arguments&) {
  return changed(input, "upper", [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
}

Value lower(const Value& input, const Arguments&) {
  return changed(input, "lower", [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

Value trim(const Value& input, const Arguments&) {
  std::string_view text = text_of(input, "trim");
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  return Value::of(text).as_safe(input.safe());
}

Value length(const Value& input, const Arguments&) {
  const json::value& value = input.json();
  std::ptrdiff_t count = 0;
  if (input.is_text()) {
    const std::string_view text = input.text();
    count = std::count_if(text.begin(), text.end(), begins_character);
  } else if (value.is_array()) {
    count = static_cast<std::ptrdiff_t>(value.get_array().size());
  } else if (value.is_object()) {
    count = static_cast<std::ptrdiff_t>(value.get_object().size());
  } else {
    throw ValueProblem("length needs a text, a list or an object, not " + std::string(kind_name(input)));
  }
  return Value::of(std::int64_t{count});
}

Value join(const Value& input, const Arguments& arguments) {
  const std::string_view separator =
      arguments.empty() ? std::string_view() : text_of(arguments[0], "join's separator");
  std::string text;
  bool first = true;
  for (const json::value& each : list_of(input, "join")) {
    if (!first) text += separator;
    first = false;
    text += printed(Value::borrowed(each));
  }
  return Value::of(text);
}

Value first(const Value& input, const Arguments&) {
  const json::array& list = list_of(input, "first");
  if (list.empty()) throw ValueProblem("an empty list has no first; test it with if");
  return Value::part(input, list.front());
}

Value last(const Value& input, const Arguments&) {
  const json::array& list = list_of(input, "last");
  if (list.empty()) throw ValueProblem("an empty list has no last; test it with if");
  return Value::part(input, list.back());
}

std::size_t characters(const Value& value) {
  const json::value& number = value.json();
  if (number.is_int64() && number.get_int64() > 0) return static_cast<std::size_t>(number.get_int64());
  throw ValueProblem("truncate needs a whole number over 0");
}

// At most `most` characters, the ellipsis included, cut at a word where there is one.
Value truncate(const Value& input, const Arguments& arguments) {
  const std::string_view text = text_of(input, "truncate");
  const std::size_t most = characters(arguments[0]);
  std::size_t count = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!begins_character(text[i])) continue;
    if (++count == most) cut = i;
    if (count > most) break;
  }
  if (count <= most) return input;
  std::string_view kept = text.substr(0, cut);
  const bool whole_word = kBlanks.find(text[cut]) != std::string_view::npos;
  const std::size_t blank = kept.find_last_of(kBlanks);
  if (!whole_word && blank != std::string_view::npos) kept = kept.substr(0, blank);
  kept = kept.substr(0, kept.find_last_not_of(kBlanks) + 1);
  return Value::of(std::string(kept) + "\xE2\x80\xA6");
}

Value date(const Value& input, const Arguments& arguments) {
  return Value::of(formatted_date(text_of(input, "date"), text_of(arguments[0], "date's pattern")));
}

Value urlencode(const Value& input, const Arguments&) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string text;
  for (const char c : printed(input)) {
    if (kPlain.find(c) != std::string_view::npos) {
      text += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text += '%';
      text += kDigits[byte / 16];
      text += kDigits[byte % 16];
    }
  }
  return Value::of(text);
}

// Printable ASCII that neither JSON nor a script element reads as more than itself.
constexpr auto kPlainInJson = [] {
  std::array<bool, 256> plain{};
  for (unsigned char c = ' '; c < 0x7F; ++c)
    plain[c] = std::string_view("\"\\<>&'").find(static_cast<char>(c)) == std::string_view::npos;
  return plain;
}();

bool is_plain_in_json(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return kPlainInJson[static_cast<unsigned char>(c)]; });
}

// Nothing in it can end a script element or begin a comment.
Value to_json(const Value& input, const Arguments&) {
  if (input.is_text() && is_plain_in_json(input.text())) return Value::of(quoted(input.text())).as_safe();
  const std::string plain = json::serialize(input.json());
  std::string text;
  text.reserve(plain.size() + plain.size() / 8);
  for (const char c : plain) {
    switch (c) {
      case '<':
        text += "\\u003c";
        break;
      case '>':
        text += "\\u003e";
        break;
      case '&':
        text += "\\u0026";
        break;
      case '\'':
        text += "\\u0027";
        break;
      default:
        text += c;
    }
  }
  return Value::of(text).as_safe();
}

Value readable(const Value& input, const Arguments& arguments) {
  return Value::of(readable_colour(text_of(input, "readable"), text_of(arguments[0], "readable's ground")));
}

constexpr std::array kFilters = {
    Filter{"date", 1, 1, date},           Filter{"first", 0, 0, first},       Filter{"join", 0, 1, join},
    Filter{"json", 0, 0, to_json},        Filter{"last", 0, 0, last},         Filter{"length", 0, 0, length},
    Filter{"lower", 0, 0, lower},         Filter{"readable", 1, 1, readable}, Filter{"safe", 0, 0, safe},
    Filter{"trim", 0, 0, trim},           Filter{"truncate", 1, 1, truncate}, Filter{"upper", 0, 0, upper},
    Filter{"urlencode", 0, 0, urlencode},
};

}  // namespace

const Filter* find_filter(std::string_view name) {
  const auto filter = std::find_if(kFilters.begin(), kFilters.end(),
                                   [name](const Filter& each) { return each.name == name; });
  return filter == kFilters.end() ? nullptr : &*filter;
}

std::vector<std::string_view> filter_names() {
  std::vector<std::string_view> names{"default"};
  for (const Filter& filter : kFilters) names.push_back(filter.name);
  return names;
}

}  // namespace templates
