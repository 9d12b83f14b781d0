// What the API may see and do, as functions over values: the wiring fills it in. Every function may be
// called from any thread; those that change something run on the house thread and answer when the change
// is durable.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <tl/expected.hpp>

#include "config/config.h"
#include "planning/by_hand.h"
#include "planning/planner.h"
#include "store/store_thread.h"

namespace admin {

// A refusal, for Problem Details (RFC 9457).
struct Refusal {
  int status = 409;
  std::string title;
  std::string detail;
};

template <class R>
using Answer = tl::expected<R, Refusal>;

// Who asks. `keep` writes down what is answered, in the transaction of the effect: a request that comes again
// after a crash gets the same answer, and nothing is done twice.
struct Caller {
  std::string who;
  std::function<void(store::Store&, const boost::json::object& answer)> keep{};  // may be empty

  void keep_done(store::Store& store, const std::string& done) const {
    if (keep) keep(store, {{"done", done}});
  }
};

struct PublishOrder {
  model::DraftId draft;
  std::vector<std::string> channels;            // empty: all of the draft's
  std::optional<model::Occurrence> occurrence;  // the slot that it takes, if any
  bool dry_run = false;
};

struct PublishPlan {   // what a publish would do, or did
  model::PostId post;  // 0 in a dry run
  std::string title;
  std::string slug;
  std::string permalink;
  std::string slot;  // for people; empty: outside of the schedule
  planning::Aftermath aftermath;
  struct Channel {
    std::string key;
    std::string kind;
    bool mail = false;
    std::int64_t recipients = 0;  // mail: how many would be written to
    std::int64_t left_out = 0;
  };
  std::vector<Channel> channels;
};

struct ChannelHealth {
  std::string key;
  std::string kind;
  bool mail = false;
  bool well = false;
  std::string reply;  // of the last check
  model::Instant checked{};
  std::string breaker;  // why nothing is tried now, or empty
};

struct SettlingFile {
  std::string path;
  std::string since;  // RFC 3339
};

// A file in the folder that is no draft, for a post took what it says.
struct LeftFile {
  std::string draft;
  std::string path;
  std::string title;
  std::string state;  // published, cancelled
  std::string why;
};

struct StuckDelivery {  // it goes on only if a person does something
  model::DeliveryId id;
  model::PostId post;
  std::string title;
  std::string channel;
  std::string face;
  std::string why;
  std::string todo;
};

struct Health {
  bool well = false;
  std::string halted;   // why nothing is sent, or empty
  std::string store;    // "well", or what is wrong
  std::string content;  // what is wrong with the shared folder, or empty
  std::string version;
  std::string rehearsal;
  model::Instant started{};
  model::Instant at{};  // now
  std::vector<ChannelHealth> channels;
  std::vector<StuckDelivery> stuck;  // the newest
  std::int64_t stuck_count = 0;
};

// A line of an examination.
struct Finding {
  enum class Kind { good, bad, note };
  Kind kind = Kind::good;
  std::string what;
  std::string todo;  // bad: what a person can do
};

// What fridayd finds when it looks at the configuration's file as it is now, and at all that it names.
struct Examination {
  std::string config;   // the file
  std::string account;  // whose rights counted
  std::vector<Finding> findings;
};

struct House {
  store::StoreThread& store;
  const model::Clock& clock;
  std::function<std::shared_ptr<const config::Config>()> config;
  std::function<std::shared_ptr<const planning::Timeline>()> timeline;
  std::function<planning::Timeline(int weeks)> timeline_for;
  std::function<std::vector<SettlingFile>()> settling;
  std::function<std::vector<LeftFile>()> left;
  std::function<Health()> health;
  std::function<Examination()> examine;
  std::function<std::string(const std::string& series, model::Instant)> local_text;

  std::function<Answer<PublishPlan>(const PublishOrder&, const Caller& caller)> publish;
  std::function<Answer<std::string>(const std::vector<model::DeliveryId>&, const std::string& verb,
                                    const std::string& why, const Caller& caller)>
      delivery_verb;  // see delivery_verbs.h
  std::function<Answer<std::string>(const Caller& caller)> stop;
  std::function<Answer<std::string>(const Caller& caller)> resume;
  std::function<Answer<std::string>(const Caller& caller)> reload;
  std::function<Answer<std::string>(const std::string& channel, const Caller& caller)> rebuild;
  // `channel` empty: the only or first mail channel.
  std::function<Answer<std::string>(model::DraftId, const std::string& channel, const std::string& to,
                                    const Caller& caller)>
      send_test;
  std::function<Answer<std::string>(const std::string& address, const Caller& caller)> suppress;
  std::function<Answer<std::string>(const std::string& file, const Caller& caller)> backup;
  // A write by a person, then a new look at everything: for what needs no more than the store.
  std::function<Answer<std::string>(std::function<std::string(store::Store&)>)> change;
};

}  // namespace admin
