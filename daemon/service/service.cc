#include "service/service.h"

#include <fstream>
#include <future>
#include <stdexcept>
#include <utility>

#include <boost/asio/post.hpp>

#include "intake/draft_reader.h"
#include "runtime/log.h"
#include "service/content_folder.h"
#include "service/open_posts.h"
#include "store/sqlite/sqlite_store.h"

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kWorkers = 4;
constexpr auto kCatchUpBeat = 20ms;
constexpr auto kLongestCatchUp = 1min;
constexpr auto kZonesBeat = 1h;
// What is armed is waited for; what has no reply then is recorded as uncertain at the next start.
constexpr auto kPatience = 50s;
constexpr int kDiskFailed = 75;
constexpr int kNoDoor = 1;
constexpr const char* kStoreFile = "fridayd.db";
constexpr const char* kPurpose = "purpose";

std::unique_ptr<runtime::WallClock> make_clock(const Setup& setup, boost::asio::io_context& house) {
  if (setup.clock_file.empty()) return runtime::make_system_clock(house.get_executor());
  return runtime::make_file_clock(house.get_executor(), setup.clock_file);
}

void refuse_other_files(const std::filesystem::path& file) {
  constexpr std::string_view kSqlite = "SQLite format 3";
  std::ifstream in(file, std::ios::binary);
  std::string head(kSqlite.size(), '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (in.gcount() == 0 || head == kSqlite) return;
  throw std::runtime_error(
      file.string() +
      ": is no store of fridayd; put it elsewhere, and a backup in its place if there is one");
}

}  // namespace

Service::Service(const Setup& setup, boost::asio::io_context& house, Loaded loaded)
    : setup_(setup),
      house_(house),
      loaded_(std::move(loaded)),
      lock_(loaded_.config->daemon.state),
      workers_(kWorkers),
      clock_(make_clock(setup, house)),
      alarms_(*clock_),
      zones_alarm_(alarms_, [this] { look_at_zones(); }),
      signals_(house, SIGINT, SIGTERM, SIGHUP),
      patience_(house),
      catching_up_(house) {
  started_ = clock_->now();
  open_store();
  // Folders that were there once are not made anew: the share may not be mounted.
  begun_before_ = store_->read(
      [](store::Store& store) { return !store.posts({}, 1).empty() || !store.drafts(false, {}, 1).empty(); });
  if (!begun_before_) prepare_content(*loaded_.config);
  config::Faults faults;
  store_->read([&](store::Store& store) { find_lost_keys(store, *loaded_.config, faults); });
  if (!faults.empty()) throw ConfigurationRefused(faults.text());
  const auto executor = house_.get_executor();
  generations_ = std::make_unique<Generations>(executor, workers_, *store_, loaded_.config->daemon.state);
  maker_ = std::make_unique<rendering::PostMaker>(executor, workers_, *store_, almanac());
  dispatcher_ = std::make_unique<dispatch::Dispatcher>(
      executor, workers_, *store_, alarms_,
      dispatch::Hooks{[this] { mailer_->nudge(); }, [this] { delivered(); }});
  mailer_ = std::make_unique<mailing::Mailer>(executor, workers_, *store_, alarms_, [this] {
    dispatcher_->nudge();
    delivered();
  });
  carry_on_ = std::make_unique<mailing::CarryOn>(executor, *store_, alarms_, [this] { nudge_all(); });
  timekeeping::Hooks hooks;
  hooks.make_post = [this](const timekeeping::Filling& filling, auto then) {
    maker_->make({filling.draft, filling.occurrence, filling.instant, filling.held, filling.why, {}},
                 clock_->now(), [then = std::move(then)](rendering::PostMaker::Made made) {
                   if (made) return then(std::move(*made));
                   then(tl::unexpected(timekeeping::MakeFault{made.error().of_draft, made.error().what}));
                 });
  };
  hooks.decided = [this] { nudge_all(); };
  hooks.timeline_changed = [this] { filing_->timeline_changed(); };
  timekeeper_ = std::make_unique<timekeeping::Timekeeper>(executor, alarms_, *store_, std::move(hooks));
  intake_ = std::make_unique<intake::Intake>(executor, *loaded_.config, *store_, *clock_, [this] {
    timekeeper_->nudge();
    filing_->timeline_changed();
  });
  filing_ = std::make_unique<Filing>(
      executor, *store_, *intake_,
      Filing::Sources{
          [this] { return timekeeper_->timeline(); }, [this] { return brake_->why(); },
          [this](const std::string& zone, model::Instant at) { return zones_.local_text(zone, at); }});
  brake_ = std::make_unique<Brake>(*store_, [this](bool halted) { halt(halted); });
  stop_file_ = std::make_unique<StopFile>(executor, workers_, loaded_.config->daemon.content,
                                          [this](bool present) { brake_->stop_file(present); });
  checks_ = std::make_unique<HealthChecks>(executor, workers_, *clock_);
}

