#include "templates/template_set.h"

namespace templates {
namespace {

std::string message(const std::string& file, std::size_t line, std::size_t column, const std::string& what) {
  if (line == 0) return file + ": " + what;
  return file + ':' + std::to_string(line) + ':' + std::to_string(column) + ": " + what;
}

}  // namespace

TemplateError::TemplateError(std::string file, std::size_t line, std::size_t column, const std::string& what)
    : std::runtime_error(message(file, line, column, what)),
      file_(std::move(file)),
      line_(line),
      column_(column) {}

}  // namespace templates
