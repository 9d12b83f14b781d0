// The files of the built-in theme, as they stand in templates/default, inside the program.
#pragma once

#include <string_view>
#include <vector>

namespace templates {

struct ThemeFile {
  std::string_view name;  // "blog/post.html.j2"
  std::string_view text;
};

const std::vector<ThemeFile>& default_theme();

}  // namespace templates
