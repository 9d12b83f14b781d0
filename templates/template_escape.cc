#include "templates/template_escape.h"

#include <algorithm>
#include <array>

namespace templates {
namespace {

constexpr auto kIsSpecial = [] {
  std::array<bool, 256> special{};
  for (const char c : {'&', '<', '>', '"', '\''}) special[static_cast<unsigned char>(c)] = true;
  return special;
}();

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "&#39;";
  }
}

}  // namespace

std::optional<Escaping> escaping_of(std::string_view name) {
  if (name.ends_with(".html.j2") || name.ends_with(".xml.j2")) return Escaping::markup;
  if (name.ends_with(".txt.j2")) return Escaping::none;
  return std::nullopt;
}

void append_escaped(std::string& out, std::string_view text) {
  const auto is_special = [](char c) { return kIsSpecial[static_cast<unsigned char>(c)]; };
  for (auto from = text.begin();;) {
    const auto at = std::find_if(from, text.end(), is_special);
    out.append(from, at);
    if (at == text.end()) return;
    out.append(entity(*at));
    from = at + 1;
  }
}

}  // namespace templates
