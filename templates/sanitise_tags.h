// The elements a reader may get, and how they fit into one another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "templates/markdown_tree.h"

namespace templates {

struct Tag {
  static constexpr std::uint8_t kBlock = 1;
  static constexpr std::uint8_t kVoid = 2;
  static constexpr std::uint8_t kContainer = 4;

  Kind kind;
  std::string_view name;
  std::uint8_t flags;
};
extern const std::array<Tag, static_cast<std::size_t>(Kind::kNone) + 1> kTags;  // in the order of Kind

inline const Tag& tag_of(Kind kind) {
  return kTags[static_cast<std::size_t>(kind)];
}
inline std::string_view tag_name(Kind kind) {
  return tag_of(kind).name;
}
// Of a name in lower case; kNone if it is not allowed.
Kind allowed_tag(std::string_view name);

// Elements that go with all they hold: what is in them is not meant to be read as text.
bool is_removed_with_content(std::string_view name);
// Of those, the ones in which only their own end tag counts.
bool is_raw_text(std::string_view name);
// Of those, the ones of which "<NAME/>" is the whole element, as in XML.
bool is_foreign(std::string_view name);
// Names of no allowed element that have no end tag either.
bool is_void_name(std::string_view name);

inline bool is_void(Kind kind) {
  return (tag_of(kind).flags & Tag::kVoid) != 0;
}
// Starts on a line of its own, and may not stand inside a paragraph.
inline bool is_block(Kind kind) {
  return (tag_of(kind).flags & Tag::kBlock) != 0;
}
// Holds blocks or parts of a table or list: its tags are followed by a line break.
inline bool is_container(Kind kind) {
  return (tag_of(kind).flags & Tag::kContainer) != 0;
}

// Parts of tables and lists stand only in what they are parts of.
bool is_part(Kind kind);
bool is_part_of(Kind part, Kind whole);
// The part that has to be between `whole` and any other content; kNone if it may hold that itself.
Kind implied_part(Kind whole);

}  // namespace templates
