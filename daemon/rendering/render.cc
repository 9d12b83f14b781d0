#include "rendering/render.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>

#include "templates/merge.h"

namespace rendering {
namespace {

constexpr std::size_t kSummaryCharacters = 200;

const store::StoredAsset* find_asset(const std::vector<store::StoredAsset>& assets,
                                     const std::string& address) {
  const auto asset = std::find_if(assets.begin(), assets.end(),
                                  [&](const store::StoredAsset& each) { return each.name == address; });
  return asset == assets.end() ? nullptr : &*asset;
}

// Images of the draft by their bytes, at most `width` pixels wide.
templates::Markdown::ImageAddress images_in(const std::vector<store::StoredAsset>& assets, int width) {
  return [&assets, width](const std::string& address) -> templates::Markdown::ShownImage {
    const store::StoredAsset* asset = find_asset(assets, address);
    if (asset == nullptr) return {};
    const publishers::ImageSize size = publishers::fitted({asset->width, asset->height}, width);
    return {"asset:" + asset->sha256, size.width, size.height};
  };
}

// Merge fields are for mail; what everybody reads shows what stands in their place.
std::string with_fallbacks(const std::string& text) {
  return templates::with_fallbacks(templates::mark_merge_fields(text));
}

void refuse_blocking(const templates::Markdown& markdown, const std::string& path) {
  for (const templates::Finding& finding : markdown.findings()) {
    if (finding.blocking) throw std::runtime_error(path + ": " + finding.what + "; " + finding.todo);
  }
}

std::vector<publishers::Asset> edition_assets(const std::vector<store::StoredAsset>& stored) {
  std::vector<publishers::Asset> assets;
  for (const store::StoredAsset& asset : stored) {
    const bool known = std::any_of(assets.begin(), assets.end(), [&](const publishers::Asset& each) {
      return each.sha256 == asset.sha256;
    });
    if (known) continue;
    const std::size_t slash = asset.name.rfind('/');
    assets.push_back({slash == std::string::npos ? asset.name : asset.name.substr(slash + 1), asset.sha256,
                      asset.media_type, asset.width, asset.height, nullptr});
  }
  return assets;
}

}  // namespace

publishers::Edition render(const RenderInput& input, const Identity& identity, const config::Site& site) {
  const model::FrontMatter& head = input.draft.head;
  templates::Markdown markdown(input.body, input.options);
  markdown.drop_heading(head.title);
  refuse_blocking(markdown, input.draft.path);
  const auto on_page = images_in(input.assets, std::numeric_limits<int>::max());
  const auto in_mail = images_in(input.assets, publishers::kMailImageWidth);

  publishers::Edition edition;
  edition.pid = identity.pid;
  edition.revision = identity.revision;
  edition.marker = identity.marker;
  edition.slug = head.slug;
  edition.title = with_fallbacks(head.title);
  edition.summary =
      head.summary.empty() ? markdown.excerpt(kSummaryCharacters) : with_fallbacks(head.summary);
  edition.author = head.author.empty() ? site.author : head.author;
  edition.language = site.language;
  edition.tags = head.tags;
  edition.series_key = head.series;
  edition.series_title = identity.series_title;
  edition.number = identity.number;
  edition.published_at = std::chrono::floor<std::chrono::seconds>(identity.published_at);
  edition.updated_at = edition.published_at;
  edition.zone = identity.zone;
  edition.published_local = identity.published_local;
  edition.content_html = markdown.html(on_page, false);
  edition.mail_html = markdown.html(in_mail, true);
  edition.mail_text = markdown.text(in_mail, true);
  if (const store::StoredAsset* image = find_asset(input.assets, head.image)) edition.image = image->sha256;
  edition.image_alt = head.image_alt;
  edition.canonical = head.canonical;
  edition.subject = templates::mark_merge_fields(head.subject.empty() ? head.title : head.subject);
  edition.preheader = templates::mark_merge_fields(head.preheader.empty() ? edition.summary : head.preheader);
  edition.assets = edition_assets(input.assets);
  edition.extra = head.extra;
  return edition;
}

}  // namespace rendering
