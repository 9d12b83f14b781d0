// Opening, the shared commit, settings, audit, backup.
#include <sodium.h>

#include <array>
#include <limits>

#include "store/sqlite/engine.h"
#include "store/sqlite/schema.h"

namespace store {

std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file, Mode mode) {
  return std::make_unique<sqlite::SqliteStore>(file, mode);
}

namespace sqlite {
namespace {

constexpr int kCheckpointAt = 2000;  // pages of WAL: 8 MB

Connection::Access access_of(Mode mode) {
  return mode == Mode::read_only ? Connection::Access::read_only : Connection::Access::read_write;
}

int note_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

std::vector<EventRow> events_of(Statement rows) {
  std::vector<EventRow> events;
  while (rows.next()) {
    EventRow& row = events.emplace_back();
    rows.read(row.id, row.at, row.who, row.item, row.what);
  }
  return events;
}

}  // namespace

SqliteStore::SqliteStore(const std::filesystem::path& file, Mode mode)
    : db_(file, access_of(mode)), writes_(mode == Mode::read_write) {
  const int version = check_version(db_, file);
  // A small cache: what is read often stays in the system's.
  db_.script("PRAGMA cache_size=-1024; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY");
  if (!writes_) {
    if (version == static_cast<int>(migrations().size())) return;
    throw StoreFailure(Failure::other,
                       file.string() + ": has an older schema; start fridayd once to bring it up to date");
  }
  const auto journal = db_.value<std::string>("PRAGMA journal_mode=WAL");
  if (journal != "wal" && file != ":memory:") {
    throw StoreFailure(Failure::other, file.string() + ": can't be kept in WAL mode on this file system");
  }
  // A WAL that a long read made large gives its space back. Checkpoints are tidy()'s, which sees their
  // errors.
  db_.script("PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216; PRAGMA wal_autocheckpoint=0");
  sqlite3_wal_hook(db_.handle(), note_wal_pages, &wal_pages_);
  migrate(db_, file);
}

SqliteStore::~SqliteStore() {
  if (!writes_ || abandoned_) return;
  sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

void SqliteStore::begin_group() {
  db_.run("BEGIN IMMEDIATE");
}
void SqliteStore::begin_one() {
  db_.run("SAVEPOINT one");
}
void SqliteStore::end_one() {
  db_.run("RELEASE one");
}
void SqliteStore::commit_group() {
  db_.run("COMMIT");
}

void SqliteStore::undo_one() {
  db_.run("ROLLBACK TO one");
  db_.run("RELEASE one");
}

void SqliteStore::undo_group() noexcept {
  // SQLite may have rolled it back by itself.
  if (db_.in_transaction()) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteStore::tidy() {
  if (wal_pages_ < kCheckpointAt) return;
  const int code =
      sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // Held up by a reader: the next commit comes here again.
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) db_.fail();
  wal_pages_ = 0;
}

void SqliteStore::abandon() noexcept {
  abandoned_ = true;
  sqlite3_db_config(db_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void SqliteStore::begin_read() {
  db_.run("BEGIN");
}

void SqliteStore::end_read() noexcept {
  sqlite3_exec(db_.handle(), "COMMIT", nullptr, nullptr, nullptr);
}

std::string SqliteStore::site_key() {
  if (auto key = setting("site_key")) return *key;
  if (sodium_init() < 0) throw StoreFailure(Failure::other, "no random numbers are to be had");
  std::array<unsigned char, 32> random{};
  randombytes_buf(random.data(), random.size());
  std::string hex(random.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
  hex.pop_back();
  set_setting("site_key", hex);
  return hex;
}

std::int64_t SqliteStore::generation() {
  return db_.value<std::int64_t>("SELECT CAST(value AS INTEGER) FROM setting WHERE key='generation'")
      .value_or(0);
}

std::int64_t SqliteStore::next_generation() {
  return atomically([&] {
    const std::int64_t next = generation() + 1;
    set_setting("generation", std::to_string(next));
    return next;
  });
}

std::optional<std::string> SqliteStore::setting(const std::string& key) {
  return db_.value<std::string>("SELECT value FROM setting WHERE key=?", key);
}

void SqliteStore::set_setting(const std::string& key, const std::string& value) {
  if (value.empty()) {
    db_.run("DELETE FROM setting WHERE key=?", key);
    return;
  }
  db_.run("INSERT INTO setting VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", key, value);
}

void SqliteStore::event(const EventRow& row) {
  db_.run("INSERT INTO event(at,who,item,what) VALUES(?,?,?,?)", row.at, row.who, row.item, row.what);
}

std::vector<EventRow> SqliteStore::events(const std::string& item, std::size_t limit, std::int64_t before) {
  if (before <= 0) before = std::numeric_limits<std::int64_t>::max();
  if (item.empty()) {
    return events_of(db_.select("SELECT id,at,who,item,what FROM event WHERE id<? ORDER BY id DESC LIMIT ?",
                                before, limit));
  }
  return events_of(
      db_.select("SELECT id,at,who,item,what FROM event WHERE item=? AND id<? ORDER BY id DESC LIMIT ?", item,
                 before, limit));
}

std::vector<EventRow> SqliteStore::events_after(std::int64_t id, std::size_t limit) {
  return events_of(
      db_.select("SELECT id,at,who,item,what FROM event WHERE id>? ORDER BY id LIMIT ?", id, limit));
}

void SqliteStore::backup(const std::string& file) {
  copy_database(db_, file);
}

void SqliteStore::check() {
  db_.value<std::int64_t>("SELECT count(*) FROM series");
}

}  // namespace sqlite
}  // namespace store
