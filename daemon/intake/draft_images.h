// The images that a draft refers to: found, checked, and taken along. Pure but for `open_image`.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "intake/draft_reader.h"

namespace intake {

// "trust/index.md" + "../images/a.png" -> "images/a.png"; nothing where it leaves the folder of drafts.
std::optional<std::string> resolve_image(std::string_view draft_path, std::string_view address);

// Whether an address leads elsewhere (https:, data:, //host) and is left as it is.
bool remote_address(std::string_view address);

class DraftImages {
 public:
  DraftImages(ReadDraft& into, const ReadRules& rules, const OpenImage& open_image)
      : into_(into), rules_(rules), open_image_(open_image) {}

  void take(const std::string& address, Place at);

 private:
  void problem(Place at, std::string what, std::string todo);
  void open(const std::string& address, const std::string& path, Place at);
  void keep(const std::string& address, std::string bytes, Place at);

  ReadDraft& into_;
  const ReadRules& rules_;
  const OpenImage& open_image_;
  std::set<std::string> seen_;
  std::uintmax_t total_ = 0;
};

}  // namespace intake
