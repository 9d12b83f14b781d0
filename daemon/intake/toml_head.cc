#include <sstream>

#include <toml++/toml.h>

#include "intake/head_value.h"

namespace intake {
namespace {

constexpr int kDeepest = 16;
constexpr std::string_view kCurly = "\xE2\x80\x9C";

class TomlHead {
 public:
  TomlHead(std::size_t first_line, const std::string& file, std::vector<model::Problem>& problems)
      : first_line_(first_line), file_(file), problems_(problems) {}

  Place place(const toml::source_region& region) const {
    return {region.begin.line + first_line_ - 1, region.begin.column};
  }

  void report(Place at, std::string what, std::string todo) {
    problems_.push_back({file_, at.line, at.column, std::move(what), std::move(todo)});
  }

  HeadValue value_of(const toml::node& node, int depth) {
    HeadValue value;
    value.place = place(node.source());
    if (depth > kDeepest) {
      report(value.place, "values are nested more than 16 deep", "use plain values");
      return value;
    }
    if (const auto* table = node.as_table()) {
      value.kind = HeadValue::Kind::map;
      for (const auto& [key, member] : *table) {
        value.members.push_back({std::string(key.str()), place(key.source()), value_of(member, depth + 1)});
      }
    } else if (const auto* array = node.as_array()) {
      value.kind = HeadValue::Kind::list;
      for (const auto& item : *array) value.items.push_back(value_of(item, depth + 1));
    } else {
      scalar(node, value);
    }
    return value;
  }

 private:
  template <class T>
  static std::string printed(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
  }

  static void scalar(const toml::node& node, HeadValue& value) {
    using Kind = HeadValue::Kind;
    if (const auto* text = node.as_string()) {
      value.kind = Kind::text;
      value.text = text->get();
    } else if (const auto* flag = node.as_boolean()) {
      value.kind = Kind::flag;
      value.text = flag->get() ? "true" : "false";
    } else if (const auto* number = node.as_integer()) {
      value.kind = Kind::number;
      value.text = std::to_string(number->get());
    } else if (const auto* real = node.as_floating_point()) {
      value.kind = Kind::number;
      value.text = printed(real->get());
    } else if (const auto* date = node.as_date()) {
      value.kind = Kind::date;
      value.text = printed(date->get());
    } else if (const auto* moment = node.as_date_time()) {
      value.kind = Kind::date;
      value.text = printed(moment->get());
    } else if (const auto* time = node.as_time()) {
      value.kind = Kind::text;
      value.text = printed(time->get());
    }
  }

  std::size_t first_line_;
  const std::string& file_;
  std::vector<model::Problem>& problems_;
};

}  // namespace

HeadValue parse_toml_head(std::string_view source, std::size_t first_line, const std::string& file,
                          std::vector<model::Problem>& problems) {
  TomlHead head(first_line, file, problems);
  HeadValue top;
  top.kind = HeadValue::Kind::map;
  try {
    const toml::table table = toml::parse(source);
    top = head.value_of(table, 0);
    std::stable_sort(top.members.begin(), top.members.end(),
                     [](const HeadMember& a, const HeadMember& b) { return a.place.line < b.place.line; });
  } catch (const toml::parse_error& error) {
    const Place at = head.place(error.source());
    std::size_t offset = 0;
    for (std::size_t line = first_line; line < at.line; ++line) offset = line_at(source, offset).next;
    if (line_at(source, offset).text.find(kCurly) != std::string_view::npos) {
      head.report(at, "curly quotes round a value", "write straight quotes: \"...\"");
    } else {
      head.report(at, "the front matter can't be read: " + std::string(error.description()),
                  "write key = \"value\" lines");
    }
  }
  return top;
}

}  // namespace intake
