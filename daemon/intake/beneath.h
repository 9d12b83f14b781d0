// Opens and writes files below a folder whose contents others control: no symbolic link is followed, no
// path leads out, no name is trusted twice.
#pragma once

#include <string>
#include <string_view>

#include "intake/file_descriptor.h"

namespace intake {

// Like openat(2) with `flags`, O_NOFOLLOW and O_CLOEXEC. An invalid descriptor and errno on failure: ELOOP
// for a link, EXDEV where the path leaves the folder or its file system.
FileDescriptor open_beneath(int folder, const std::string& path, int flags, unsigned mode = 0);

// The same, one component after the other: for kernels and sandboxes without openat2. Other file systems
// are not noticed.
FileDescriptor open_beneath_by_steps(int folder, const std::string& path, int flags, unsigned mode = 0);

// Creates the folders of `path` that are missing, 2770. False and errno on failure.
bool make_folders_beneath(int folder, std::string_view path);

// Writes a whole file by temporary file and rename, mode 0660, over what stands there. With `durable` file
// and folder are synced. False and errno on failure.
bool replace_file(int folder, const std::string& name, std::string_view bytes, bool durable);

// As replace_file(durable), but fails with EEXIST if the name is taken.
bool create_file(int folder, const std::string& name, std::string_view bytes);

}  // namespace intake
