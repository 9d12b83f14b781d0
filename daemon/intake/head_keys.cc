#include "intake/head_keys.h"

#include <algorithm>
#include <array>
#include <vector>

namespace intake {
namespace {

constexpr std::size_t kShortKey = 5;

constexpr std::array<std::string_view, 22> kKnown = {
    "title",     "slug",      "summary", "author",    "tags",       "series",    "status",   "draft",
    "publish",   "published", "date",    "slot",      "not_before", "not_after", "priority", "image",
    "image_alt", "canonical", "subject", "preheader", "channels",   "evergreen",
};

constexpr std::string_view kForeign[] = {
    // Obsidian and its publishing
    "alias",
    "aliases",
    "cssclass",
    "cssclasses",
    "permalink",
    "cover",
    "created",
    "modified",
    "updated",
    "id",
    "uid",
    "up",
    "related",
    "kanban-plugin",
    // Jekyll
    "layout",
    "category",
    "categories",
    "excerpt",
    "excerpt_separator",
    "last_modified_at",
    "redirect_from",
    "redirect_to",
    "sitemap",
    "author_profile",
    "read_time",
    "toc_sticky",
    "header",
    "sidebar",
    "classes",
    "tagline",
    // Hugo
    "authors",
    "audio",
    "build",
    "cascade",
    "description",
    "expirydate",
    "expires",
    "headless",
    "images",
    "iscjklanguage",
    "keywords",
    "lang",
    "lastmod",
    "linktitle",
    "links",
    "markup",
    "menu",
    "menus",
    "outputs",
    "params",
    "pubdate",
    "publishdate",
    "resources",
    "showtoc",
    "tocopen",
    "thumbnail",
    "toc",
    "topics",
    "translationkey",
    "type",
    "unpublishdate",
    "url",
    "videos",
    "weight",
    "math",
    "mathjax",
    "featured",
    "hidden",
    "comments",
    "language",
    "locale",
    "subtitle",
    "searchhidden",
    // Ghost
    "feature_image",
    "feature_image_alt",
    "feature_image_caption",
    "custom_excerpt",
    "meta_title",
    "meta_description",
    "og_image",
    "og_title",
    "og_description",
    "twitter_image",
    "twitter_title",
    "twitter_description",
    "canonical_url",
    "codeinjection_head",
    "codeinjection_foot",
    "visibility",
    "email_subject",
    "published_at",
    "created_at",
    "updated_at",
    "custom_template",
    "primary_tag",
    "primary_author",
    // Pandoc and word processors
    "abstract",
    "bibliography",
    "csl",
    "documentclass",
    "geometry",
    "output",
    "numbersections",
    "mainfont",
    "colorlinks",
    "linkcolor",
    "papersize",
    "fontsize",
    "margin",
    "institute",
};

}  // namespace

bool is_known_key(std::string_view key) {
  return std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end();
}

bool is_foreign_key(std::string_view key) {
  return std::find(std::begin(kForeign), std::end(kForeign), key) != std::end(kForeign);
}

std::size_t slips_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      cost[i][j] = std::min({change, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::string meant_key(std::string_view key) {
  std::size_t best = 3;
  std::string_view meant;
  for (const std::string_view known : kKnown) {
    const std::size_t allowed = known.size() <= kShortKey ? 1 : 2;
    const std::size_t most = std::max(known.size(), key.size());
    if (most - std::min(known.size(), key.size()) > allowed) continue;
    const std::size_t slips = slips_between(key, known);
    if (slips > allowed || slips >= best) continue;
    best = slips;
    meant = known;
  }
  return std::string(meant);
}

}  // namespace intake
