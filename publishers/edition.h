// An Edition is a post rendered for one channel: its frozen text and everything that a publisher may
// say about it. Immutable once an attempt has started; a change is a new revision.
//
// Plain values, copied between threads. No publisher reads the schedule or the store: what it needs
// stands here.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace publishers {

struct Asset {
  std::string name;        // file name as the draft refers to it, last component only
  std::string sha256;      // lower-case hex, of the bytes
  std::string media_type;  // as the bytes say: "image/png"
  int width = 0;           // pixels; 0 where unknown
  int height = 0;
  std::shared_ptr<const std::string> bytes;  // null in an Edition that was loaded without its assets
};

struct ImageSize {
  int width = 0;
  int height = 0;
};

// What fits a mail. Outlook heeds no max-width: it shows an image as wide as it says it is.
inline constexpr int kMailImageWidth = 520;

// The same shape, at most `width` wide; zeros stay zeros.
constexpr ImageSize fitted(ImageSize size, int width) {
  if (size.width <= width) return size;
  const auto height = static_cast<long long>(size.height) * width / size.width;
  return {width, height > 0 ? static_cast<int>(height) : 1};
}

struct Edition {
  std::string pid;       // ULID of the post, the same on every channel
  int revision = 1;      // from 1
  std::string marker;    // "PID.REV.MAC", proves at the far end that the post is ours
  std::string slug;      // [a-z0-9-]{1,80}
  std::string title;     // plain text, UTF-8
  std::string summary;   // plain text; the excerpt where the author gave none
  std::string author;    // may be empty
  std::string language;  // BCP 47
  std::vector<std::string> tags;
  std::string series_key;                   // "sales-leadership-friday"
  std::string series_title;                 // "Sales Leadership Friday"
  int number = 0;                           // of the post in its series, from 1
  std::chrono::sys_seconds published_at{};  // the slot's instant, or the moment of a publish by hand
  std::chrono::sys_seconds updated_at{};
  std::string zone;             // IANA zone in which people read those instants
  std::string published_local;  // RFC 3339 with the zone's offset: "2026-11-27T08:00:00-05:00"
  // Safe HTML of the body. An image's address is "asset:SHA256" for an asset of this edition, for the
  // publisher to replace (replace_assets below); all other addresses are final. Merge fields stand as
  // their fallback.
  std::string content_html;
  // The same body for mail, with merge fields as templates/merge.h marks them: HTML and plain text.
  std::string mail_html;
  std::string mail_text;
  std::string image;  // sha256 of the leading image among the assets, or empty
  std::string image_alt;
  std::string canonical;  // absolute address of the original elsewhere, or empty
  std::string subject;    // mail only; the title where the author gave none; may hold merge marks
  std::string preheader;  // mail only
  std::string permalink;  // absolute, planned or confirmed; empty where no blog carries the post
  std::vector<Asset> assets;
  boost::json::object extra;  // front-matter keys that fridayd does not know
};

// `html` with each "asset:SHA256" address replaced by what `url_of(sha256)` says.
template <class UrlOf>
std::string replace_assets(std::string_view html, UrlOf url_of) {
  constexpr std::string_view kScheme = "asset:";
  constexpr std::size_t kHexDigits = 64;
  std::string out;
  out.reserve(html.size());
  for (;;) {
    const std::size_t at = html.find(kScheme);
    const bool whole = at != std::string_view::npos && html.size() - at >= kScheme.size() + kHexDigits;
    if (!whole) return out.append(html);
    const std::string sha(html.substr(at + kScheme.size(), kHexDigits));
    const bool hex = sha.find_first_not_of("0123456789abcdef") == std::string::npos;
    out.append(html.substr(0, at));
    out.append(hex ? std::string(url_of(sha)) : std::string(html.substr(at, kScheme.size() + kHexDigits)));
    html.remove_prefix(at + kScheme.size() + kHexDigits);
  }
}

// Of the leading image; zeros where there is none or it is not known.
inline ImageSize leading_image_size(const Edition& edition) {
  for (const Asset& asset : edition.assets) {
    if (asset.sha256 == edition.image) return {asset.width, asset.height};
  }
  return {};
}

// Without the assets' bytes, which live in the store's blob table.
boost::json::object to_json(const Edition& edition);
Edition edition_from_json(const boost::json::object& object);  // throws std::exception on a foreign shape

}  // namespace publishers
