#include "templates/sanitise_tags.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace templates {
namespace {

constexpr std::uint8_t kBlockTag = 1;
constexpr std::uint8_t kVoidTag = 2;
constexpr std::uint8_t kContainerTag = 4;
constexpr std::uint8_t kBox = kBlockTag | kContainerTag;

struct Row {
  Kind kind;
  std::string_view name;
  std::uint8_t flags;
};

// In the order of Kind.
constexpr std::array kRows = {
    Row{Kind::kDocument, "", kContainerTag},
    Row{Kind::kText, "", 0},
    Row{Kind::kMergeField, "", 0},
    Row{Kind::kA, "a", 0},
    Row{Kind::kAbbr, "abbr", 0},
    Row{Kind::kB, "b", 0},
    Row{Kind::kBlockquote, "blockquote", kBox},
    Row{Kind::kBr, "br", kVoidTag},
    Row{Kind::kCaption, "caption", kBlockTag},
    Row{Kind::kCite, "cite", 0},
    Row{Kind::kCode, "code", 0},
    Row{Kind::kCol, "col", kBlockTag | kVoidTag},
    Row{Kind::kColgroup, "colgroup", kBox},
    Row{Kind::kDd, "dd", kBlockTag},
    Row{Kind::kDel, "del", 0},
    Row{Kind::kDetails, "details", kBox},
    Row{Kind::kDiv, "div", kBox},
    Row{Kind::kDl, "dl", kBox},
    Row{Kind::kDt, "dt", kBlockTag},
    Row{Kind::kEm, "em", 0},
    Row{Kind::kFigcaption, "figcaption", kBlockTag},
    Row{Kind::kFigure, "figure", kBox},
    Row{Kind::kH1, "h1", kBlockTag},
    Row{Kind::kH2, "h2", kBlockTag},
    Row{Kind::kH3, "h3", kBlockTag},
    Row{Kind::kH4, "h4", kBlockTag},
    Row{Kind::kH5, "h5", kBlockTag},
    Row{Kind::kH6, "h6", kBlockTag},
    Row{Kind::kHr, "hr", kBlockTag | kVoidTag},
    Row{Kind::kI, "i", 0},
    Row{Kind::kImg, "img", kVoidTag},
    Row{Kind::kIns, "ins", 0},
    Row{Kind::kKbd, "kbd", 0},
    Row{Kind::kLi, "li", kBlockTag},
    Row{Kind::kMark, "mark", 0},
    Row{Kind::kOl, "ol", kBox},
    Row{Kind::kP, "p", kBlockTag},
    Row{Kind::kPre, "pre", kBlockTag},
    Row{Kind::kQ, "q", 0},
    Row{Kind::kS, "s", 0},
    Row{Kind::kSamp, "samp", 0},
    Row{Kind::kSection, "section", kBox},
    Row{Kind::kSmall, "small", 0},
    Row{Kind::kSpan, "span", 0},
    Row{Kind::kStrong, "strong", 0},
    Row{Kind::kSub, "sub", 0},
    Row{Kind::kSummary, "summary", kBlockTag},
    Row{Kind::kSup, "sup", 0},
    Row{Kind::kTable, "table", kBox},
    Row{Kind::kTbody, "tbody", kBox},
    Row{Kind::kTd, "td", kBlockTag},
    Row{Kind::kTfoot, "tfoot", kBox},
    Row{Kind::kTh, "th", kBlockTag},
    Row{Kind::kThead, "thead", kBox},
    Row{Kind::kTr, "tr", kBox},
    Row{Kind::kU, "u", 0},
    Row{Kind::kUl, "ul", kBox},
    Row{Kind::kVar, "var", 0},
    Row{Kind::kNone, "", 0},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].kind) != i) return false;
  }
  return kRows.size() == static_cast<std::size_t>(Kind::kNone) + 1;
}
static_assert(in_order());

const Row& row(Kind kind) {
  return kRows[static_cast<std::size_t>(kind)];
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

std::string_view tag_name(Kind kind) {
  return row(kind).name;
}

Kind allowed_tag(std::string_view name) {
  const auto found = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == name; });
  return name.empty() || found == kRows.end() ? Kind::kNone : found->kind;
}

bool is_raw_text(std::string_view name) {
  static constexpr std::string_view kNames[] = {"script",  "style",    "iframe",   "textarea", "title",
                                                "noembed", "noframes", "noscript", "xmp",      "plaintext"};
  return is_one_of(name, kNames);
}

bool is_removed_with_content(std::string_view name) {
  static constexpr std::string_view kNames[] = {"svg",      "math",     "object", "applet",
                                                "template", "head",     "select", "canvas",
                                                "frameset", "datalist", "audio",  "video"};
  return is_raw_text(name) || is_one_of(name, kNames);
}

bool is_foreign(std::string_view name) {
  return name == "svg" || name == "math";
}

bool is_void_name(std::string_view name) {
  static constexpr std::string_view kNames[] = {"area",   "base",  "basefont", "bgsound", "embed",
                                                "frame",  "input", "link",     "meta",    "param",
                                                "source", "track", "wbr",      "keygen"};
  return is_one_of(name, kNames);
}

bool is_void(Kind kind) {
  return (row(kind).flags & kVoidTag) != 0;
}
bool is_block(Kind kind) {
  return (row(kind).flags & kBlockTag) != 0;
}
bool is_container(Kind kind) {
  return (row(kind).flags & kContainerTag) != 0;
}

bool is_part(Kind kind) {
  switch (kind) {
    case Kind::kCaption:
    case Kind::kCol:
    case Kind::kColgroup:
    case Kind::kDd:
    case Kind::kDt:
    case Kind::kFigcaption:
    case Kind::kLi:
    case Kind::kSummary:
    case Kind::kTbody:
    case Kind::kTd:
    case Kind::kTfoot:
    case Kind::kTh:
    case Kind::kThead:
    case Kind::kTr:
      return true;
    default:
      return false;
  }
}

bool is_part_of(Kind part, Kind whole) {
  switch (whole) {
    case Kind::kTable:
      return part == Kind::kCaption || part == Kind::kColgroup || part == Kind::kThead ||
             part == Kind::kTbody || part == Kind::kTfoot || part == Kind::kTr;
    case Kind::kThead:
    case Kind::kTbody:
    case Kind::kTfoot:
      return part == Kind::kTr;
    case Kind::kTr:
      return part == Kind::kTd || part == Kind::kTh;
    case Kind::kColgroup:
      return part == Kind::kCol;
    case Kind::kUl:
    case Kind::kOl:
      return part == Kind::kLi;
    case Kind::kDl:
      return part == Kind::kDt || part == Kind::kDd;
    case Kind::kDetails:
      return part == Kind::kSummary;
    case Kind::kFigure:
      return part == Kind::kFigcaption;
    default:
      return false;
  }
}

Kind implied_part(Kind whole) {
  switch (whole) {
    case Kind::kTable:
    case Kind::kThead:
    case Kind::kTbody:
    case Kind::kTfoot:
      return Kind::kTr;
    case Kind::kTr:
      return Kind::kTd;
    case Kind::kUl:
    case Kind::kOl:
      return Kind::kLi;
    case Kind::kDl:
      return Kind::kDd;
    default:
      return Kind::kNone;
  }
}

}  // namespace templates
