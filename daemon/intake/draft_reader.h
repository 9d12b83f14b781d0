// From the bytes of a file to a draft: head, title, slug, series, body, images, and all that is wrong.
// Pure but for the images, which it asks for. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "intake/front_matter.h"
#include "store/store.h"

namespace intake {

// What reading a draft takes from the configuration.
struct ReadRules {
  std::uintmax_t max_draft = 2u << 20;
  std::uintmax_t max_image = 20u << 20;
  bool raw_html = true;
  std::vector<std::string> series;    // keys
  std::vector<std::string> channels;  // keys
  bool operator==(const ReadRules&) const = default;
};
ReadRules read_rules(const config::Config& config);

struct OpenedImage {
  enum class Outcome { ok, missing, refused, too_large };
  Outcome outcome = Outcome::missing;
  std::string bytes;
  std::string why;  // of refused, for people: "is a symbolic link"
};
// Opens a file by its path relative to the folder of drafts, without "." and "..".
using OpenImage = std::function<OpenedImage(const std::string& path, std::uintmax_t limit)>;

struct ReadDraft {
  store::DraftSeen seen;            // its signature is left to the caller
  std::vector<std::string> images;  // files that it refers to, found or not, relative to the folder of drafts
};

ReadDraft read_draft(const std::string& path, std::string bytes, const ReadRules& rules,
                     const OpenImage& open_image);

// For a file that is over the limit and was not read.
ReadDraft oversized_draft(const std::string& path, std::uintmax_t size, const ReadRules& rules);

// The head and body of stored bytes again, for who renders them. A `# Heading` that equals the title is
// still in the body.
Head head_of(std::string_view bytes, const std::string& file);

// "a-question-of-trust.md" -> "A question of trust"; "trust/index.md" -> "Trust".
std::string title_of_path(std::string_view path);

}  // namespace intake
