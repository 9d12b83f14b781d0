// The theme: the built-in templates, with single files overlaid by those of a folder. Every template is
// compiled once, when the set is made. Immutable afterwards, so that all threads may render.
//
// The language is a strict subset of Jinja: docs/templates.md lists it. Values are JSON. An undefined
// name is an error with file, line and column, never an empty string.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace templates {

// what() is "file:line:col: what; what to do".
class TemplateError : public std::runtime_error {
 public:
  TemplateError(std::string file, std::size_t line, std::size_t column, const std::string& what);
  const std::string& file() const { return file_; }
  std::size_t line() const { return line_; }
  std::size_t column() const { return column_; }

 private:
  std::string file_;
  std::size_t line_;
  std::size_t column_;
};

struct Source {
  std::string name;  // "blog/post.html.j2": the part before .j2 says how values are escaped
  std::string text;
};

// All that keeps the theme with this overlay from being compiled, the first fault of each file; empty:
// nothing.
std::vector<TemplateError> theme_faults(const std::filesystem::path& overlay);

class TemplateSet {
 public:
  // The built-in theme, overlaid by the files under `overlay` (empty: none) that have the same names;
  // files with other names can be included. Throws TemplateError for the first that does not compile.
  explicit TemplateSet(const std::filesystem::path& overlay);
  explicit TemplateSet(std::vector<Source> sources);
  ~TemplateSet();
  TemplateSet(TemplateSet&&) noexcept;
  TemplateSet& operator=(TemplateSet&&) noexcept;

  bool has(std::string_view name) const;
  // A file of the theme that is no template (a stylesheet), as it stands; throws if it is missing.
  std::string_view file(std::string_view name) const;
  // Throws TemplateError. Output over `max_output` bytes, or over a million steps, is an error.
  std::string render(std::string_view name, const boost::json::object& variables,
                     std::size_t max_output = 32u << 20) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace templates
