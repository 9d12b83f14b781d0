// The reading of files on the worker thread, in two steps: the bytes first, which harms nobody; then, with
// the attempt noted in the store, what they say. Values in, values out. An exception in here is a bug and
// costs one draft.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "intake/folder.h"

namespace intake {

struct ReadRequest {
  std::string path;
  store::FileSignature signature;  // as it stood still
  bool quarantine = false;         // keep the bytes, don't look into them
};

struct Fetched {
  ReadRequest request;
  FileRead file;  // too_large counts as read, without its bytes
  std::string sha256;
};

// From `first` on, until all are fetched or there are some 16 MiB.
std::vector<Fetched> fetch_some(const Folder& folder, const ReadRules& rules,
                                const std::vector<ReadRequest>& requests, std::size_t first);

// From the end of `fetched` on, taking them out, until none is left or the drafts with their images hold
// some 32 MiB.
std::vector<ReadDraft> parse_some(const Folder& folder, const ReadRules& rules,
                                  std::vector<Fetched>& fetched);

}  // namespace intake
