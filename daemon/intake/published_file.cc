#include "intake/published_file.h"

#include <algorithm>
#include <vector>

#include "intake/front_matter.h"
#include "intake/head_extent.h"
#include "intake/head_value.h"
#include "intake/utf16.h"

namespace intake {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Addition {
  std::string key;
  std::string line;
  bool written = false;
};

std::string line_end_of(std::string_view text) {
  const Line first = line_at(text, 0);
  if (first.next == first.text.size()) return "\n";
  return std::string(text.substr(first.text.size(), first.next - first.text.size()));
}

// Characters of an address that YAML takes without quotes.
bool plain_in_yaml(std::string_view address) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":/.-_~%").find(c) != std::string_view::npos;
  };
  return std::all_of(address.begin(), address.end(), plain) && address.starts_with("http");
}

std::vector<Addition> additions(char sign, const std::string& permalink, model::LocalDate date) {
  const std::string day = model::iso_date(date);
  if (sign == '=') {
    return {{"permalink", "permalink = " + quoted_value(permalink)}, {"published", "published = " + day}};
  }
  return {{"permalink", "permalink: " + (plain_in_yaml(permalink) ? permalink : quoted_value(permalink))},
          {"published", "published: " + day}};
}

// The head's lines with the additions in place of lines of the same key; the others are left unwritten.
std::string replaced_lines(std::string_view head, char sign, const std::string& end,
                           std::vector<Addition>& added) {
  std::string out;
  bool top_level = true;  // in TOML, until the first [table]
  for (std::size_t offset = 0; offset < head.size();) {
    const Line line = line_at(head, offset);
    const std::string_view whole = head.substr(offset, line.next - offset);
    offset = line.next;
    if (sign == '=' && line.text.starts_with('[')) top_level = false;
    const auto key = key_of_line(line.text, sign);
    const auto addition = std::find_if(added.begin(), added.end(), [&](const Addition& one) {
      return key && top_level && one.key == lower(*key);
    });
    if (addition == added.end()) {
      out += whole;
    } else if (!addition->written) {
      addition->written = true;
      out += addition->line + end;
    }
  }
  return out;
}

}  // namespace

std::string with_publication(std::string_view bytes, const std::string& permalink, model::LocalDate date) {
  if (const auto utf8 = is_utf16(bytes) ? utf8_of_utf16(bytes) : std::nullopt) {
    return with_publication(*utf8, permalink, date);
  }
  const std::size_t mark = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::string_view text = bytes.substr(mark);
  const std::string end = line_end_of(text);
  const HeadExtent extent = find_head(text);
  const bool toml = extent.kind == HeadExtent::Kind::toml;
  const char sign = toml ? '=' : ':';
  std::vector<Addition> added = additions(sign, permalink, date);
  std::string out(bytes.substr(0, mark));
  if (extent.kind != HeadExtent::Kind::toml && extent.kind != HeadExtent::Kind::yaml) {
    out += "---" + end;
    for (const Addition& one : added) out += one.line + end;
    return out + "---" + end + end + std::string(text);
  }
  const std::string lines =
      replaced_lines(text.substr(extent.begin, extent.end - extent.begin), sign, end, added);
  std::string missing;
  for (const Addition& one : added) {
    if (!one.written) missing += one.line + end;
  }
  out += text.substr(0, extent.begin);
  // Below a TOML [table] they would be that table's keys.
  out += toml ? missing + lines : lines + missing;
  return out + std::string(text.substr(extent.end));
}

std::string published_stem(model::LocalDate date, std::string_view slug) {
  const std::string day = model::iso_date(date);
  return day.substr(0, day.find('-', 1)) + '/' + day + '-' + std::string(slug);
}

}  // namespace intake
