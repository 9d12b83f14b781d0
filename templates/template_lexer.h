// A template's text as tokens. White space around tags is already decided here, as Jinja does it with
// trim_blocks and lstrip_blocks: a line that holds nothing but {% %} or {# #} leaves no line behind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templates/template_place.h"

namespace templates {

enum class TokenKind {
  text,
  output_begin,
  output_end,
  tag_begin,
  tag_end,
  name,
  string,
  number,
  symbol,
  end
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // of a text, name, number or symbol; refers to the template
  std::string string;     // of a string, its escapes replaced
  Place place;
};

// The last token is an `end`. `text` and `file` must outlive the tokens. Throws TemplateError.
std::vector<Token> tokens_of(std::string_view text, const std::string& file);

}  // namespace templates
