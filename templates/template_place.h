// Where something stands in a template, and how its faults are told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace templates {

struct Place {
  const std::string* file = nullptr;  // as people are shown it; owned by the Template
  std::size_t line = 1;
  std::size_t column = 1;
};

// Throws TemplateError.
[[noreturn]] void fail(const Place& place, const std::string& what);

std::string quoted(std::string_view text);

// "did you mean "title"?", or else "there is author, title, url".
std::string suggestion(std::string_view wrong, const std::vector<std::string_view>& known);

}  // namespace templates
