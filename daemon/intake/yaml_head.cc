#include <yaml.h>

#include <algorithm>
#include <optional>
#include <set>

#include "intake/head_value.h"

namespace intake {
namespace {

constexpr int kDeepest = 16;

// Ends the reading of a head; the problem was recorded.
struct Broken {};

class Event {
 public:
  explicit Event(yaml_parser_t& parser) : valid_(yaml_parser_parse(&parser, &event_) != 0) {}
  ~Event() {
    if (valid_) yaml_event_delete(&event_);
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool valid() const { return valid_; }
  const yaml_event_t& get() const { return event_; }
  yaml_event_type_t type() const { return event_.type; }

 private:
  yaml_event_t event_{};
  bool valid_;
};

std::string scalar_text(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  return {reinterpret_cast<const char*>(scalar.value), scalar.length};
}

// "title" of a line "title: Sales: the truth", with what follows the colon.
struct KeyLine {
  std::string key;
  std::string value;
};
std::optional<KeyLine> key_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string key = trimmed(line.substr(0, colon));
  if (key.empty() || key.find_first_of(" \"'#-{[") != std::string::npos) return std::nullopt;
  return KeyLine{std::move(key), trimmed(line.substr(colon + 1))};
}

class YamlHead {
 public:
  YamlHead(std::string_view source, std::size_t first_line, const std::string& file,
           std::vector<model::Problem>& problems)
      : source_(source), first_line_(first_line), file_(file), problems_(problems) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(source.data()),
                                 source.size());
  }
  ~YamlHead() { yaml_parser_delete(&parser_); }
  YamlHead(const YamlHead&) = delete;
  YamlHead& operator=(const YamlHead&) = delete;

  HeadValue read() {
    HeadValue top;
    top.kind = HeadValue::Kind::map;
    try {
      for (;;) {
        const Event event(parser_);
        check(event);
        if (event.type() == YAML_STREAM_END_EVENT) return top;
        if (event.type() == YAML_MAPPING_START_EVENT) {
          refuse_marks(event.get(), event.get().data.mapping_start.anchor,
                       event.get().data.mapping_start.tag);
          read_map(top, 1);
        } else if (event.type() == YAML_SCALAR_EVENT || event.type() == YAML_SEQUENCE_START_EVENT) {
          fail(place(event.get().start_mark), "the front matter is no list of 'key: value' lines",
               "begin each line with a key, such as title: ...");
        } else if (event.type() == YAML_ALIAS_EVENT) {
          refuse_alias(event.get());
        }
      }
    } catch (const Broken&) {
      // The value in which the fault stands was not read as it was meant.
      const std::size_t line = problems_.back().line;
      std::erase_if(top.members, [line](const HeadMember& member) { return member.place.line == line; });
      return top;
    }
  }

 private:
  Place place(const yaml_mark_t& mark) const { return {mark.line + first_line_, mark.column + 1}; }

  void report(Place at, std::string what, std::string todo) {
    problems_.push_back({file_, at.line, at.column, std::move(what), std::move(todo)});
  }
  [[noreturn]] void fail(Place at, std::string what, std::string todo) {
    report(at, std::move(what), std::move(todo));
    throw Broken();
  }

  std::string_view source_line(std::size_t number) const {
    std::size_t offset = 0;
    for (std::size_t line = 0; line < number && offset < source_.size(); ++line) {
      offset = line_at(source_, offset).next;
    }
    return line_at(source_, offset).text;
  }

  void check(const Event& event) {
    if (!event.valid()) fail_with_parser_error();
  }

