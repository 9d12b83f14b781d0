// Keeps the timeline true and the slots on time: loads the planner's input, publishes its value, wakes at
// the next slot and has each due slot decided, once.
//
// House thread only, but for the two looks at the timeline.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <tl/expected.hpp>

#include "planning/by_hand.h"
#include "planning/planner.h"
#include "runtime/alarms.h"
#include "runtime/ticker.h"
#include "store/store_thread.h"

namespace timekeeping {

struct Filling {  // what a due slot is to be filled with
  model::DraftId draft;
  model::Occurrence occurrence;
  model::Instant instant{};
  bool held = false;
  std::string why;
};

struct MakeFault {
  bool of_draft = false;  // the draft can't be used; else the house failed, and it is tried again
  std::string what;       // for people: the draft's author, or the operator
};

struct Hooks {
  // Renders the draft's editions and answers on the house thread.
  using Made = tl::expected<store::NewPost, MakeFault>;
  std::function<void(const Filling&, std::function<void(Made)>)> make_post;
  std::function<void()> decided;           // a slot was decided: there may be work for others
  std::function<void()> timeline_changed;  // timeline() has another value
};

class Timekeeper {
 public:
  Timekeeper(boost::asio::any_io_executor executor, runtime::Alarms& alarms, store::StoreThread& store,
             Hooks hooks);
  Timekeeper(std::unique_ptr<runtime::Ticker> ticker, runtime::Alarms& alarms, store::StoreThread& store,
             Hooks hooks);

  // A series that is new begins now: nothing of it is missed. Then plans.
  void configure(std::map<std::string, planning::SeriesPlan> series);
  // Plans without delay; `then` once a plan that began after this is to be seen, or could not be made.
  void plan_at_once(std::function<void()> then);
  // Something changed: plans once nothing has changed for 50 ms, at the latest after 500 ms.
  void nudge();
  // While halted nothing is decided; slots that pass are treated as missed afterwards.
  void halt(bool halted);
  void stop();

  // Thread-safe; never null.
  std::shared_ptr<const planning::Timeline> timeline() const;
  // The same look at another length. Thread-safe.
  planning::Timeline timeline_for(int weeks) const;
  // What of it changes once the draft is published by hand. Thread-safe.
  planning::Aftermath after_publishing(model::DraftId draft,
                                       const std::optional<model::Occurrence>& taken) const;

 private:
  struct Attempt {  // at a decision; refused twice alike as overtaken, it is no race
    model::Occurrence occurrence;
    model::DraftId draft;
    int revision = 0;
    std::string slug;
    bool operator==(const Attempt&) const = default;
  };

  void load();
  void planned(planning::PlanInput input);
  void decide(const planning::Decision& decision);
  void fill(const planning::Decision& decision);
  void store_post(const planning::Decision& decision, store::NewPost post);
  void record(const planning::Decision& decision, model::SlotState state);
  void decided(const planning::Decision& decision, const Attempt& attempt, const store::Result<void>& result);
  void refuse_draft(const planning::Decision& decision, const std::string& why);
  void refuse_overtaken(const planning::Decision& decision, const Attempt& attempt, const std::string& why);
  void put_off(const planning::Decision& decision, const std::string& why);
  // Whether the series and channels are others than those that the plan under way is of.
  bool outdated() const { return planned_for_ != configured_; }
  void look_again();
  void rest();
  void publish(planning::PlanInput input);
  std::shared_ptr<const planning::PlanInput> input() const;  // null before the first plan

  runtime::Alarms& alarms_;
  store::StoreThread& store_;
  Hooks hooks_;
  std::map<std::string, planning::SeriesPlan> series_;
  model::Instant begun_{};  // when they were configured
  int configured_ = 0;      // how often
  int planned_for_ = 0;     // which of them the plan under way is of
  runtime::Alarms::Alarm alarm_;
  std::unique_ptr<runtime::Ticker> ticker_;
  std::vector<std::function<void()>> to_tell_;  // after the next load
  std::vector<std::function<void()>> telling_;  // after the one under way
  runtime::Tick first_nudge_{};
  runtime::Tick retry_at_{};
  std::set<std::string> stuck_;  // series of which nothing is decided until retry_at_
  std::optional<Attempt> overtaken_;
  bool nudged_ = false;
  bool busy_ = false;  // a load or a decision is under way
  bool again_ = false;
  bool halted_ = false;
  bool stopped_ = false;
  mutable std::mutex timeline_mutex_;
  std::shared_ptr<const planning::Timeline> timeline_;
  std::shared_ptr<const planning::PlanInput> input_;  // that timeline_ was planned from
};

}  // namespace timekeeping
