// The elements a reader may get, and how they fit into one another.
#pragma once

#include <cstdint>
#include <string_view>

#include "templates/markdown_tree.h"

namespace templates {

std::string_view tag_name(Kind kind);
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

bool is_void(Kind kind);
// Starts on a line of its own, and may not stand inside a paragraph.
bool is_block(Kind kind);
// Holds blocks or parts of a table or list: its tags are followed by a line break.
bool is_container(Kind kind);

// Parts of tables and lists stand only in what they are parts of.
bool is_part(Kind kind);
bool is_part_of(Kind part, Kind whole);
// The part that has to be between `whole` and any other content; kNone if it may hold that itself.
Kind implied_part(Kind whole);

}  // namespace templates
