#include "publishers/blog/static_site/layout.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <stdexcept>

namespace publishers::static_site {
namespace {

constexpr std::string_view kSlug = "{slug}";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t kMaxSegment = 200;
constexpr std::size_t kMaxAddress = 1000;
constexpr std::size_t kMaxStem = 80;
constexpr std::size_t kHashPrefix = 16;
constexpr std::size_t kHashDigits = 64;

bool is_letter(char c) {
  return kLetters.find(c) != std::string_view::npos;
}

bool valid_segment(std::string_view segment) {
  return !segment.empty() && segment.size() <= kMaxSegment && segment.front() != '.' &&
         std::all_of(segment.begin(), segment.end(),
                     [](char c) { return is_letter(c) || c == '.' || c == '_' || c == '~' || c == '-'; });
}

struct Ending {
  std::string_view media_type;
  std::initializer_list<std::string_view> endings;  // the first is given where the name has none of them
};

const Ending kEndings[] = {
    {"image/png", {".png"}},   {"image/jpeg", {".jpg", ".jpeg"}}, {"image/gif", {".gif"}},
    {"image/webp", {".webp"}}, {"image/avif", {".avif"}},         {"image/svg+xml", {".svg"}},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

struct Name {
  std::string_view stem;
  std::string ending;
};

Name split(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {name, ""};
  return {name.substr(0, dot), lower(name.substr(dot))};
}

std::string ending_for(std::string_view media_type, const std::string& had) {
  for (const Ending& known : kEndings) {
    if (known.media_type != media_type) continue;
    const bool fits = std::find(known.endings.begin(), known.endings.end(), had) != known.endings.end();
    return fits ? had : std::string(*known.endings.begin());
  }
  return ".bin";
}

// Runs of anything else become one hyphen, none at either end.
std::string sanitised(std::string_view stem) {
  std::string out;
  for (const char c : stem) {
    if (is_letter(c) || c == '_') {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
    if (out.size() == kMaxStem) break;
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "file" : out;
}

}  // namespace

std::string pattern_fault(std::string_view pattern) {
  const std::size_t at = pattern.find(kSlug);
  if (at == std::string_view::npos) return "does not hold {slug}";
  if (!pattern.starts_with('/')) return "does not begin with /";
  if (!pattern.ends_with('/') && !pattern.ends_with(".html")) return "ends with neither / nor .html";
  const std::string example = fill_pattern(pattern, "a-slug");
  if (example.find_first_of("{}") != std::string::npos) return "holds braces beside those of {slug}";
  if (!valid_address(example)) return "leads to an address that a post can't have";
  return {};
}

std::string fill_pattern(std::string_view pattern, std::string_view slug) {
  std::string address(pattern);
  const std::size_t at = address.find(kSlug);
  if (at != std::string::npos) address.replace(at, kSlug.size(), slug);
  return address;
}

bool valid_address(std::string_view address) {
  const bool folder = address.ends_with('/');
  if (address.size() < 2 || address.size() > kMaxAddress || address.front() != '/') return false;
  if (!folder && !address.ends_with(".html")) return false;
  std::string_view rest = address.substr(1, address.size() - (folder ? 2 : 1));
  const std::string_view first = rest.substr(0, rest.find('/'));
  if (first == kNotFound || first == kFeed || first == kAssets) return false;
  for (;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (!valid_segment(segment) || segment == kIndex) return false;
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

std::string path_of(std::string_view address) {
  std::string path(address.substr(1));
  if (path.ends_with('/')) path += kIndex;
  return path;
}

std::string asset_path(std::string_view sha256, std::string_view name) {
  const bool hex = sha256.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (sha256.size() != kHashDigits || !hex) throw std::runtime_error("an asset has no SHA-256");
  return std::string(kAssets) + "/" + std::string(sha256.substr(0, kHashPrefix)) + "-" + std::string(name);
}

std::string asset_path(const Asset& asset) {
  const std::string_view last = std::string_view(asset.name).substr(asset.name.rfind('/') + 1);
  const Name name = split(last);
  return asset_path(asset.sha256, sanitised(name.stem) + ending_for(asset.media_type, name.ending));
}

std::string sha256_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available");
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

}  // namespace publishers::static_site
