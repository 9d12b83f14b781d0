// The schema's versions: append-only, brought up to date in one transaction.
#pragma once

#include <filesystem>
#include <span>

#include "store/sqlite/database.h"

namespace store::sqlite {

// Each brings the schema to the next version and says so in user_version.
using Migrations = std::span<const Sql>;
Migrations migrations();

// Throws StoreFailure for another program's file and for a schema that is newer than `known`; writes
// nothing. Returns the file's version; 0: it is empty.
int check_version(Connection& db, const std::filesystem::path& file, Migrations known = migrations());

// Brings `db` to the newest schema, in one transaction; an older one is copied beside `file` first
// (":memory:": there is nothing to copy).
void migrate(Connection& db, const std::filesystem::path& file, Migrations known = migrations());

// Copies the whole database into `file`, which must not exist; one file that stands by itself, checked and
// durable when this returns. Leaves nothing behind when it throws.
void copy_database(Connection& db, const std::filesystem::path& file);

}  // namespace store::sqlite
