// What fridayd remembers, as a domain interface: one implementation per engine, one contract suite over
// all of them.
//
// Synchronous, used on the store thread only (StoreThread); tests call it directly. Each function is
// atomic in itself: called inside StoreThread::write it runs in that call's SAVEPOINT. Every function may
// throw StoreFailure, and has then changed nothing. `now` is always passed in; no function reads a clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/delivery.h"
#include "model/draft.h"
#include "model/ids.h"
#include "model/occurrence.h"
#include "model/time.h"
#include "publishers/edition.h"
#include "publishers/receipt.h"
#include "store/error.h"

namespace store {

using model::DeliveryId;
using model::DraftId;
using model::Instant;
using model::MessageId;
using model::PostId;
using model::SubscriberId;

// Who claims, for how long. On SQLite the node is 1; the epoch grows with every start.
struct Lease {
  int node = 1;
  std::int64_t epoch = 0;
  Instant until{};
};

// --- drafts -----------------------------------------------------------------------------------------

// What tells one state of a file from another without reading it.
struct FileSignature {
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  bool operator==(const FileSignature&) const = default;
};

struct StoredAsset {
  std::string name;  // as the draft refers to it: "images/table.png"
  std::string sha256;
  std::string media_type;
  int width = 0;
  int height = 0;
  bool operator==(const StoredAsset&) const = default;
};

// A file that was read: all that becomes of it in one transaction, bytes included.
struct DraftSeen {
  std::string path;
  FileSignature signature;
  std::string bytes;
  std::string sha256;
  model::DraftState state = model::DraftState::ready;
  std::string why;
  model::FrontMatter head;
  std::vector<model::Problem> problems;
  std::vector<StoredAsset> assets;
  std::map<std::string, std::string> asset_bytes;  // sha256 -> bytes
};

struct KnownFile {
  DraftId id;
  std::string path;
  FileSignature signature;
  std::string sha256;
  model::DraftState state = model::DraftState::ready;
  bool has_problems = false;
  int attempts = 0;  // readings begun and not ended: crashes
};

// Some of a list, and how many there are in all.
template <class Item>
struct Some {
  std::vector<Item> items;
  std::int64_t all = 0;
};

struct DraftText {
  std::string bytes;
  std::vector<StoredAsset> assets;
};

// --- deciding ---------------------------------------------------------------------------------------

struct NewDelivery {
  std::string channel;
  bool mail = false;
  model::DeliveryState state = model::DeliveryState::waiting;  // waiting, ready or held
  std::string reply;                                           // why it is held
  std::string key;                                             // idempotency key
  std::string after;                     // channel that must be confirmed first, or empty
  model::milliseconds delay{0};          // after that, or after the post's due instant
  std::optional<Instant> not_before;     // the channel's own hour
  std::optional<Instant> blog_deadline;  // what happens then is if_blog_fails
  std::string if_blog_fails;             // wait, send_without_link, hold
  publishers::Edition edition;           // revision 1
};

struct NewPost {
  std::string pid;
  DraftId draft;
  int draft_revision = 0;
  std::optional<model::Occurrence> occurrence;
  std::string series;
  std::string slug;
  std::string title;
  model::PostState state = model::PostState::publishing;  // publishing or held
  std::string permalink;
  Instant created_at{};
  Instant due_at{};
  bool in_turn = false;  // every slot of the series before this one is decided
  std::vector<NewDelivery> deliveries;
};

struct SlotRow {
  model::Occurrence occurrence;
  model::SlotState state = model::SlotState::open;
  PostId post;
  std::string title;
  model::PostState post_state = model::PostState::planned;
  std::string why;
  Instant decided_at{};
};

struct SeriesRow {
  Instant baseline{};
  std::optional<model::LocalDate> decided_through;
  bool paused = false;
};

// --- delivering -------------------------------------------------------------------------------------

struct Waiting {  // a delivery that waits, with what it waits for
  model::Delivery delivery;
  std::string after;
  model::milliseconds delay{0};
  std::optional<Instant> not_before;
  std::optional<Instant> blog_deadline;
  std::string if_blog_fails;
  Instant due_at{};                                 // of its post
  std::optional<model::DeliveryState> predecessor;  // none: the post has no delivery on that channel
  std::optional<Instant> predecessor_changed_at;
};

struct Stuck {  // a delivery that goes on only if a person does something
  model::Delivery delivery;
  model::DraftId draft;
  std::string title;
};

struct Work {  // a claimed delivery
  model::Delivery delivery;
  model::Post post;
  publishers::Edition edition;  // assets without bytes
};

struct DeliveryUpdate {
  model::DeliveryState state = model::DeliveryState::ready;
  model::Stage stage = model::Stage::none;
  std::optional<Instant> next_at;
  std::optional<std::string> remote_id;
  std::optional<std::string> permalink;  // also becomes the post's when the delivery is confirmed
  bool charge_attempt = true;            // false: nobody answered, the attempt does not count
  std::string reply;
};

struct EventRow {  // the audit trail
  Instant at{};
  std::string who;   // "fridayd", or an account's name
  std::string item;  // "d12", "p7", "v31", "m31/204", "sales-leadership-friday 2026-11-27"
  std::string what;
  std::int64_t id = 0;  // the store's: grows with each
};

struct ReceiptRow {
  Instant at{};
  int attempt = 0;
  publishers::Receipt receipt;
};

// --- mail -------------------------------------------------------------------------------------------

struct Recipient {
  std::string address;  // canonical
  std::string name;
  std::map<std::string, std::string> fields;
};

struct Exclusion {
  std::string address;  // or what stood in the row
  std::string reason;
};

struct Claimed {
  SubscriberId subscriber;
  std::string address;
  std::string name;
  std::map<std::string, std::string> fields;
  int attempts = 0;
  std::optional<Instant> first_tried;  // none: this is its first attempt that counts
};

struct MessageResult {
  MessageId message;
  model::MessageState state = model::MessageState::pending;
  std::optional<Instant> next_at;
  bool charge_attempt = true;
  std::string reply;
};

struct MessageRow {
  MessageId id;
  std::string address;
  model::MessageState state = model::MessageState::pending;
  int attempts = 0;
  std::string reply;
  std::optional<Instant> next_at;
  Instant changed_at{};
};

// What a request with an Idempotency-Key was answered.
struct KeptAnswer {
  std::string request;  // tells it from another one
  int status = 0;       // 0: it was begun, and may have been done
  std::string body;
  Instant at{};
};

// --- the interface ----------------------------------------------------------------------------------

class Store {
 public:
  virtual ~Store() = default;

