#include "publishers/blog/static_site/page.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string_view>

#include "publishers/blog/marker.h"
#include "publishers/blog/static_site/layout.h"
#include "publishers/instant.h"

namespace publishers::static_site {
namespace {

namespace json = boost::json;

constexpr std::string_view kStyle = "blog/style.css";
constexpr int kWordsPerMinute = 230;
constexpr std::string_view kBlanks = " \t\r\n";

// Beginnings of words in a text without tags, eight bytes at a time: a word is what holds no blank, and HTML
// has no other characters up to it.
static_assert(std::endian::native == std::endian::little);
int words_of(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = kOnes * 0x80;
  std::uint64_t before = 0x80;  // in the lowest byte: the byte before was a blank
  int words = 0;
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data(), sizeof bytes);
    const std::uint64_t of_word = (((bytes & ~kHighs) + kOnes * (0x7F - ' ')) | bytes) & kHighs;
    const std::uint64_t begins = of_word & ((~of_word << 8U) | before);
    words += static_cast<int>(((begins >> 7U) * kOnes) >> 56U);
    before = (~of_word >> 56U) & 0x80;
  }
  bool in_word = before == 0;
  for (const char c : text) {
    const bool of_word = static_cast<unsigned char>(c) > ' ';
    words += of_word && !in_word ? 1 : 0;
    in_word = of_word;
  }
  return words;
}

int count_words(std::string_view html) {
  int words = 0;
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t tag = std::min(html.find('<', at), html.size());
    words += words_of(html.substr(at, tag - at));
    at = std::min(html.find('>', tag), html.size() - 1) + 1;
  }
  return words;
}

// Host of an absolute address, without user, port or path.
std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  const std::size_t port = url.rfind(':');
  if (port != std::string_view::npos && url.find(']', port) == std::string_view::npos)
    url = url.substr(0, port);
  return std::string(url);
}

std::string date_of(std::chrono::sys_seconds instant) {
  return rfc3339(instant).substr(0, std::string_view("2026-11-27").size());
}

// RFC 4151. The post's first day, and its id: neither changes with slug, title or permalink.
std::string atom_id(const Edition& edition, const Blog& blog) {
  return "tag:" + host_of(blog.url) + "," + date_of(edition.published_at) + ":" + edition.pid;
}

std::map<std::string, std::string, std::less<>> asset_urls(const Edition& edition, const Blog& blog) {
  std::map<std::string, std::string, std::less<>> urls;
  for (const Asset& asset : edition.assets) urls[asset.sha256] = blog.asset_url(asset);
  return urls;
}

// Where a page's variables are: made at once and thrown away at once, without a look at each.
constexpr std::size_t kMemoryOfAPage = 16 * 1024;

// What every page of the blog may use.
json::object common_variables(const Blog& blog, const json::storage_ptr& memory) {
  const config::Site& site = blog.site;
  return json::object({{"site",
                        {{"title", site.title},
                         {"url", site.url},
                         {"author", site.author},
                         {"brand", site.brand},
                         {"colour", site.colour},
                         {"language", site.language}}},
                       {"channel", {{"key", blog.channel}, {"url", blog.url}}},
                       {"theme", {{"style_url", blog.style_url}, {"feed_url", blog.feed_url}}}},
                      memory);
}

// An index of thousands of posts does without their text.
enum class Content { whole, none };

json::object post_object(const Edition& edition, const Blog& blog, Content content,
                         const json::storage_ptr& memory) {
  const auto urls = asset_urls(edition, blog);
  const auto url_of = [&urls](const std::string& sha) -> const std::string& {
    const auto found = urls.find(sha);
    if (found == urls.end()) throw std::runtime_error("the text shows an image that the post does not have");
    return found->second;
  };
  const int words = count_words(edition.content_html);
  const ImageSize image = leading_image_size(edition);
  json::object post({{"pid", edition.pid},
                     {"slug", edition.slug},
                     {"title", edition.title},
                     {"summary", edition.summary},
                     {"author", edition.author},
                     {"language", edition.language},
                     {"tags", json::array(edition.tags.begin(), edition.tags.end(), memory)},
                     {"number", edition.number},
                     {"series", {{"key", edition.series_key}, {"title", edition.series_title}}},
                     {"url", blog.url + address_of(edition, blog)},
                     {"atom_id", atom_id(edition, blog)},
                     {"published", edition.published_local},
                     {"updated", rfc3339(edition.updated_at)},
                     {"image_url", edition.image.empty() ? std::string() : url_of(edition.image)},
                     {"image_alt", edition.image_alt},
                     {"image_width", image.width},
                     {"image_height", image.height},
                     {"canonical", edition.canonical},
                     {"marker", edition.marker},
                     {"words", words},
                     {"reading_minutes", std::max(1, (words + kWordsPerMinute - 1) / kWordsPerMinute)}},
                    memory);
  if (content == Content::whole) post["content"] = replace_assets(edition.content_html, url_of);
  return post;
}

