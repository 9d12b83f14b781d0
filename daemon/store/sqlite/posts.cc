#include <limits>

#include "store/sqlite/engine.h"
#include "store/sqlite/json.h"

namespace store::sqlite {
namespace {

using model::DeliveryState;
using model::PostState;

#define POST_COLUMNS \
  "id,pid,draft,draft_revision,series,local_date,local_time,slug,title,state,permalink,created_at,due_at"

model::Post post_of(const Statement& row) {
  model::Post post;
  std::optional<model::LocalDate> date;
  std::optional<model::TimeOfDay> time;
  row.read(post.id, post.pid, post.draft, post.draft_revision, post.series, date, time, post.slug, post.title,
           post.state, post.permalink, post.created_at, post.due_at);
  if (date && time) post.occurrence = model::Occurrence{post.series, *date, *time};
  return post;
}

std::optional<model::Post> one(Statement rows) {
  if (!rows.next()) return std::nullopt;
  return post_of(rows);
}

std::vector<model::Post> all(Statement rows) {
  std::vector<model::Post> posts;
  while (rows.next()) posts.push_back(post_of(rows));
  return posts;
}

publishers::Edition edition_of(const std::string& body) {
  return publishers::edition_from_json(parse(body).as_object());
}

// What a post's deliveries make of it.
PostState state_of(const std::vector<model::Delivery>& deliveries) {
  int confirmed = 0;
  int rejected = 0;
  int cancelled = 0;
  int held = 0;
  int moving = 0;
  for (const model::Delivery& delivery : deliveries) {
    switch (delivery.state) {
      case DeliveryState::confirmed:
        ++confirmed;
        break;
      case DeliveryState::rejected:
        ++rejected;
        break;
      case DeliveryState::cancelled:
        ++cancelled;
        break;
      case DeliveryState::held:
        ++held;
        break;
      default:
        ++moving;
    }
  }
  if (moving > 0) return PostState::publishing;
  if (held > 0) return PostState::held;
  if (rejected == 0 && cancelled == 0) return PostState::published;
  if (confirmed > 0) return PostState::partial;
  return rejected > 0 ? PostState::failed : PostState::cancelled;
}

}  // namespace

std::optional<model::Post> SqliteStore::post(PostId id) {
  return one(db_.select("SELECT " POST_COLUMNS " FROM post WHERE id=?", id));
}

std::optional<model::Post> SqliteStore::post_by_slug(const std::string& slug) {
  return one(db_.select("SELECT " POST_COLUMNS " FROM post WHERE slug=? AND state<>6", slug));
}

std::vector<model::Post> SqliteStore::posts(PostId before, std::size_t limit) {
  if (!before) before.value = std::numeric_limits<std::int64_t>::max();
  return all(
      db_.select("SELECT " POST_COLUMNS " FROM post WHERE id<? ORDER BY id DESC LIMIT ?", before, limit));
}

int SqliteStore::next_number(const std::string& series) {
  return db_.value<int>("SELECT max(number) FROM post WHERE series=?", series).value_or(0) + 1;
}

std::vector<model::Post> SqliteStore::posts_to_file(std::size_t limit) {
  return all(db_.select(
      "SELECT " POST_COLUMNS
      " FROM post WHERE filed IS NULL AND state IN (3,4) AND NOT EXISTS(SELECT 1 FROM delivery WHERE "
      "post=post.id AND " DELIVERY_IS_OPEN ") ORDER BY id LIMIT ?",
      limit));
}

void SqliteStore::post_filed(PostId id, const std::string& published_path) {
  if (db_.run("UPDATE post SET filed=? WHERE id=?", published_path, id) == 0) {
    throw StoreFailure(Failure::not_found, id.text() + " is no post");
  }
}

void SqliteStore::update_post(PostId id) {
  PostState state = state_of(deliveries(id));
  // A mailing that was given up half way is out for those who have it: the post can't be brought back.
  if (state == PostState::cancelled &&
      db_.value<int>("SELECT 1 FROM delivery d JOIN message_count c ON c.delivery=d.id WHERE d.post=? AND "
                     "c.state IN (2,3,6) AND c.count>0 LIMIT 1",
                     id)) {
    state = PostState::partial;
  }
  db_.run("UPDATE post SET state=? WHERE id=?", state, id);
}

publishers::Edition SqliteStore::edition(PostId post, const std::string& channel) {
  const auto body = db_.value<std::string>(
      "SELECT body FROM edition WHERE post=? AND channel=? ORDER BY revision DESC LIMIT 1", post, channel);
  if (!body) throw StoreFailure(Failure::not_found, post.text() + " has no edition for " + channel);
  return edition_of(*body);
}

std::vector<publishers::Edition> SqliteStore::confirmed_editions(const std::string& channel,
                                                                 std::size_t limit) {
  std::vector<publishers::Edition> editions;
  Statement rows = db_.select(
      "SELECT e.body,d.permalink FROM edition e JOIN delivery d ON d.post=e.post AND d.channel=e.channel "
      "WHERE e.channel=? AND d.state=3 AND e.revision=(SELECT max(revision) FROM edition l WHERE "
      "l.post=e.post AND "
      "l.channel=e.channel) ORDER BY e.published_at DESC, e.pid DESC LIMIT ?",
      channel, limit == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(limit));
  while (rows.next()) {
    std::string body;
    std::string permalink;
    rows.read(body, permalink);
    editions.push_back(edition_of(body));
    if (!permalink.empty()) editions.back().permalink = permalink;
  }
  return editions;
}

std::map<std::string, std::string> SqliteStore::asset_urls(PostId post) {
  std::map<std::string, std::string> urls;
  Statement rows = db_.select(
      "SELECT r.asset_urls FROM receipt r JOIN delivery d ON d.id=r.delivery WHERE d.post=? AND d.state=3 "
      "AND "
      "d.mail=0 AND r.outcome=? ORDER BY r.id",
      post, publishers::Outcome::confirmed);
  while (rows.next()) {
    std::string text;
    rows.read(text);
    for (auto& [sha256, url] : map_of(text)) urls[sha256] = url;
  }
  return urls;
}

}  // namespace store::sqlite
