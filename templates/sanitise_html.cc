#include "templates/sanitise_html.h"

#include <algorithm>

#include "templates/markdown_characters.h"

namespace templates {
namespace {

constexpr std::size_t kMostAttributes = 64;

bool ends_name(char c) {
  return is_space(c) || c == '/' || c == '>';
}

}  // namespace

std::size_t find_comment_end(std::string_view text, std::size_t& from) {
  if (text.substr(from, 1) == ">") return 1;
  if (text.substr(from, 2) == "->") return 2;
  for (std::size_t at = text.find("--", from); at != std::string_view::npos; at = text.find("--", at + 1)) {
    const std::string_view rest = text.substr(at + 2, 2);
    const std::size_t length = rest.substr(0, 1) == ">" ? 3 : rest == "!>" ? 4 : 0;
    if (length != 0) {
      from = at;
      return length;
    }
  }
  return 0;
}

bool RawHtml::next(RawToken& token) {
  token.attributes.clear();
  token.name.clear();
  token.complete = true;
  token.self_closing = false;
  token.begin = at_;
  if (at_ >= html_.size()) return false;
  for (std::size_t at = html_.find('<', at_); at != std::string_view::npos; at = html_.find('<', at + 1)) {
    const char first = at + 1 < html_.size() ? html_[at + 1] : '\0';
    const char second = at + 2 < html_.size() ? html_[at + 2] : '\0';
    const bool markup = is_letter(first) || first == '!' || first == '?' || (first == '/' && second != '\0');
    if (!markup) continue;
    if (at > at_) {
      token.type = RawToken::Type::kText;
      token.end = at_ = at;
      return true;
    }
    if (is_letter(first) || (first == '/' && is_letter(second))) {
      take_tag(token);
    } else {
      take_declaration(token);
    }
    token.end = at_;
    return true;
  }
  token.type = RawToken::Type::kText;
  token.end = at_ = html_.size();
  return true;
}

bool RawHtml::skip_past_end_tag(std::string_view name) {
  for (std::size_t at = html_.find("</", at_); at != std::string_view::npos; at = html_.find("</", at + 2)) {
    const std::size_t end = at + 2 + name.size();
    if (lower(html_.substr(at + 2, name.size())) != name || (end < html_.size() && !ends_name(html_[end])))
      continue;
    at_ = std::min(html_.find('>', end), html_.size() - 1) + 1;
    return true;
  }
  return false;
}

void RawHtml::take_tag(RawToken& token) {
  const bool end_tag = html_[at_ + 1] == '/';
  token.type = end_tag ? RawToken::Type::kEndTag : RawToken::Type::kStartTag;
  at_ += end_tag ? 2 : 1;
  const std::size_t start = at_;
  while (at_ < html_.size() && !ends_name(html_[at_])) ++at_;
  token.name = lower(html_.substr(start, at_ - start));
  take_attributes(token);
}

void RawHtml::take_attributes(RawToken& token) {
  while (at_ < html_.size()) {
    if (html_[at_] == '>') {
      ++at_;
      return;
    }
    if (is_space(html_[at_]) || html_[at_] == '/') {
      token.self_closing = html_[at_++] == '/' && html_.substr(at_, 1) == ">";
    } else {
      take_attribute(token);
    }
  }
  token.complete = false;
}

void RawHtml::take_attribute(RawToken& token) {
  const std::size_t start = at_++;  // a '=' in the first place is part of the name
  while (at_ < html_.size() && !ends_name(html_[at_]) && html_[at_] != '=') ++at_;
  RawAttribute attribute;
  attribute.name = lower(html_.substr(start, at_ - start));
  while (at_ < html_.size() && is_space(html_[at_])) ++at_;
  if (at_ < html_.size() && html_[at_] == '=') {
    ++at_;
    attribute.value = take_value();
  }
  const bool again = std::any_of(token.attributes.begin(), token.attributes.end(),
                                 [&](const RawAttribute& other) { return other.name == attribute.name; });
  if (!again && token.attributes.size() < kMostAttributes) token.attributes.push_back(std::move(attribute));
}

std::string_view RawHtml::take_value() {
  while (at_ < html_.size() && is_space(html_[at_])) ++at_;
  if (at_ >= html_.size() || html_[at_] == '>') return {};
  const char quote = html_[at_];
  std::size_t start = at_;
  if (quote == '"' || quote == '\'') {
    ++start;
    const std::size_t end = std::min(html_.find(quote, start), html_.size());
    at_ = std::min(end + 1, html_.size());
    return html_.substr(start, end - start);
  }
  while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '>') ++at_;
  return html_.substr(start, at_ - start);
}

void RawHtml::take_declaration(RawToken& token) {
  const std::string_view rest = html_.substr(at_);
  if (rest.substr(0, 4) == "<!--") {
    token.type = RawToken::Type::kComment;
    std::size_t end = at_ + 4;
    const std::size_t length = find_comment_end(html_, end);
    finish_at(token, length == 0 ? std::string_view::npos : end, length);
    return;
  }
  token.type = RawToken::Type::kDeclaration;
  const std::string_view terminator = rest.substr(0, 2) == "<?"          ? "?>"
                                      : rest.substr(0, 9) == "<![CDATA[" ? "]]>"
                                                                         : ">";
  finish_at(token, html_.find(terminator, at_ + 2), terminator.size());
}

void RawHtml::finish_at(RawToken& token, std::size_t found, std::size_t length) {
  token.complete = found != std::string_view::npos;
  at_ = token.complete ? found + length : html_.size();
}

}  // namespace templates
