// Answers to requests that may come again.
#include "store/sqlite/engine.h"

namespace store::sqlite {
namespace {

constexpr auto kKept = std::chrono::hours(24);
constexpr int kMost = 10'000;

}  // namespace

std::optional<KeptAnswer> SqliteStore::kept_answer(const std::string& who, const std::string& key,
                                                   Instant now) {
  // One from the future is of a clock that was set back.
  Statement row =
      db_.select("SELECT request,status,body,at FROM answer WHERE who=? AND key=? AND at>? AND at<?", who,
                 key, now - kKept, now + kKept);
  if (!row.next()) return std::nullopt;
  KeptAnswer answer;
  row.read(answer.request, answer.status, answer.body, answer.at);
  return answer;
}

void SqliteStore::keep_answer(const std::string& who, const std::string& key, const KeptAnswer& answer) {
  atomically([&] {
    db_.run(
        "INSERT INTO answer VALUES(?,?,?,?,?,?) ON CONFLICT(who,key) DO UPDATE SET "
        "request=excluded.request,status=excluded.status,body=excluded.body,at=excluded.at",
        who, key, answer.request, answer.status, answer.body, answer.at);
    db_.run("DELETE FROM answer WHERE at<=? OR at>=?", answer.at - kKept, answer.at + kKept);
    db_.run("DELETE FROM answer WHERE at<(SELECT at FROM answer ORDER BY at DESC LIMIT 1 OFFSET ?)",
            kMost - 1);
  });
}

void SqliteStore::forget_answer(const std::string& who, const std::string& key) {
  db_.run("DELETE FROM answer WHERE who=? AND key=?", who, key);
}

}  // namespace store::sqlite
