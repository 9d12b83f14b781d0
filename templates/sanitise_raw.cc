#include "templates/sanitise_raw.h"

#include <algorithm>

#include "templates/markdown_characters.h"
#include "templates/markdown_comments.h"
#include "templates/markdown_entities.h"
#include "templates/markdown_ids.h"
#include "templates/sanitise_attributes.h"
#include "templates/sanitise_tags.h"

namespace templates {
namespace {

bool is_cell(Kind kind) {
  return kind == Kind::kTd || kind == Kind::kTh;
}

bool is_table_part(Kind kind) {
  return is_cell(kind) || kind == Kind::kTr || kind == Kind::kThead || kind == Kind::kTbody ||
         kind == Kind::kTfoot || kind == Kind::kCaption || kind == Kind::kColgroup || kind == Kind::kCol ||
         kind == Kind::kTable;
}

// Tags for what is not of the table do not reach through its cells.
bool stops(Kind open, Kind looking_for) {
  if (open == Kind::kTable) return true;
  return (is_cell(open) || open == Kind::kCaption) && !is_table_part(looking_for);
}

bool is_whole(const RawToken& token) {
  return token.self_closing && is_foreign(token.name);
}

bool holds_phrases_only(Kind kind) {
  return kind == Kind::kP || kind == Kind::kPre || is_heading(kind);
}

}  // namespace

void RawHtmlReader::add(std::string_view piece) {
  if (!builder_.holds(piece)) {
    // md4c ends the last line by a line feed even if the body does not.
    if (!builder_.in_comment() && !builder_.at_end()) run_ += builder_.outside_comment(piece);
    return;
  }
  std::string_view visible = builder_.outside_comment(piece);
  builder_.seen_until(builder_.offset_of(piece) + piece.size());
  if (!builder_.has_fillers()) {
    add_visible(visible);
    return;
  }
  for (auto part = next_without_fillers(visible); !part.empty(); part = next_without_fillers(visible))
    add_visible(part);
}

void RawHtmlReader::add_visible(std::string_view piece) {
  if (!piece.empty()) lines_.emplace_back(run_.size(), builder_.offset_of(piece));
  run_ += piece;
}

std::size_t RawHtmlReader::offset(std::size_t in_run) const {
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), in_run,
                                      [](std::size_t at, const auto& line) { return at < line.first; });
  if (after == lines_.begin()) return builder_.seen();
  return (after - 1)->second + (in_run - (after - 1)->first);
}

void RawHtmlReader::read() {
  const std::string run = std::exchange(run_, {});
  RawHtml html(run);
  RawToken token;
  while (html.next(token)) {
    if (token.type == RawToken::Type::kText) {
      take_text(std::string_view(run).substr(token.begin, token.end - token.begin), offset(token.begin));
    } else {
      take(html, token);
    }
  }
  lines_.clear();
}

void RawHtmlReader::take_text(std::string_view text, std::size_t at) {
  if (builder_.top().node != nullptr) builder_.raw_text(decode_entities(text), at);
}

void RawHtmlReader::take(RawHtml& html, const RawToken& token) {
  if (!builder_.top().removed.empty()) {
    skip_in_removed(token);
    return;
  }
  if (!token.complete) {
    if (token.type == RawToken::Type::kComment) {
      builder_.comment_from(offset(token.begin));
    } else {
      const std::string what = token.name.empty() ? "declaration <!...> or <?...?>" : "tag " + name_of(token);
      builder_.findings().block(offset(token.begin), what + " is not closed", "end it with >");
    }
    return;
  }
  if (token.type == RawToken::Type::kComment) {
    builder_.note_comment(offset(token.begin));
  } else if (token.type == RawToken::Type::kDeclaration) {
    builder_.findings().warn_once(offset(token.begin), "a declaration (<!...> or <?...?>) was left out",
                                  "take it out");
  } else if (token.type == RawToken::Type::kStartTag) {
    take_start(html, token);
  } else if (token.type == RawToken::Type::kEndTag) {
    take_end(token);
  }
}

void RawHtmlReader::skip_in_removed(const RawToken& token) {
  TreeBuilder::Frame& frame = builder_.top();
  if (token.name != frame.removed) return;
  if (token.type == RawToken::Type::kStartTag && !is_raw_text(frame.removed) && !is_whole(token))
    ++frame.removed_depth;
  if (token.type != RawToken::Type::kEndTag) return;
  if (frame.removed_depth > 0) {
    --frame.removed_depth;
  } else {
    frame.removed.clear();
    builder_.pop_to(builder_.frames().size() - 1);
  }
}

std::string RawHtmlReader::name_of(const RawToken& token) const {
  return "<" + quoted_short(token.name) + ">";
}

void RawHtmlReader::take_start(RawHtml& html, const RawToken& token) {
  if (builder_.top().node == nullptr) return;
  const Kind kind = allowed_tag(token.name);
  if (kind == Kind::kNone || !builder_.options().raw_html || builder_.inside_image()) {
    leave_out(html, token);
  } else if (place(kind, token)) {
    put(kind, token);
  }
}

