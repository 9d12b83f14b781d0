#include "templates/template_set.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "templates/template_link.h"
#include "templates/template_parser.h"
#include "templates/template_sources.h"

namespace templates {
namespace {

constexpr std::size_t kMostReserved = 1u << 18;

// Texts of a page's variables one and two levels deep: most of what it will hold.
std::size_t text_bytes(const boost::json::object& variables, int levels) {
  std::size_t bytes = 0;
  for (const auto& each : variables) {
    const boost::json::value& value = each.value();
    if (value.is_string()) bytes += value.get_string().size();
    if (value.is_object() && levels > 1) bytes += text_bytes(value.get_object(), levels - 1);
  }
  return bytes;
}

std::vector<std::string_view> keys_of(const auto& map) {
  std::vector<std::string_view> keys;
  keys.reserve(map.size());
  for (const auto& each : map) keys.push_back(each.first);
  return keys;
}

}  // namespace

struct TemplateSet::Impl {
  Templates templates;
  std::map<std::string, std::string, std::less<>> files;
  std::size_t template_bytes = 0;

  explicit Impl(ThemeSources sources) {
    for (auto& [name, source] : sources) {
      if (is_template(name)) {
        std::string text = clean_text(std::move(source.text), source.shown);
        template_bytes = std::max(template_bytes, text.size());
        templates[name] = parse_template(name, std::move(source.shown), std::move(text));
      } else {
        files[name] = std::move(source.text);
      }
    }
    link_templates(templates);
  }
};

namespace {

ThemeSources by_name(std::vector<Source> sources) {
  ThemeSources named;
  for (Source& source : sources) named[source.name] = {source.name, std::move(source.text)};
  return named;
}

}  // namespace

std::vector<TemplateError> theme_faults(const std::filesystem::path& overlay) try {
  std::vector<TemplateError> faults;
  Templates templates;
  std::set<std::string, std::less<>> broken;
  for (auto& [name, source] : theme_sources(overlay)) {
    if (!is_template(name)) continue;
    try {
      std::string text = clean_text(source.text, source.shown);
      templates[name] = parse_template(name, source.shown, std::move(text));
    } catch (const TemplateError& error) {
      broken.insert(name);
      faults.push_back(error);
    }
  }
  const std::vector<TemplateError> links = link_faults(templates, broken);
  faults.insert(faults.end(), links.begin(), links.end());
  return faults;
} catch (const TemplateError& error) {
  return {error};
}

TemplateSet::TemplateSet(const std::filesystem::path& overlay)
    : impl_(std::make_unique<Impl>(theme_sources(overlay))) {}
TemplateSet::TemplateSet(std::vector<Source> sources)
    : impl_(std::make_unique<Impl>(by_name(std::move(sources)))) {}
TemplateSet::~TemplateSet() = default;
TemplateSet::TemplateSet(TemplateSet&&) noexcept = default;
TemplateSet& TemplateSet::operator=(TemplateSet&&) noexcept = default;

bool TemplateSet::has(std::string_view name) const {
  return impl_->templates.contains(name) || impl_->files.contains(name);
}

std::string_view TemplateSet::file(std::string_view name) const {
  const auto found = impl_->files.find(name);
  if (found != impl_->files.end()) return found->second;
  throw TemplateError(std::string(name), 0, 0,
                      "the theme has no such file; " + suggestion(name, keys_of(impl_->files)));
}

std::string TemplateSet::render(std::string_view name, const boost::json::object& variables,
                                std::size_t max_output) const {
  const auto found = impl_->templates.find(name);
  if (found == impl_->templates.end()) {
    throw TemplateError(std::string(name), 0, 0,
                        "the theme has no such template; " + suggestion(name, keys_of(impl_->templates)));
  }
  const std::size_t expected = std::min(kMostReserved, impl_->template_bytes * 2 + text_bytes(variables, 2));
  Rendering rendering(variables, max_output, expected);
  found->second->render(rendering);
  return rendering.take_output();
}

}  // namespace templates
