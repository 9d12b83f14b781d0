// A store of each engine, and the things that its contract is told of: drafts, posts, deliveries,
// mailings. A new engine joins with a home of its own and one line in engines().
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite/sqlite_store.h"
#include "store/store.h"

namespace support {

using namespace std::chrono_literals;
using model::DeliveryState;
using model::Instant;
using model::MessageState;

inline const Instant kFriday = *model::parse_rfc3339("2026-11-27T13:00:00Z");

// A folder that goes with its owner; in memory where there is room, for the many fsyncs.
class StoreFolder {
 public:
  StoreFolder() {
    constexpr std::uintmax_t kRoom = 256u << 20;
    std::error_code error;
    const auto space = std::filesystem::space("/dev/shm", error);
    const std::filesystem::path base =
        !error && space.available > kRoom ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string name = (base / "fridayd-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~StoreFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Where a store lives.
class StoreHome {
 public:
  virtual ~StoreHome() = default;
  virtual store::Store& store() = 0;
  // As a new process finds it. A store that lives in memory only stays as it is.
  virtual void restart() = 0;
};

class SqliteMemory final : public StoreHome {
 public:
  store::Store& store() override { return *store_; }
  void restart() override {}

 private:
  std::unique_ptr<store::Store> store_ = store::open_sqlite(":memory:", store::Mode::read_write);
};

class SqliteFile final : public StoreHome {
 public:
  SqliteFile() { restart(); }
  store::Store& store() override { return *store_; }
  void restart() override {
    store_.reset();
    store_ = store::open_sqlite(folder_ / "fridayd.db", store::Mode::read_write);
  }

 private:
  StoreFolder folder_;
  std::unique_ptr<store::Store> store_;
};

struct Engine {
  const char* name;
  std::function<std::unique_ptr<StoreHome>()> make;
};
inline void PrintTo(const Engine& engine, std::ostream* out) {
  *out << engine.name;
}

inline std::vector<Engine> engines() {
  return {
      {"sqlite_memory", [] { return std::make_unique<SqliteMemory>(); }},
      {"sqlite_file", [] { return std::make_unique<SqliteFile>(); }},
  };
}

#define STORE_CONTRACT(suite)                                                     \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, testing::ValuesIn(support::engines()), \
                           [](const auto& each) { return each.param.name; })

// What a call throws, if anything.
template <class Call>
std::optional<store::Failure> failure_of(Call call) {
  try {
    call();
  } catch (const store::StoreFailure& failure) {
    return failure.kind();
  }
  return std::nullopt;
}

inline store::DraftSeen seen(const std::string& path, const std::string& bytes = "text") {
  store::DraftSeen seen;
  seen.path = path;
  seen.bytes = bytes;
  seen.sha256 = "sha256 of " + bytes;
  seen.signature = {7, static_cast<std::int64_t>(bytes.size()), 1, 2};
  seen.head.title = "On " + path;
  seen.head.slug = "on-" + std::filesystem::path(path).stem().string();
  seen.head.series = "friday";
  return seen;
}

inline store::NewDelivery to_channel(const std::string& channel, DeliveryState state = DeliveryState::ready) {
  store::NewDelivery delivery;
  delivery.channel = channel;
  delivery.mail = channel.starts_with("mail");
  delivery.state = state;
  delivery.key = "key of " + channel;
  delivery.edition.title = "for " + channel;
  return delivery;
}

class StoreContract : public testing::TestWithParam<Engine> {
 protected:
  store::Store& store() { return home_->store(); }
  void restart() { home_->restart(); }

  model::Draft put(const std::string& path, const std::string& bytes = "text", Instant now = kFriday) {
    return store().put_draft(seen(path, bytes), now);
  }

  store::NewPost new_post(const model::Draft& draft, std::vector<store::NewDelivery> deliveries) {
    store::NewPost post;
    post.pid = "pid of " + draft.path;
    post.draft = draft.id;
    post.draft_revision = draft.revision;
    post.series = draft.head.series;
    post.slug = draft.head.slug;
    post.title = draft.head.title;
    post.created_at = kFriday;
    post.due_at = kFriday;
    post.deliveries = std::move(deliveries);
    for (store::NewDelivery& delivery : post.deliveries) {
      delivery.edition.pid = post.pid;
      delivery.edition.slug = post.slug;
      delivery.edition.published_at = std::chrono::floor<std::chrono::seconds>(post.due_at);
    }
    return post;
  }

  // A post of a new draft on these channels.
  model::PostId publish(std::vector<store::NewDelivery> deliveries) {
    const model::Draft draft = put("draft" + std::to_string(++drafts_) + ".md");
    return store().fill(new_post(draft, std::move(deliveries)), kFriday);
  }

  // The one delivery of a new post.
  model::DeliveryId deliver(const std::string& channel, DeliveryState state = DeliveryState::ready) {
    return store().deliveries(publish({to_channel(channel, state)})).front().id;
  }

  model::Delivery delivery(model::DeliveryId id) { return store().delivery(id).value(); }
  model::PostState post_state(model::PostId id) { return store().post(id).value().state; }

  std::vector<store::Work> claim_all(const std::string& channel, Instant now = kFriday) {
    return store().claim({channel}, {1, 1, now + 10min}, now, 100);
  }
  store::Work claim_one(const std::string& channel, Instant now = kFriday) {
    auto claimed = store().claim({channel}, {1, 1, now + 10min}, now, 1);
    if (claimed.size() != 1) throw std::runtime_error("nothing to claim on " + channel);
    return std::move(claimed.front());
  }

  void finish(const store::Work& work, DeliveryState state, std::optional<Instant> next_at = std::nullopt,
              Instant now = kFriday) {
    store::DeliveryUpdate update;
    update.state = state;
    update.next_at = next_at;
    store().finish(work.delivery.id, work.delivery.fence, update, {}, now);
  }

  // A mailing whose recipients (r0@example.org ...) are fixed, claimed.
  store::Work mailing(int recipients, const std::string& channel = "mail") {
    deliver(channel);
    store::Work work = claim_one(channel);
    freeze(work, recipients);
    return work;
  }

  void freeze(const store::Work& work, int recipients) {
    std::vector<store::Recipient> list;
    for (int i = 0; i < recipients; ++i) list.push_back({address(i), "Reader", {}});
    store().freeze_begin(work.delivery.id, work.delivery.fence, "frozen");
    store().freeze_chunk(work.delivery.id, work.delivery.fence, list, {});
    store().freeze_end(work.delivery.id, work.delivery.fence, kFriday);
  }

  static std::string address(int recipient) { return 'r' + std::to_string(recipient) + "@example.org"; }

  std::vector<model::MessageId> claim_messages(const store::Work& work, std::size_t limit = 100,
                                               Instant now = kFriday) {
    std::vector<model::MessageId> ids;
    const store::Lease lease{1, 1, now + 10min};
    for (const store::Claimed& message :
         store().claim_messages(work.delivery.id, work.delivery.fence, lease, now, limit)) {
      ids.push_back({work.delivery.id, message.subscriber});
    }
    return ids;
  }

  std::vector<model::MessageId> arm(const store::Work& work, const std::vector<model::MessageId>& messages) {
    return store().arm(messages, work.delivery.fence, kFriday);
  }

  static store::MessageResult result(model::MessageId id, MessageState state,
                                     std::optional<Instant> next_at = std::nullopt) {
    store::MessageResult result;
    result.message = id;
    result.state = state;
    result.next_at = next_at;
    result.reply = "said";
    return result;
  }

  store::MessageRow message(model::MessageId id) {
    const auto rows = store().messages(id.delivery, std::nullopt, {id.subscriber.value - 1}, 1);
    if (!rows.empty() && rows.front().id == id) return rows.front();
    throw std::runtime_error(id.text() + " is no message");
  }

  std::int64_t count(model::DeliveryId id, MessageState state) {
    return store().message_counts(id).of(state);
  }

 private:
  std::unique_ptr<StoreHome> home_ = GetParam().make();
  int drafts_ = 0;
};

}  // namespace support