json::array post_objects(std::span<const Edition> posts, const Blog& blog, Content content,
                         const json::storage_ptr& memory) {
  json::array objects(memory);
  objects.reserve(posts.size());
  for (const Edition& post : posts) objects.push_back(post_object(post, blog, content, memory));
  return objects;
}

// Characters that XML 1.0 has no way to hold would make a feed unreadable as a whole.
std::string xml_characters(std::string_view text) {
  constexpr std::string_view kNonCharacters[] = {"\xEF\xBF\xBE", "\xEF\xBF\xBF"};
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::string_view three = text.substr(i, 3);
    if (three == kNonCharacters[0] || three == kNonCharacters[1]) {
      i += 2;
    } else if (c >= 0x20 || kBlanks.find(text[i]) != std::string_view::npos) {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string style_path(const templates::TemplateSet& theme) {
  return asset_path(sha256_of(theme.file(kStyle)), "style.css");
}

Blog make_blog(const config::Site& site, const templates::TemplateSet& theme, std::string channel,
               std::string url, std::string permalink) {
  std::string style_url = url + "/" + style_path(theme);
  std::string feed_url = url + "/" + std::string(kFeed);
  auto asset_url = [url](const Asset& asset) { return url + "/" + asset_path(asset); };
  return {site,
          theme,
          std::move(channel),
          std::move(url),
          std::move(permalink),
          std::move(style_url),
          std::move(feed_url),
          std::move(asset_url)};
}

std::string address_of(const Edition& edition, const Blog& blog) {
  if (edition.permalink.starts_with(blog.url + "/")) return edition.permalink.substr(blog.url.size());
  return fill_pattern(blog.permalink, edition.slug);
}

json::object post_variables(const Edition& edition, const Blog& blog, const json::storage_ptr& memory) {
  json::object variables = common_variables(blog, memory);
  variables["series"] = {{"key", edition.series_key}, {"title", edition.series_title}};
  variables["post"] = post_object(edition, blog, Content::whole, memory);
  variables["edition"] = {{"revision", edition.revision}};
  variables["extra"] = edition.extra;
  return variables;
}

std::string render_page(const Edition& edition, const Blog& blog) {
  json::monotonic_resource memory(kMemoryOfAPage);
  std::string page = blog.theme.render("blog/post.html.j2", post_variables(edition, blog, &memory));
  if (marker_in(page) == edition.marker) return page;
  throw std::runtime_error(
      "blog/post.html.j2 does not carry the post's mark; put <meta name=\"fridayd\" "
      "content=\"{{ post.marker }}\"> into its head");
}

std::string render_index(const std::vector<Edition>& posts, const Blog& blog) {
  json::monotonic_resource memory(kMemoryOfAPage);
  json::object variables = common_variables(blog, &memory);
  variables["posts"] = post_objects(posts, blog, Content::none, &memory);
  return blog.theme.render("blog/index.html.j2", variables);
}

std::string render_feed(const std::vector<Edition>& posts, const Blog& blog, std::size_t most) {
  const auto latest = std::span(posts).first(std::min(most, posts.size()));
  std::chrono::sys_seconds updated{};
  for (const Edition& post : latest) updated = std::max(updated, post.updated_at);
  json::monotonic_resource memory(kMemoryOfAPage);
  json::object variables = common_variables(blog, &memory);
  variables["posts"] = post_objects(latest, blog, Content::whole, &memory);
  variables["feed"] = {{"updated", rfc3339(updated)}};
  return xml_characters(blog.theme.render("blog/feed.xml.j2", variables));
}

std::string render_not_found(const Blog& blog) {
  return blog.theme.render("blog/404.html.j2", common_variables(blog, {}));
}

}  // namespace publishers::static_site
