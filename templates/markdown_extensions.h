// What Obsidian and Pandoc write and CommonMark does not know, read in the tree of a body: there, code and
// paragraphs are known. What was raw HTML in blocks of its own is left alone.
#pragma once

#include <string_view>

#include "templates/markdown_builder.h"

namespace templates {

// Before the builder is finished: what is read here may be an image.
void read_extensions(std::string_view body, TreeBuilder& builder);

// ![[picture.png]], ![[picture.png|300]] and ![[picture.png|what it shows]] as images. Other embedded notes
// are left out, and [[Note|words]] are words: both is told.
void read_wiki(TreeBuilder& builder);

// {#id .class width=50%} of Pandoc behind headings, links, images and code: left out, but for a heading's id.
bool may_hold_attributes(std::string_view body);
void read_attributes(TreeBuilder& builder);

// A quote that begins with [!note] and a title: the title in bold instead of the marker, or its word.
void read_callouts(TreeBuilder& builder);

// ==words== as <mark>, within one paragraph.
void read_highlights(TreeBuilder& builder);

}  // namespace templates
