// The port for blogs, announcements and hand-overs: one post, one far end.
//
// Blocking value functions, called on a worker thread, never two at once on one publisher. A call ends
// in a Receipt whatever happens at the far end; an exception is a bug, and holds the delivery.
//
// A post goes out in two steps where the far end allows (capabilities().two_step): prepare makes it
// invisible, its remote id is recorded, publish makes that very id visible and may be repeated. After a
// lost reply find is asked; nothing is ever created again blindly.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "publishers/edition.h"
#include "publishers/needed_path.h"
#include "publishers/receipt.h"

namespace publishers {

struct Capabilities {
  bool find = false;      // find() can tell whether a post is there
  bool two_step = false;  // prepare() makes something invisible that publish() then shows
  bool update = false;
  bool withdraw = false;
  bool index = false;  // keeps an index of all its posts: Shelf is used, rebuild() works
};

struct Found {
  enum class Stage { absent, prepared, published };
  Stage stage = Stage::absent;
  std::string remote_id;
};

class PostPublisher {
 public:
  virtual ~PostPublisher() = default;

  virtual Capabilities capabilities() const = 0;

  // The absolute address that `slug` will have, where the kind knows it beforehand.
  virtual std::optional<std::string> permalink(const std::string& slug) const = 0;

  // The places of this machine that it works with. Any thread.
  virtual std::vector<NeededPath> paths() const { return {}; }

  // Could a post be published now? Changes nothing. The reply is a line for people.
  virtual Receipt check() = 0;

  // Looks for this post by slug and marker. `found` is meaningful only when the receipt is confirmed.
  virtual Receipt find(const Edition& edition, const std::string& key, Found& found) = 0;

  // `key` is the delivery's idempotency key, the same on every attempt.
  virtual Receipt prepare(const Edition& edition, const std::string& key) = 0;
  virtual Receipt publish(const Edition& edition, const std::string& remote_id) = 0;
  virtual Receipt update(const Edition& edition, const std::string& remote_id) = 0;
  virtual Receipt withdraw(const Edition& edition, const std::string& remote_id) = 0;

  // Is the post where its readers look for it? Confirmed only if the marker was seen there.
  virtual Receipt live_check(const Edition& edition, const std::string& permalink) = 0;

  // Everything on the channel's shelf written anew (capabilities().index).
  virtual Receipt rebuild() {
    return Receipt::failed(Outcome::rejected, Fault::none, "this kind of channel keeps nothing to rebuild");
  }
};

// The other posts of a channel, for kinds that keep an index or a feed of them. Thread-safe; the answers
// are as of the call. Newest first by (published_at, pid).
class Shelf {
 public:
  virtual ~Shelf() = default;
  // Editions confirmed on the channel, the latest revision of each, without assets' bytes.
  // `limit` 0 means all.
  virtual std::vector<Edition> editions(std::size_t limit) = 0;
  // An asset's bytes, by hash; throws std::runtime_error if they are not stored.
  virtual std::string asset(const std::string& sha256) = 0;
};

}  // namespace publishers
