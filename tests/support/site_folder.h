// A static site in a temporary folder, with a small theme of its own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "publishers/blog/static_site/static_site.h"
#include "templates/template_set.h"

namespace support {

inline std::vector<templates::Source> small_theme() {
  return {
      {"blog/post.html.j2",
       "<html><head><meta name=\"fridayd\" content=\"{{ post.marker }}\">"
       "<link rel=\"stylesheet\" href=\"{{ theme.style_url }}\"></head>"
       "<body><h1>{{ post.title }}</h1>{{ post.content | safe }}<a href=\"{{ channel.url "
       "}}/\">all</a></body></html>\n"},
      {"blog/index.html.j2",
       "<html><head><link rel=\"stylesheet\" href=\"{{ theme.style_url }}\"></head><body>"
       "{% for post in posts %}<a href=\"{{ post.url }}\">{{ post.title }}</a>\n{% endfor %}"
       "<a href=\"{{ theme.feed_url }}\">feed</a></body></html>\n"},
      {"blog/feed.xml.j2",
       "<feed><updated>{{ feed.updated }}</updated>{% for post in posts %}<entry><id>{{ post.atom_id }}</id>"
       "<link href=\"{{ post.url }}\"/><content type=\"html\">{{ post.content }}</content></entry>\n{% "
       "endfor %}"
       "</feed>\n"},
      {"blog/404.html.j2",
       "<html><head><link rel=\"stylesheet\" href=\"{{ theme.style_url }}\"></head>"
       "<body><a href=\"{{ channel.url }}/\">home</a></body></html>\n"},
      {"blog/style.css", "body { margin: 0 }\n"},
  };
}

class SiteFolder {
 public:
  explicit SiteFolder(std::vector<templates::Source> theme = small_theme()) : theme_(std::move(theme)) {
    std::string name = (roomy_folder() / "fridayd-site-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    base_ = name;
    settings_.channel = "blog";
    settings_.root = base_ / "site";
    settings_.url = "https://blog.example";
    settings_.live_check = "file";
    site_.title = "Example";
    site_.url = settings_.url;
  }
  ~SiteFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(base_, ignored);
  }
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;

  const std::filesystem::path& base() const { return base_; }
  std::filesystem::path root() const { return settings_.root; }
  publishers::StaticSiteSettings& settings() { return settings_; }
  const config::Site& site() const { return site_; }
  const templates::TemplateSet& theme() const { return theme_; }
  void change_theme(templates::TemplateSet theme) { theme_ = std::move(theme); }

  void put(const std::string& path, const std::string& bytes) const {
    const std::filesystem::path file = root() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

  // Empty if it is not there.
  std::string get(const std::string& path) const { return bytes_of(root() / path); }

  bool has(const std::string& path) const { return std::filesystem::is_regular_file(root() / path); }

  // Everything that a web server would serve, by path.
  std::map<std::string, std::string> served() const { return files(false); }
  std::map<std::string, std::string> hidden() const { return files(true); }

 private:
  // In memory where there is room, for the many fsyncs.
  static std::filesystem::path roomy_folder() {
    constexpr std::uintmax_t kRoom = 256u << 20;
    std::error_code error;
    const auto space = std::filesystem::space("/dev/shm", error);
    return !error && space.available > kRoom ? "/dev/shm" : std::filesystem::temp_directory_path();
  }

  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  std::map<std::string, std::string> files(bool hidden) const {
    std::map<std::string, std::string> all;
    if (!std::filesystem::exists(root())) return all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root())) {
      const std::string path = entry.path().lexically_relative(root()).string();
      if (entry.is_regular_file() && path.starts_with('.') == hidden) all[path] = bytes_of(entry.path());
    }
    return all;
  }

  std::filesystem::path base_;
  publishers::StaticSiteSettings settings_;
  config::Site site_;
  templates::TemplateSet theme_;
};

}  // namespace support
