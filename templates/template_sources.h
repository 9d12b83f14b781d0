// The files of a theme, before they are compiled.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace templates {

struct ThemeSource {
  std::string shown;  // in errors: the name, or the path of an overlay's file
  std::string text;
};

// By name, "blog/post.html.j2".
using ThemeSources = std::map<std::string, ThemeSource, std::less<>>;

bool is_template(std::string_view name);

// The built-in theme, with the files under `overlay` (empty: none) in place of those of the same name.
// Names beginning with "." are no part of a theme. Throws TemplateError for what can't be read.
ThemeSources theme_sources(const std::filesystem::path& overlay);

// A template's text with UTF-8 checked, a byte order mark and carriage returns taken away. Throws
// TemplateError.
std::string clean_text(std::string text, const std::string& shown);

}  // namespace templates
