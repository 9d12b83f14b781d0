#include "templates/markdown_comments.h"

#include <algorithm>
#include <vector>

#include "templates/markdown_characters.h"
#include "templates/markdown_plain.h"
#include "templates/sanitise_html.h"

namespace templates {
namespace {

constexpr std::string_view kSign = "%%";
constexpr std::string_view kHtmlStart = "<!--";
constexpr std::size_t kNowhere = std::string_view::npos;

struct Code {
  std::size_t begin;
  std::size_t end;
  bool is_block;
};

bool is_in_block(const Node& text) {
  const Node* parent = text.parent;
  return parent->kind == Kind::kPre || (parent->parent != nullptr && parent->parent->kind == Kind::kPre);
}

// In the order of the text.
std::vector<Code> find_code(const Node& tree) {
  std::vector<Code> code;
  for (const Node* n = &tree; n != nullptr; n = following(n, tree)) {
    // md4c says an indent in words of its own, which stand nowhere in the body.
    if (n->kind == Kind::kText && n->has(Node::kVerbatim) && !blank(n->text))
      code.push_back({n->offset, n->offset + n->text.size(), is_in_block(*n)});
  }
  return code;
}

// Remembers the last answer: the questions go forward through the body.
class Search {
 public:
  Search(std::string_view body, std::string_view what) : body_(body), what_(what) {}
  std::size_t from(std::size_t at) {
    if (found_ != kNowhere && (!asked_ || found_ < at)) found_ = body_.find(what_, at);
    asked_ = true;
    return found_;
  }

 private:
  std::string_view body_;
  std::string_view what_;
  std::size_t found_ = 0;
  bool asked_ = false;
};

class CommentRemover {
 public:
  CommentRemover(std::string_view body, const Node& tree, Findings& findings)
      : body_(body), code_(find_code(tree)), findings_(findings) {
    out_.body = std::string(body);
  }

  WithoutComments run() {
    Search signs(body_, kSign);
    Search html(body_, kHtmlStart);
    while (at_ != kNowhere && signs.from(at_) != kNowhere) {
      const std::size_t start = std::min(signs.from(at_), html.from(at_));
      if (const std::size_t end = end_of_code(start); end != 0) {
        at_ = end;
      } else if (is_escaped(body_, start)) {
        at_ = start + 1;
      } else {
        at_ = start == signs.from(at_) ? behind_comment(start) : behind_html_comment(start);
      }
    }
    if (out_.comments != 0 || broken_off_) empty_lines();
    return std::move(out_);
  }

 private:
  // Where the code ends that holds `at`; 0 if none does. What began inside a comment is no code.
  std::size_t end_of_code(std::size_t at) {
    while (next_code_ < code_.size() && (code_[next_code_].end <= at || code_[next_code_].begin < at_))
      ++next_code_;
    return next_code_ < code_.size() && code_[next_code_].begin <= at ? code_[next_code_].end : 0;
  }

  std::size_t behind_html_comment(std::size_t start) const {
    std::size_t end = start + kHtmlStart.size();
    const std::size_t length = find_comment_end(body_, end);
    return length == 0 ? kNowhere : end + length;
  }

  std::size_t behind_comment(std::size_t start) {
    const std::size_t behind = start + kSign.size();
    const std::size_t close = find_close(behind);
    if (close == kNowhere && stands_alone(start)) {
      broken_off_ = true;
      findings_.block(start, "comment %% is not closed", "end it with %%");
      fill(start, body_.size());
      return kNowhere;
    }
    if (close == kNowhere || (is_percentage(start) && !ends_comment_of_percentage(behind, close))) {
      findings_.warn(start, "%% without a second one is shown as text",
                     "end the comment with %%, or write one % if it is none");
      return close == kNowhere ? kNowhere : behind;
    }
    if (out_.comments++ == 0) out_.first = start;
    fill(start, close + kSign.size());
    return close + kSign.size();
  }

  // "100%%" is hardly ever meant as the start of a comment: it must not take the sign of another one, and
  // with "50%%" it makes none.
  bool is_percentage(std::size_t sign) const { return sign > 0 && is_digit(body_[sign - 1]); }

