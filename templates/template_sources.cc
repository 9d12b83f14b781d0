#include "templates/template_sources.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <system_error>

#include "templates/template_place.h"
#include "templates/template_set.h"
#include "templates/theme_files.h"

namespace templates {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 1u << 20;
constexpr std::size_t kMostFiles = 1000;

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw TemplateError(file, 0, 0, what);
}

std::string read(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) refuse(path.string(), error.message());
  if (size > kMostBytes) refuse(path.string(), "over 1 MiB; a theme holds only text");
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) refuse(path.string(), "can't be read; check its permissions");
  return text;
}

bool is_hidden(const fs::path& name) {
  return name.filename().string().starts_with('.');
}

void overlay_folder(ThemeSources& sources, const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    refuse(folder.string(), "no such folder; check templates in the configuration");
  std::size_t files = 0;
  auto each = fs::recursive_directory_iterator(folder, error);
  for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
    if (is_hidden(each->path())) {
      each.disable_recursion_pending();
    } else if (each->is_regular_file(error)) {
      if (++files > kMostFiles) refuse(folder.string(), "over 1000 files; this is no theme");
      const fs::path& path = each->path();
      sources[path.lexically_relative(folder).generic_string()] = {path.string(), read(path)};
    }
  }
  if (error) refuse(folder.string(), error.message());
}

// Length of the UTF-8 character at the beginning of `text`, 0 if there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint32_t{0};
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const std::uint32_t second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool beyond = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

void check_utf8(std::string_view text, const std::string& shown) {
  Place place{&shown, 1, 1};
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) fail(place, "the file is not UTF-8; save it as UTF-8");
    const bool new_line = text.front() == '\n';
    place.line += new_line ? 1 : 0;
    place.column = new_line ? 1 : place.column + 1;
    text.remove_prefix(length);
  }
}

}  // namespace

bool is_template(std::string_view name) {
  return name.ends_with(".j2");
}

ThemeSources theme_sources(const fs::path& overlay) {
  ThemeSources sources;
  for (const ThemeFile& file : default_theme()) {
    sources[std::string(file.name)] = {std::string(file.name), std::string(file.text)};
  }
  if (!overlay.empty()) overlay_folder(sources, overlay);
  return sources;
}

std::string clean_text(std::string text, const std::string& shown) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  check_utf8(text, shown);
  std::erase(text, '\r');
  return text;
}

}  // namespace templates
