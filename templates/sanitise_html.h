// Raw HTML cut into tags, comments and texts, in one pass, as the HTML standard's tokeniser would. It says
// nothing on what is allowed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace templates {

struct RawAttribute {
  std::string name;        // lower case
  std::string_view value;  // as written, without quotes
};

struct RawToken {
  enum class Type {
    kText,
    kStartTag,
    kEndTag,
    kComment,
    kDeclaration
  };  // the last: <!DOCTYPE>, <? ?>, CDATA
  Type type = Type::kText;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string name;  // of a tag, lower case
  std::vector<RawAttribute> attributes;
  bool self_closing = false;  // it ended with "/>"
  bool complete = true;       // false: the text ended inside it
};

class RawHtml {
 public:
  explicit RawHtml(std::string_view html) : html_(html) {}

  // False at the end.
  bool next(RawToken& token);
  // Behind the end tag of `name`, whatever stands before it; false (and no move) if there is none.
  bool skip_past_end_tag(std::string_view name);

 private:
  void take_tag(RawToken& token);
  void take_attributes(RawToken& token);
  void take_attribute(RawToken& token);
  std::string_view take_value();
  void take_declaration(RawToken& token);
  void finish_at(RawToken& token, std::size_t found, std::size_t length);

  std::string_view html_;
  std::size_t at_ = 0;
};

// Length of the end of a comment ("-->" or "--!>") at or behind `from`, which moves there; 0 if it has none.
// `from` is behind "<!--".
std::size_t find_comment_end(std::string_view text, std::size_t& from);

}  // namespace templates
