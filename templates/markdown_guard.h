// Bodies that md4c would need quadratic time for, found before it sees them. What a person writes never comes
// near these limits.
#pragma once

#include <cstddef>
#include <string_view>

namespace templates {

// Where a line starts that opens more list items than any nesting allows; npos if there is none.
std::size_t find_deep_list(std::string_view body);

// True if finding links in bare addresses ("www.example.org") costs too much here.
bool has_too_many_addresses(std::string_view body);

}  // namespace templates
