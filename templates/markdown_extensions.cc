#include "templates/markdown_extensions.h"

namespace templates {

void read_extensions(std::string_view body, TreeBuilder& builder) {
  builder.pop_to(1);  // what raw HTML left open
  const auto has = [body](std::string_view sign) { return body.find(sign) != std::string_view::npos; };
  if (has("[[")) read_wiki(builder);
  if (may_hold_attributes(body)) read_attributes(builder);
  if (has("[!")) read_callouts(builder);
  if (has("==")) read_highlights(builder);
}

}  // namespace templates
