// The whole house: builds the rooms bottom-up, connects them, and sees to their life: start, reload,
// brake, stop. Decides nothing itself.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "admin/server.h"
#include "dispatch/dispatcher.h"
#include "intake/intake.h"
#include "mailing/carry_on.h"
#include "mailing/mailer.h"
#include "publishers/email/address.h"
#include "rendering/post_maker.h"
#include "runtime/alarms.h"
#include "runtime/systemd.h"
#include "service/answers.h"
#include "service/brake.h"
#include "service/channels.h"
#include "service/filing.h"
#include "service/generations.h"
#include "service/health.h"
#include "service/state_folder.h"
#include "service/stop_file.h"
#include "service/zones.h"
#include "store/store_thread.h"
#include "timekeeping/timekeeper.h"

namespace service {

struct Setup {
  std::filesystem::path config_file;
  std::filesystem::path clock_file;  // --clock; empty: the system's clock
};

// What a configuration becomes once everything in it was found good.
struct Loaded {
  std::shared_ptr<const config::Config> config;
  std::shared_ptr<Channels> channels;
  std::map<std::string, planning::SeriesPlan> series;
};

// The configuration does not fit what is in the store; what() has a line for each fault.
class ConfigurationRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads and checks the whole configuration as a start would. What was wrong is in `faults`.
Loaded load(const Setup& setup, boost::asio::any_io_executor executor, StoreOf store, config::Faults& faults);

class Service {
 public:
  // Throws ConfigurationRefused, or std::runtime_error in words for the operator if the house can't be
  // opened.
  Service(const Setup& setup, boost::asio::io_context& house, Loaded loaded);
  ~Service();

  // Until SIGTERM or SIGINT, and everything is put away. The exit status.
  int run();
  store::StoreThread& store() { return *store_; }

 private:
  void open_store();
  void begin();
  void open_doors();
  void apply(Loaded loaded);
  void reload(std::function<void(std::string fault)> then);
  void nudge_all();
  void delivered();
  std::shared_ptr<const config::Config> config();  // any thread
  std::filesystem::path store_file();
  void halt(bool halted);
  void wait_for_drafts();
  void stop();
  void close_connections();
  void put_away();
  void listen_for_signals();
  admin::House admin_house();
  template <class R>
  R on_house(std::function<void(std::function<void(R)>)> start);
  struct Planned;
  admin::Answer<Planned> plan_post(const admin::PublishOrder& order);
  std::shared_ptr<mailing::MailChannel> mail_channel(const std::string& key);
  admin::Answer<admin::PublishPlan> publish(const admin::PublishOrder& order, const admin::Caller& caller);
  admin::Answer<std::string> delivery_verb(const std::vector<model::DeliveryId>& ids, const std::string& verb,
                                           const std::string& why, const admin::Caller& caller);
  admin::Answer<std::string> rebuild(const std::string& channel, const admin::Caller& caller);
  std::string why_suppressed(const std::string& key, const publishers::Address& address);
  std::optional<std::string> rehearsed_to();  // the one address that mail goes to in a rehearsal
  admin::Answer<std::string> send_test(model::DraftId draft, const std::string& key, const std::string& to,
                                       const admin::Caller& caller);
  admin::Answer<std::string> suppress(const std::string& address, const admin::Caller& caller);
  // Writes what somebody asked for; `then` once it stands and is to be seen in the timeline, so that whoever
  // looks after the answer sees what it did.
  template <class Work, class Then>
  void write_and_tell(Work work, Then then);
  admin::Answer<std::string> change(std::function<std::string(store::Store&)> work);
  rendering::Almanac almanac();
  void look_at_zones();

  Setup setup_;
  boost::asio::io_context& house_;
  Loaded loaded_;
  std::mutex loaded_mutex_;  // loaded_ is read by the HTTP threads
  StateLock lock_;
  boost::asio::thread_pool workers_;
  std::unique_ptr<runtime::WallClock> clock_;
  runtime::Alarms alarms_;
  Zones zones_;
  runtime::Alarms::Alarm zones_alarm_;
  std::unique_ptr<store::StoreThread> store_;
  std::unique_ptr<Generations> generations_;
  std::unique_ptr<rendering::PostMaker> maker_;
  std::unique_ptr<timekeeping::Timekeeper> timekeeper_;
  std::unique_ptr<dispatch::Dispatcher> dispatcher_;
  std::unique_ptr<mailing::Mailer> mailer_;
  std::unique_ptr<mailing::CarryOn> carry_on_;
  std::unique_ptr<intake::Intake> intake_;
  std::unique_ptr<Filing> filing_;
  std::unique_ptr<Brake> brake_;
  std::unique_ptr<StopFile> stop_file_;
  std::unique_ptr<HealthChecks> checks_;
  std::unique_ptr<admin::Server> server_;
  std::optional<runtime::Watchdog> watchdog_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer patience_;
  boost::asio::steady_timer catching_up_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  bool begun_before_ = false;
  bool caught_up_ = false;  // the folder has been read since the start
  std::int64_t epoch_ = 0;
  model::Instant started_{};
  bool stopping_ = false;
  int exit_ = 0;
};

template <class Work, class Then>
void Service::write_and_tell(Work work, Then then) {
  using R = std::invoke_result_t<Work&, store::Store&>;
  store_->write(std::move(work), [this, then = std::move(then)](store::Result<R> result) {
    nudge_all();
    timekeeper_->plan_at_once([then, result = std::move(result)] { then(answer(result)); });
  });
}

// Called on an HTTP thread: `start` runs on the house thread and calls its argument there. The first answer
// counts, also before a failure.
template <class R>
R Service::on_house(std::function<void(std::function<void(R)>)> start) {
  struct Asked {
    std::promise<R> promise;
    bool answered = false;  // the house thread's
  };
  auto asked = std::make_shared<Asked>();
  std::future<R> future = asked->promise.get_future();
  boost::asio::post(house_, [start = std::move(start), asked] {
    try {
      start([asked](R value) {
        if (!std::exchange(asked->answered, true)) asked->promise.set_value(std::move(value));
      });
    } catch (...) {
      // A refusal of the store, or a bug: an error for who asked, not the end of the house.
      if (!std::exchange(asked->answered, true)) asked->promise.set_exception(std::current_exception());
    }
  });
  return future.get();
}

}  // namespace service
