// The filters: what stands after a | in a template.
#pragma once

#include <string_view>
#include <vector>

#include "templates/template_value.h"

namespace templates {

struct Filter {
  std::string_view name;
  std::size_t least_arguments;
  std::size_t most_arguments;
  // Throws ValueProblem.
  Value (*apply)(const Value& input, const std::vector<Value>& arguments);
};

// nullptr: there is no such filter. `default` is none of them: the parser makes it a node of its own.
const Filter* find_filter(std::string_view name);
std::vector<std::string_view> filter_names();

}  // namespace templates