void RawHtmlReader::leave_out(RawHtml& html, const RawToken& token) {
  Findings& findings = builder_.findings();
  const std::size_t at = offset(token.begin);
  if (is_removed_with_content(token.name)) {
    findings.warn_once(at, name_of(token) + " is not allowed and was left out with all that it holds",
                       "take it out");
    if (is_whole(token)) return;
    if (!is_raw_text(token.name) || !html.skip_past_end_tag(token.name))
      builder_.push_removed(token.name, at);
    return;
  }
  const bool off = allowed_tag(token.name) != Kind::kNone;
  findings.warn_once(at,
                     name_of(token) + " is not allowed " + (off ? "here " : "") + "and was left out" +
                         (is_void_name(token.name) ? "" : "; its text stays"),
                     "take it out or use Markdown");
}

bool RawHtmlReader::open_wholes_of(Kind part) {
  const auto& frames = builder_.frames();
  const Kind outer = is_cell(part) ? Kind::kTr : part == Kind::kCol ? Kind::kColgroup : Kind::kNone;
  for (std::size_t i = frames.size(); i-- > 1 && frames[i].by == TreeBuilder::By::kRawHtml;) {
    const Kind open = frames[i].kind;
    if (is_part_of(part, open)) {
      builder_.pop_to(i + 1);
      return true;
    }
    if (outer != Kind::kNone && is_part_of(outer, open)) {
      builder_.pop_to(i + 1);
      return builder_.push(outer, TreeBuilder::By::kRawHtml) != nullptr;
    }
    if (stops(open, part)) break;
  }
  return false;
}

bool RawHtmlReader::place(Kind kind, const RawToken& token) {
  Findings& findings = builder_.findings();
  const std::size_t at = offset(token.begin);
  if (is_part(kind)) {
    if (open_wholes_of(kind)) return true;
    findings.warn_once(at, name_of(token) + " stands outside of what it is a part of and was left out",
                       "put it into its table, list, details or figure");
    return false;
  }
  builder_.close_implied(kind);
  if (is_block(kind)) builder_.give_up_empty_paragraph();
  if (kind == Kind::kA && builder_.inside_link()) {
    findings.warn_once(at, "a link inside a link was left out; its text stays", "take one of them out");
    return false;
  }
  const auto& frames = builder_.frames();
  for (std::size_t i = frames.size(); is_block(kind) && i-- > 1;) {
    if (!frames[i].own) continue;
    if (holds_phrases_only(frames[i].kind)) {
      findings.warn_once(at, name_of(token) + " inside a paragraph was left out; its text stays",
                         "put it on a line of its own, after an empty line");
      return false;
    }
    if (is_block(frames[i].kind)) break;
  }
  return true;
}

void RawHtmlReader::put(Kind kind, const RawToken& token) {
  const std::size_t seen = builder_.seen();
  builder_.seen_until(offset(token.begin));
  builder_.make_room_for(kind);
  const std::size_t depth = builder_.frames().size();
  Node* node = builder_.push(kind, TreeBuilder::By::kRawHtml);
  if (node != nullptr) {
    bool good = put_attributes(*node, token);
    if (kind == Kind::kImg) {
      good = good && node->attribute(AttributeName::kSrc) != nullptr;
      const bool has_alt = node->attribute(AttributeName::kAlt) != nullptr;
      if (good) builder_.finish_image(*node, offset(token.begin), has_alt);
    }
    if (!good || is_void(kind)) builder_.pop_to(depth);
    if (!good) {
      node->kind = Kind::kText;
      node->text = node->value(AttributeName::kAlt);
      node->attributes = nullptr;
    }
  }
  builder_.seen_until(seen);
}

bool RawHtmlReader::put_attributes(Node& node, const RawToken& token) {
  bool good = true;
  for (const RawAttribute& attribute : token.attributes) good = put_attribute(node, attribute, token) && good;
  return good;
}

bool RawHtmlReader::put_attribute(Node& node, const RawAttribute& attribute, const RawToken& token) {
  const auto name = allowed_attribute(node.kind, attribute.name);
  if (!name) {
    builder_.findings().warn_once(offset(token.begin),
                                  "attribute " + quoted_short(attribute.name) + " of " + name_of(token) +
                                      " is not allowed and was left out",
                                  "take it out");
    return true;
  }
  const std::string decoded = decode_entities(attribute.value);
  if (is_address(*name)) {
    return builder_.set_address(node, *name, decoded, offset(token.begin)) || *name == AttributeName::kCite;
  }
  if (*name == AttributeName::kId && (!is_plain_id(decoded) || !builder_.take_id(decoded))) return true;
  if (const auto value = allowed_value(*name, decoded)) builder_.add_attribute(node, *name, *value);
  return true;
}

void RawHtmlReader::take_end(const RawToken& token) {
  const Kind kind = allowed_tag(token.name);
  if (kind == Kind::kNone || is_void(kind) || builder_.top().node == nullptr) return;
  const auto& frames = builder_.frames();
  for (std::size_t i = frames.size(); i-- > 1 && frames[i].by == TreeBuilder::By::kRawHtml;) {
    if (frames[i].kind == kind) {
      builder_.pop_to(i);
      return;
    }
    if (stops(frames[i].kind, kind)) return;
  }
}

}  // namespace templates
