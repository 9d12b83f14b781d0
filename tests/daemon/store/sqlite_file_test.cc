// The file of the SQLite engine: how it is opened, guarded, migrated.
#include <gmock/gmock.h>

#include <fstream>

#include "store/sqlite/schema.h"
#include "support/sqlite_probe.h"
#include "support/store_fixture.h"

namespace store {
namespace {

namespace fs = std::filesystem;
using sqlite::Connection;
using support::ask;
using support::failure_of;
using testing::HasSubstr;

class SqliteFileTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open(Mode mode = Mode::read_write) { return open_sqlite(file_, mode); }
  std::string refusal(Mode mode = Mode::read_write) {
    try {
      open(mode);
    } catch (const StoreFailure& failure) {
      EXPECT_EQ(failure.kind(), Failure::other);
      return failure.what();
    }
    return "";
  }
  std::string bytes() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  support::StoreFolder folder_;
  fs::path file_ = folder_ / "fridayd.db";
};

TEST_F(SqliteFileTest, WhatIsCommittedSurvivesAPowerCut) {
  const support::SqliteProbe probe;
  const auto store = open();
  EXPECT_EQ(ask(probe.connection(0), "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(ask(probe.connection(0), "PRAGMA synchronous"), "2");  // FULL
  EXPECT_EQ(ask(probe.connection(0), "PRAGMA foreign_keys"), "1");
}

TEST_F(SqliteFileTest, EachCommitIsSyncedOnce) {
  support::SqliteDisk disk;
  const auto store = open();
  store->set_setting("the first commit", "writes the log's head");
  const int before = disk.wal_syncs;
  for (int i = 0; i < 5; ++i) store->set_setting("key", std::to_string(i));
  EXPECT_EQ(disk.wal_syncs - before, 5);
}

TEST_F(SqliteFileTest, TheFileSaysWhoseItIs) {
  open();
  EXPECT_EQ(ask(file_, "PRAGMA application_id"), std::to_string(0x46524944));
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), std::to_string(sqlite::migrations().size()));
}

TEST_F(SqliteFileTest, TheFileIsForItsOwnerAlone) {
  const auto store = open();
  store->set_setting("a", "b");
  const auto expected = fs::perms::owner_read | fs::perms::owner_write;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(fs::status(file_.string() + suffix).permissions(), expected) << suffix;
  }
}

TEST_F(SqliteFileTest, ACleanEndLeavesAllInTheOneFile) {
  auto store = open();
  store->set_setting("a", "b");
  const auto reader = open(Mode::read_only);
  store.reset();
  fs::copy_file(file_, folder_ / "copy.db");
  EXPECT_EQ(open_sqlite(folder_ / "copy.db", Mode::read_only)->setting("a"), "b");
}

TEST_F(SqliteFileTest, ABackupCanBeReadWhereNothingCanBeWritten) {
  open()->backup(folder_ / "copy.db");
  EXPECT_EQ(ask(folder_ / "copy.db", "PRAGMA journal_mode"), "delete");
}

TEST_F(SqliteFileTest, AReaderSeesWhatIsCommittedAndWritesNothing) {
  const auto store = open();
  store->set_setting("a", "b");
  const auto reader = open(Mode::read_only);
  EXPECT_EQ(reader->setting("a"), "b");
  EXPECT_EQ(failure_of([&] { reader->set_setting("a", "c"); }), Failure::other);
  store->set_setting("a", "d");
  EXPECT_EQ(reader->setting("a"), "d");
}

TEST_F(SqliteFileTest, AReaderMakesNoFile) {
  EXPECT_NE(refusal(Mode::read_only), "");
  EXPECT_FALSE(fs::exists(file_));
  std::ofstream(file_).close();
  EXPECT_THAT(refusal(Mode::read_only), HasSubstr("older schema"));
  EXPECT_EQ(bytes(), "");
}

