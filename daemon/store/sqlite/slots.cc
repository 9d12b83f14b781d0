// Series and slots, and the one transaction that fills one.
#include <boost/json.hpp>

#include "store/sqlite/engine.h"

namespace store::sqlite {
namespace {

using model::SlotState;

void check_draft(const std::optional<model::Draft>& draft, bool out, const NewPost& post) {
  if (!draft) throw StoreFailure(Failure::not_found, post.draft.text() + " is no draft");
  if (out || draft->state == model::DraftState::gone) {
    throw StoreFailure(Failure::conflict,
                       draft->path + " is " + std::string(model::name(draft->state)) + " already");
  }
  if (!draft->held.empty()) {
    throw StoreFailure(Failure::conflict, draft->path + " is " + draft->held + "; `fridayctl unhold " +
                                              draft->id.text() + "` lets it go");
  }
  if (draft->revision != post.draft_revision) {
    throw StoreFailure(Failure::conflict, draft->path + " was changed a moment ago");
  }
}

StoreFailure decided_already(const model::Occurrence& occurrence) {
  return {Failure::conflict, "the slot " + occurrence.text() + " is decided already"};
}

}  // namespace

std::map<std::string, SeriesRow> SqliteStore::series() {
  std::map<std::string, SeriesRow> all;
  Statement rows = db_.select("SELECT key,baseline,decided_through,paused FROM series");
  while (rows.next()) {
    std::string key;
    SeriesRow row;
    rows.read(key, row.baseline, row.decided_through, row.paused);
    all[key] = row;
  }
  return all;
}

void SqliteStore::begin_series(const std::string& series, Instant baseline) {
  db_.run("INSERT INTO series(key,baseline) VALUES(?,?) ON CONFLICT DO NOTHING", series, baseline);
}

std::vector<std::string> SqliteStore::follow_series(const std::map<std::string, std::string>& rules,
                                                    Instant now) {
  return atomically([&] {
    std::vector<std::string> anew;
    for (const auto& [series, rule] : rules) {
      begin_series(series, now);
      const auto before =
          db_.value<std::optional<std::string>>("SELECT rule FROM series WHERE key=?", series);
      if (before == rule) continue;
      db_.run(
          "UPDATE series SET rule=?1,baseline=CASE WHEN rule IS NULL THEN baseline ELSE ?2 END WHERE key=?3",
          rule, now, series);
      if (!before || !*before) continue;
      event({now, "fridayd", series, "begins anew with " + rule});
      anew.push_back(series);
    }
    for (const auto& [series, row] : this->series()) {
      if (!rules.contains(series)) db_.run("UPDATE series SET rule='' WHERE key=? AND rule<>''", series);
    }
    return anew;
  });
}

std::vector<SlotRow> SqliteStore::slots(model::LocalDate from, std::size_t limit) {
  std::vector<SlotRow> slots;
  Statement rows = db_.select(
      "SELECT o.series,o.local_date,o.local_time,o.state,o.post,o.why,o.decided_at,coalesce(p.title,''),"
      "coalesce(p.state,0) FROM occurrence o LEFT JOIN post p ON p.id=o.post WHERE o.local_date>=? "
      "ORDER BY o.local_date,o.local_time,o.series LIMIT ?",
      from, limit);
  while (rows.next()) {
    SlotRow& slot = slots.emplace_back();
    rows.read(slot.occurrence.series, slot.occurrence.date, slot.occurrence.time, slot.state, slot.post,
              slot.why, slot.decided_at, slot.title, slot.post_state);
  }
  return slots;
}

void SqliteStore::decide_through(const model::Occurrence& occurrence, Instant now) {
  db_.run(
      "INSERT INTO series(key,baseline,decided_through) VALUES(?,?,?) ON CONFLICT(key) DO UPDATE SET "
      "decided_through=max(coalesce(decided_through,''),excluded.decided_through)",
      occurrence.series, now, occurrence.date);
}

void SqliteStore::insert_occurrence(const model::Occurrence& occurrence, SlotState state, PostId post,
                                    const std::string& why, Instant now) {
  const auto inserted = db_.run("INSERT INTO occurrence VALUES(?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                                occurrence.series, occurrence.date, occurrence.time, state, post, why, now);
  if (inserted == 0) throw decided_already(occurrence);
}

void SqliteStore::decide(const model::Occurrence& occurrence, SlotState state, const std::string& why,
                         Instant now) {
  if (state != SlotState::empty && state != SlotState::skipped && state != SlotState::missed) {
    throw StoreFailure(Failure::not_allowed, "a slot is decided as empty, skipped or missed");
  }
  atomically([&] {
    insert_occurrence(occurrence, state, PostId{}, why, now);
    // A slot left out ahead of its time says nothing of those before it.
    if (state != SlotState::skipped) decide_through(occurrence, now);
  });
}

void SqliteStore::insert_delivery(PostId post, const NewDelivery& delivery, Instant now) {
  const publishers::Edition& edition = delivery.edition;
  const std::string body = boost::json::serialize(publishers::to_json(edition));
  db_.run("INSERT INTO edition VALUES(?,?,?,?,?,?)", post, delivery.channel, edition.revision,
          edition.published_at.time_since_epoch().count(), edition.pid, body);
  db_.run(
      "INSERT INTO "
      "delivery(post,channel,mail,state,reply,idempotency_key,after,delay,not_before,blog_deadline,"
      "if_blog_fails,changed_at) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
      post, delivery.channel, delivery.mail, delivery.state, delivery.reply, delivery.key, delivery.after,
      delivery.delay, delivery.not_before, delivery.blog_deadline, delivery.if_blog_fails, now);
}

// Taken by a post that was not called off; or called off, and its file says something else by now.
bool SqliteStore::is_out(const model::Draft& draft) {
  if (draft.state != model::DraftState::published) return false;
  const auto taken = post(draft.post);
  return !taken || taken->state != model::PostState::cancelled || newest_draft_at(draft.path)->id != draft.id;
}

void SqliteStore::check_fill(const NewPost& post) {
  const auto taken = draft(post.draft);
  check_draft(taken, taken && is_out(*taken), post);
  if (const auto other = post_by_slug(post.slug)) {
    throw StoreFailure(Failure::conflict, "the address \"" + post.slug + "\" belongs to " + other->id.text() +
                                              ", \"" + other->title + "\"; give this one another slug");
  }
  if (!post.occurrence) return;
  const model::Occurrence& slot = *post.occurrence;
  if (db_.value<int>("SELECT 1 FROM occurrence WHERE series=? AND local_date=? AND local_time=?", slot.series,
                     slot.date, slot.time)) {
    throw decided_already(slot);
  }
}

PostId SqliteStore::fill(const NewPost& post, Instant now) {
  return atomically([&] {
    check_fill(post);
    const int number = next_number(post.series);
    std::optional<model::LocalDate> date;
    std::optional<model::TimeOfDay> time;
    if (post.occurrence) {
      date = post.occurrence->date;
      time = post.occurrence->time;
    }
    db_.run(
        "INSERT INTO "
        "post(pid,draft,draft_revision,series,slug,title,state,permalink,created_at,due_at,local_date,"
        "local_time,number) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
        post.pid, post.draft, post.draft_revision, post.series, post.slug, post.title, post.state,
        post.permalink, post.created_at, post.due_at, date, time, number);
    const PostId id{db_.last_id()};
    if (post.occurrence) {
      insert_occurrence(*post.occurrence, SlotState::filled, id, "", now);
      if (post.in_turn) decide_through(*post.occurrence, now);
    }
    for (NewDelivery delivery : post.deliveries) {
      delivery.edition.number = number;
      insert_delivery(id, delivery, now);
    }
    db_.run("UPDATE draft SET state=6,why='',post=? WHERE id=?", id, post.draft);
    return id;
  });
}

}  // namespace store::sqlite