Service::~Service() = default;

void Service::open_store() {
  if (loaded_.config->rehearsal) std::filesystem::create_directories(loaded_.config->rehearsal->folder);
  const std::filesystem::path state = loaded_.config->daemon.state;
  const std::filesystem::path file = state / kStoreFile;
  refuse_other_files(file);
  auto writer = store::open_sqlite(file, store::Mode::read_write);
  const std::int64_t stored = writer->generation();
  // A store that was taken away leaves the number beside it behind: what it sent is forgotten.
  if (stored == 0 && !read_generation(state)) write_generation(state, 0);
  const std::optional<std::int64_t> beside = read_generation(state);
  // A start that came to an end between the two leaves the store one ahead; made up for here, never two.
  const bool own = beside && (stored == *beside || stored == *beside + 1);
  if (own && stored != *beside) write_generation(state, stored);
  epoch_ = writer->next_generation();
  if (!own) {
    writer->set_setting("safe_mode",
                        "safe mode: this store was restored or copied (it is at start " +
                            std::to_string(stored) + ", its folder " +
                            (beside ? "at " + std::to_string(*beside) : "knows of none") +
                            "); what it would send may have been sent already. Look at `fridayctl "
                            "deliveries`, then say `fridayctl resume`");
  }
  write_generation(state, epoch_);
  // A rehearsal uses up drafts and slots as the real thing does: the two never share a store.
  const std::string purpose = loaded_.config->rehearsal ? "rehearsal" : "real";
  const std::string before = writer->setting(kPurpose).value_or(purpose);
  if (before != purpose) {
    throw std::runtime_error(state.string() + ": this store is " +
                             (before == "real"
                                  ? "the real one; give [rehearsal] a configuration whose state and "
                                    "content are its own"
                                  : "that of a rehearsal; name the real one in [daemon] state"));
  }
  writer->set_setting(kPurpose, purpose);
  for (const std::string& line : writer->recover(clock_->now()))
    spdlog::warn("uncertain after the last run: {}", line);
  auto reader = store::open_sqlite(file, store::Mode::read_only);
  store_ = std::make_unique<store::StoreThread>(
      std::move(writer), std::move(reader), house_.get_executor(), [this](const store::StoreError& error) {
        spdlog::critical("the disk failed: {}; ending, so that recovery decides", error.what);
        exit_ = kDiskFailed;
        stop();
      });
}

std::shared_ptr<const config::Config> Service::config() {
  const std::lock_guard lock(loaded_mutex_);
  return loaded_.config;
}

std::filesystem::path Service::store_file() {
  return config()->daemon.state / kStoreFile;
}

int Service::run() {
  begin();
  house_.run();
  // The publishers of an attempt may still be at work on a worker: they end by their own deadlines.
  workers_.join();
  return exit_;
}