TEST_F(SqliteFileTest, ANewerSchemaIsRefusedAndLeftAlone) {
  open();
  ask(file_, "PRAGMA user_version=99");
  const std::string before = bytes();
  for (const Mode mode : {Mode::read_write, Mode::read_only})
    EXPECT_THAT(refusal(mode), HasSubstr("newer fridayd"));
  EXPECT_EQ(bytes(), before);
}

TEST_F(SqliteFileTest, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
  ask(file_, "CREATE TABLE theirs(a)");
  const std::string before = bytes();
  for (const Mode mode : {Mode::read_write, Mode::read_only})
    EXPECT_THAT(refusal(mode), HasSubstr("not a store"));
  EXPECT_EQ(bytes(), before);
  ask(file_, "PRAGMA user_version=1");
  EXPECT_THAT(refusal(), HasSubstr("not a store"));
  ask(file_, "PRAGMA application_id=7");
  EXPECT_THAT(refusal(), HasSubstr("not a store"));
  EXPECT_EQ(ask(file_, "PRAGMA journal_mode"), "delete");
}

TEST_F(SqliteFileTest, WhatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string text(5000, 'x');
  std::ofstream(file_, std::ios::binary) << text;
  EXPECT_THAT(refusal(), HasSubstr("can't be read"));
  EXPECT_EQ(bytes(), text);
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_NE(refusal(), "");
}

TEST_F(SqliteFileTest, AnEmptyFileIsANewStore) {
  std::ofstream(file_).close();
  open()->check();
}

TEST_F(SqliteFileTest, ASecondWriterWaitsAndThenGivesUp) {
  const support::SqliteProbe probe;
  const auto first = open();
  const auto second = open();
  sqlite3_busy_timeout(probe.connection(1), 10);
  auto& group = dynamic_cast<GroupCommit&>(*first);
  group.begin_group();
  first->set_setting("a", "first");
  EXPECT_EQ(failure_of([&] { second->set_setting("a", "second"); }), Failure::other);
  group.commit_group();
  second->set_setting("b", "second");
  EXPECT_EQ(first->setting("b"), "second");
}

TEST_F(SqliteFileTest, WhatBelongsToNothingIsRefused) {
  const support::SqliteProbe probe;
  const auto store = open();
  sqlite3* db = probe.connection(0);
  for (const char* orphan : {"INSERT INTO draft_revision VALUES(99,1,'none','[]',0)",
                             "INSERT INTO edition VALUES(99,'blog',1,0,'','{}')",
                             "INSERT INTO receipt VALUES(1,99,1,0,0,0,'','','','')"}) {
    EXPECT_EQ(sqlite3_exec(db, orphan, nullptr, nullptr, nullptr), SQLITE_CONSTRAINT_FOREIGNKEY) << orphan;
  }
}

// --- migrations ---------------------------------------------------------------------------------------

// The two versions after the one that is known.
constexpr sqlite::Sql kNext = "ALTER TABLE setting ADD COLUMN note TEXT; PRAGMA user_version=6;";
constexpr sqlite::Sql kLast = "UPDATE setting SET note='last'; PRAGMA user_version=7;";
constexpr sqlite::Sql kBroken = "DELETE FROM setting; UPDATE none SET a=1; PRAGMA user_version=7;";
constexpr sqlite::Sql kForgetful = "DELETE FROM setting;";

class Migration : public SqliteFileTest {
 protected:
  // Of a draft that says nothing but its series, as versions 1 to 4 wrote it.
  const std::string head_ =
      R"({"title":"","slug":"","summary":"","author":"","tags":[],"series":"friday","ready":true,)"
      R"("date":null,"slot":null,"not_before":null,"not_after":null,"priority":0,"image":"","image_alt":"",)"
      R"("canonical":"","subject":"","preheader":"","channels":[],"evergreen":false,"extra":{}})";

  Migration() { open()->set_setting("key", "value"); }

  // That is known, and `more` after it.
  static std::string version(std::size_t more) { return std::to_string(sqlite::migrations().size() + more); }
  fs::path copy(std::size_t more) const { return folder_ / ("fridayd.db.before-v" + version(more)); }

