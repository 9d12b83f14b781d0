#include "publishers/blog/static_site/static_site.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include "publishers/blog/live_check.h"
#include "publishers/blog/marker.h"
#include "publishers/blog/static_site/layout.h"
#include "publishers/blog/static_site/refusal.h"

namespace publishers {
namespace {

using namespace static_site;

constexpr std::uintmax_t kLeastSpace = 64u << 20;

void remove_prepared(Files& files, const std::string& pid) {
  for (const std::string& name : files.names_in(std::string(Files::kHidden))) {
    if (name.starts_with(pid + ".") && name.ends_with(".prepared")) files.remove(Files::hidden(name));
  }
}

std::string count(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string missing_words(std::size_t missing) {
  if (missing == 0) return {};
  return count(missing, "older post is", "older posts are") +
         " not in the folder and left out of the index; fridayctl site rebuild restores them";
}

std::size_t pages_below(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  std::size_t pages = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const bool top = at.depth() == 0;
    if (top && (name == kAssets || name == Files::kHidden)) at.disable_recursion_pending();
    if (top && (name == kIndex || name == kNotFound)) continue;
    if (name.ends_with(".html")) ++pages;
  }
  return pages;
}

}  // namespace

StaticSite::StaticSite(StaticSiteSettings settings, const Surroundings& surroundings, Files::Observer before)
    : settings_(std::move(settings)),
      shelf_(surroundings.shelf),
      blog_(make_blog(surroundings.site, surroundings.theme, settings_.channel, settings_.url,
                      settings_.permalink)),
      files_(settings_.root, std::move(before)),
      state_(state_of(settings_.root)) {}

Capabilities StaticSite::capabilities() const {
  return {.find = true, .two_step = true, .update = true, .withdraw = true, .index = true};
}

std::optional<std::string> StaticSite::permalink(const std::string& slug) const {
  return settings_.url + fill_pattern(settings_.permalink, slug);
}

std::vector<NeededPath> StaticSite::paths() const {
  return {{NeededPath::Use::own_folder, "site folder", settings_.root}};
}

Receipt StaticSite::check() {
  return receipt_of([this] {
    std::error_code error;
    const bool there = std::filesystem::is_directory(settings_.root, error);
    const std::filesystem::path place = there ? settings_.root : settings_.root.parent_path();
    struct statvfs space{};
    if (::access(place.c_str(), W_OK | X_OK) != 0 || ::statvfs(place.c_str(), &space) != 0)
      throw std::system_error(errno, std::generic_category(), place.string());
    require_own_folder();
    const std::uintmax_t free = std::uintmax_t{space.f_bavail} * space.f_frsize;
    const std::string room = std::to_string(free >> 20) + " MiB free";
    if (free < kLeastSpace)
      return Receipt::failed(Outcome::deferred, Fault::local, settings_.root.string() + ": only " + room);
    const std::string pages = there ? count(pages_below(settings_.root), "page", "pages") : "not made yet";
    return Receipt::confirmed({}, settings_.url + "/", settings_.root.string() + ": " + pages + ", " + room);
  });
}

Receipt StaticSite::find(const Edition& edition, const std::string&, Found& found) {
  return receipt_of([&] {
    const std::string address = checked_address(address_of(edition, blog_));
    found = {};
    const std::optional<std::string> page = head_of(address);
    if (page && is_of_post(marker_in(*page), edition)) {
      found = {Found::Stage::published, address};
      return published(edition, address, {});
    }
    if (files_.exists(prepared_path(edition))) found = {Found::Stage::prepared, address};
    return Receipt::confirmed(found.remote_id, {});
  });
}

Receipt StaticSite::prepare(const Edition& edition, const std::string&) {
  return receipt_of([&] {
    const std::lock_guard lock(state_->writing);
    const std::string address = checked_address(address_of(edition, blog_));
    require_own_folder();
    require_not_taken(edition, address);
    const std::string page = render_page(edition, blog_);
    write_assets(edition);
    files_.write(prepared_path(edition), page);
    return published(edition, address, {});
  });
}

Receipt StaticSite::publish(const Edition& edition, const std::string& remote_id) {
  return receipt_of([&] {
    const std::lock_guard lock(state_->writing);
    const std::string address = checked_address(remote_id);
    require_own_folder();
    require_not_taken(edition, address);
    Edition placed = edition;
    placed.permalink = settings_.url + address;
    const std::size_t missing = put_in_place(placed, address);
    state_->placed.insert_or_assign(edition.pid, std::move(placed));
    remove_prepared(files_, edition.pid);
    return published(edition, address, missing_words(missing));
  });
}

Receipt StaticSite::update(const Edition& edition, const std::string& remote_id) {
  return publish(edition, remote_id);
}

Receipt StaticSite::withdraw(const Edition& edition, const std::string& remote_id) {
  return receipt_of([&] {
    const std::lock_guard lock(state_->writing);
    const std::string address = checked_address(remote_id);
    state_->placed.erase(edition.pid);
    std::size_t missing = 0;
    const std::vector<Edition> posts = others(edition.pid, missing);
    write_lists(posts);
    const std::optional<std::string> page = head_of(address);
    const bool ours = page && is_of_post(marker_in(*page), edition);
    // Empty folders of a removal that was cut short go too.
    if (ours || !page) files_.remove(path_of(address));
    remove_prepared(files_, edition.pid);
    if (ours) return Receipt::confirmed(address, {}, missing_words(missing));
    return Receipt::confirmed(address, {},
                              page ? "the page there is not this post's and stays" : "was not there");
  });
}

Receipt StaticSite::live_check(const Edition& edition, const std::string& permalink) {
  if (settings_.live_check == "off") return Receipt::confirmed({}, permalink, "not looked for");
  if (settings_.live_check == "http") return live_check_http(edition, permalink);
  return live_check_file(edition, permalink);
}

Receipt StaticSite::live_check_file(const Edition& edition, const std::string& permalink) const {
  return receipt_of([&] {
    Edition there = edition;
    there.permalink = permalink;
    const std::string address = checked_address(address_of(there, blog_));
    const std::optional<std::string> page = head_of(address);
    if (page) return judge_page(edition, permalink, *page);
    return Receipt::failed(Outcome::deferred, Fault::transient,
                           (settings_.root / path_of(address)).string() + " is not there");
  });
}

Receipt StaticSite::rebuild() {
  return receipt_of([this] {
    const std::lock_guard lock(state_->writing);
    std::vector<Edition> posts = all_posts();
    std::sort(posts.begin(), posts.end(), newer_than);
    std::vector<Edition> placed;
    std::size_t written = 0;
    std::string taken;
    write_furniture({});
    for (Edition& post : posts) {
      const std::string address = address_of(post, blog_);
      const std::string path = path_of(address);
      if (!valid_address(address) || !restorable(post, address)) {
        taken += (taken.empty() ? "" : ", ") + address;
        continue;
      }
      write_assets(post);
      if (files_.write(path, render_page(post, blog_))) ++written;
      placed.push_back(std::move(post));
    }
    write_lists(placed);
    if (!taken.empty())
      throw Refusal("all is restored but what other posts' pages stand in the way of: " + taken);
    return Receipt::confirmed(
        {}, settings_.url + "/",
        count(placed.size(), "page", "pages") + ", " + std::to_string(written) + " of them written anew");
  });
}

Receipt StaticSite::published(const Edition& edition, const std::string& address, std::string reply) const {
  Receipt receipt = Receipt::confirmed(address, settings_.url + address, std::move(reply));
  for (const Asset& asset : edition.assets)
    receipt.asset_urls[asset.sha256] = settings_.url + "/" + asset_path(asset);
  return receipt;
}

}  // namespace publishers
