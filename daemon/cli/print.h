// What people see on a terminal: tables with aligned columns, and colour. Where standard output is none, a
// program reads it: rows alone, tabs between their cells.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace cli {

class Table {
 public:
  explicit Table(std::vector<std::string> heads) : heads_(std::move(heads)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string text() const;  // as one of the two below
  // Under heads, columns as wide as they need, but no line wider than `room`; the last one is not filled up.
  std::string text(std::size_t room) const;
  // Whole cells, no heads.
  std::string rows() const;

 private:
  std::vector<std::string> heads_;
  std::vector<std::vector<std::string>> rows_;
};

bool on_terminal();  // whether standard output is one
// Its columns; nothing where `descriptor` is no terminal.
std::optional<std::size_t> terminal_width(int descriptor);
// A line about what is shown, which is no part of it: to standard error where that is read by a program.
void remark(const std::string& line);

enum class Colour { plain, good, warning, bad, faint, strong };
std::string painted(const std::string& text, Colour colour);  // plain where standard output is no terminal

// A text that came from elsewhere, for a terminal: control characters are escaped, but for the ends of lines.
std::string shown(std::string_view text);

// Why nothing is sent, as the API says it, and what ends that.
std::string halted_for_people(const std::string& why);

// A member as text for people, control characters escaped: "" where it is missing or null.
std::string text_of(const boost::json::object& object, const char* key);
std::string joined(const boost::json::object& object, const char* key, const std::string& between);

}  // namespace cli
