// What is written into published/: the author's file with the address and the date of the post added to
// its head, all else byte for byte. Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/time.h"

namespace intake {

// A head that has these keys gets new values for them; a text without a head gets one. What is UTF-16, and
// whole, becomes UTF-8.
std::string with_publication(std::string_view bytes, const std::string& permalink, model::LocalDate date);

// "2026/2026-11-27-a-question-of-trust", to which ".md" is added, or "/" and the name of an image.
std::string published_stem(model::LocalDate date, std::string_view slug);

}  // namespace intake