void Service::begin() {
  const auto [stopped, safe_mode, stop_file] = store_->read([](store::Store& store) {
    return std::tuple(store.setting("stopped").value_or(""), store.setting("safe_mode").value_or(""),
                      store.setting("stop_file").has_value());
  });
  brake_->load(stopped, safe_mode, stop_file);
  timekeeper_->halt(true);
  stop_file_->start();
  apply(std::move(loaded_));
  zones_alarm_.set(alarms_.now() + kZonesBeat);
  intake_->start(!begun_before_);
  wait_for_drafts();
  listen_for_signals();
  // Who asks once fridayd is ready sees what the store knows.
  timekeeper_->plan_at_once([this] { open_doors(); });
}

void Service::open_doors() {
  if (stopping_) return;
  try {
    server_ = std::make_unique<admin::Server>(admin_house(), loaded_.config->daemon.control, "fridayd-admin",
                                              runtime::activated_socket("control"));
  } catch (const std::exception& error) {
    spdlog::critical("nobody could steer fridayd: {}", error.what());
    exit_ = kNoDoor;
    return stop();
  }
  watchdog_.emplace(house_.get_executor(), [this] { return store_->silent_for() < 10s; });
  if (loaded_.config->rehearsal) {
    spdlog::warn("REHEARSAL: all mail goes to {}, blogs to {}", loaded_.config->rehearsal->to,
                 loaded_.config->rehearsal->folder.string());
  }
  runtime::notify_ready("watching " + loaded_.config->daemon.content.string());
  spdlog::info("fridayd {} is ready; drafts: {}", FRIDAYD_VERSION,
               (loaded_.config->daemon.content / "drafts").string());
}

void Service::apply(Loaded loaded) {
  {
    const std::lock_guard lock(loaded_mutex_);
    loaded_ = std::move(loaded);
  }
  if (auto series = zones_.read(*loaded_.config)) loaded_.series = std::move(*series);
  runtime::set_up_logging(loaded_.config->log.level, loaded_.config->log.format);
  maker_->configure(loaded_.config, loaded_.channels->facts());
  timekeeper_->configure(loaded_.series);
  dispatcher_->configure(loaded_.channels->posts, epoch_);
  mailer_->configure(loaded_.channels->mail, epoch_);
  carry_on_->nudge();
  filing_->configure(loaded_.config);
  checks_->configure(loaded_.channels);
}

void Service::reload(std::function<void(std::string fault)> then) {
  runtime::notify_reloading();
  config::Faults faults;
  Loaded fresh = load(setup_, house_.get_executor(), [this] { return store_.get(); }, faults);
  if (faults.empty() && fresh.config->rehearsal.has_value() != loaded_.config->rehearsal.has_value()) {
    faults.add({fresh.config->file.string(), 0, 0}, "[rehearsal] can't come or go while fridayd runs",
               "restart fridayd on a state of its own");
  }
  if (faults.empty()) {
    try {
      store_->read([&](store::Store& store) { find_lost_keys(store, *fresh.config, faults); });
    } catch (const std::exception& error) {
      faults.add({fresh.config->file.string(), 0, 0},
                 std::string("what is under way can't be looked up: ") + error.what(), "reload again later");
    }
  }
  std::string refused = faults.text();
  if (refused.empty()) {
    const auto& [before, after] = std::tie(loaded_.config->daemon, fresh.config->daemon);
    if (before.state != after.state || before.content != after.content || before.control != after.control) {
      spdlog::warn("[daemon] changed: it stays as it was until a restart");
      auto config = std::make_shared<config::Config>(*fresh.config);
      config->daemon = before;
      fresh.config = std::move(config);
    }
    intake_->reconfigure(*fresh.config);
    apply(std::move(fresh));
    spdlog::info("the configuration was read again");
  } else {
    spdlog::error("the configuration was not taken, the one before stays in force:\n{}", refused);
  }
  runtime::notify_ready("watching " + loaded_.config->daemon.content.string());
  then(std::move(refused));
}