  // Life of the installation.
  virtual std::string site_key() = 0;     // 32 random bytes in hex, made once
  virtual std::int64_t generation() = 0;  // grows with every start
  virtual std::int64_t next_generation() = 0;
  virtual std::optional<std::string> setting(const std::string& key) = 0;
  virtual void set_setting(const std::string& key, const std::string& value) = 0;  // "" removes it
  virtual void event(const EventRow& row) = 0;
  // Newest first: of `item` ("" all), before the event `before` (0: all).
  virtual std::vector<EventRow> events(const std::string& item, std::size_t limit,
                                       std::int64_t before = 0) = 0;
  virtual std::vector<EventRow> events_after(std::int64_t id, std::size_t limit) = 0;  // oldest first
  // Answers are kept for a day, the newest 10 000 of them.
  virtual std::optional<KeptAnswer> kept_answer(const std::string& who, const std::string& key,
                                                Instant now) = 0;
  virtual void keep_answer(const std::string& who, const std::string& key, const KeptAnswer& answer) = 0;
  virtual void forget_answer(const std::string& who, const std::string& key) = 0;

  // Drafts. put_draft inserts, or adds a revision when the bytes differ, keeping id and first_ready.
  virtual model::Draft put_draft(const DraftSeen& seen, Instant now) = 0;
  // Same bytes, new signature; ends a reading, too.
  virtual void touch_draft(DraftId id, const FileSignature& signature) = 0;
  virtual void begin_reading(const std::string& path, Instant now) = 0;  // counts; put_draft ends it
  virtual void rename_draft(DraftId id, const std::string& path, const FileSignature& signature) = 0;
  // Not of a published one: what is out stays out.
  virtual void set_draft_state(DraftId id, model::DraftState state, const std::string& why) = 0;
  // By people, over edits and renames until it is let go (why empty). Of a draft that is not out.
  virtual void hold_draft(DraftId id, const std::string& why) = 0;
  virtual std::vector<KnownFile> known_files() = 0;  // all but gone and published
  virtual std::optional<model::Draft> draft(DraftId id) = 0;
  virtual std::optional<model::Draft> draft_at(const std::string& path) = 0;  // not gone, not published
  virtual std::optional<model::Draft> newest_draft_at(const std::string& path) = 0;  // whatever its state
  // The newest with these bytes whose post was cancelled, wherever its file is.
  virtual std::optional<model::Draft> called_off_as(const std::string& sha256) = 0;
  // For the planner: the ready drafts of a series, of which no more than `limit` each are taken of
  // - those that may have a slot on `first`: the ones whose slot it is, those dated after `today`, then by
  //   priority, the moment they first became ready, and path;
  // - those for later slots alone: the soonest;
  // - those too late for `first`: the latest, at most a hundred.
  // (Those that name no date count apart.) No draft of another series, on hold or not ready is in the way.
  virtual std::vector<model::Draft> candidates(const std::string& series, model::LocalDate today,
                                               model::LocalDate first, std::size_t limit) = 0;
  virtual std::vector<std::string> queued_series() = 0;                // that a ready draft names
  virtual std::vector<model::Draft> set_aside(std::size_t limit) = 0;  // waiting, or on hold; by id
  // For lists: all but gone; `published` too if asked for. By id, after `after`.
  virtual std::vector<model::Draft> drafts(bool published, DraftId after, std::size_t limit) = 0;
  virtual Some<model::Draft> unusable_drafts(std::size_t limit) = 0;  // problem, quarantined; by path
  // Taken by a post that was called off since, newest first.
  virtual std::vector<model::Draft> called_off(std::size_t limit) = 0;
  virtual DraftText draft_text(DraftId id, int revision) = 0;  // revision 0: the latest
  virtual std::string blob(const std::string& sha256) = 0;

