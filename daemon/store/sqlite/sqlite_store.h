// The store on SQLite 3.40: one file, WAL, synchronous=FULL.
#pragma once

#include <filesystem>
#include <memory>

#include "store/group_commit.h"
#include "store/store.h"

namespace store {

enum class Mode { read_write, read_only };

// Opens and, in read_write mode, makes or migrates (a copy of an older schema is put beside the file first:
// NAME.before-vN). A schema newer than this program and another program's file are refused and left as they
// are; so is an older one in read_only mode. ":memory:" for tests, read_write only.
// The store also is a GroupCommit.
std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file, Mode mode);

}  // namespace store
