#include "service/backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/sqlite/sqlite_store.h"

namespace service {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, int error) {
  const auto kind = error == EEXIST ? store::Failure::not_allowed : store::Failure::other;
  throw store::StoreFailure(
      kind,
      file.string() + ": " + (error == EEXIST ? "exists already; name a new file" : std::strerror(error)));
}

void give_name(const fs::path& part, const fs::path& file) {
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) != 0) fail(file, errno);
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  const int error = errno;
  if (directory >= 0) ::close(directory);
  if (!synced) fail(folder, error);
}

}  // namespace

void back_up_store(const fs::path& store, const fs::path& file, model::Instant now) {
  if (fs::exists(fs::symlink_status(file))) fail(file, EEXIST);
  fs::path part = file;
  part += ".part";
  std::error_code ignored;
  const fs::path folder = file.parent_path();
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw store::StoreFailure(store::Failure::not_allowed,
                              "fridayd can't write into " + folder.string() + ": " + std::strerror(errno) +
                                  "; name a file in a folder that is its own, such as that of its state");
  }
  fs::remove(part, ignored);  // of a try that was cut short
  store::open_sqlite(store, store::Mode::read_only)->backup(part);
  try {
    store::open_sqlite(part, store::Mode::read_write)
        ->set_setting("safe_mode", "safe mode: this store is a backup of " + model::rfc3339(now) +
                                       "; what it would send may have been sent since. Look at `fridayctl "
                                       "deliveries`, then say `fridayctl resume`");
    give_name(part, file);
  } catch (const store::StoreFailure&) {
    for (const char* companion : {"", "-wal", "-shm"}) fs::remove(part.string() + companion, ignored);
    throw;
  }
}

}  // namespace service