  // libyaml's own words mean nothing to an author: the usual slips are told in his.
  [[noreturn]] void fail_with_parser_error() {
    const std::string problem = parser_.problem != nullptr ? parser_.problem : "it can't be read";
    const yaml_mark_t& mark = parser_.problem_mark;
    const Place at = place(mark);
    const std::string_view line = source_line(mark.line);
    const auto pair = key_line(line);
    if (parser_.context != nullptr && std::string_view(parser_.context) == "while scanning a quoted scalar") {
      fail(place(parser_.context_mark), "a quote that is not closed",
           "close it, or write the text without quotes");
    }
    if (problem == "mapping values are not allowed in this context" && pair && !pair->value.empty()) {
      fail(at, "the value of '" + pair->key + "' holds a colon", in_quotes(*pair));
    }
    if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos) {
      fail(at, "a tab at the beginning of a line", "use spaces");
    }
    if (pair && pair->value.find_first_of("\"'[{@`%*&!|>") == 0) {
      fail(at, "the value of '" + pair->key + "' begins with " + pair->value.front(), in_quotes(*pair));
    }
    fail(at, "the front matter can't be read: " + problem,
         "write 'key: value' lines, and close the front matter with a line ---");
  }

  static std::string in_quotes(const KeyLine& pair) {
    return "put the " + pair.key + " in quotes: " + pair.key + ": " + quoted_value(pair.value);
  }

  [[noreturn]] void refuse_alias(const yaml_event_t& event) {
    const auto pair = key_line(source_line(event.start_mark.line));
    fail(place(event.start_mark), "a value can't begin with *",
         pair ? in_quotes(*pair) : std::string("put it in quotes"));
  }
  void refuse_marks(const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (anchor == nullptr && tag == nullptr) return;
    const auto pair = key_line(source_line(event.start_mark.line));
    fail(place(event.start_mark), std::string("a value can't begin with ") + (tag != nullptr ? '!' : '&'),
         pair ? in_quotes(*pair) : std::string("put it in quotes"));
  }

  HeadValue read_value(const Event& event, int depth) {
    if (depth > kDeepest) {
      fail(place(event.get().start_mark), "values are nested more than 16 deep", "use plain values");
    }
    HeadValue value;
    value.place = place(event.get().start_mark);
    switch (event.type()) {
      case YAML_SCALAR_EVENT:
        read_scalar(event.get(), value);
        break;
      case YAML_SEQUENCE_START_EVENT:
        refuse_marks(event.get(), event.get().data.sequence_start.anchor,
                     event.get().data.sequence_start.tag);
        read_list(value, depth);
        break;
      case YAML_MAPPING_START_EVENT:
        refuse_marks(event.get(), event.get().data.mapping_start.anchor, event.get().data.mapping_start.tag);
        value.kind = HeadValue::Kind::map;
        read_map(value, depth);
        break;
      default:
        refuse_alias(event.get());
    }
    return value;
  }

  void read_scalar(const yaml_event_t& event, HeadValue& value) {
    const auto& scalar = event.data.scalar;
    refuse_marks(event, scalar.anchor, scalar.tag);
    value.text = scalar_text(event);
    if (scalar.style != YAML_PLAIN_SCALAR_STYLE) {
      value.kind = HeadValue::Kind::text;
      return;
    }
    const std::string small = lower(value.text);
    const bool nothing = small.empty() || small == "~" || small == "null";
    value.kind = nothing ? HeadValue::Kind::nothing : HeadValue::Kind::plain;
    refuse_comment_in_text(event, value);
  }

  // "title: We are #1" ends at the space for YAML; the author would lose words without being told.
  void refuse_comment_in_text(const yaml_event_t& event, const HeadValue& value) {
    const std::string_view line = source_line(event.end_mark.line);
    const std::size_t hash = line.find(" #");
    if (value.text.empty() || hash == std::string_view::npos || hash + 2 >= line.size()) return;
    const std::size_t end = std::min<std::size_t>(event.end_mark.index, source_.size());
    const std::string rest = trimmed(line_at(source_, byte_of(end)).text);
    if (!rest.starts_with('#') || rest.size() < 2 || rest[1] == ' ' || rest[1] == '#') return;
    const auto pair = key_line(line);
    report(place(event.end_mark), "what follows the # is lost, it begins a comment",
           pair ? in_quotes(*pair) : std::string("put the value in quotes"));
  }

  // libyaml counts characters.
  std::size_t byte_of(std::size_t character) const {
    std::size_t offset = 0;
    for (; offset < source_.size(); ++offset) {
      const bool starts = (static_cast<unsigned char>(source_[offset]) & 0xC0U) != 0x80U;
      if (starts && character-- == 0) break;
    }
    return offset;
  }

  void read_list(HeadValue& list, int depth) {
    list.kind = HeadValue::Kind::list;
    for (;;) {
      const Event event(parser_);
      check(event);
      if (event.type() == YAML_SEQUENCE_END_EVENT) return;
      list.items.push_back(read_value(event, depth + 1));
    }
  }

  void read_map(HeadValue& map, int depth) {
    std::set<std::string> seen;
    for (;;) {
      const Event key(parser_);
      check(key);
      if (key.type() == YAML_MAPPING_END_EVENT) return;
      if (key.type() == YAML_ALIAS_EVENT) refuse_alias(key.get());
      const Place at = place(key.get().start_mark);
      if (key.type() != YAML_SCALAR_EVENT) fail(at, "a key has to be a word", "write key: value");
      refuse_marks(key.get(), key.get().data.scalar.anchor, key.get().data.scalar.tag);
      std::string name = scalar_text(key.get());
      // Those of the top level are told with their case ignored, where keys are sorted out.
      if (depth > 1 && !seen.insert(name).second)
        fail(at, "the key '" + name + "' stands twice", "keep one of them");
      const Event event(parser_);
      check(event);
      map.members.push_back({std::move(name), at, read_value(event, depth + 1)});
    }
  }

  yaml_parser_t parser_{};
  std::string_view source_;
  std::size_t first_line_;
  const std::string& file_;
  std::vector<model::Problem>& problems_;
};

}  // namespace

HeadValue parse_yaml_head(std::string_view source, std::size_t first_line, const std::string& file,
                          std::vector<model::Problem>& problems) {
  return YamlHead(source, first_line, file, problems).read();
}

}  // namespace intake
