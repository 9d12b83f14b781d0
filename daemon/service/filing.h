// What the shared folder shows: STATUS.md, the problems that planning found, and published drafts moved
// to published/ once everything about them is over.
//
// House thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "admin/house.h"
#include "config/config.h"
#include "intake/intake.h"
#include "planning/planner.h"
#include "store/store_thread.h"

namespace service {

class Filing {
 public:
  struct Sources {
    std::function<std::shared_ptr<const planning::Timeline>()> timeline;
    std::function<std::string()> halted;  // why the house stands still, or ""
    std::function<std::string(const std::string& zone, model::Instant)> local_text;
  };
  Filing(const boost::asio::any_io_executor& house, store::StoreThread& store, intake::Intake& intake,
         Sources sources);

  void configure(std::shared_ptr<const config::Config> config);
  void nudge();             // a post may be over
  void timeline_changed();  // STATUS.md may say something else
  void stop();
  std::vector<admin::SettlingFile> settling() const;
  // Files that are no drafts, for a post took what they say.
  void left(std::function<void(std::vector<admin::LeftFile>)> then);

 private:
  struct Item;
  struct Seen;  // of the store, for STATUS.md
  void load();
  void file(const Item& item);
  void filed(model::PostId post, const intake::Folder::Filed& result);
  void not_filed(model::PostId post, const std::string& why);
  void try_again_later();
  void write_status();
  void show_status(const Seen& seen);
  void tell(const std::vector<store::Stuck>& stuck);

  store::StoreThread& store_;
  intake::Intake& intake_;
  Sources sources_;
  std::shared_ptr<const config::Config> config_;
  boost::asio::steady_timer status_timer_;
  boost::asio::steady_timer retry_timer_;
  std::set<model::PostId> failed_;  // looked at again after a while, so that they are in nobody's way
  std::string trouble_;             // of the last one that failed
  std::map<model::DeliveryId, model::Instant> told_;  // stuck since then, said in the log
  bool status_wanted_ = false;
  bool filing_ = false;
  bool again_ = false;
  bool stopped_ = false;
};

}  // namespace service
