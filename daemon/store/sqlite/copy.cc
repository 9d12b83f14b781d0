// A copy of the store while it is at work.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/sqlite/schema.h"

namespace store::sqlite {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, int error) {
  const Failure kind = error == EEXIST                      ? Failure::not_allowed
                       : error == ENOSPC || error == EDQUOT ? Failure::full
                                                            : Failure::other;
  const std::string why = error == EEXIST ? "exists already; name a new file" : std::strerror(error);
  throw StoreFailure(kind, file.string() + ": " + why);
}

void make_new(const fs::path& file) {
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (made < 0) fail(file, errno);
  ::close(made);
}

void sync(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail(path, errno);
  const int error = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  if (error != 0) fail(path, error);
}

void copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  int code = sqlite3_errcode(to.handle());
  if (backup != nullptr) {
    code = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) return;
  }
  const bool full = (code & 0xff) == SQLITE_FULL;
  throw StoreFailure(full ? Failure::full : Failure::other, sqlite3_errstr(code));
}

void remove_copy(const fs::path& file) {
  std::error_code ignored;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    fs::path part = file;
    part += suffix;
    fs::remove(part, ignored);
  }
}

}  // namespace

void copy_database(Connection& db, const fs::path& file) {
  make_new(file);
  try {
    {
      Connection copy(file, Connection::Access::read_write);
      copy_pages(db, copy);
      // Out of WAL, so that it needs no companions.
      copy.script("PRAGMA journal_mode=DELETE");
      if (copy.value<std::string>("PRAGMA quick_check(1)") != "ok") {
        throw StoreFailure(Failure::other, "the copy is damaged");
      }
    }
    sync(file, O_RDONLY);
    sync(file.has_parent_path() ? file.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
  } catch (const StoreFailure& failure) {
    remove_copy(file);
    // A failing disk under the copy says nothing of the store's own.
    throw StoreFailure(failure.kind() == Failure::full ? Failure::full : Failure::other,
                       file.string() + ": can't be written: " + failure.what());
  }
}

}  // namespace store::sqlite
