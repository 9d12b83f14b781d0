#include "intake/front_matter.h"

#include <charconv>
#include <functional>
#include <optional>
#include <set>

#include "intake/head_extent.h"
#include "intake/head_keys.h"
#include "intake/head_value.h"

namespace intake {
namespace {

using Kind = HeadValue::Kind;

constexpr int kMostPriority = 1000000;

std::optional<bool> flag_of(const HeadValue& value) {
  if (value.kind != Kind::plain && value.kind != Kind::text && value.kind != Kind::flag) return std::nullopt;
  const std::string word = lower(trimmed(value.text));
  if (word == "true" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "no" || word == "off") return false;
  return std::nullopt;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "2026-11-27" alone, or the date of a date-time: "2026-11-27T08:00:00+01:00", "2026-11-27 08:00".
std::optional<model::LocalDate> date_of(const std::string& text) {
  constexpr std::size_t kDateLength = 10;
  const auto date = model::parse_date(std::string_view(text).substr(0, kDateLength));
  if (!date || text.size() == kDateLength) return date;
  const char separator = text[kDateLength];
  if (separator != 'T' && separator != 't' && separator != ' ') return std::nullopt;
  const std::string time = trimmed(std::string_view(text).substr(kDateLength + 1));
  const bool clock =
      time.size() >= 4 && time[0] >= '0' && time[0] <= '9' && time.find(':') != std::string::npos;
  if (!clock || time.find_first_not_of("0123456789:.,+-Zz ") != std::string::npos) return std::nullopt;
  return date;
}

boost::json::value json_of(const HeadValue& value) {
  switch (value.kind) {
    case Kind::nothing:
      return nullptr;
    case Kind::list: {
      boost::json::array list;
      for (const HeadValue& item : value.items) list.push_back(json_of(item));
      return list;
    }
    case Kind::map: {
      boost::json::object map;
      for (const HeadMember& member : value.members) map[member.key] = json_of(member.value);
      return map;
    }
    case Kind::plain:
    case Kind::number:
      if (const auto whole = number_of<std::int64_t>(value.text)) return *whole;
      if (value.text.find_first_not_of("0123456789.+-eE") == std::string::npos) {
        if (const auto real = number_of<double>(value.text)) return *real;
      }
      break;
    default:
      break;
  }
  if (value.kind == Kind::plain || value.kind == Kind::flag) {
    if (const auto flag = flag_of(value)) return *flag;
  }
  return boost::json::string(value.text);
}

// Makes a FrontMatter of the values, key by key.
class HeadReader {
 public:
  HeadReader(Head& head, const std::string& file) : head_(head), file_(file) {}

  void read(const HeadValue& map) {
    std::map<std::string, std::size_t> lines;
    for (const HeadMember& member : map.members) {
      const std::string key = lower(member.key);
      const auto [at, first] = lines.emplace(key, member.place.line);
      if (!first) {
        problem(member.place,
                "the key '" + key + "' stands twice, first in line " + std::to_string(at->second),
                "keep one of them");
        continue;
      }
      read_member(key, member);
    }
  }

 private:
  void problem(Place at, std::string what, std::string todo) {
    head_.problems.push_back({file_, at.line, at.column, std::move(what), std::move(todo)});
  }

  void read_member(const std::string& key, const HeadMember& member) {
    if (!is_known_key(key)) return read_unknown(key, member);
    if (member.value.kind == Kind::nothing) return;
    head_.places[key] = member.value.place;
    if (refuse_curly_quotes(key, member.value)) return;
    model::FrontMatter& front = head_.front;
    const HeadValue& value = member.value;
    if (key == "title") return read_text(key, value, front.title);
    if (key == "slug") return read_text(key, value, front.slug);
    if (key == "summary") return read_text(key, value, front.summary);
    if (key == "author") return read_text(key, value, front.author);
    if (key == "series") return read_text(key, value, front.series);
    if (key == "image") return read_text(key, value, front.image);
    if (key == "image_alt") return read_text(key, value, front.image_alt);
    if (key == "subject") return read_text(key, value, front.subject);
    if (key == "preheader") return read_text(key, value, front.preheader);
    if (key == "canonical") return read_address(value);
    if (key == "tags") return read_list(key, value, front.tags);
    if (key == "channels") return read_list(key, value, front.channels);
    if (key == "date") return read_date(key, value, front.date);
    if (key == "slot") return read_date(key, value, front.slot);
    if (key == "not_before") return read_date(key, value, front.not_before);
    if (key == "not_after") return read_date(key, value, front.not_after);
    if (key == "priority") return read_priority(value);
    if (key == "status") return read_status(value);
    if (key == "evergreen") return read_evergreen(value);
    read_readiness(key, value);
  }

  void read_unknown(const std::string& key, const HeadMember& member) {
    if (!is_foreign_key(key)) {
      const std::string meant = meant_key(key);
      if (!meant.empty()) {
        return problem(member.place, "unknown key '" + member.key + "'", "did you mean '" + meant + "'?");
      }
    }
    head_.front.extra[member.key] = json_of(member.value);
  }

  bool refuse_curly_quotes(const std::string& key, const HeadValue& value) {
    for (const HeadValue& item : value.items) {
      if (refuse_curly_quotes(key, item)) return true;
    }
    if (value.kind != Kind::plain || !curly_quoted(value.text)) return false;
    problem(value.place, "curly quotes round the value of '" + key + "'",
            "write straight quotes: " + quoted_value(without_curly_quotes(value.text)));
    return true;
  }

  bool refuse_control(const std::string& key, const HeadValue& value) {
    const auto at = first_control(value.text);
    const bool separator = value.text.find("\xE2\x80\xA8") != std::string::npos ||
                           value.text.find("\xE2\x80\xA9") != std::string::npos;
    if (!at && !separator) return false;
    problem(value.place, "a control character in '" + key + "'", "take it out");
    return true;
  }

  void read_text(const std::string& key, const HeadValue& value, std::string& into) {
    if (!value.scalar()) {
      return problem(value.place, "'" + key + "' has to be a text", "write " + key + ": ... on one line");
    }
    if (!refuse_control(key, value)) into = one_line(value.text);
  }

  void read_address(const HeadValue& value) {
    std::string address;
    read_text("canonical", value, address);
    if (address.empty()) return;
    const bool web = address.starts_with("https://") || address.starts_with("http://");
    if (!web || address.find_first_of(" \"<>\\") != std::string::npos) {
      return problem(value.place, "'canonical' has to be an address",
                     "write it whole, beginning with https://");
    }
    head_.front.canonical = address;
  }

  void read_list(const std::string& key, const HeadValue& value, std::vector<std::string>& into) {
    if (value.kind == Kind::map) {
      return problem(value.place, "'" + key + "' has to be a list", "write " + key + ": [one, two]");
    }
    std::vector<std::string> words;
    if (value.kind == Kind::list) {
      for (const HeadValue& item : value.items) {
        if (!item.scalar()) {
          return problem(item.place, "'" + key + "' has to be a list of words",
                         "write " + key + ": [one, two]");
        }
        if (refuse_control(key, item)) return;
        words.push_back(item.text);
      }
    } else {
      if (refuse_control(key, value)) return;
      std::size_t begin = 0;
      while (begin <= value.text.size()) {
        const std::size_t end = std::min(value.text.find(',', begin), value.text.size());
        words.push_back(value.text.substr(begin, end - begin));
        begin = end + 1;
      }
    }
    std::set<std::string> seen;
    for (const std::string& word : words) {
      std::string clean = one_line(word);
      if (!clean.empty() && seen.insert(clean).second) into.push_back(std::move(clean));
    }
  }

  void read_date(const std::string& key, const HeadValue& value, std::optional<model::LocalDate>& into) {
    if (value.scalar()) into = date_of(trimmed(value.text));
    if (into) return;
    const std::string shown = value.scalar() ? "'" + key + "' is no date: " + escaped_bytes(value.text)
                                             : "'" + key + "' has to be a date";
    problem(value.place, shown, "write it as year-month-day, such as " + key + ": 2026-11-27");
  }

  void read_priority(const HeadValue& value) {
    const auto number = value.scalar() ? number_of<int>(trimmed(value.text)) : std::nullopt;
    if (!number || *number > kMostPriority || *number < -kMostPriority) {
      return problem(value.place, "'priority' has to be a whole number",
                     "write priority: 1, higher goes first");
    }
    head_.front.priority = *number;
  }

  void read_status(const HeadValue& value) {
    const std::string status = value.scalar() ? lower(trimmed(value.text)) : std::string();
    if (status == "ready") return;
    if (status == "draft") return not_ready("status is draft");
    const std::string shown = value.scalar() ? ": " + escaped_bytes(value.text) : std::string();
    problem(value.place, "unknown status" + shown, "write status: ready or status: draft");
  }

  void read_evergreen(const HeadValue& value) {
    const auto flag = flag_of(value);
    if (!flag) return wrong_flag("evergreen", value);
    head_.front.evergreen = *flag;
  }

  // draft, publish, published
  void read_readiness(const std::string& key, const HeadValue& value) {
    // fridayd itself notes the date in a text that it put away.
    if (key == "published" && value.scalar() && date_of(trimmed(value.text))) {
      return problem(value.place, "this text was published on " + trimmed(value.text),
                     "take out the line 'published' to publish it again");
    }
    const auto flag = flag_of(value);
    if (!flag) return wrong_flag(key, value);
    const bool ready = key == "draft" ? !*flag : *flag;
    if (!ready) not_ready(key + (*flag ? " is true" : " is false"));
  }

  void wrong_flag(const std::string& key, const HeadValue& value) {
    problem(value.place, "'" + key + "' has to be yes or no",
            "write " + key + ": true or " + key + ": false");
  }

  void not_ready(std::string why) {
    head_.front.ready = false;
    if (head_.not_ready.empty()) head_.not_ready = std::move(why);
  }

  Head& head_;
  const std::string& file_;
};

}  // namespace

bool curly_quoted(std::string_view text) {
  constexpr std::string_view kOpening[] = {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E",
                                           "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9A"};
  bool opens = false;
  bool closes = false;
  for (const std::string_view quote : kOpening) {
    opens = opens || text.starts_with(quote);
    closes = closes || text.ends_with(quote);
  }
  return opens && closes && text.size() >= 6;
}

std::string without_curly_quotes(std::string_view text) {
  constexpr std::size_t kBytes = 3;
  return std::string(text.substr(kBytes, text.size() - 2 * kBytes));
}

std::string quoted_value(std::string_view text) {
  if (text.find('"') == std::string_view::npos && text.find('\\') == std::string_view::npos) {
    return '"' + std::string(text) + '"';
  }
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + '\'';
}

Head read_head(std::string_view text, const std::string& file) {
  Head head;
  const HeadExtent extent = find_head(text);
  if (extent.kind == HeadExtent::Kind::broken) {
    const Place at = place_of(text, extent.fault);
    head.problems.push_back({file, at.line, at.column, extent.what, extent.todo});
    head.unreadable = true;
    return head;
  }
  head.body = text.substr(extent.body);
  if (extent.kind == HeadExtent::Kind::none) return head;
  const std::string_view source = text.substr(extent.begin, extent.end - extent.begin);
  const auto parse = extent.kind == HeadExtent::Kind::toml ? parse_toml_head : parse_yaml_head;
  const HeadValue values = parse(source, 2, file, head.problems);
  head.unreadable = !head.problems.empty();
  HeadReader(head, file).read(values);
  head.body_line = place_of(text, extent.body).line;
  if (trimmed(head.body).empty()) {
    head.problems.push_back(
        {file, head.body_line, 1, "there is no text below the front matter", "write the post"});
  }
  return head;
}

}  // namespace intake
