// The words of a part of the tree, on one line.
#pragma once

#include <string>

#include "templates/markdown_tree.h"

namespace templates {

// Texts, fallbacks of merge fields and descriptions of images; white space collapsed, none at the ends.
std::string plain_text(const Node& node);
// True if plain_text() is not empty.
bool has_words(const Node& node);

// The node behind `node` in the order of the text, inside `root`; null at the end.
const Node* following(const Node* node, const Node& root);
Node* following(Node* node, const Node& root);
// The same, without what `node` holds.
const Node* following_sibling(const Node* node, const Node& root);

}  // namespace templates