  void migrate(std::vector<sqlite::Sql> more) {
    more.insert(more.begin(), sqlite::migrations().begin(), sqlite::migrations().end());
    Connection db(file_, Connection::Access::read_write);
    sqlite::migrate(db, file_, more);
  }
};

TEST_F(Migration, AnOlderStoreIsBroughtUpToDateAfterACopyWasMade) {
  migrate({kNext, kLast});
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), version(2));
  EXPECT_EQ(ask(file_, "SELECT note FROM setting WHERE value='value'"), "last");
  const auto before = open_sqlite(copy(2), Mode::read_only);
  EXPECT_EQ(before->setting("key"), "value");
}

// What version 1 knew is there, and what came later is empty.
TEST_F(Migration, AStoreOfTheFirstVersionGoesOn) {
  fs::remove(file_);
  {
    Connection db(file_, Connection::Access::read_write);
    sqlite::migrate(db, file_, sqlite::migrations().first(1));
  }
  ask(file_, "INSERT INTO setting VALUES('key','old')");
  ask(file_,
      "INSERT INTO draft(path,state,why,revision,sha256,inode,size,mtime_ns,ctime_ns,head,problems,pinned,"
      "priority,changed_at) VALUES('a.md',1,'',1,'x',1,1,1,1,'{}','[]',0,0,0)");
  ask(file_, "INSERT INTO suppression VALUES('by-hand@example.org','suppressed by ada',0)");
  ask(file_,
      "INSERT INTO suppression VALUES('found@example.org','stood in the file of those who left, before the "
      "mail to it did',0)");
  ask(file_, "INSERT INTO post VALUES(1,'p',1,1,'friday',NULL,NULL,'a','A',3,'',0,0,NULL)");
  ask(file_, "INSERT INTO edition VALUES(1,'blog',1,0,'p','{\"number\":4}')");
  const auto store = open();
  EXPECT_EQ(store->setting("key"), "old");
  EXPECT_EQ(store->next_number("friday"), 5);
  EXPECT_EQ(ask(file_, "SELECT held FROM draft WHERE path='a.md'"), "");
  EXPECT_TRUE(store->suppressed("by-hand@example.org"));
  EXPECT_FALSE(store->suppressed("found@example.org"));
  EXPECT_FALSE(store->kept_answer("ada", "k1", support::kFriday));
  EXPECT_FALSE(store->carry_on(support::kFriday));
  EXPECT_TRUE(fs::exists(copy(0)));
}

TEST_F(Migration, AMailingUnderWayGoesOnAndNobodyOfItIsForgotten) {
  fs::remove(file_);
  {
    Connection db(file_, Connection::Access::read_write);
    sqlite::migrate(db, file_, sqlite::migrations().first(3));
  }
  for (
      const char* row :
      {"INSERT INTO "
       "draft(id,path,state,why,revision,sha256,inode,size,mtime_ns,ctime_ns,head,problems,pinned,"
       "priority,changed_at) VALUES(1,'a.md',6,'',1,'x',1,1,1,1,'{}','[]',0,0,0)",
       "INSERT INTO post VALUES(1,'p',1,1,'friday',NULL,NULL,'a','A',2,'',0,0,NULL,1)",
       "INSERT INTO edition VALUES(1,'mail',1,0,'p','{}')",
       "INSERT INTO delivery(id,post,channel,mail,state,idempotency_key,after,delay,if_blog_fails,changed_at,"
       "frozen_mail,frozen_at) VALUES(1,1,'mail',1,2,'k','[]',0,'hold',0,'{}',1)",
       "INSERT INTO subscriber SELECT value,'r'||value||'@example.org','','{}' FROM json_each('[1,2,3,4,5]')",
       "INSERT INTO message(delivery,subscriber,state,changed_at) "
       "VALUES(1,1,3,0),(1,2,1,0),(1,3,2,0),(1,4,3,0),"
       "(1,5,0,0)",
       "INSERT INTO message_count "
       "VALUES(1,-1,0),(1,0,1),(1,1,1),(1,2,1),(1,3,2),(1,4,0),(1,5,0),(1,6,0),(1,7,0),"
       "(1,8,0)"}) {
    ask(file_, row);
  }
  const auto store = open();
  EXPECT_EQ(store->recover(support::kFriday).size(), 1u);
  const DeliveryId id{1};
  EXPECT_EQ(store->message_counts(id).of(model::MessageState::pending), 2);
  const auto pending = store->messages(id, model::MessageState::pending, {}, 10);
  ASSERT_EQ(pending.size(), 2u);
  EXPECT_EQ(pending[0].id.subscriber.value, 2);
  EXPECT_EQ(pending[1].id.subscriber.value, 5);
  EXPECT_EQ(store->message_counts(id).of(model::MessageState::uncertain), 1);
}

