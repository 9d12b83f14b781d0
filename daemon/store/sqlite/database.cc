#include "store/sqlite/database.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace store::sqlite {
namespace {

// Over quota SQLite knows only as a failed write; the error of it is kept with the file. So is that of an
// earlier write, and which file failed now is not told: a failing disk counts before one without space.
bool no_space(sqlite3* db) {
  sqlite3_file* wal = nullptr;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  int wal_error = 0;
  int file_error = 0;
  if (wal != nullptr && wal->pMethods != nullptr) {
    wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &wal_error);
  }
  sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &file_error);
  const auto is = [](int error) { return error == ENOSPC || error == EDQUOT; };
  const auto fails = [&](int error) { return error != 0 && !is(error); };
  return (is(wal_error) || is(file_error)) && !fails(wal_error) && !fails(file_error);
}

// How the cause is told apart: no space may pass, a failing disk does not.
StoreFailure failure(sqlite3* db, int code) {
  const std::string detail = std::string(sqlite3_errmsg(db)) + " (" + std::to_string(code) + ')';
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Failure::full, "the store's disk is full: " + detail};
    case SQLITE_IOERR:
      // SHMSIZE: the log's index, which is no more than memory, could not grow.
      if (code == SQLITE_IOERR_SHMSIZE || (code == SQLITE_IOERR_WRITE && no_space(db))) {
        return {Failure::full, "the store's disk is full: " + detail};
      }
      [[fallthrough]];
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Failure::io, "the store's disk failed: " + detail};
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
        return {Failure::conflict, "the store has that already: " + detail};
      }
      [[fallthrough]];
    default:
      return {Failure::other, "the store: " + detail};
  }
}

// SQLite would make the file readable for all; its companions take over its mode.
void make_private(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor >= 0) ::close(descriptor);
}

// SQLite's own account of its memory costs a lock for each piece, and nobody reads it.
void keep_no_account() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

}  // namespace

Statement::~Statement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw failure(db_, sqlite3_extended_errcode(db_));
}

bool Statement::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw failure(db_, sqlite3_extended_errcode(db_));
}

void Statement::bind_null(int index) {
  check(sqlite3_bind_null(statement_, index));
}

void Statement::bind_number(int index, std::int64_t number) {
  check(sqlite3_bind_int64(statement_, index, number));
}

void Statement::bind_text(int index, std::string_view text, bool keep) {
  check(sqlite3_bind_text64(statement_, index, text.empty() ? "" : text.data(), text.size(),
                            keep ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_bytes(int index, std::string_view bytes, bool keep) {
  check(sqlite3_bind_blob64(statement_, index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                            keep ? SQLITE_STATIC : SQLITE_TRANSIENT));
}

std::string_view Statement::column_text(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

Connection::Connection(const std::filesystem::path& file, Access access) {
  keep_no_account();
  const bool write = access == Access::read_write;
  if (write && file != ":memory:") make_private(file);
  sqlite3* db = nullptr;
  const int mode = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code =
      sqlite3_open_v2(file.c_str(), &db, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) {
    throw StoreFailure(Failure::other, file.string() + ": can't be opened: " + sqlite3_errstr(code));
  }
  sqlite3_busy_timeout(db, 5000);
}

void Connection::fail() const {
  throw failure(db_.get(), sqlite3_extended_errcode(db_.get()));
}

void Connection::script(Sql sql) {
  if (sqlite3_exec(db_.get(), sql.text(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

sqlite3_stmt* Connection::prepared(Sql sql) {
  auto& kept = statements_[sql.text()];
  if (!kept) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_.get(), sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK) {
      fail();
    }
    kept.reset(statement);
  }
  if (sqlite3_stmt_busy(kept.get()) != 0) {
    throw StoreFailure(Failure::other, "a statement is used within itself");
  }
  return kept.get();
}

Atomic::Atomic(Connection& db) : db_(db), outermost_(!db.in_transaction()) {
  if (outermost_) {
    db_.run("BEGIN IMMEDIATE");
  } else {
    db_.run("SAVEPOINT step");
  }
}

Atomic::~Atomic() {
  // SQLite may have rolled everything back by itself.
  if (done_ || !db_.in_transaction()) return;
  sqlite3_exec(db_.handle(), outermost_ ? "ROLLBACK" : "ROLLBACK TO step; RELEASE step", nullptr, nullptr,
               nullptr);
}

void Atomic::done() {
  if (outermost_) {
    db_.run("COMMIT");
  } else {
    db_.run("RELEASE step");
  }
  done_ = true;
}

}  // namespace store::sqlite
