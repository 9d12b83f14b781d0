// What the tests of templates share: one template rendered in one line, and the text of its fault.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "templates/template_set.h"

namespace templates {

inline TemplateSet set_of(std::vector<Source> sources) {
  return TemplateSet(std::move(sources));
}

// `text` as t.KIND.j2 with the variables of a JSON text.
inline std::string render(std::string text, std::string_view variables = "{}",
                          const std::string& kind = "html") {
  const std::string name = "t." + kind + ".j2";
  const TemplateSet set = set_of({{name, std::move(text)}});
  return set.render(name, boost::json::parse({variables.data(), variables.size()}).as_object());
}

template <class Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const TemplateError& error) {
    return error.what();
  }
  return "no error";
}

inline std::string render_error(std::string text, std::string_view variables = "{}") {
  return error_of([&] { render(std::move(text), variables); });
}

inline std::string set_error(std::vector<Source> sources) {
  return error_of([&] { const TemplateSet set(std::move(sources)); });
}

// `text` over and over.
inline std::string times(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace templates
