// A channel's shelf in memory, and editions to put on it.
#pragma once

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "publishers/post_publisher.h"

namespace support {

class MemoryShelf final : public publishers::Shelf {
 public:
  // Replaces the post's earlier revision.
  void put(publishers::Edition edition) {
    const std::lock_guard lock(mutex_);
    for (publishers::Asset& asset : edition.assets) {
      if (asset.bytes) assets_[asset.sha256] = *asset.bytes;
      asset.bytes = nullptr;
    }
    std::erase_if(editions_, [&](const auto& other) { return other.pid == edition.pid; });
    editions_.push_back(std::move(edition));
    std::sort(editions_.begin(), editions_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.published_at, a.pid) > std::pair(b.published_at, b.pid);
    });
  }

  void take_away(const std::string& pid) {
    const std::lock_guard lock(mutex_);
    std::erase_if(editions_, [&](const auto& other) { return other.pid == pid; });
  }

  void lose_asset(const std::string& sha256) {
    const std::lock_guard lock(mutex_);
    assets_.erase(sha256);
  }

  std::vector<publishers::Edition> editions(std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<publishers::Edition> some = editions_;
    if (limit > 0 && some.size() > limit) some.resize(limit);
    return some;
  }

  std::string asset(const std::string& sha256) override {
    const std::lock_guard lock(mutex_);
    const auto found = assets_.find(sha256);
    if (found == assets_.end()) throw std::runtime_error("the asset " + sha256 + " is not stored");
    return found->second;
  }

 private:
  std::mutex mutex_;
  std::vector<publishers::Edition> editions_;
  std::map<std::string, std::string> assets_;
};

inline std::string sha256_hex(const std::string& bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string text;
  for (const unsigned char byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

inline publishers::Asset png(const std::string& name, const std::string& bytes) {
  publishers::Asset asset;
  asset.name = name;
  asset.sha256 = sha256_hex(bytes);
  asset.media_type = "image/png";
  asset.width = 640;
  asset.height = 480;
  asset.bytes = std::make_shared<const std::string>(bytes);
  return asset;
}

// The `number`th post of a column, a week after the one before; from 1 to 9.
inline publishers::Edition sample_edition(int number, const std::string& slug) {
  using std::chrono::sys_days;
  publishers::Edition edition;
  edition.pid = "01HF000000000000000000000" + std::to_string(number);
  edition.marker = edition.pid + ".1.c0ffee";
  edition.slug = slug;
  edition.title = "On " + slug;
  edition.summary = "What there is to say on " + slug + ".";
  edition.author = "Ada";
  edition.language = "en";
  edition.tags = {"sales", "trust"};
  edition.series_key = "friday";
  edition.series_title = "Friday";
  edition.number = number;
  edition.published_at = sys_days(std::chrono::year(2026) / 11 / 6) + std::chrono::hours(13) +
                         std::chrono::days(7 * (number - 1));
  edition.updated_at = edition.published_at;
  edition.zone = "America/New_York";
  edition.published_local = "2026-11-06T08:00:00-05:00";
  edition.content_html = "<p>Four words of text.</p>\n";
  edition.mail_html = edition.content_html;
  edition.mail_text = "Four words of text.\n";
  edition.subject = edition.title;
  return edition;
}

inline publishers::Edition with_image(publishers::Edition edition, const publishers::Asset& asset) {
  edition.content_html += "<p><img src=\"asset:" + asset.sha256 + "\" alt=\"A chart\"></p>\n";
  edition.image = asset.sha256;
  edition.image_alt = "A chart";
  edition.assets.push_back(asset);
  return edition;
}

inline publishers::Edition revised(publishers::Edition edition, const std::string& content_html) {
  ++edition.revision;
  edition.marker = edition.pid + "." + std::to_string(edition.revision) + ".c0ffee";
  edition.updated_at += std::chrono::hours(1);
  edition.content_html = content_html;
  edition.image.clear();
  edition.assets.clear();
  return edition;
}

}  // namespace support
