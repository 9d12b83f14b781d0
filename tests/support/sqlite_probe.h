// Looks into SQLite from outside of the engine: which connections it opens and what it asks of them, and a
// file system that counts its syncs and fails when it is told to.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace support {

// While it lives, notes each connection that is opened, and on demand the SQL that runs on them.
class SqliteProbe {
 public:
  SqliteProbe() {
    probe() = this;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&opened));
  }
  ~SqliteProbe() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&opened));
    probe() = nullptr;
  }
  SqliteProbe(const SqliteProbe&) = delete;
  SqliteProbe& operator=(const SqliteProbe&) = delete;

  sqlite3* connection(std::size_t index) const { return connections_.at(index); }

  // The statements that `call` runs on the first connection.
  template <class Call>
  std::set<std::string> statements(Call call) {
    statements_.clear();
    sqlite3_trace_v2(connections_.at(0), SQLITE_TRACE_STMT, &noted, this);
    call();
    sqlite3_trace_v2(connections_.at(0), 0, nullptr, nullptr);
    return statements_;
  }

 private:
  static SqliteProbe*& probe() {
    static SqliteProbe* probe = nullptr;
    return probe;
  }
  static int opened(sqlite3* db, const char**, const sqlite3_api_routines*) {
    probe()->connections_.push_back(db);
    return SQLITE_OK;
  }
  static int noted(unsigned, void* self, void*, void* text) {
    static_cast<SqliteProbe*>(self)->statements_.insert(static_cast<const char*>(text));
    return 0;
  }

  std::vector<sqlite3*> connections_;
  std::set<std::string> statements_;
};

// The first column of the first row, as text.
inline std::string ask(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  std::string answer;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (text != nullptr) answer = text;
  }
  sqlite3_finalize(statement);
  return answer;
}

inline std::string ask(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string answer;
  if (sqlite3_open(file.c_str(), &db) == SQLITE_OK) answer = ask(db, sql);
  sqlite3_close(db);
  return answer;
}

// While it lives, all files of SQLite go through it. Faults strike the write-ahead log (-wal) or the
// database itself.
class SqliteDisk {
 public:
  enum class Fault { none, full, over_quota, no_room_for_index, write_error, sync_error };

  SqliteDisk() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    disk() = this;
    vfs_.zName = "tested";
    vfs_.pNext = nullptr;
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.xOpen = &open;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~SqliteDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    disk() = nullptr;
  }
  SqliteDisk(const SqliteDisk&) = delete;
  SqliteDisk& operator=(const SqliteDisk&) = delete;

  std::atomic<Fault> wal_fault{Fault::none};
  std::atomic<Fault> database_fault{Fault::none};
  std::atomic<int> wal_syncs{0};
  std::atomic<int> faults_met{0};
  std::atomic<int> writes_after_fault{0};

 private:
  struct File {
    sqlite3_file base;
    bool wal;
    bool database;
    int error;  // of the last write that failed
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static SqliteDisk*& disk() {
    static SqliteDisk* disk = nullptr;
    return disk;
  }
  static sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

  static Fault fault_of(sqlite3_file* file) {
    const File& ours = *reinterpret_cast<File*>(file);
    return ours.wal ? disk()->wal_fault.load() : ours.database ? disk()->database_fault.load() : Fault::none;
  }

  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    if (disk()->faults_met > 0) ++disk()->writes_after_fault;
    switch (fault_of(file)) {
      case Fault::full:
        ++disk()->faults_met;
        return SQLITE_FULL;
      case Fault::write_error:
      case Fault::over_quota:
        ++disk()->faults_met;
        reinterpret_cast<File*>(file)->error = fault_of(file) == Fault::over_quota ? EDQUOT : EIO;
        return SQLITE_IOERR_WRITE;
      default:
        return real(file)->pMethods->xWrite(real(file), bytes, size, at);
    }
  }

  static int sync(sqlite3_file* file, int flags) {
    if (reinterpret_cast<File*>(file)->wal) ++disk()->wal_syncs;
    if (fault_of(file) == Fault::sync_error) {
      ++disk()->faults_met;
      return SQLITE_IOERR_FSYNC;
    }
    return real(file)->pMethods->xSync(real(file), flags);
  }

  // As the real one does: the log's errors stay with the log, and until the next one.
  static int control(sqlite3_file* file, int op, void* argument) {
    if (op == SQLITE_FCNTL_LAST_ERRNO) {
      *static_cast<int*>(argument) = reinterpret_cast<File*>(file)->error;
      return SQLITE_OK;
    }
    return real(file)->pMethods->xFileControl(real(file), op, argument);
  }

  static int map_index(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    if (disk()->wal_fault == Fault::no_room_for_index && extend != 0) {
      ++disk()->faults_met;
      return SQLITE_IOERR_SHMSIZE;
    }
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    static const sqlite3_io_methods kMethods = methods();
    File& ours = *reinterpret_cast<File*>(file);
    std::memset(&ours, 0, sizeof ours);
    ours.wal = (flags & SQLITE_OPEN_WAL) != 0;
    ours.database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int code = disk()->real_->xOpen(disk()->real_, name, ours.real(), flags, out);
    ours.base.pMethods = ours.real()->pMethods != nullptr ? &kMethods : nullptr;
    return code;
  }

  static sqlite3_io_methods methods() {
    sqlite3_io_methods all{};
    all.iVersion = 3;
    all.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
    all.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
      return real(f)->pMethods->xRead(real(f), to, size, at);
    };
    all.xWrite = &write;
    all.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
      return real(f)->pMethods->xTruncate(real(f), size);
    };
    all.xSync = &sync;
    all.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return real(f)->pMethods->xFileSize(real(f), size);
    };
    all.xLock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); };
    all.xUnlock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); };
    all.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return real(f)->pMethods->xCheckReservedLock(real(f), out);
    };
    all.xFileControl = &control;
    all.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
    all.xDeviceCharacteristics = [](sqlite3_file* f) {
      return real(f)->pMethods->xDeviceCharacteristics(real(f));
    };
    all.xShmMap = &map_index;
    all.xShmLock = [](sqlite3_file* f, int at, int count, int flags) {
      return real(f)->pMethods->xShmLock(real(f), at, count, flags);
    };
    all.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    all.xShmUnmap = [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); };
    all.xFetch = [](sqlite3_file*, sqlite3_int64, int, void** out) {
      *out = nullptr;  // no memory mapping: every write is seen
      return SQLITE_OK;
    };
    all.xUnfetch = [](sqlite3_file*, sqlite3_int64, void*) { return SQLITE_OK; };
    return all;
  }

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
};

}  // namespace support
