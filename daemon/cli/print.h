// What people see on a terminal: tables with aligned columns, colour where there is a terminal.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

namespace cli {

class Table {
 public:
  explicit Table(std::vector<std::string> heads) : heads_(std::move(heads)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string text() const;  // columns as wide as they need; the last one is not filled up

 private:
  std::vector<std::string> heads_;
  std::vector<std::vector<std::string>> rows_;
};

enum class Colour { plain, good, warning, bad, faint, strong };
std::string painted(const std::string& text, Colour colour);  // plain where standard output is no terminal

// A member as text: "" where it is missing or null.
std::string text_of(const boost::json::object& object, const char* key);
std::string joined(const boost::json::object& object, const char* key, const std::string& between);

}  // namespace cli
