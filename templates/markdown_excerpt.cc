#include "templates/markdown_excerpt.h"

#include <algorithm>
#include <string_view>

#include "templates/markdown_characters.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

bool holds_own_paragraphs(Kind kind) {
  return kind == Kind::kDocument || kind == Kind::kDiv || kind == Kind::kSection;
}

bool is_left_out(Kind kind) {
  return is_heading(kind) || kind == Kind::kPre || kind == Kind::kFigure;
}

std::string words_of(const Node& paragraph) {
  std::string out;
  for (const Node* n = &paragraph; n != nullptr; n = following(n, paragraph)) {
    if (n->kind == Kind::kText || n->kind == Kind::kMergeField) out += n->text;
    if (n->kind == Kind::kBr || (n != &paragraph && is_block(n->kind))) out += ' ';
  }
  return out;
}

void append_words(std::string& out, std::string_view text) {
  if (!out.empty() && out.back() != ' ') out += ' ';
  for (const char c : text) {
    if (!is_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
}

// Enough text for the excerpt; what follows is not looked at.
std::string first_words(const Node& root, std::size_t enough, bool own_paragraphs_only) {
  std::string out;
  for (const Node* n = following(&root, root); n != nullptr && out.size() <= enough;) {
    const bool take =
        own_paragraphs_only ? n->kind == Kind::kP : !is_container(n->kind) && !is_left_out(n->kind);
    const bool enter = own_paragraphs_only ? holds_own_paragraphs(n->kind) : !is_left_out(n->kind);
    if (take) append_words(out, words_of(*n));
    n = enter && !take ? following(n, root) : following_sibling(n, root);
  }
  return std::string(trimmed(out));
}

std::string cut(const std::string& text, std::size_t max_characters) {
  std::size_t at = 0;
  std::size_t word_end = 0;
  for (std::size_t characters = 0; at < text.size(); ++characters) {
    if (text[at] == ' ' && characters < max_characters) word_end = at;
    // One character is for the ellipsis, unless all fits.
    if (characters + 1 == max_characters) {
      std::size_t behind = at;
      next_code_point(text, behind);
      if (behind >= text.size()) return text;
      const std::size_t end = word_end == 0 ? at : word_end;
      std::string_view kept = trimmed(std::string_view(text).substr(0, end));
      while (!kept.empty() && std::string_view(".,;:!?-").find(kept.back()) != std::string_view::npos) {
        kept.remove_suffix(1);
      }
      return std::string(kept) + "\u2026";
    }
    next_code_point(text, at);
  }
  return text;
}

}  // namespace

std::string excerpt_of(const Node& root, std::size_t max_characters) {
  if (max_characters == 0) return {};
  const std::size_t enough = max_characters * 4;
  std::string text = first_words(root, enough, true);
  if (text.empty()) text = first_words(root, enough, false);
  return cut(text, max_characters);
}

std::size_t count_words(const Node& root) {
  std::size_t words = 0;
  bool in_word = false;
  for (const Node* n = &root; n != nullptr;) {
    if (n->kind == Kind::kPre) {
      in_word = false;
      n = following_sibling(n, root);
      continue;
    }
    if (is_block(n->kind) || n->kind == Kind::kBr) in_word = false;
    for (std::size_t at = 0; at < n->text.size();) {
      const char first = n->text[at];
      if (is_space(first)) {
        in_word = false;
        ++at;
      } else if (in_word) {
        ++at;
      } else {
        in_word = is_word_character(next_code_point(n->text, at));
        words += in_word ? 1 : 0;
      }
    }
    n = following(n, root);
  }
  return words;
}

}  // namespace templates