// A delivery begins or is in another state: the timeline shows it, and a post may be complete.
void Service::delivered() {
  generations_->raise();
  timekeeper_->nudge();
  filing_->nudge();
}

void Service::nudge_all() {
  timekeeper_->nudge();
  dispatcher_->nudge();
  mailer_->nudge();
  carry_on_->nudge();
  filing_->nudge();
}

// A slot that passed while fridayd was down is not empty before the folder was looked at. A file that never
// stands still, or a folder that can't be read, holds nothing up for good.
void Service::wait_for_drafts() {
  caught_up_ = intake_->caught_up() || std::chrono::steady_clock::now() >= begun_ + kLongestCatchUp;
  if (caught_up_) return timekeeper_->halt(brake_->halted());
  catching_up_.expires_after(kCatchUpBeat);
  catching_up_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_) wait_for_drafts();
  });
}

void Service::halt(bool halted) {
  if (stopping_) return;
  timekeeper_->halt(halted || !caught_up_);
  dispatcher_->halt(halted);
  mailer_->halt(halted);
  filing_->timeline_changed();
}

void Service::listen_for_signals() {
  signals_.async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    if (signal != SIGHUP) return stop();
    reload([](const std::string&) {});
    listen_for_signals();
  });
}

// Doors first, then what is under way, then the store: nothing is dropped, so that run() returns by itself.
void Service::stop() {
  if (std::exchange(stopping_, true)) return;
  runtime::notify_stopping();
  spdlog::info("stopping: nothing new begins");
  signals_.cancel();
  stop_file_->stop();
  catching_up_.cancel();
  intake_->stop();
  timekeeper_->stop();
  carry_on_->stop();
  checks_->stop();
  filing_->stop();
  patience_.expires_after(kPatience);
  patience_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    spdlog::warn("what has no reply yet is recorded as uncertain");
    std::quick_exit(exit_);
  });
  auto open = std::make_shared<int>(3);
  const auto shut = [this, open] {
    if (--*open == 0) close_connections();
  };
  dispatcher_->stop(shut);
  mailer_->stop(shut);
  // The API's threads may wait for the house: the server is stopped from a worker.
  boost::asio::post(workers_, [this, shut] {
    if (server_) server_->stop();
    boost::asio::post(house_, shut);
  });
}

// Those that rest would keep the house open until somebody tires of them.
void Service::close_connections() {
  const std::shared_ptr<Channels> channels = loaded_.channels;
  auto open = std::make_shared<std::size_t>(channels->mail.size());
  if (*open == 0) return put_away();
  for (const auto& [key, mail] : channels->mail) {
    mail->transport->drain([this, open] {
      if (--*open == 0) boost::asio::post(house_, [this] { put_away(); });
    });
  }
}

void Service::put_away() {
  // With its last owner a transport gives up what it tries out.
  mailer_->configure({}, epoch_);
  {
    const std::lock_guard lock(loaded_mutex_);
    loaded_.channels.reset();
  }
  patience_.cancel();
  alarms_.stop();
  if (watchdog_) watchdog_->stop();
  store_->stop();
  spdlog::info("everything is put away");
}

rendering::Almanac Service::almanac() {
  rendering::Almanac almanac;
  almanac.body = [](const std::string& bytes, const std::string& path) {
    return intake::head_of(bytes, path).body;
  };
  almanac.local_text = [this](const std::string& zone, model::Instant at) {
    return zones_.local_text(zone, at);
  };
  almanac.hour_on_day = [this](const std::string& zone, model::Instant due, const std::string& hour) {
    return zones_.hour_on_day(zone, due, hour);
  };
  return almanac;
}

// New data move the instants of slots that are not decided; those that are stay as they are.
void Service::look_at_zones() {
  if (stopping_) return;
  if (auto series = zones_.reread(*loaded_.config)) {
    timekeeper_->configure(std::move(*series));
  }
  zones_alarm_.set(alarms_.now() + kZonesBeat);
}

}  // namespace service
