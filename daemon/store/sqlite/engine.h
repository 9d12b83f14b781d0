// The SQLite engine's class; its functions stand by subject in life.cc, drafts.cc, slots.cc, posts.cc,
// deliveries.cc, verbs.cc, moving.cc, recipients.cc, messages.cc and answers.cc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite/database.h"
#include "store/sqlite/sqlite_store.h"

// The condition of the partial indexes on open deliveries and on messages that left the way from pending to
// accepted: a query that is to use one says it in these words.
#define DELIVERY_IS_OPEN "state NOT IN (3,5,8)"
#define MESSAGE_IS_ASIDE "state<>0 AND state<>1 AND state<>2 AND state<>3"

namespace store::sqlite {

// Rows of message_count that count no state.
inline constexpr int kExcluded = -1;      // rows of the list that were left out
inline constexpr int kFirstPending = -2;  // the subscriber before whom no message is pending

// Whether MESSAGE_IS_ASIDE.
inline bool is_aside(model::MessageState state) {
  return state > model::MessageState::accepted;
}

// How messages moved between the states, to be counted once for a whole function.
class Tally {
 public:
  using Changes = std::map<std::pair<DeliveryId, model::MessageState>, std::int64_t>;

  void add(DeliveryId id, model::MessageState state, std::int64_t count) { changes_[{id, state}] += count; }
  void move(DeliveryId id, model::MessageState from, model::MessageState to, std::int64_t count = 1) {
    add(id, from, -count);
    add(id, to, count);
  }
  const Changes& changes() const { return changes_; }

 private:
  Changes changes_;
};

class SqliteStore final : public Store, public GroupCommit {
 public:
  SqliteStore(const std::filesystem::path& file, Mode mode);
  ~SqliteStore() override;

  void begin_group() override;
  void begin_one() override;
  void end_one() override;
  void undo_one() override;
  void commit_group() override;
  void undo_group() noexcept override;
  void tidy() override;
  void abandon() noexcept override;
  void begin_read() override;
  void end_read() noexcept override;

  std::string site_key() override;
  std::int64_t generation() override;
  std::int64_t next_generation() override;
  std::optional<std::string> setting(const std::string& key) override;
  void set_setting(const std::string& key, const std::string& value) override;
  void event(const EventRow& row) override;
  std::vector<EventRow> events(const std::string& item, std::size_t limit, std::int64_t before) override;
  std::vector<EventRow> events_after(std::int64_t id, std::size_t limit) override;
  std::optional<KeptAnswer> kept_answer(const std::string& who, const std::string& key, Instant now) override;
  void keep_answer(const std::string& who, const std::string& key, const KeptAnswer& answer) override;
  void forget_answer(const std::string& who, const std::string& key) override;

  model::Draft put_draft(const DraftSeen& seen, Instant now) override;
  void touch_draft(DraftId id, const FileSignature& signature) override;
  void begin_reading(const std::string& path, Instant now) override;
  void rename_draft(DraftId id, const std::string& path, const FileSignature& signature) override;
  void set_draft_state(DraftId id, model::DraftState state, const std::string& why) override;
  void hold_draft(DraftId id, const std::string& why) override;
  std::vector<KnownFile> known_files() override;
  std::optional<model::Draft> draft(DraftId id) override;
  std::optional<model::Draft> draft_at(const std::string& path) override;
  std::optional<model::Draft> newest_draft_at(const std::string& path) override;
  std::optional<model::Draft> called_off_as(const std::string& sha256) override;
  std::vector<model::Draft> candidates(const std::string& series, model::LocalDate today,
                                       model::LocalDate first, std::size_t limit) override;
  std::vector<std::string> queued_series() override;
  std::vector<model::Draft> set_aside(std::size_t limit) override;
  std::vector<model::Draft> drafts(bool published, DraftId after, std::size_t limit) override;
  Some<model::Draft> unusable_drafts(std::size_t limit) override;
  std::vector<model::Draft> called_off(std::size_t limit) override;
  DraftText draft_text(DraftId id, int revision) override;
  std::string blob(const std::string& sha256) override;

  std::map<std::string, SeriesRow> series() override;
  void begin_series(const std::string& series, Instant baseline) override;
  std::vector<std::string> follow_series(const std::map<std::string, std::string>& rules,
                                         Instant now) override;
  std::vector<SlotRow> slots(model::LocalDate from, std::size_t limit) override;
  PostId fill(const NewPost& post, Instant now) override;
  void check_fill(const NewPost& post) override;
  void decide(const model::Occurrence& occurrence, model::SlotState state, const std::string& why,
              Instant now) override;

  std::optional<model::Post> post(PostId id) override;
  std::optional<model::Post> post_by_slug(const std::string& slug) override;
  std::vector<model::Post> posts(PostId before, std::size_t limit) override;
  int next_number(const std::string& series) override;
  std::vector<model::Post> posts_to_file(std::size_t limit) override;
  void post_filed(PostId id, const std::string& published_path) override;