  // Slots.
  virtual std::map<std::string, SeriesRow> series() = 0;
  virtual void begin_series(const std::string& series, Instant baseline) = 0;  // no effect if known
  // The series that are in force, each with its rule (schedule and zone). One that is new begins at `now`.
  // One whose rule is another than before, or that was away, begins anew: of slots that passed by then none
  // is made up for.
  // Those are returned.
  virtual std::vector<std::string> follow_series(const std::map<std::string, std::string>& rules,
                                                 Instant now) = 0;
  virtual std::vector<SlotRow> slots(model::LocalDate from, std::size_t limit) = 0;  // decided ones, by date
  // Fills an occurrence, or publishes by hand (no occurrence), or both: one transaction. The draft becomes
  // published. Throws conflict if the occurrence is decided, the slug is another post's, the draft is
  // held, or its latest revision is not `draft_revision`. The editions get the number that the post has.
  virtual PostId fill(const NewPost& post, Instant now) = 0;
  virtual void check_fill(const NewPost& post) = 0;  // throws what fill() would; writes nothing
  virtual void decide(const model::Occurrence& occurrence, model::SlotState state, const std::string& why,
                      Instant now) = 0;  // empty, skipped, missed; conflict if decided

  // Posts.
  virtual std::optional<model::Post> post(PostId id) = 0;
  virtual std::optional<model::Post> post_by_slug(const std::string& slug) = 0;
  virtual std::vector<model::Post> posts(PostId before,
                                         std::size_t limit) = 0;  // newest first; before 0: all
  virtual int next_number(const std::string& series) = 0;         // of its posts; no number comes twice
  // Published (or partly published) posts whose deliveries are all final and whose file is not put away.
  virtual std::vector<model::Post> posts_to_file(std::size_t limit) = 0;
  virtual void post_filed(PostId id, const std::string& published_path) = 0;

  // Deliveries: the outbox.
  virtual std::vector<Waiting> waiting() = 0;
  // From waiting, to ready or held; conflict if it does not wait any more.
  virtual void release(DeliveryId id, model::DeliveryState state, std::optional<Instant> next_at,
                       const std::string& reply, Instant now) = 0;
  // Takes ready, deferred and uncertain deliveries that are due, of each channel the one due longest first:
  // state working, fence grown, attempt counted. One whose lease ran out is first made what recover() makes
  // of it, and its uncertain messages are named in the events.
  virtual std::vector<Work> claim(const std::vector<std::string>& channels, const Lease& lease, Instant now,
                                  std::size_t limit) = 0;
  virtual void renew(DeliveryId id, std::int64_t fence, Instant lease_until) = 0;
  // Durable before the effect that it names.
  virtual void enter_stage(DeliveryId id, std::int64_t fence, model::Stage stage,
                           const std::string& remote_id) = 0;
  // The end of an attempt: the row, the receipt, and the post's state as its deliveries now make it. Of a
  // mailing, messages still claimed become pending, armed ones uncertain.
  virtual void finish(DeliveryId id, std::int64_t fence, const DeliveryUpdate& update,
                      const publishers::Receipt& receipt, Instant now) = 0;
  // The earliest moment after `after` at which claim() will find more. Name the present, or what is due and
  // can't be served hides what is not due yet.
  virtual std::optional<Instant> next_delivery_at(Instant after = Instant::min()) = 0;
  virtual std::optional<model::Delivery> delivery(DeliveryId id) = 0;
  virtual std::vector<model::Delivery> deliveries(PostId post) = 0;
  virtual std::vector<model::Delivery> open_deliveries(std::size_t limit) = 0;  // not final; by id
  virtual Some<Stuck> stuck_deliveries(std::size_t limit) = 0;                  // newest first
  virtual std::vector<model::Delivery> deliveries_before(DeliveryId before,
                                                         std::size_t limit) = 0;  // newest first; 0: all
  virtual std::vector<ReceiptRow> receipts(DeliveryId id) = 0;
  virtual publishers::Edition edition(PostId post, const std::string& channel) = 0;
  // Editions whose delivery on `channel` is confirmed, newest published_at first; limit 0: all.
  virtual std::vector<publishers::Edition> confirmed_editions(const std::string& channel,
                                                              std::size_t limit) = 0;
  virtual std::map<std::string, std::string> asset_urls(PostId post) = 0;  // of its confirmed blog deliveries
  // By people; not_allowed says why not. hold and cancel of a working delivery are refused.
  virtual void hold(DeliveryId id, const std::string& why, Instant now) = 0;
  // Waits again if it did, and as long as it still could; else is ready, at its hour if it has one.
  virtual void unhold(DeliveryId id, Instant now) = 0;
  virtual void cancel(DeliveryId id, const std::string& why, Instant now) = 0;
  virtual void retry(DeliveryId id,
                     Instant now) = 0;  // rejected, deferred, held; failed messages become pending
  // The messages of a large mailing that cancel or retry did not move yet: some of them, so that nobody waits
  // long. Until its last is moved, a mailing that is tried again is held. False: there are none (any more).
  virtual bool carry_on(Instant now) = 0;
  virtual void settle(DeliveryId id, bool confirmed, const std::string& why,
                      Instant now) = 0;  // uncertain only; of a mailing its uncertain messages

