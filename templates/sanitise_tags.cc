#include "templates/sanitise_tags.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace templates {
namespace {

constexpr std::uint8_t kBlockTag = Tag::kBlock;
constexpr std::uint8_t kVoidTag = Tag::kVoid;
constexpr std::uint8_t kContainerTag = Tag::kContainer;
constexpr std::uint8_t kBox = kBlockTag | kContainerTag;

}  // namespace

constexpr std::array<Tag, static_cast<std::size_t>(Kind::kNone) + 1> kTags = {{
    {Kind::kDocument, "", kContainerTag},
    {Kind::kText, "", 0},
    {Kind::kMergeField, "", 0},
    {Kind::kA, "a", 0},
    {Kind::kAbbr, "abbr", 0},
    {Kind::kB, "b", 0},
    {Kind::kBlockquote, "blockquote", kBox},
    {Kind::kBr, "br", kVoidTag},
    {Kind::kCaption, "caption", kBlockTag},
    {Kind::kCite, "cite", 0},
    {Kind::kCode, "code", 0},
    {Kind::kCol, "col", kBlockTag | kVoidTag},
    {Kind::kColgroup, "colgroup", kBox},
    {Kind::kDd, "dd", kBlockTag},
    {Kind::kDel, "del", 0},
    {Kind::kDetails, "details", kBox},
    {Kind::kDiv, "div", kBox},
    {Kind::kDl, "dl", kBox},
    {Kind::kDt, "dt", kBlockTag},
    {Kind::kEm, "em", 0},
    {Kind::kFigcaption, "figcaption", kBlockTag},
    {Kind::kFigure, "figure", kBox},
    {Kind::kH1, "h1", kBlockTag},
    {Kind::kH2, "h2", kBlockTag},
    {Kind::kH3, "h3", kBlockTag},
    {Kind::kH4, "h4", kBlockTag},
    {Kind::kH5, "h5", kBlockTag},
    {Kind::kH6, "h6", kBlockTag},
    {Kind::kHr, "hr", kBlockTag | kVoidTag},
    {Kind::kI, "i", 0},
    {Kind::kImg, "img", kVoidTag},
    {Kind::kIns, "ins", 0},
    {Kind::kKbd, "kbd", 0},
    {Kind::kLi, "li", kBlockTag},
    {Kind::kMark, "mark", 0},
    {Kind::kOl, "ol", kBox},
    {Kind::kP, "p", kBlockTag},
    {Kind::kPre, "pre", kBlockTag},
    {Kind::kQ, "q", 0},
    {Kind::kS, "s", 0},
    {Kind::kSamp, "samp", 0},
    {Kind::kSection, "section", kBox},
    {Kind::kSmall, "small", 0},
    {Kind::kSpan, "span", 0},
    {Kind::kStrong, "strong", 0},
    {Kind::kSub, "sub", 0},
    {Kind::kSummary, "summary", kBlockTag},
    {Kind::kSup, "sup", 0},
    {Kind::kTable, "table", kBox},
    {Kind::kTbody, "tbody", kBox},
    {Kind::kTd, "td", kBlockTag},
    {Kind::kTfoot, "tfoot", kBox},
    {Kind::kTh, "th", kBlockTag},
    {Kind::kThead, "thead", kBox},
    {Kind::kTr, "tr", kBox},
    {Kind::kU, "u", 0},
    {Kind::kUl, "ul", kBox},
    {Kind::kVar, "var", 0},
    {Kind::kNone, "", 0},
}};

namespace {

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTags.size(); ++i) {
    if (static_cast<std::size_t>(kTags[i].kind) != i) return false;
  }
  return true;
}
static_assert(in_order());

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

Kind allowed_tag(std::string_view name) {
  const auto found =
      std::find_if(kTags.begin(), kTags.end(), [&](const Tag& tag) { return tag.name == name; });
  return name.empty() || found == kTags.end() ? Kind::kNone : found->kind;
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
