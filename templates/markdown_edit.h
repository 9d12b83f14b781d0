// Cuts and joins in a tree that is built, before anybody reads it.
#pragma once

#include <cstddef>
#include <vector>

#include "templates/markdown_arena.h"
#include "templates/markdown_tree.h"

namespace templates {

// True for a text outside code.
bool is_plain_text(const Node& node);

// A new node behind `node`, in the same parent.
Node& insert_behind(Node& node, Arena& arena);

// The text keeps what stands before `at`. The rest without its first `left_out` bytes becomes the text behind
// it, which is returned.
Node& split_text(Node& text, std::size_t at, std::size_t left_out, Arena& arena);

// Puts `first` and what follows it up to `last`, all of them behind `before` (null: at the start), into
// `whole`, which takes their place in their parent.
void wrap(Node* before, Node& first, Node& last, Node& whole);

// Takes those of the nodes out of the tree that are paragraphs without content.
void drop_empty_paragraphs(const std::vector<Node*>& nodes);

}  // namespace templates