  // Recovery, once at start, before anything is claimed: working blog deliveries become uncertain (ready
  // if no stage was entered), working mail deliveries ready; claimed messages pending, armed ones
  // uncertain. Returns one line for each message and delivery that is now uncertain.
  virtual std::vector<std::string> recover(Instant now) = 0;

  // Mail. Recipients are fixed in chunks, then counted; no message can be claimed before freeze_end.
  // Forgets some of what an unfinished fixing left; false: there is nothing (any more).
  virtual bool forget_freeze(DeliveryId id, std::int64_t fence) = 0;
  virtual void freeze_begin(DeliveryId id, std::int64_t fence,
                            const std::string& frozen_mail) = 0;  // forgets an unfinished one
  virtual void freeze_chunk(DeliveryId id, std::int64_t fence, const std::vector<Recipient>& recipients,
                            const std::vector<Exclusion>& exclusions) = 0;
  virtual model::MessageCounts freeze_end(DeliveryId id, std::int64_t fence, Instant now) = 0;
  virtual std::optional<std::string> frozen_mail(DeliveryId id) = 0;  // only once frozen
  virtual std::vector<Claimed> claim_messages(DeliveryId id, std::int64_t fence, const Lease& lease,
                                              Instant now, std::size_t limit) = 0;
  // Of `messages`, those that may go: claimed under this fence, delivery working, address not suppressed
  // (a suppressed one becomes so). They are armed.
  virtual std::vector<MessageId> arm(const std::vector<MessageId>& messages, std::int64_t fence,
                                     Instant now) = 0;
  // Counts for messages that are armed or claimed, and is ignored for others: a result may come twice. To
  // pending, accepted, deferred (with next_at), failed, uncertain.
  virtual void finish_messages(const std::vector<MessageResult>& results, Instant now) = 0;
  virtual void unclaim_messages(DeliveryId id, Instant now) = 0;  // claimed -> pending
  virtual model::MessageCounts message_counts(DeliveryId id) = 0;
  virtual std::optional<Instant> next_message_at(DeliveryId id) = 0;  // earliest next_at of deferred ones
  virtual std::vector<MessageRow> messages(DeliveryId id, std::optional<model::MessageState> state,
                                           SubscriberId after, std::size_t limit) = 0;
  virtual std::vector<Exclusion> exclusions(DeliveryId id, std::size_t limit) = 0;
  // uncertain -> accepted, failed, or pending, which sets its delivery going again unless that is cancelled.
  virtual void settle_message(const MessageId& id, model::MessageState as, Instant now) = 0;
  // Claimed ones whose address is found to have left the list: they stay unsent, in this mailing.
  virtual void suppress_messages(const std::vector<MessageId>& messages, const std::string& why,
                                 Instant now) = 0;
  virtual void suppress(const std::string& address, const std::string& reason, Instant now) = 0;
  virtual bool suppressed(const std::string& address) = 0;
  virtual std::int64_t accepted_since(const std::string& channel,
                                      Instant since) = 0;  // since that hour began

  // A consistent copy into `file`, which must not exist. May take long; used on a connection of its own.
  virtual void backup(const std::string& file) = 0;
  virtual void check() = 0;  // a small read; throws when the store is not well
};

}  // namespace store
