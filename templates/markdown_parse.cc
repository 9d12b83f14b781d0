#include "templates/markdown_parse.h"

#include <md4c.h>

#include <algorithm>
#include <string>

#include "templates/markdown_characters.h"
#include "templates/markdown_entities.h"
#include "templates/markdown_guard.h"
#include "templates/markdown_merge.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_raw.h"

namespace templates {
namespace {

struct Reader {
  std::string_view body;
  TreeBuilder& builder;
  RawHtmlReader raw;
  bool in_cell = false;
};

Reader& reader(void* userdata) {
  return *static_cast<Reader*>(userdata);
}

// Non-zero stops md4c.
int go_on(const Reader& r) {
  return r.builder.exhausted() ? 1 : 0;
}

// `storage` keeps what had to be decoded.
std::string_view decoded(const MD_ATTRIBUTE& attribute, std::string& storage) {
  if (attribute.size == 0) return {};
  if (attribute.substr_offsets[1] == attribute.size && attribute.substr_types[0] == MD_TEXT_NORMAL) {
    return {attribute.text, attribute.size};
  }
  for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const MD_OFFSET begin = attribute.substr_offsets[i];
    const std::string_view piece(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
    storage += attribute.substr_types[i] == MD_TEXT_ENTITY ? decode_entities(piece) : std::string(piece);
  }
  return storage;
}

std::string_view align_name(MD_ALIGN align) {
  switch (align) {
    case MD_ALIGN_LEFT:
      return "left";
    case MD_ALIGN_CENTER:
      return "center";
    case MD_ALIGN_RIGHT:
      return "right";
    case MD_ALIGN_DEFAULT:
      break;
  }
  return {};
}

void open_list(TreeBuilder& builder, const MD_BLOCK_OL_DETAIL& detail) {
  Node* node = builder.open(Kind::kOl);
  if (node != nullptr && detail.start != 1) {
    builder.add_attribute(*node, AttributeName::kStart, std::to_string(detail.start));
  }
}

void open_item(TreeBuilder& builder, const MD_BLOCK_LI_DETAIL& detail) {
  Node* node = builder.open(Kind::kLi);
  if (node != nullptr && detail.is_task != 0) {
    builder.add_attribute(*node, AttributeName::kTask, detail.task_mark == ' ' ? " " : "x");
  }
}

void open_code(TreeBuilder& builder, const MD_BLOCK_CODE_DETAIL& detail) {
  builder.open(Kind::kPre);
  Node* node = builder.open(Kind::kCode);
  std::string storage;
  const std::string_view language = decoded(detail.lang, storage);
  if (node != nullptr && !language.empty()) builder.add_attribute(*node, AttributeName::kLanguage, language);
}

void open_cell(TreeBuilder& builder, Kind kind, const MD_BLOCK_TD_DETAIL& detail) {
  Node* node = builder.open(kind);
  const std::string_view align = align_name(detail.align);
  if (node != nullptr && !align.empty()) builder.add_attribute(*node, AttributeName::kAlign, align);
}

Kind simple_kind(MD_BLOCKTYPE type) {
  switch (type) {
    case MD_BLOCK_QUOTE:
      return Kind::kBlockquote;
    case MD_BLOCK_UL:
      return Kind::kUl;
    case MD_BLOCK_HR:
      return Kind::kHr;
    case MD_BLOCK_TABLE:
      return Kind::kTable;
    case MD_BLOCK_THEAD:
      return Kind::kThead;
    case MD_BLOCK_TBODY:
      return Kind::kTbody;
    case MD_BLOCK_TR:
      return Kind::kTr;
    default:
      return Kind::kP;
  }
}

int enter_block(MD_BLOCKTYPE type, void* detail, void* userdata) {
  Reader& r = reader(userdata);
  r.raw.finish_run();
  switch (type) {
    case MD_BLOCK_DOC:
      break;
    case MD_BLOCK_HTML:
      r.builder.begin_html();
      break;
    case MD_BLOCK_OL:
      open_list(r.builder, *static_cast<MD_BLOCK_OL_DETAIL*>(detail));
      break;
    case MD_BLOCK_LI:
      open_item(r.builder, *static_cast<MD_BLOCK_LI_DETAIL*>(detail));
      break;
    case MD_BLOCK_CODE:
      open_code(r.builder, *static_cast<MD_BLOCK_CODE_DETAIL*>(detail));
      break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      r.in_cell = true;
      open_cell(r.builder, type == MD_BLOCK_TH ? Kind::kTh : Kind::kTd,
                *static_cast<MD_BLOCK_TD_DETAIL*>(detail));
      break;
    case MD_BLOCK_H: {
      const unsigned level = std::clamp(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level, 1U, 6U);
      r.builder.open(static_cast<Kind>(static_cast<unsigned>(Kind::kH1) + level - 1));
      break;
    }
    default:
      r.builder.open(simple_kind(type));
  }
  return go_on(r);
}

int leave_block(MD_BLOCKTYPE type, void* /*detail*/, void* userdata) {
  Reader& r = reader(userdata);
  r.raw.finish_run();
  if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) r.in_cell = false;
  if (type == MD_BLOCK_HTML) r.builder.end_html();
  if (type == MD_BLOCK_CODE) r.builder.close();
  if (type != MD_BLOCK_DOC && type != MD_BLOCK_HTML) r.builder.close();
  return go_on(r);
}

void add_title(TreeBuilder& builder, Node& node, const MD_ATTRIBUTE& title) {
  std::string storage;
  const std::string_view text = decoded(title, storage);
  if (!text.empty()) builder.add_attribute(node, AttributeName::kTitle, text);
}

void open_link(TreeBuilder& builder, const MD_SPAN_A_DETAIL& detail) {
  std::string storage;
  const std::string_view address = decoded(detail.href, storage);
  Node probe;
  const bool good = !builder.inside_link() && !builder.in_comment() && !builder.inside_image() &&
                    builder.top().node != nullptr &&
                    builder.set_address(probe, AttributeName::kHref, address, builder.offset_of(address));
  if (!good) {
    builder.spend(detail.href.size + detail.title.size);
    builder.open_without_element(Kind::kA);
    return;
  }
  Node* node = builder.open(Kind::kA);
  if (node == nullptr) return;
  node->attributes = probe.attributes;
  add_title(builder, *node, detail.title);
}

// Where the next "![" stands: md4c gives no positions of images.
std::size_t next_image(const Reader& r) {
  const std::size_t found = r.body.find("![", r.builder.seen());
  return found == std::string_view::npos ? r.builder.seen() : found;
}

void open_image(Reader& r, const MD_SPAN_IMG_DETAIL& detail) {
  TreeBuilder& builder = r.builder;
  std::string storage;
  const std::string_view address = decoded(detail.src, storage);
  Node probe;
  const std::size_t at = builder.in_comment() ? builder.seen() : next_image(r);
  const bool good = !builder.in_comment() && builder.top().node != nullptr &&
                    builder.set_address(probe, AttributeName::kSrc, address, at);
  if (!good) {
    builder.spend(detail.src.size + detail.title.size);
    builder.open_without_element(Kind::kImg);
    return;
  }
  builder.seen_until(std::max(at, builder.seen()));
  Node* node = builder.open(Kind::kImg);
  if (node == nullptr) return;
  node->flags = probe.flags;
  node->attributes = probe.attributes;
  add_title(builder, *node, detail.title);
}

// The description of an image was collected as its content.
void close_image(Reader& r) {
  TreeBuilder& builder = r.builder;
  builder.close_raw();
  Node* node = builder.top().own ? builder.top().node : nullptr;
  if (node != nullptr) {
    const std::string alt = description_of(plain_text(*node), node->offset, builder.findings());
    node->first_child = node->last_child = nullptr;
    builder.add_attribute(*node, AttributeName::kAlt, alt);
    builder.finish_image(*node, node->offset, false);
  }
  builder.close();
}

int enter_span(MD_SPANTYPE type, void* detail, void* userdata) {
  Reader& r = reader(userdata);
  r.raw.finish_run();
  switch (type) {
    case MD_SPAN_A:
      open_link(r.builder, *static_cast<MD_SPAN_A_DETAIL*>(detail));
      break;
    case MD_SPAN_IMG:
      open_image(r, *static_cast<MD_SPAN_IMG_DETAIL*>(detail));
      break;
    case MD_SPAN_STRONG:
      r.builder.open(Kind::kStrong);
      break;
    case MD_SPAN_CODE:
      r.builder.open(Kind::kCode);
      break;
    case MD_SPAN_DEL:
      r.builder.open(Kind::kDel);
      break;
    default:
      r.builder.open(Kind::kEm);
  }
  return go_on(r);
}

int leave_span(MD_SPANTYPE type, void* /*detail*/, void* userdata) {
  Reader& r = reader(userdata);
  r.raw.finish_run();
  if (type == MD_SPAN_IMG) {
    close_image(r);
  } else {
    r.builder.close();
  }
  return go_on(r);
}

// A bar in a cell is written as "\\|", in code too, where a backslash is a character of its own elsewhere.
void code_text(Reader& r, std::string_view piece) {
  const auto find_bar = [&] { return r.in_cell ? piece.find("\\|") : std::string_view::npos; };
  for (std::size_t at = find_bar(); at != std::string_view::npos; at = find_bar()) {
    r.builder.text(piece.substr(0, at), true);
    piece.remove_prefix(at + 1);
  }
  r.builder.text(piece, true);
}

int text(MD_TEXTTYPE type, const MD_CHAR* characters, MD_SIZE size, void* userdata) {
  Reader& r = reader(userdata);
  const std::string_view piece(characters, size);
  if (type == MD_TEXT_HTML) {
    r.raw.add(piece);
    return go_on(r);
  }
  r.raw.finish_run();
  switch (type) {
    case MD_TEXT_BR:
      if (!r.builder.in_comment()) {
        r.builder.open(Kind::kBr);
        r.builder.close();
      }
      break;
    case MD_TEXT_SOFTBR:
      r.builder.line_break();
      break;
    case MD_TEXT_ENTITY:
      r.builder.entity(piece, decode_entities(piece));
      break;
    case MD_TEXT_CODE:
      code_text(r, piece);
      break;
    default:
      r.builder.text(piece, false);
  }
  return go_on(r);
}

unsigned flags_for(std::string_view body, TreeBuilder& builder) {
  if (!has_too_many_addresses(body)) return MD_DIALECT_GITHUB;
  builder.findings().warn(0, "too many addresses in the text to make links of them",
                          "write those that matter as <https://...>");
  return MD_DIALECT_GITHUB & ~static_cast<unsigned>(MD_FLAG_PERMISSIVEAUTOLINKS);
}

}  // namespace

void parse_markdown(std::string_view body, TreeBuilder& builder) {
  const std::size_t deep = find_deep_list(body);
  if (deep != std::string_view::npos) {
    builder.tell_nesting(deep);
    body = body.substr(0, deep);
  }
  MD_PARSER parser{};
  parser.flags = flags_for(body, builder);
  parser.enter_block = enter_block;
  parser.leave_block = leave_block;
  parser.enter_span = enter_span;
  parser.leave_span = leave_span;
  parser.text = text;
  Reader r{body, builder, RawHtmlReader(builder), false};
  md_parse(body.data(), static_cast<MD_SIZE>(body.size()), &parser, &r);
  r.raw.finish_run();
}

}  // namespace templates
