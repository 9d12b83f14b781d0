#include "store/sqlite/schema.h"

#include <array>

namespace store::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x46524944;  // "FRID"

// States are the numbers of the enums in model/. Partial indexes are used only by a query that repeats
// their condition word for word.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE event(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, item TEXT NOT NULL,
  what TEXT NOT NULL) STRICT;
CREATE INDEX event_item ON event(item, id);
CREATE TABLE blob(sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

CREATE TABLE draft(id INTEGER PRIMARY KEY, path TEXT NOT NULL, state INTEGER NOT NULL, why TEXT NOT NULL,
  revision INTEGER NOT NULL, sha256 TEXT NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, head TEXT NOT NULL, problems TEXT NOT NULL,
  pinned INTEGER NOT NULL, priority INTEGER NOT NULL, first_ready INTEGER, changed_at INTEGER NOT NULL,
  post INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX draft_path ON draft(path) WHERE state NOT IN (6,7);
CREATE INDEX draft_order ON draft(state, pinned DESC, priority DESC, first_ready, path) WHERE state IN (1,2);
CREATE TABLE draft_revision(draft INTEGER NOT NULL REFERENCES draft(id), revision INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES blob(sha256), assets TEXT NOT NULL, read_at INTEGER NOT NULL,
  PRIMARY KEY(draft, revision)) STRICT, WITHOUT ROWID;
CREATE TABLE reading(path TEXT PRIMARY KEY, attempts INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE series(key TEXT PRIMARY KEY, baseline INTEGER NOT NULL, decided_through TEXT,
  paused INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE occurrence(series TEXT NOT NULL, local_date TEXT NOT NULL, local_time INTEGER NOT NULL,
  state INTEGER NOT NULL, post INTEGER NOT NULL, why TEXT NOT NULL, decided_at INTEGER NOT NULL,
  PRIMARY KEY(series, local_date, local_time)) STRICT, WITHOUT ROWID;
CREATE INDEX occurrence_date ON occurrence(local_date, local_time, series);
CREATE TABLE post(id INTEGER PRIMARY KEY, pid TEXT NOT NULL UNIQUE, draft INTEGER NOT NULL REFERENCES draft(id),
  draft_revision INTEGER NOT NULL, series TEXT NOT NULL, local_date TEXT, local_time INTEGER,
  slug TEXT NOT NULL, title TEXT NOT NULL, state INTEGER NOT NULL, permalink TEXT NOT NULL,
  created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, filed TEXT) STRICT;
CREATE UNIQUE INDEX post_slug ON post(slug) WHERE state<>6;
CREATE INDEX post_series ON post(series);
CREATE INDEX post_unfiled ON post(id) WHERE filed IS NULL;
CREATE TABLE edition(post INTEGER NOT NULL REFERENCES post(id), channel TEXT NOT NULL, revision INTEGER NOT NULL,
  published_at INTEGER NOT NULL, pid TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY(post, channel, revision)) STRICT;
CREATE INDEX edition_shelf ON edition(channel, published_at DESC, pid DESC);
CREATE TABLE delivery(id INTEGER PRIMARY KEY, post INTEGER NOT NULL REFERENCES post(id), channel TEXT NOT NULL,
  mail INTEGER NOT NULL, state INTEGER NOT NULL, stage INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER, fence INTEGER NOT NULL DEFAULT 0, lease_until INTEGER,
  node INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0, idempotency_key TEXT NOT NULL,
  remote_id TEXT NOT NULL DEFAULT '', permalink TEXT NOT NULL DEFAULT '', reply TEXT NOT NULL DEFAULT '',
  held_from INTEGER NOT NULL DEFAULT 0, after TEXT NOT NULL, delay INTEGER NOT NULL, not_before INTEGER,
  blog_deadline INTEGER, if_blog_fails TEXT NOT NULL, changed_at INTEGER NOT NULL,
  frozen_mail TEXT, frozen_at INTEGER, UNIQUE(post, channel)) STRICT;
CREATE INDEX delivery_open ON delivery(state, next_at) WHERE state NOT IN (3,5,8);
CREATE TABLE receipt(id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES delivery(id),
  attempt INTEGER NOT NULL, at INTEGER NOT NULL, outcome INTEGER NOT NULL, fault INTEGER NOT NULL,
  remote_id TEXT NOT NULL, permalink TEXT NOT NULL, reply TEXT NOT NULL, asset_urls TEXT NOT NULL) STRICT;
CREATE INDEX receipt_delivery ON receipt(delivery, id);

CREATE TABLE subscriber(id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  fields TEXT NOT NULL) STRICT;
CREATE TABLE suppression(address TEXT PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE message(delivery INTEGER NOT NULL, subscriber INTEGER NOT NULL, state INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, fence INTEGER NOT NULL DEFAULT 0, next_at INTEGER,
  reply TEXT NOT NULL DEFAULT '', changed_at INTEGER NOT NULL,
  PRIMARY KEY(delivery, subscriber), CHECK((state=4)=(next_at IS NOT NULL))) STRICT, WITHOUT ROWID;
CREATE INDEX message_state ON message(delivery, state, subscriber) WHERE state<>3;
CREATE INDEX message_deferred ON message(delivery, next_at) WHERE state=4;
-- The sums of a mailing by state; -1: rows left out.
CREATE TABLE message_count(delivery INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL CHECK(count>=0),
  PRIMARY KEY(delivery, state)) STRICT, WITHOUT ROWID;
CREATE TABLE exclusion(delivery INTEGER NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE INDEX exclusion_delivery ON exclusion(delivery);
CREATE TABLE accepted_hour(channel TEXT NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(channel, hour)) STRICT, WITHOUT ROWID;
PRAGMA application_id=1179797828;
PRAGMA user_version=1;
)sql";

// Holds of drafts; answers to requests; what a verb still has to do to a mailing's messages; when a message
// was first tried, and what its list says of the reader where that is not what the subscriber's row says.
// Addresses that were found in the file of those who left are no longer kept apart from it.
constexpr Sql kVersion2 = R"sql(
ALTER TABLE draft ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE series ADD COLUMN rule TEXT; -- NULL: not known yet; '': not followed
CREATE TABLE answer(who TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL,
  body TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(who, key)) STRICT;
CREATE INDEX answer_at ON answer(at);
ALTER TABLE message ADD COLUMN first_tried INTEGER;
ALTER TABLE message ADD COLUMN name TEXT;
ALTER TABLE message ADD COLUMN fields TEXT;
CREATE TABLE moving(delivery INTEGER PRIMARY KEY, state INTEGER NOT NULL) STRICT;
DELETE FROM suppression WHERE reason='stood in the file of those who left, before the mail to it did';
PRAGMA user_version=2;
)sql";

// A post keeps its number, and no number comes twice. What needs a person is found at once.
constexpr Sql kVersion3 = R"sql(
ALTER TABLE post ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE post SET number=coalesce((SELECT max(json_extract(body,'$.number')) FROM edition WHERE post=post.id),0);
DROP INDEX post_series;
CREATE INDEX post_number ON post(series, number);
CREATE INDEX post_cancelled ON post(id, draft) WHERE state=6;
CREATE INDEX draft_history ON draft(path, id);
CREATE INDEX draft_taken ON draft(sha256, id) WHERE state=6;
CREATE INDEX draft_unusable ON draft(path) WHERE state IN (3,4);
CREATE INDEX delivery_stuck ON delivery(id) WHERE state IN (4,5,6,7);
PRAGMA user_version=3;
)sql";

// A message's way from pending to accepted touches no index: most go it, and each touch costs. (NOT IN would
// be shorter, and SQLite would make a table for it at every update.) The -2 of message_count is the
// subscriber before whom none is pending.
constexpr Sql kVersion4 = R"sql(
DROP INDEX message_state;
CREATE INDEX message_aside ON message(delivery, state, subscriber) WHERE state<>0
  AND state<>1 AND state<>2 AND state<>3;
INSERT INTO message_count SELECT DISTINCT delivery,-2,0 FROM message_count;
PRAGMA user_version=4;
)sql";

// What a slot may be given to is found series by series and by the dates that a draft allows, '0000-00-00'
// and '9999-12-31' where it says none. draft_taken was not in every version 3.
constexpr Sql kVersion5 = R"sql(
DROP INDEX draft_order;
ALTER TABLE draft DROP COLUMN pinned;
ALTER TABLE draft ADD COLUMN series TEXT NOT NULL DEFAULT '';
ALTER TABLE draft ADD COLUMN opens TEXT NOT NULL DEFAULT '0000-00-00';
ALTER TABLE draft ADD COLUMN closes TEXT NOT NULL DEFAULT '9999-12-31';
UPDATE draft SET series=coalesce(head->>'series',''),
  opens=coalesce(head->>'slot',max(coalesce(head->>'date','0000-00-00'),coalesce(head->>'not_before','0000-00-00'))),
  closes=coalesce(head->>'slot',head->>'not_after','9999-12-31') WHERE head<>'';
CREATE INDEX draft_turn ON draft(series, opens, priority DESC, first_ready, path, closes) WHERE state=1 AND held='';
CREATE INDEX draft_late ON draft(series, closes) WHERE state=1 AND held='' AND closes<'9999-12-31';
CREATE INDEX draft_aside ON draft(id) WHERE (state=2 OR (state=1 AND held<>''));
CREATE INDEX IF NOT EXISTS draft_taken ON draft(sha256, id) WHERE state=6;
PRAGMA user_version=5;
)sql";

constexpr std::array<Sql, 5> kMigrations = {kVersion1, kVersion2, kVersion3, kVersion4,
                                            kVersion5};  // append only

StoreFailure refusal(const std::filesystem::path& file, const std::string& what) {
  return {Failure::other, file.string() + ": " + what};
}

}  // namespace

