// From a draft to the editions of its post: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "model/draft.h"
#include "publishers/edition.h"
#include "store/store.h"
#include "templates/markdown.h"

namespace rendering {

// Who the post is, the same on every channel.
struct Identity {
  std::string pid;     // ULID
  std::string marker;  // "PID.REV.MAC"
  int revision = 1;
  int number = 0;  // in its series
  model::Instant published_at{};
  std::string published_local;  // RFC 3339 in the series' zone
  std::string zone;
  std::string series_title;
};

struct RenderInput {
  model::Draft draft;
  std::string body;  // Markdown without its head
  std::vector<store::StoredAsset> assets;
  templates::MarkdownOptions options;
};

// Everything but the permalink. The draft was checked when it was read; what can go wrong here is a text
// that grew over its limit: std::runtime_error in words for its author.
publishers::Edition render(const RenderInput& input, const Identity& identity, const config::Site& site);

}  // namespace rendering
