// A disk that can run full under SQLite: while it lives, files that are opened go through it. Only what the
// store writes fails, as on a file system without space; it also counts what reached the platter.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace support {

class FaultyDisk {
 public:
  FaultyDisk() {
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = "faulty";
    vfs_.pNext = nullptr;
    vfs_.xOpen = &open;
    here() = this;
    if (sqlite3_vfs_register(&vfs_, 1) != SQLITE_OK) throw std::runtime_error("no faulty disk");
  }
  // After all files are closed.
  ~FaultyDisk() {
    sqlite3_vfs_register(real_, 1);
    sqlite3_vfs_unregister(&vfs_);
    here() = nullptr;
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  void set_full(bool full) { full_ = full; }
  // The write-ahead log was forced to the disk that often: once for each commit that wrote.
  int commits() const { return commits_; }

 private:
  struct Methods : sqlite3_io_methods {
    const sqlite3_io_methods* real = nullptr;
    bool log = false;
  };

  static FaultyDisk*& here() {
    static FaultyDisk* disk = nullptr;
    return disk;
  }
  static const Methods& methods_of(sqlite3_file* file) {
    return *static_cast<const Methods*>(file->pMethods);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    FaultyDisk& disk = *here();
    const int code = disk.real_->xOpen(disk.real_, name, file, flags, out);
    if (code != SQLITE_OK || file->pMethods == nullptr) return code;
    const bool log = (flags & SQLITE_OPEN_WAL) != 0;
    const std::lock_guard lock(disk.mutex_);
    auto& methods = disk.methods_[{file->pMethods, log}];
    if (!methods) {
      methods = std::make_unique<Methods>();
      static_cast<sqlite3_io_methods&>(*methods) = *file->pMethods;
      methods->real = file->pMethods;
      methods->log = log;
      methods->xWrite = &write;
      methods->xSync = &sync;
    }
    file->pMethods = methods.get();
    return code;
  }
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    if (here()->full_) return SQLITE_FULL;
    return methods_of(file).real->xWrite(file, bytes, count, at);
  }
  static int sync(sqlite3_file* file, int flags) {
    if (methods_of(file).log) ++here()->commits_;
    return methods_of(file).real->xSync(file, flags);
  }

  sqlite3_vfs* real_ = nullptr;
  sqlite3_vfs vfs_{};
  std::mutex mutex_;
  std::map<std::pair<const sqlite3_io_methods*, bool>, std::unique_ptr<Methods>> methods_;
  std::atomic<bool> full_{false};
  std::atomic<int> commits_{0};
};

}  // namespace support
