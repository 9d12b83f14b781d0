// Which address and which file a thing of the site has. Pure functions; any thread.
//
// An address is the part of a permalink after the site's url: "/a-question-of-trust/". A path is
// relative to the site's folder: "a-question-of-trust/index.html".
#pragma once

#include <string>
#include <string_view>

#include "publishers/edition.h"

namespace publishers::static_site {

inline constexpr std::string_view kAssets = "assets";
inline constexpr std::string_view kIndex = "index.html";
inline constexpr std::string_view kFeed = "feed.xml";
inline constexpr std::string_view kNotFound = "404.html";

// What is wrong with a permalink pattern, as words after its name; empty if nothing.
std::string pattern_fault(std::string_view pattern);
std::string fill_pattern(std::string_view pattern, std::string_view slug);

// An address that stays inside the folder and takes no name that the site itself needs.
bool valid_address(std::string_view address);
std::string path_of(std::string_view address);

// "assets/0123456789abcdef-trust.png". The ending says what the bytes are, whatever the author's file
// was called. Throws std::runtime_error for a hash that is none.
std::string asset_path(const Asset& asset);
std::string asset_path(std::string_view sha256, std::string_view name);

std::string sha256_of(std::string_view bytes);

}  // namespace publishers::static_site
