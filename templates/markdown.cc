#include "templates/markdown.h"

#include <algorithm>
#include <utility>

#include "templates/markdown_arena.h"
#include "templates/markdown_builder.h"
#include "templates/markdown_characters.h"
#include "templates/markdown_comments.h"
#include "templates/markdown_excerpt.h"
#include "templates/markdown_extensions.h"
#include "templates/markdown_findings.h"
#include "templates/markdown_html.h"
#include "templates/markdown_ids.h"
#include "templates/markdown_merge.h"
#include "templates/markdown_parse.h"
#include "templates/markdown_plain.h"
#include "templates/markdown_text.h"
#include "templates/markdown_unfinished.h"

namespace templates {
namespace {

constexpr std::size_t kLongestBody = std::size_t{64} << 20U;
constexpr std::size_t kDeepestNesting = 200;
// Escaping makes a character at most this many.
constexpr std::size_t kMostEscaped = 5;

bool is_refused_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

// The same of any of them, without a branch: compilers make wide instructions of it.
bool has_refused_control(std::string_view body) {
  unsigned found = 0;
  for (const char c : body) {
    const auto byte = static_cast<unsigned char>(c);
    found |= static_cast<unsigned>(byte < 0x20) & static_cast<unsigned>(byte != '\n') &
             static_cast<unsigned>(byte != '\t');
    found |= static_cast<unsigned>(byte == 0x7F);
  }
  return found != 0;
}

// Line feeds alone end lines, and there are no other control characters: those are used for marks.
std::string normalised(std::string_view body, std::vector<std::size_t>& controls) {
  std::string out(body);
  if (!has_refused_control(body)) return out;
  std::size_t length = 0;
  for (std::size_t at = 0; at < body.size(); ++at) {
    char c = body[at];
    if (c == '\r') {
      if (at + 1 < body.size() && body[at + 1] == '\n') continue;
      c = '\n';
    } else if (is_refused_control(c)) {
      if (!is_space(c)) controls.push_back(length);
      c = ' ';
    }
    out[length++] = c;
  }
  out.resize(length);
  return out;
}

}  // namespace

struct Markdown::Impl {
  explicit Impl(std::string_view given) : arena(given.size() * 4 + 4096), body(normalised(given, controls)) {}

  void parse(MarkdownOptions options);
  WithoutComments without_comments(const MarkdownOptions& options, Findings& told) const;
  void give_ids(TreeBuilder& builder);
  void check_size(std::size_t spent, Findings& told);
  const Node* title_heading() const;

  std::vector<std::size_t> controls;
  Arena arena;
  std::string body;
  std::string uncommented;  // empty: the body itself
  Parsed parsed;
  std::vector<Finding> findings;
};

void Markdown::Impl::parse(MarkdownOptions options) {
  options.max_nesting = std::min(options.max_nesting, kDeepestNesting);
  Findings told(body);
  for (const std::size_t at : controls) told.block(at, "control character", "take it out");
  if (body.size() > kLongestBody) {
    told.block(0, "text of more than 64 MiB", "make it shorter");
    body.clear();
  }
  const WithoutComments rest = without_comments(options, told);
  uncommented = rest.body;
  const std::string_view shown = uncommented.empty() ? body : uncommented;
  TreeBuilder builder(shown, options, arena, told);
  parse_markdown(shown, builder);
  read_extensions(shown, builder);
  builder.tell_comments(rest.comments, rest.first);
  parsed = builder.finish();
  if (shown.find("{{") != std::string::npos) find_merge_fields(*parsed.root, arena, told);
  give_ids(builder);
  check_size(builder.spent(), told);
  findings = told.take();
}

// Only a body with signs of comments is read twice: the first time for where its code is.
WithoutComments Markdown::Impl::without_comments(const MarkdownOptions& options, Findings& told) const {
  if (body.find("%%") == std::string::npos) return {};
  Arena nodes(body.size() * 4 + 4096);
  Findings ignored(body);
  TreeBuilder reading(body, options, nodes, ignored);
  parse_markdown(body, reading);
  return take_out_comments(body, *reading.finish().root, told);
}

void Markdown::Impl::give_ids(TreeBuilder& builder) {
  IdSeries series;
  const auto take = [&builder](std::string_view id) { return builder.take_id(id); };
  for (Node* heading : parsed.headings) {
    if (heading->attribute(AttributeName::kId) != nullptr) continue;
    builder.add_attribute(*heading, AttributeName::kId, series.next(heading_id(plain_text(*heading)), take));
  }
}

// Only a tree so large that escaping might lift it over the limit is worth the rendering.
void Markdown::Impl::check_size(std::size_t spent, Findings& told) {
  const std::size_t limit = output_limit(body.size());
  if (spent > limit || spent * kMostEscaped <= limit) return;
  HtmlOptions html;
  html.limit = limit;
  TextOptions text;
  text.limit = limit;
  if (write_html(*parsed.root, html).size() > limit || write_text(*parsed.root, text).size() > limit) {
    told.block(body.size(), "the text grows to more than 10 times its size plus 1 MiB", "make it shorter");
  }
}

const Node* Markdown::Impl::title_heading() const {
  const Node* first = parsed.headings.empty() ? nullptr : parsed.headings.front();
  return first != nullptr && first->kind == Kind::kH1 ? first : nullptr;
}

Markdown::Markdown(std::string_view body, const MarkdownOptions& options)
    : impl_(std::make_unique<Impl>(body)) {
  impl_->parse(options);
}

Markdown::~Markdown() = default;
Markdown::Markdown(Markdown&&) noexcept = default;
Markdown& Markdown::operator=(Markdown&&) noexcept = default;

const std::vector<Finding>& Markdown::findings() const {
  return impl_->findings;
}
const std::vector<ImageReference>& Markdown::images() const {
  return impl_->parsed.images;
}
const Node& Markdown::root() const {
  return *impl_->parsed.root;
}

std::string Markdown::first_heading() const {
  const Node* heading = impl_->title_heading();
  return heading == nullptr ? std::string() : plain_text(*heading);
}

void Markdown::drop_heading(std::string_view title) {
  const Node* heading = impl_->title_heading();
  if (heading == nullptr || plain_text(*heading) != trimmed(title)) return;
  Node* parent = heading->parent;
  Node* before = nullptr;
  for (Node* child = parent->first_child; child != heading; child = child->next) before = child;
  (before == nullptr ? parent->first_child : before->next) = heading->next;
  if (parent->last_child == heading) parent->last_child = before;
  impl_->parsed.headings.erase(impl_->parsed.headings.begin());
}

std::string Markdown::html(const ImageAddress& image, bool merge_marks) const {
  HtmlOptions options;
  options.image = &image;
  options.merge_marks = merge_marks;
  options.limit = output_limit(impl_->body.size());
  options.expected_size = impl_->body.size() + impl_->body.size() / 4 + 256;
  return write_html(*impl_->parsed.root, options);
}

std::string Markdown::text(const ImageAddress& /*image*/, bool merge_marks, std::size_t width) const {
  TextOptions options;
  options.merge_marks = merge_marks;
  options.width = width;
  options.limit = output_limit(impl_->body.size());
  return write_text(*impl_->parsed.root, options);
}

std::string Markdown::excerpt(std::size_t max_characters) const {
  return excerpt_of(*impl_->parsed.root, max_characters);
}

std::size_t Markdown::words() const {
  return count_words(*impl_->parsed.root);
}

std::vector<Finding> unfinished_text(const Markdown& markdown) {
  return find_unfinished(*markdown.impl_->parsed.root, markdown.impl_->body);
}

}  // namespace templates
