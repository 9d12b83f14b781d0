#include <algorithm>
#include <tuple>

#include "config/section.h"

namespace config {

std::string FaultLine::text() const {
  std::string text = position.file;
  if (position.line > 0) text += ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
  text += ": " + what;
  if (!todo.empty()) text += "; " + todo;
  return text;
}

void Faults::add(const Position& position, std::string what, std::string todo) {
  lines_->push_back({position, std::move(what), std::move(todo)});
}

std::vector<FaultLine> Faults::sorted() const {
  std::vector<FaultLine> sorted = *lines_;
  const auto key = [](const FaultLine& line) {
    return std::tie(line.position.file, line.position.line, line.position.column, line.what, line.todo);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](const FaultLine& left, const FaultLine& right) { return key(left) < key(right); });
  const auto same = [&](const FaultLine& left, const FaultLine& right) { return key(left) == key(right); };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

std::string Faults::text() const {
  std::string text;
  for (const FaultLine& line : sorted()) text += line.text() + '\n';
  return text;
}

}  // namespace config
