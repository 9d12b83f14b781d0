#include <algorithm>
#include <iterator>

#include "store/sqlite/engine.h"
#include "store/sqlite/json.h"

namespace store::sqlite {
namespace {

using model::DraftState;

#define DRAFT_COLUMNS "id,path,state,why,revision,sha256,head,problems,first_ready,changed_at,post,held"

model::Draft draft_of(const Statement& row) {
  model::Draft draft;
  std::string head;
  std::string problems;
  row.read(draft.id, draft.path, draft.state, draft.why, draft.revision, draft.sha256, head, problems,
           draft.first_ready, draft.changed_at, draft.post, draft.held);
  draft.head = head_of(head);
  draft.problems = problems_of(problems);
  return draft;
}

std::optional<model::Draft> one(Statement rows) {
  if (!rows.next()) return std::nullopt;
  return draft_of(rows);
}

std::vector<model::Draft> all(Statement rows) {
  std::vector<model::Draft> drafts;
  while (rows.next()) drafts.push_back(draft_of(rows));
  return drafts;
}

// The dates between which a head lets its draft have a slot; these two where it names none.
constexpr model::LocalDate kEver{};  // reads 0000-00-00
constexpr model::LocalDate kNever = std::chrono::year{9999} / std::chrono::December / 31;

model::LocalDate opens(const model::FrontMatter& head) {
  if (head.slot) return *head.slot;
  return std::max(head.date.value_or(kEver), head.not_before.value_or(kEver));
}

model::LocalDate closes(const model::FrontMatter& head) {
  return head.slot ? *head.slot : head.not_after.value_or(kNever);
}

StoreFailure no_draft(DraftId id) {
  return {Failure::not_found, id.text() + " is no draft"};
}

}  // namespace

void SqliteStore::put_blob(const std::string& sha256, const std::string& bytes) {
  db_.run("INSERT INTO blob VALUES(?,?) ON CONFLICT DO NOTHING", sha256, Bytes{bytes});
}

model::Draft SqliteStore::put_draft(const DraftSeen& seen, Instant now) {
  return atomically([&] {
    put_blob(seen.sha256, seen.bytes);
    for (const auto& [sha256, bytes] : seen.asset_bytes) put_blob(sha256, bytes);
    const std::string assets = text_of(seen.assets);

    model::Draft draft = draft_at(seen.path).value_or(model::Draft{});
    const bool known = static_cast<bool>(draft.id);
    const auto known_assets = db_.value<std::string>(
        "SELECT assets FROM draft_revision WHERE draft=? AND revision=?", draft.id, draft.revision);
    const bool same = known && draft.sha256 == seen.sha256 && known_assets == assets;
    if (!same) {
      ++draft.revision;
      draft.changed_at = now;
    }
    if (!draft.first_ready && seen.state == DraftState::ready) draft.first_ready = now;

    if (!known) {
      db_.run(
          "INSERT INTO "
          "draft(path,state,why,revision,sha256,inode,size,mtime_ns,ctime_ns,head,problems,series,opens,"
          "closes,"
          "priority,changed_at) VALUES(?,0,'',0,'',0,0,0,0,'','','','','',0,0)",
          seen.path);
      draft.id = {db_.last_id()};
    }
    db_.run(
        "UPDATE draft SET state=?,why=?,revision=?,sha256=?,inode=?,size=?,mtime_ns=?,ctime_ns=?,head=?,"
        "problems=?,series=?,opens=?,closes=?,priority=?,first_ready=?,changed_at=? WHERE id=?",
        seen.state, seen.why, draft.revision, seen.sha256, seen.signature.inode, seen.signature.size,
        seen.signature.mtime_ns, seen.signature.ctime_ns, text_of(seen.head), text_of(seen.problems),
        seen.head.series, opens(seen.head), closes(seen.head), seen.head.priority, draft.first_ready,
        draft.changed_at, draft.id);
    if (!same) {
      db_.run("INSERT INTO draft_revision VALUES(?,?,?,?,?)", draft.id, draft.revision, seen.sha256, assets,
              now);
    }
    db_.run("DELETE FROM reading WHERE path=?", seen.path);
    return *one(db_.select("SELECT " DRAFT_COLUMNS " FROM draft WHERE id=?", draft.id));
  });
}

void SqliteStore::touch_draft(DraftId id, const FileSignature& signature) {
  atomically([&] {
    const auto changed = db_.run("UPDATE draft SET inode=?,size=?,mtime_ns=?,ctime_ns=? WHERE id=?",
                                 signature.inode, signature.size, signature.mtime_ns, signature.ctime_ns, id);
    if (changed == 0) throw no_draft(id);
    db_.run("DELETE FROM reading WHERE path=(SELECT path FROM draft WHERE id=?)", id);
  });
}

void SqliteStore::begin_reading(const std::string& path, Instant now) {
  db_.run(
      "INSERT INTO reading VALUES(?,1,?) ON CONFLICT(path) DO UPDATE SET attempts=attempts+1,at=excluded.at",
      path, now);
}

void SqliteStore::rename_draft(DraftId id, const std::string& path, const FileSignature& signature) {
  atomically([&] {
    touch_draft(id, signature);
    db_.run("UPDATE draft SET path=? WHERE id=?", path, id);
  });
}

void SqliteStore::set_draft_state(DraftId id, DraftState state, const std::string& why) {
  atomically([&] {
    const auto known = draft(id);
    if (!known) throw no_draft(id);
    if (known->state == DraftState::published) {
      throw StoreFailure(Failure::not_allowed, known->path + " is published already");
    }
    db_.run(
        "UPDATE draft SET state=?1,why=?2,first_ready=CASE ?1 WHEN 1 THEN coalesce(first_ready,changed_at) "
        "ELSE "
        "first_ready END WHERE id=?3",
        state, why, id);
    if (state == DraftState::gone) db_.run("DELETE FROM reading WHERE path=?", known->path);
  });
}

void SqliteStore::hold_draft(DraftId id, const std::string& why) {
  atomically([&] {
    const auto known = draft(id);
    if (!known) throw no_draft(id);
    const auto refuse = [&](const std::string& what) {
      throw StoreFailure(Failure::not_allowed, id.text() + ' ' + known->path + what);
    };
    if (known->state == DraftState::published || known->state == DraftState::gone) {
      refuse(" is " + std::string(model::name(known->state)) + " already");
    }
    if (why.empty() && known->held.empty()) refuse(" is not on hold");
    db_.run("UPDATE draft SET held=? WHERE id=?", why, id);
  });
}

std::vector<KnownFile> SqliteStore::known_files() {
  std::vector<KnownFile> files;
  Statement read = db_.select(
      "SELECT id,draft.path,inode,size,mtime_ns,ctime_ns,sha256,state,problems<>'[]',coalesce(attempts,0) "
      "FROM draft "
      "LEFT JOIN reading ON reading.path=draft.path WHERE state NOT IN (6,7)");
  while (read.next()) {
    KnownFile& file = files.emplace_back();
    FileSignature& signature = file.signature;
    read.read(file.id, file.path, signature.inode, signature.size, signature.mtime_ns, signature.ctime_ns,
              file.sha256, file.state, file.has_problems, file.attempts);
  }
  // Files whose first reading never ended: known by nothing but their path.
  Statement unread = db_.select(
      "SELECT path,attempts FROM reading WHERE path NOT IN (SELECT path FROM draft WHERE state NOT IN "
      "(6,7))");
  while (unread.next()) {
    KnownFile& file = files.emplace_back();
    unread.read(file.path, file.attempts);
  }
  return files;
}

std::optional<model::Draft> SqliteStore::draft(DraftId id) {
  return one(db_.select("SELECT " DRAFT_COLUMNS " FROM draft WHERE id=?", id));
}

std::optional<model::Draft> SqliteStore::draft_at(const std::string& path) {
  return one(db_.select("SELECT " DRAFT_COLUMNS " FROM draft WHERE path=? AND state NOT IN (6,7)", path));
}

std::optional<model::Draft> SqliteStore::newest_draft_at(const std::string& path) {
  return one(db_.select("SELECT " DRAFT_COLUMNS " FROM draft WHERE path=? ORDER BY id DESC LIMIT 1", path));
}

std::optional<model::Draft> SqliteStore::called_off_as(const std::string& sha256) {
  return one(db_.select("SELECT " DRAFT_COLUMNS " FROM draft WHERE sha256=? AND state=6 AND "
                        "(SELECT state FROM post WHERE id=draft.post)=6 ORDER BY id DESC LIMIT 1",
                        sha256));
}

#define QUEUED " FROM draft WHERE state=1 AND held='' AND "

std::vector<std::string> SqliteStore::queued_series() {
  std::vector<std::string> keys;
  // From key to key: reading all would be reading every draft.
  auto next = db_.value<std::string>("SELECT series" QUEUED "series>='' ORDER BY series LIMIT 1");
  while (next) {
    keys.push_back(*next);
    next = db_.value<std::string>("SELECT series" QUEUED "series>? ORDER BY series LIMIT 1", keys.back());
  }
  return keys;
}

std::vector<model::Draft> SqliteStore::candidates(const std::string& series, model::LocalDate today,
                                                  model::LocalDate first, std::size_t limit) {
  std::vector<model::Draft> drafts;
  const auto take = [&](Sql query, const auto&... bound) {
    auto more = all(db_.select(query, series, first, bound...));
    std::move(more.begin(), more.end(), std::back_inserter(drafts));
  };
  take("SELECT " DRAFT_COLUMNS QUEUED
       "series=?1 AND opens='0000-00-00' AND closes>=?2 ORDER BY priority DESC,first_ready,path LIMIT ?3",
       limit);
  // Dates that have come. Before all others those that are meant for `first` alone, then what is dated ahead.
  take("SELECT " DRAFT_COLUMNS QUEUED
       "series=?1 AND opens>'0000-00-00' AND opens<=?2 AND closes>=?2 "
       "ORDER BY closes=?2 DESC,opens>?4 OR opens=?2 DESC,priority DESC,first_ready,path LIMIT ?3",
       limit, today);
  take("SELECT " DRAFT_COLUMNS QUEUED
       "series=?1 AND opens>?2 AND closes>=?2 ORDER BY opens,priority DESC,first_ready,path LIMIT ?3",
       limit);
  // They are there to be told of.
  constexpr std::size_t kMostLate = 100;
  take("SELECT " DRAFT_COLUMNS QUEUED
       "closes<'9999-12-31' AND series=?1 AND closes<?2 ORDER BY closes DESC LIMIT ?3",
       std::min(limit, kMostLate));
  return drafts;
}

std::vector<model::Draft> SqliteStore::set_aside(std::size_t limit) {
  return all(db_.select("SELECT " DRAFT_COLUMNS
                        " FROM draft WHERE (state=2 OR (state=1 AND held<>'')) ORDER BY id LIMIT ?",
                        limit));
}

std::vector<model::Draft> SqliteStore::drafts(bool published, DraftId after, std::size_t limit) {
  return all(db_.select("SELECT " DRAFT_COLUMNS
                        " FROM draft WHERE id>? AND state<>7 AND (? OR state<>6) ORDER BY id LIMIT ?",
                        after, published, limit));
}

Some<model::Draft> SqliteStore::unusable_drafts(std::size_t limit) {
  return {all(db_.select("SELECT " DRAFT_COLUMNS " FROM draft WHERE state IN (3,4) ORDER BY path LIMIT ?",
                         limit)),
          db_.value<std::int64_t>("SELECT count(*) FROM draft WHERE state IN (3,4)").value_or(0)};
}

std::vector<model::Draft> SqliteStore::called_off(std::size_t limit) {
  return all(db_.select("SELECT " DRAFT_COLUMNS
                        " FROM draft WHERE state=6 AND id IN (SELECT draft FROM post WHERE state=6) AND "
                        "EXISTS(SELECT 1 FROM post WHERE id=draft.post AND state=6) ORDER BY id DESC LIMIT ?",
                        limit));
}

DraftText SqliteStore::draft_text(DraftId id, int revision) {
  Statement row = db_.select(
      "SELECT bytes,assets FROM draft_revision JOIN blob USING(sha256) WHERE draft=?1 AND revision="
      "CASE ?2 WHEN 0 THEN (SELECT revision FROM draft WHERE id=?1) ELSE ?2 END",
      id, revision);
  if (!row.next())
    throw StoreFailure(Failure::not_found, id.text() + " has no revision " + std::to_string(revision));
  DraftText text;
  std::string assets;
  row.read(text.bytes, assets);
  text.assets = assets_of(assets);
  return text;
}

std::string SqliteStore::blob(const std::string& sha256) {
  auto bytes = db_.value<std::string>("SELECT bytes FROM blob WHERE sha256=?", sha256);
  if (!bytes) throw StoreFailure(Failure::not_found, "no bytes are stored under " + sha256);
  return std::move(*bytes);
}

}  // namespace store::sqlite
