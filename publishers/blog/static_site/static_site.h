// Kind "static_site": a folder of finished pages for any web server, or for fridayd's own.
//
// The folder holds assets/, the post pages at their permalinks, index.html, feed.xml and 404.html. What
// a page names is there before the page, and the index names only pages that are there; so the process
// may be killed anywhere. Pages are pure functions of posts and theme: publishing again writes nothing,
// and rebuild() gives the same bytes. Calls that write wait for each other, as long as they take.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/section.h"
#include "publishers/blog/static_site/files.h"
#include "publishers/blog/static_site/page.h"
#include "publishers/blog/static_site/site_state.h"
#include "publishers/post_publisher.h"
#include "publishers/registry.h"

namespace publishers {

struct StaticSiteSettings {
  std::string channel;
  std::filesystem::path root;
  std::string url;  // absolute, without a trailing slash
  std::string permalink = "/{slug}/";
  std::size_t feed_length = 20;
  std::string live_check = "http";  // or file, or off
};

class StaticSite final : public PostPublisher {
 public:
  // `before` is told each step on the disk (static_site::Files).
  StaticSite(StaticSiteSettings settings, const Surroundings& surroundings,
             static_site::Files::Observer before = {});

  Capabilities capabilities() const override;
  std::optional<std::string> permalink(const std::string& slug) const override;
  std::vector<NeededPath> paths() const override;
  Receipt check() override;
  Receipt find(const Edition& edition, const std::string& key, Found& found) override;
  Receipt prepare(const Edition& edition, const std::string& key) override;
  Receipt publish(const Edition& edition, const std::string& remote_id) override;
  Receipt update(const Edition& edition, const std::string& remote_id) override;
  Receipt withdraw(const Edition& edition, const std::string& remote_id) override;
  Receipt live_check(const Edition& edition, const std::string& permalink) override;
  Receipt rebuild() override;

 private:
  static bool newer_than(const Edition& a, const Edition& b);
  static std::string prepared_path(const Edition& edition);
  std::string checked_address(std::string address) const;
  void require_not_taken(const Edition& edition, const std::string& address) const;
  void require_own_folder() const;
  void write_assets(const Edition& edition);
  // What every page names: the stylesheet, an index and a feed, of `posts` if there are none yet.
  void write_furniture(const std::vector<Edition>& posts);
  // The feed first, for the index names it.
  void write_lists(const std::vector<Edition>& posts);
  // Page, feed and index: rendered and on disk before the first of them is put in place.
  std::size_t put_in_place(const Edition& edition, const std::string& address);
  // The shelf's posts, and those that were placed and are there, though no shelf knows of it yet.
  std::vector<Edition> all_posts() const;
  // Those of them that are in the folder, without `pid`, newest first; and how many are not.
  std::vector<Edition> others(const std::string& pid, std::size_t& missing) const;
  // The beginning of the page there, with its mark; nothing if there is no page.
  std::optional<std::string> head_of(const std::string& address) const;
  // Whether this very post stands there, for the shelf says so, even if its mark is lost.
  bool restorable(const Edition& edition, const std::string& address) const;
  Receipt published(const Edition& edition, const std::string& address, std::string reply) const;
  Receipt live_check_file(const Edition& edition, const std::string& permalink) const;

  StaticSiteSettings settings_;
  Shelf& shelf_;
  static_site::Blog blog_;
  static_site::Files files_;
  std::shared_ptr<static_site::SiteState> state_;
};

std::unique_ptr<PostPublisher> make_static_site(config::Section& section, const Surroundings& surroundings);

}  // namespace publishers