  bool ends_comment_of_percentage(std::size_t from, std::size_t close) const {
    if (is_percentage(close)) return false;
    bool blank_line = false;
    for (std::size_t at = from; at < close; ++at) {
      const char c = body_[at];
      if (c == '\n' && blank_line) return false;
      blank_line = c == '\n' || (blank_line && (is_space(c) || c == '>'));
    }
    return !stands_alone(close);
  }

  // A block of code that is commented out may hold the sign, unless it is open to the end.
  std::size_t find_close(std::size_t from) {
    std::size_t block = next_code_;
    for (std::size_t at = from; !only_in_blocks_;) {
      at = body_.find(kSign, at);
      if (at == kNowhere) break;
      while (block < code_.size() && (code_[block].end <= at || !code_[block].is_block)) ++block;
      if (block == code_.size() || code_[block].begin > at) return at;
      at = code_[block].end;
    }
    only_in_blocks_ = true;
    return body_.find(kSign, from);
  }

  std::size_t line_start(std::size_t at) const {
    const std::size_t before = at == 0 ? kNowhere : body_.rfind('\n', at - 1);
    return before == kNowhere ? 0 : before + 1;
  }

  bool stands_alone(std::size_t start) const {
    const std::size_t behind = start + kSign.size();
    const std::size_t end = std::min(body_.find('\n', behind), body_.size());
    return body_.find_first_not_of(" \t>", line_start(start)) == start &&
           blank(body_.substr(behind, end - behind));
  }

  std::size_t quotes_before(std::size_t start) const {
    std::size_t at = line_start(start);
    std::size_t quotes = 0;
    for (; at < start && (is_space(body_[at]) || body_[at] == '>'); ++at) quotes += body_[at] == '>' ? 1 : 0;
    return quotes;
  }

  // The quotes in which a comment stands go on while it does, and so do the lists.
  void fill(std::size_t begin, std::size_t end) {
    const bool one_line = body_.substr(begin, end - begin).find('\n') == kNowhere;
    const std::size_t quotes = one_line ? 0 : quotes_before(begin);
    std::size_t kept = 0;
    bool at_start = false;
    for (std::size_t at = begin; at < end; ++at) {
      const char c = body_[at];
      if (c == '\n') {
        at_start = true;
        kept = 0;
      } else if (at_start && c == '>' && kept < quotes) {
        ++kept;
      } else if (!at_start || !is_space(c)) {
        at_start = false;
        out_.body[at] = kFiller;
      }
    }
  }

  // A line that held nothing but comments is an empty one.
  void empty_lines() {
    std::string& body = out_.body;
    for (std::size_t at = body.find(kFiller); at != std::string::npos; at = body.find(kFiller, at)) {
      const std::size_t start = line_start(at);
      const std::size_t end = std::min(body.find('\n', at), body.size());
      const auto first = body.begin() + static_cast<std::ptrdiff_t>(start);
      const auto last = body.begin() + static_cast<std::ptrdiff_t>(end);
      const bool empty = std::all_of(first, last, [](char c) { return is_space(c) || c == '>'; });
      if (empty) std::replace(first, last, kFiller, ' ');
      at = end;
    }
  }

  std::string_view body_;
  std::vector<Code> code_;
  Findings& findings_;
  WithoutComments out_;
  std::size_t at_ = 0;  // what stands before it is read
  std::size_t next_code_ = 0;
  bool only_in_blocks_ = false;
  bool broken_off_ = false;
};

}  // namespace

std::string_view next_without_fillers(std::string_view& piece) {
  piece.remove_prefix(std::min(piece.find_first_not_of(kFiller), piece.size()));
  const std::string_view part = piece.substr(0, piece.find(kFiller));
  piece.remove_prefix(part.size());
  return part;
}

WithoutComments take_out_comments(std::string_view body, const Node& tree, Findings& findings) {
  return CommentRemover(body, tree, findings).run();
}

}  // namespace templates
