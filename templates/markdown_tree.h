// The tree that a draft becomes: Markdown and the raw HTML in it as one set of elements, all of them from
// the allow-list, all texts decoded. Nodes live as long as the Markdown that made them and never change
// afterwards, so that all threads may walk them.
#pragma once

#include <cstdint>
#include <string_view>

namespace templates {

enum class Kind : std::uint8_t {
  kDocument,
  kText,
  kMergeField,
  kA,
  kAbbr,
  kB,
  kBlockquote,
  kBr,
  kCaption,
  kCite,
  kCode,
  kCol,
  kColgroup,
  kDd,
  kDel,
  kDetails,
  kDiv,
  kDl,
  kDt,
  kEm,
  kFigcaption,
  kFigure,
  kH1,
  kH2,
  kH3,
  kH4,
  kH5,
  kH6,
  kHr,
  kI,
  kImg,
  kIns,
  kKbd,
  kLi,
  kMark,
  kOl,
  kP,
  kPre,
  kQ,
  kS,
  kSamp,
  kSection,
  kSmall,
  kSpan,
  kStrong,
  kSub,
  kSummary,
  kSup,
  kTable,
  kTbody,
  kTd,
  kTfoot,
  kTh,
  kThead,
  kTr,
  kU,
  kUl,
  kVar,
  kNone,  // no element of ours
};

enum class AttributeName : std::uint8_t {
  kAlign,
  kAlt,
  kCite,
  kColspan,
  kDatetime,
  kDir,
  kHeight,
  kHref,
  kId,
  kLang,
  kOpen,
  kRowspan,
  kScope,
  kSrc,
  kStart,
  kTitle,
  kWidth,
  kLanguage,  // of a code block: becomes class="language-..."
  kTask,      // of a list item: "x" or " "
  kField,     // name of a merge field
};

struct Attribute {
  AttributeName name{};
  std::string_view value;  // decoded; addresses are allowed ones, percent-encoded unless kRelative
  Attribute* next = nullptr;
};

struct Node {
  static constexpr std::uint8_t kVerbatim = 1;  // text inside code
  static constexpr std::uint8_t kLiteral = 2;   // the first character was escaped by the author
  static constexpr std::uint8_t kRelative = 4;  // an image whose address is for ImageAddress to say

  Kind kind = Kind::kNone;
  std::uint8_t flags = 0;
  std::uint32_t offset = 0;  // in the body; of an element, where its content starts
  std::string_view text;     // of kText, and the fallback of kMergeField
  Attribute* attributes = nullptr;
  Node* parent = nullptr;
  Node* first_child = nullptr;
  Node* last_child = nullptr;
  Node* next = nullptr;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  // Null if there is none.
  const Attribute* attribute(AttributeName name) const {
    for (const Attribute* a = attributes; a != nullptr; a = a->next) {
      if (a->name == name) return a;
    }
    return nullptr;
  }
  std::string_view value(AttributeName name) const {
    const Attribute* a = attribute(name);
    return a == nullptr ? std::string_view() : a->value;
  }
};

inline bool is_heading(Kind kind) {
  return kind >= Kind::kH1 && kind <= Kind::kH6;
}

}  // namespace templates
