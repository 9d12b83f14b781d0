#include "cli/print.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace cli {
namespace {

// Characters, as far as UTF-8 tells; escape sequences take no room.
std::size_t width(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      i = std::min(text.find('m', i), text.size());
      continue;
    }
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++count;
  }
  return count;
}

bool coloured() {
  static const bool terminal = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return terminal;
}

void add_line(std::string& out, const std::vector<std::string>& cells,
              const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out += cells[i];
    if (i + 1 == cells.size()) break;
    out.append(widths[i] - width(cells[i]) + 2, ' ');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

}  // namespace

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const std::string& head : heads_) widths.push_back(width(head));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i]));
  }
  std::vector<std::string> heads;
  for (const std::string& head : heads_) heads.push_back(painted(head, Colour::faint));
  std::string out;
  add_line(out, heads, widths);
  for (const auto& row : rows_) add_line(out, row, widths);
  return out;
}

std::string painted(const std::string& text, Colour colour) {
  if (!coloured() || text.empty()) return text;
  const char* code = "0";
  switch (colour) {
    case Colour::plain:
      return text;
    case Colour::good:
      code = "32";
      break;
    case Colour::warning:
      code = "33";
      break;
    case Colour::bad:
      code = "31";
      break;
    case Colour::faint:
      code = "2";
      break;
    case Colour::strong:
      code = "1";
      break;
  }
  return std::string("\033[") + code + 'm' + text + "\033[0m";
}

std::string text_of(const boost::json::object& object, const char* key) {
  const boost::json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  if (value->is_string()) return std::string(value->as_string());
  return boost::json::serialize(*value);
}

std::string joined(const boost::json::object& object, const char* key, const std::string& between) {
  const boost::json::value* value = object.if_contains(key);
  std::string out;
  if (value == nullptr || !value->is_array()) return out;
  for (const boost::json::value& each : value->as_array()) {
    if (!each.is_string()) continue;
    if (!out.empty()) out += between;
    out += std::string(each.as_string());
  }
  return out;
}

}  // namespace cli
