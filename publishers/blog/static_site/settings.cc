#include <string_view>

#include "publishers/blog/static_site/layout.h"
#include "publishers/blog/static_site/static_site.h"

namespace publishers {
namespace {

// What is wrong with the address of a blog, as words after its name; empty if nothing.
std::string url_fault(std::string_view url) {
  const bool https = url.starts_with("https://");
  if (!https && !url.starts_with("http://")) return "is not an absolute http or https address";
  const std::string_view rest = url.substr(https ? 8 : 7);
  if (rest.empty() || rest.front() == '/' || rest.front() == ':') return "names no host";
  if (rest.ends_with('/')) return "ends with /";
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos) return "holds a user name";
  for (const char c : rest) {
    const bool plain =
        c > ' ' && c < '\x7f' && std::string_view("?#\"'<>\\`{}").find(c) == std::string_view::npos;
    if (!plain) return "holds a character that the address of a folder can't have";
  }
  return {};
}

std::string last_part(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

std::unique_ptr<PostPublisher> make_static_site(config::Section& section, const Surroundings& surroundings) {
  constexpr std::int64_t kFeedDefault = 20;
  constexpr std::int64_t kFeedMost = 1000;
  StaticSiteSettings settings;
  settings.channel = last_part(section.name());
  settings.root = section.path("root");
  if (!settings.root.has_filename()) settings.root = settings.root.parent_path();  // "site/" is "site"
  settings.url = section.text("url");
  settings.permalink = section.text("permalink", settings.permalink);
  settings.feed_length = static_cast<std::size_t>(section.number("feed_length", kFeedDefault, 1, kFeedMost));
  settings.live_check = section.choice("live_check", {"http", "file", "off"}, settings.live_check);

  const std::string bad_url = settings.url.empty() ? "" : url_fault(settings.url);
  if (!bad_url.empty())
    section.fault("url", bad_url, "write it as in https://blog.example.org, without a / at the end");
  const std::string bad_permalink = static_site::pattern_fault(settings.permalink);
  if (!bad_permalink.empty())
    section.fault("permalink", bad_permalink, "write it as in /{slug}/ or /posts/{slug}.html");
  if (settings.root.empty() || settings.url.empty() || !bad_url.empty() || !bad_permalink.empty())
    return nullptr;
  return std::make_unique<StaticSite>(std::move(settings), surroundings);
}

}  // namespace publishers
