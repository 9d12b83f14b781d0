#include "intake/reading.h"

#include <exception>
#include <utility>

#include "intake/sha256.h"
#include "intake/text.h"

namespace intake {
namespace {

constexpr std::size_t kMostFetched = 16U << 20U;
constexpr std::size_t kMostParsed = 32U << 20U;

std::size_t bytes_in(const store::DraftSeen& seen) {
  std::size_t bytes = seen.bytes.size();
  for (const auto& [sha, image] : seen.asset_bytes) bytes += image.size();
  return bytes;
}

ReadDraft unread(const std::string& path, std::string bytes, model::DraftState state, std::string why) {
  ReadDraft draft;
  draft.seen.path = path;
  draft.seen.sha256 = sha256_hex(bytes);
  draft.seen.bytes = std::move(bytes);
  draft.seen.head.title = title_of_path(path);
  draft.seen.state = state;
  draft.seen.why = why;
  draft.seen.problems.push_back({escaped_bytes(path), 0, 0, std::move(why), "save it in another form"});
  return draft;
}

ReadDraft parse_one(const Folder& folder, const ReadRules& rules, Fetched& fetched) {
  const std::string& path = fetched.request.path;
  std::string& bytes = fetched.file.bytes;
  if (fetched.file.outcome == FileRead::Outcome::too_large) {
    return oversized_draft(path, static_cast<std::uintmax_t>(fetched.file.signature.size), rules);
  }
  if (fetched.request.quarantine) {
    return unread(path, std::move(bytes), model::DraftState::quarantined,
                  "fridayd ended three times while reading this file");
  }
  const OpenImage open = [&folder](const std::string& image, std::uintmax_t limit) {
    return folder.read_image(image, limit);
  };
  try {
    return read_draft(path, bytes, rules, open);
  } catch (const std::exception& error) {
    return unread(path, std::move(bytes), model::DraftState::problem,
                  std::string("fridayd has a fault and can't read this: ") + error.what());
  }
}

}  // namespace

std::vector<Fetched> fetch_some(const Folder& folder, const ReadRules& rules,
                                const std::vector<ReadRequest>& requests, std::size_t first) {
  std::vector<Fetched> all;
  std::size_t bytes = 0;
  for (std::size_t i = first; i < requests.size() && bytes < kMostFetched; ++i) {
    Fetched fetched{requests[i], folder.read(requests[i].path, rules.max_draft), ""};
    FileRead& file = fetched.file;
    const bool read = file.outcome == FileRead::Outcome::ok || file.outcome == FileRead::Outcome::too_large;
    if (read && file.signature != requests[i].signature) {
      file.outcome = FileRead::Outcome::changed;
      file.bytes.clear();
    }
    bytes += file.bytes.size();
    fetched.sha256 = sha256_hex(file.bytes);
    all.push_back(std::move(fetched));
  }
  return all;
}

std::vector<ReadDraft> parse_some(const Folder& folder, const ReadRules& rules,
                                  std::vector<Fetched>& fetched) {
  std::vector<ReadDraft> drafts;
  std::size_t bytes = 0;
  while (!fetched.empty() && bytes < kMostParsed) {
    drafts.push_back(parse_one(folder, rules, fetched.back()));
    drafts.back().seen.signature = fetched.back().file.signature;
    bytes += bytes_in(drafts.back().seen);
    fetched.pop_back();
  }
  return drafts;
}

}  // namespace intake
