#include "intake/draft_images.h"

#include <algorithm>
#include <vector>

#include "intake/file_names.h"
#include "intake/image_type.h"
#include "intake/sha256.h"
#include "intake/text.h"

namespace intake {
namespace {

constexpr std::size_t kMostImages = 200;
constexpr std::uintmax_t kMostTogether = 5;  // times max_image

bool is_scheme_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-';
}

// "photo.png" as a JPEG is called "photo.jpg".
std::string with_ending(std::string_view name, std::string_view ending) {
  return std::string(name.substr(0, name.rfind('.'))) + std::string(ending);
}

}  // namespace

bool remote_address(std::string_view address) {
  if (address.starts_with("//") || address.starts_with('#')) return true;
  const std::size_t colon = address.find(':');
  if (colon == std::string_view::npos || colon < 2) return false;
  const std::string scheme = lower(address.substr(0, colon));
  return std::all_of(scheme.begin(), scheme.end(), is_scheme_character);
}

std::optional<std::string> resolve_image(std::string_view draft_path, std::string_view address) {
  if (address.starts_with('/') || address.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string whole = join_path(parent_folder(draft_path), address);
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= whole.size();) {
    const std::size_t end = std::min(whole.find('/', begin), whole.size());
    std::string part = whole.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(std::move(part));
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  if (parts.empty()) return std::nullopt;
  return joined(parts, "/");
}

void DraftImages::take(const std::string& address, Place at) {
  if (address.empty() || remote_address(address) || !seen_.insert(address).second) return;
  if (seen_.size() > kMostImages) {
    if (seen_.size() == kMostImages + 1) problem(at, "the draft has more than 200 images", "split it");
    return;
  }
  const auto path = resolve_image(into_.seen.path, address);
  if (!path) {
    return problem(at, "the image '" + escaped_bytes(address) + "' is outside the folder of drafts",
                   "put it beside the draft and write its path from there");
  }
  into_.images.push_back(*path);
  open(address, *path, at);
}

void DraftImages::open(const std::string& address, const std::string& path, Place at) {
  const std::string shown = "the image '" + escaped_bytes(address) + "'";
  OpenedImage image = open_image_(path, rules_.max_image);
  switch (image.outcome) {
    case OpenedImage::Outcome::missing:
      return problem(at, shown + " is missing", "put the file there, or correct the path");
    case OpenedImage::Outcome::refused:
      return problem(at, shown + ' ' + image.why, "put the image itself there");
    case OpenedImage::Outcome::too_large:
      return problem(at, shown + " is larger than " + size_for_people(rules_.max_image), "make it smaller");
    case OpenedImage::Outcome::ok:
      return keep(address, std::move(image.bytes), at);
  }
}

void DraftImages::keep(const std::string& address, std::string bytes, Place at) {
  const std::string shown = "the image '" + escaped_bytes(address) + "'";
  const auto type = image_type(bytes);
  if (!type) {
    if (bytes.empty()) return problem(at, shown + " is empty", "save it again");
    return problem(at, shown + " is no PNG, JPEG, GIF, WebP or AVIF", "export it as one of them");
  }
  if (!name_fits(address, *type)) {
    return problem(at, shown + " is a " + type->name + " by its bytes",
                   "name it '" + escaped_bytes(with_ending(last_name(address), type->ending)) + "'");
  }
  total_ += bytes.size();
  if (total_ > kMostTogether * rules_.max_image) {
    return problem(
        at, "the images are larger than " + size_for_people(kMostTogether * rules_.max_image) + " together",
        "make them smaller");
  }
  store::DraftSeen& seen = into_.seen;
  std::string sha = sha256_hex(bytes);
  seen.assets.push_back({address, sha, type->media_type, type->width, type->height});
  seen.asset_bytes.emplace(std::move(sha), std::move(bytes));
}

void DraftImages::problem(Place at, std::string what, std::string todo) {
  into_.seen.problems.push_back(
      {escaped_bytes(into_.seen.path), at.line, at.column, std::move(what), std::move(todo)});
}

}  // namespace intake