Migrations migrations() {
  return kMigrations;
}

int check_version(Connection& db, const std::filesystem::path& file, Migrations known) {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t tables = 0;
  try {
    application = db.value<std::int64_t>("PRAGMA application_id").value_or(0);
    version = db.value<std::int64_t>("PRAGMA user_version").value_or(0);
    tables = db.value<std::int64_t>("SELECT count(*) FROM sqlite_schema").value_or(0);
  } catch (const StoreFailure& failure) {
    throw refusal(file, std::string("can't be read: ") + failure.what());
  }
  const bool ours = application == kApplicationId && version > 0;
  const bool empty = application == 0 && version == 0 && tables == 0;
  if (!ours && !empty) throw refusal(file, "is not a store of fridayd");
  if (version > static_cast<std::int64_t>(known.size())) {
    throw refusal(file, "was written by a newer fridayd (schema " + std::to_string(version) +
                            ", this one knows " + std::to_string(known.size()) + "); install that version");
  }
  return static_cast<int>(version);
}

void migrate(Connection& db, const std::filesystem::path& file, Migrations known) {
  const auto version = static_cast<std::size_t>(check_version(db, file, known));
  if (version == known.size()) return;
  if (version > 0 && file != ":memory:") {
    std::filesystem::path before = file;
    before += ".before-v" + std::to_string(known.size());
    // One that stands there is of a try that came to nothing: the store is still what it was.
    std::error_code ignored;
    std::filesystem::remove(before, ignored);
    copy_database(db, before);
  }
  Atomic all(db);
  for (const Sql& script : known.subspan(version)) db.script(script);
  if (check_version(db, file, known) != static_cast<int>(known.size())) {
    throw refusal(file, "could not be brought to schema " + std::to_string(known.size()));
  }
  all.done();
}

}  // namespace store::sqlite
