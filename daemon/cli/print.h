// What people see on a terminal: tables with aligned columns, colour where there is a terminal.
#pragma once

#include <cstddef>
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
  // Columns as wide as they need, but no line wider than the terminal; the last one is not filled up.
  std::string text() const;
  std::string text(std::size_t room) const;

 private:
  std::vector<std::string> heads_;
  std::vector<std::vector<std::string>> rows_;
};

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
