// Which names in the folder are drafts, and the names that fridayd gives to files there. Pure.
#pragma once

#include <string>
#include <string_view>

namespace intake {

inline constexpr int kDeepestFolder = 3;  // under drafts/

// Left by editors, sync clients and systems, hidden, or meant for people (_x, STATUS.md, README.md).
bool ignored_name(std::string_view name);
// .md or .markdown in any case, and not ignored.
bool draft_name(std::string_view name);
// How many folders `path` (relative to drafts/) goes down: 0 for "x.md".
int folders_above(std::string_view path);

std::string_view last_name(std::string_view path);
std::string_view parent_folder(std::string_view path);  // "" at the top
std::string join_path(std::string_view folder, std::string_view name);

// "trust.md.problem.txt"; of a name over 200 bytes its beginning and a hash.
std::string problem_file_name(std::string_view draft_name);
bool problem_file(std::string_view name);

}  // namespace intake