TEST_F(Migration, TheQueueIsInTheSameOrderAsBefore) {
  fs::remove(file_);
  {
    Connection db(file_, Connection::Access::read_write);
    sqlite::migrate(db, file_, sqlite::migrations().first(4));
  }
  const auto add = [&](const std::string& path, const std::string& dates) {
    ask(file_,
        "INSERT INTO draft(path,state,why,revision,sha256,inode,size,mtime_ns,ctime_ns,head,problems,pinned,"
        "priority,first_ready,changed_at) VALUES('" +
            path + "',1,'',1,'x',1,1,1,1,json_patch('" + head_ + "','" + dates + "'),'[]',0,0,0,0)");
  };
  add("slot.md", R"({"slot":"2026-12-04"})");
  add("from.md", R"({"date":"2026-12-01","not_before":"2026-12-11"})");
  add("until.md", R"({"not_after":"2026-12-01"})");
  add("any.md", "{}");
  const auto store = open();
  const model::LocalDate first = *model::parse_date("2026-12-04");
  std::vector<std::string> paths;
  for (const auto& draft : store->candidates("friday", first, first, 10)) {
    paths.push_back(draft.path);
  }
  EXPECT_THAT(paths, testing::ElementsAre("any.md", "slot.md", "from.md", "until.md"));
}

TEST_F(Migration, AStoreThatIsUpToDateIsLeftAlone) {
  migrate({});
  open();
  EXPECT_FALSE(fs::exists(copy(0)));
}

TEST_F(Migration, OneThatFailsLeavesTheStoreAsItWas) {
  for (const sqlite::Sql& bad : {kBroken, kForgetful}) {
    EXPECT_TRUE(failure_of([&] { migrate({kNext, bad}); }).has_value());
    EXPECT_EQ(ask(file_, "PRAGMA user_version"), version(0));
    EXPECT_EQ(open()->setting("key"), "value");
  }
  // The next try begins from there, and its copy takes the place of the last one's.
  open()->set_setting("key", "later");
  migrate({kNext, kLast});
  EXPECT_EQ(open_sqlite(copy(2), Mode::read_only)->setting("key"), "later");
}

TEST_F(Migration, WithoutACopyThereIsNone) {
  fs::create_directory(copy(1));
  std::ofstream(copy(1) / "full") << "so that it can't be removed";
  EXPECT_EQ(failure_of([&] { migrate({kNext}); }), Failure::not_allowed);
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), version(0));
}

TEST_F(Migration, ANewStoreGoesThroughAllAndNeedsNoCopy) {
  fs::remove(file_);
  migrate({kNext, kLast});
  EXPECT_EQ(ask(file_, "PRAGMA user_version"), version(2));
  EXPECT_FALSE(fs::exists(copy(2)));
}

TEST_F(Migration, AReaderDoesNotMigrate) {
  ask(file_, "PRAGMA user_version=0");
  EXPECT_THAT(refusal(Mode::read_only), HasSubstr("not a store"));
}

}  // namespace
}  // namespace store
