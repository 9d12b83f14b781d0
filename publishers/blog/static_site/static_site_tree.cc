// How the folder is brought from one state to the next.
#include <algorithm>
#include <system_error>
#include <utility>

#include "publishers/blog/marker.h"
#include "publishers/blog/static_site/layout.h"
#include "publishers/blog/static_site/refusal.h"
#include "publishers/blog/static_site/static_site.h"

namespace publishers {

using namespace static_site;

bool StaticSite::newer_than(const Edition& a, const Edition& b) {
  return std::pair(a.published_at, a.pid) > std::pair(b.published_at, b.pid);
}

std::string StaticSite::prepared_path(const Edition& edition) {
  return Files::hidden(edition.pid + "." + std::to_string(edition.revision) + ".prepared");
}

std::string StaticSite::checked_address(std::string address) const {
  if (valid_address(address)) return address;
  throw Refusal("a post can't have the address " + address + " on this blog; give the draft another slug");
}

void StaticSite::require_not_taken(const Edition& edition, const std::string& address) const {
  const std::optional<std::string> page = head_of(address);
  if (!page || is_of_post(marker_in(*page), edition)) return;
  throw Refusal(settings_.url + address +
                " is taken by a page that is not this post's; give the draft another slug, or take " +
                (settings_.root / path_of(address)).string() + " away");
}

// The first publication must not overwrite a home page that was there before fridayd.
void StaticSite::require_own_folder() const {
  if (files_.exists(std::string(Files::kHidden)) || !files_.exists(std::string(kIndex))) return;
  if (!shelf_.editions(1).empty()) return;
  throw Refusal((settings_.root / kIndex).string() +
                " is there already and is not fridayd's; give the channel an empty folder as root");
}

void StaticSite::write_assets(const Edition& edition) {
  for (const Asset& asset : edition.assets) {
    const std::string path = asset_path(asset);
    const std::string bytes = asset.bytes ? *asset.bytes : shelf_.asset(asset.sha256);
    files_.write(path, bytes);
  }
}

void StaticSite::write_furniture(const std::vector<Edition>& posts) {
  files_.write(style_path(blog_.theme), blog_.theme.file("blog/style.css"));
  const bool complete = files_.exists(std::string(kFeed)) && files_.exists(std::string(kIndex));
  if (!complete) write_lists(posts);
  files_.write(std::string(kNotFound), render_not_found(blog_));
}

void StaticSite::write_lists(const std::vector<Edition>& posts) {
  const std::string feed = render_feed(posts, blog_, settings_.feed_length);
  const std::string index = render_index(posts, blog_);
  files_.write(std::string(kFeed), feed);
  files_.write(std::string(kIndex), index);
}

std::size_t StaticSite::put_in_place(const Edition& edition, const std::string& address) {
  std::size_t missing = 0;
  std::vector<Edition> posts = others(edition.pid, missing);
  write_furniture(posts);
  posts.insert(std::lower_bound(posts.begin(), posts.end(), edition, newer_than), edition);
  const std::string path = path_of(address);
  const std::string page = render_page(edition, blog_);
  const std::string feed = render_feed(posts, blog_, settings_.feed_length);
  const std::string index = render_index(posts, blog_);
  write_assets(edition);

  std::vector<Files::Staged> lists;
  try {
    Files::Staged prepared{path, {}};
    if (!files_.holds(path, page)) {
      prepared.temporary = prepared_path(edition);
      files_.write(prepared.temporary, page);
    }
    lists.push_back(files_.stage(std::string(kFeed), feed));
    lists.push_back(files_.stage(std::string(kIndex), index));
    files_.commit(prepared);
    for (const Files::Staged& list : lists) files_.commit(list);
  } catch (const std::system_error&) {
    for (const Files::Staged& list : lists) files_.discard(list);
    throw;
  }
  return missing;
}

std::vector<Edition> StaticSite::all_posts() const {
  std::vector<Edition> posts = shelf_.editions(0);
  for (const Edition& post : posts) state_->placed.erase(post.pid);
  for (const auto& [pid, post] : state_->placed) {
    const std::optional<std::string> page = head_of(address_of(post, blog_));
    if (page && is_of_post(marker_in(*page), post)) posts.push_back(post);
  }
  return posts;
}

std::vector<Edition> StaticSite::others(const std::string& pid, std::size_t& missing) const {
  std::vector<Edition> posts = all_posts();
  std::erase_if(posts, [&](const Edition& post) { return post.pid == pid; });
  const std::size_t known = posts.size();
  std::erase_if(posts, [&](const Edition& post) {
    const std::string address = address_of(post, blog_);
    return !valid_address(address) || !files_.exists(path_of(address));
  });
  missing = known - posts.size();
  std::sort(posts.begin(), posts.end(), newer_than);
  return posts;
}

std::optional<std::string> StaticSite::head_of(const std::string& address) const {
  constexpr std::size_t kHead = 256u << 10;
  return files_.read(path_of(address), kHead);
}

bool StaticSite::restorable(const Edition& edition, const std::string& address) const {
  const std::optional<std::string> page = head_of(address);
  if (!page) return true;
  const std::string_view marker = marker_in(*page);
  return marker.empty() || is_of_post(marker, edition);
}

}  // namespace publishers