  std::vector<Waiting> waiting() override;
  void release(DeliveryId id, model::DeliveryState state, std::optional<Instant> next_at,
               const std::string& reply, Instant now) override;
  std::vector<Work> claim(const std::vector<std::string>& channels, const Lease& lease, Instant now,
                          std::size_t limit) override;
  void renew(DeliveryId id, std::int64_t fence, Instant lease_until) override;
  void enter_stage(DeliveryId id, std::int64_t fence, model::Stage stage,
                   const std::string& remote_id) override;
  void finish(DeliveryId id, std::int64_t fence, const DeliveryUpdate& update,
              const publishers::Receipt& receipt, Instant now) override;
  std::optional<Instant> next_delivery_at(Instant after) override;
  std::optional<model::Delivery> delivery(DeliveryId id) override;
  std::vector<model::Delivery> deliveries(PostId post) override;
  std::vector<model::Delivery> open_deliveries(std::size_t limit) override;
  Some<Stuck> stuck_deliveries(std::size_t limit) override;
  std::vector<model::Delivery> deliveries_before(DeliveryId before, std::size_t limit) override;
  std::vector<ReceiptRow> receipts(DeliveryId id) override;
  publishers::Edition edition(PostId post, const std::string& channel) override;
  std::vector<publishers::Edition> confirmed_editions(const std::string& channel, std::size_t limit) override;
  std::map<std::string, std::string> asset_urls(PostId post) override;
  void hold(DeliveryId id, const std::string& why, Instant now) override;
  void unhold(DeliveryId id, Instant now) override;
  void cancel(DeliveryId id, const std::string& why, Instant now) override;
  void retry(DeliveryId id, Instant now) override;
  bool carry_on(Instant now) override;
  void settle(DeliveryId id, bool confirmed, const std::string& why, Instant now) override;
  std::vector<std::string> recover(Instant now) override;

  bool forget_freeze(DeliveryId id, std::int64_t fence) override;
  void freeze_begin(DeliveryId id, std::int64_t fence, const std::string& frozen_mail) override;
  void freeze_chunk(DeliveryId id, std::int64_t fence, const std::vector<Recipient>& recipients,
                    const std::vector<Exclusion>& exclusions) override;
  model::MessageCounts freeze_end(DeliveryId id, std::int64_t fence, Instant now) override;
  std::optional<std::string> frozen_mail(DeliveryId id) override;
  std::vector<Claimed> claim_messages(DeliveryId id, std::int64_t fence, const Lease& lease, Instant now,
                                      std::size_t limit) override;
  std::vector<MessageId> arm(const std::vector<MessageId>& messages, std::int64_t fence,
                             Instant now) override;
  void finish_messages(const std::vector<MessageResult>& results, Instant now) override;
  void unclaim_messages(DeliveryId id, Instant now) override;
  model::MessageCounts message_counts(DeliveryId id) override;
  std::optional<Instant> next_message_at(DeliveryId id) override;
  std::vector<MessageRow> messages(DeliveryId id, std::optional<model::MessageState> state,
                                   SubscriberId after, std::size_t limit) override;
  std::vector<Exclusion> exclusions(DeliveryId id, std::size_t limit) override;
  void settle_message(const MessageId& id, model::MessageState as, Instant now) override;
  void suppress_messages(const std::vector<MessageId>& messages, const std::string& why,
                         Instant now) override;
  void suppress(const std::string& address, const std::string& reason, Instant now) override;
  bool suppressed(const std::string& address) override;
  std::int64_t accepted_since(const std::string& channel, Instant since) override;

  void backup(const std::string& file) override;
  void check() override;

 private:
  // Runs `work` so that all it writes happens or nothing does.
  template <class Work>
  auto atomically(Work work) {
    Atomic all(db_);
    if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
      work();
      all.done();
    } else {
      auto result = work();
      all.done();
      return result;
    }
  }

  void put_blob(const std::string& sha256, const std::string& bytes);
  void insert_occurrence(const model::Occurrence& occurrence, model::SlotState state, PostId post,
                         const std::string& why, Instant now);
  void decide_through(const model::Occurrence& occurrence, Instant now);
  void insert_delivery(PostId post, const NewDelivery& delivery, Instant now);
  void update_post(PostId id);
  bool is_out(const model::Draft& draft);
  bool move_some(DeliveryId id, model::MessageState to, Instant now);
  bool moves(DeliveryId id);
  bool begin_moving(DeliveryId id, model::MessageState to, Instant now);
  void start_again(const model::Delivery& delivery, Instant now);
  void count_excluded(DeliveryId id, std::int64_t more);

  model::Delivery known_delivery(DeliveryId id);
  void check_fence(DeliveryId id, std::int64_t fence);
  Work start_work(DeliveryId id, const Lease& lease, Instant now);
  void store_receipt(const model::Delivery& delivery, const publishers::Receipt& receipt, Instant now);
  void set_delivery(const model::Delivery& delivery, model::DeliveryState state,
                    std::optional<Instant> next_at, const std::string& reply, Instant now);
  void show_at(const model::Delivery& delivery, const std::string& permalink);
  // What becomes of a claim whose holder is gone. Names what is uncertain now.
  void take_back(const model::Delivery& delivery, Instant now, std::vector<std::string>& uncertain);
  void take_back_messages(DeliveryId id, Instant now, std::vector<std::string>& uncertain);
  void end_settled(const model::Delivery& delivery, const std::string& why, Instant now);

  void check_freezing(DeliveryId id, std::int64_t fence);
  std::pair<SubscriberId, bool> put_subscriber(const Recipient& recipient, const std::string& fields);
  bool add_message(DeliveryId id, const Recipient& recipient);
  void count_messages(const Tally& tally);
  std::int64_t how_many(DeliveryId id, model::MessageState state);
  SubscriberId first_pending(DeliveryId id);
  void set_first_pending(DeliveryId id, SubscriberId first);
  void pending_again(DeliveryId id, SubscriberId subscriber);
  bool is_fixed(DeliveryId id);
  std::int64_t move_at_most(DeliveryId id, model::MessageState from, model::MessageState to,
                            std::int64_t most, Instant now);
  void move_messages(DeliveryId id, model::MessageState from, model::MessageState to, Instant now);
  bool set_message(const MessageResult& result, model::MessageState from, Instant now);

  Connection db_;
  const bool writes_;
  bool abandoned_ = false;
  int wal_pages_ = 0;  // as SQLite's hook says after each commit
};

}  // namespace store::sqlite
