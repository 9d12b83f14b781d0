// Colours that can be read, whatever accent a site has chosen.
#pragma once

#include <string>
#include <string_view>

namespace templates {

// `colour` made darker or lighter, no more than it takes, until text of it on `ground` has the contrast
// that WCAG 2 asks for (4.5:1). Both "#rgb" or "#rrggbb". Throws ValueProblem.
std::string readable_colour(std::string_view colour, std::string_view ground);

}  // namespace templates
