#include "cli/print.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <numeric>

#include "cli/columns.h"
#include "intake/text.h"

namespace cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastColumn = 8;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

// Takes from the widest until the line fits; last of all from the first, by which a row is known.
void narrow(std::vector<std::size_t>& widths, std::size_t room) {
  std::size_t sum = std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  for (; sum > room; --sum) {
    auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (widest == widths.end() || *widest <= kLeastColumn) widest = widths.begin();
    if (*widest <= kLeastColumn) return;
    --*widest;
  }
}

bool coloured() {
  static const bool wanted = on_terminal() && std::getenv("NO_COLOR") == nullptr;
  return wanted;
}

void add_line(std::string& out, const std::vector<std::string>& cells,
              const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = cut_to(cells[i], widths[i]);
    out += cell;
    if (i + 1 == cells.size()) break;
    out.append(widths[i] - columns(cell) + kGap, ' ');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

}  // namespace

bool on_terminal() {
  static const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  return terminal;
}

std::optional<std::size_t> terminal_width(int descriptor) {
  if (::isatty(descriptor) != 1) return std::nullopt;
  winsize size{};
  const bool told = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return told ? size.ws_col : kNoLimit;
}

void remark(const std::string& line) {
  (on_terminal() ? std::cout : std::cerr) << line << '\n';
}

std::string Table::text() const {
  const auto room = terminal_width(STDOUT_FILENO);
  return room ? text(*room) : rows();
}

std::string Table::rows() const {
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "\t") + row[i];
    out += '\n';
  }
  return out;
}

std::string Table::text(std::size_t room) const {
  std::vector<std::size_t> widths;
  for (const std::string& head : heads_) widths.push_back(columns(head));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], columns(row[i]));
  }
  narrow(widths, room);
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
  if (value->is_string()) return intake::escaped_bytes(value->as_string());
  return boost::json::serialize(*value);
}

std::string shown(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    out += intake::escaped_bytes(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string halted_for_people(const std::string& why) {
  // A file is taken away, safe mode says it itself.
  const bool said =
      why.starts_with("a file named STOP") || why.find("`fridayctl resume`") != std::string::npos;
  return said ? why : why + "; `fridayctl resume` goes on";
}

std::string joined(const boost::json::object& object, const char* key, const std::string& between) {
  const boost::json::value* value = object.if_contains(key);
  std::string out;
  if (value == nullptr || !value->is_array()) return out;
  for (const boost::json::value& each : value->as_array()) {
    if (!each.is_string()) continue;
    if (!out.empty()) out += between;
    out += intake::escaped_bytes(each.as_string());
  }
  return out;
}

}  // namespace cli
