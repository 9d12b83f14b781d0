// A timekeeper over a real store, with a wall clock and a steady time that only the test moves.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "support/house.h"
#include "support/manual_clock.h"
#include "support/manual_ticker.h"
#include "support/temp_folder.h"
#include "timekeeping/timekeeper.h"

namespace timekeeping {

using namespace std::chrono_literals;

inline model::Instant at(const char* text) {
  return model::parse_rfc3339(text).value();
}
inline model::LocalDate date(const char* text) {
  return model::parse_date(text).value();
}

using support::ManualTicker;
using support::SteadyTime;

// New York, Fridays at 08:00 (13:00 UTC in winter); at first it is noon on Tuesday 2026-11-24 in UTC.
class KeeperTest : public testing::Test {
 protected:
  KeeperTest() {
    before_ = spdlog::default_logger();
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
    add_series("friday", "Fri 08:00", "America/New_York");
  }
  ~KeeperTest() override {
    shut();
    spdlog::set_default_logger(before_);
  }

  config::Series& add_series(const char* key, const char* schedule, const char* zone) {
    config::Series& config = *configs_.emplace_back(std::make_shared<config::Series>());
    config.key = key;
    config.zone = zone;
    config.schedule = schedule;
    config.channels = {"blog"};
    std::string why;
    series_[key] = {configs_.back(), zones_.find(zone), planning::Schedule::parse(schedule, why).value()};
    return config;
  }
  config::Series& friday() { return *configs_.front(); }

  void start() {
    house_.emplace(clock_, folder_ / "fridayd.db");
    keeper_ = keeper(time_);
    keeper_->configure(series_);
    look();
  }

  std::unique_ptr<Timekeeper> keeper(SteadyTime& time) {
    Hooks hooks;
    hooks.make_post = [this](const Filling& filling, auto then) { make_post(filling, std::move(then)); };
    hooks.decided = [this] { ++decided_; };
    hooks.timeline_changed = [this] {
      constexpr int kMost = 500;
      if (++timelines_ < kMost) return;
      ADD_FAILURE() << "it does not come to rest";
      keeper_->stop();
    };
    return std::make_unique<Timekeeper>(std::make_unique<ManualTicker>(time), house_->alarms(),
                                        house_->store(), std::move(hooks));
  }

  void shut() {
    if (!house_) return;
    keeper_->stop();
    house_->crash();
    keeper_.reset();
    house_.reset();
    time_.due.reset();
  }

  // The machine is off until `now`.
  void down_until(const char* now) {
    shut();
    clock_.move_to(at(now));
    start();
  }

  // Steady time goes by.
  void pass(std::chrono::milliseconds span) { pass(span, time_); }
  void pass(std::chrono::milliseconds span, SteadyTime& time) {
    house_->settle();
    const runtime::Tick end = time.now + span;
    for (int rings = 0; time.due && *time.due <= end; ++rings) {
      ASSERT_LT(rings, 1000) << "the ticker rings without end";
      time.now = std::max(time.now, *time.due);
      time.due.reset();
      const auto ring = time.ring;
      ring();
      house_->settle();
    }
    time.now = end;
    house_->settle();
  }
  // Long enough for whatever was nudged, too short for a second try.
  void look() { pass(500ms); }
  // Time goes by, with each alarm on the way.
  void pass_to(const char* now) {
    while (clock_.due() && *clock_.due() <= at(now)) {
      clock_.move_to(std::max(clock_.now(), *clock_.due()));
      clock_.ring();
      look();
    }
    clock_.move_to(at(now));
    look();
  }
  // The alarm rings, and nobody has looked yet.
  void reach(const char* now) {
    clock_.move_to(at(now));
    clock_.ring();
  }
  // Somebody sets the clock, which is told at once.
  void set_clock(const char* now) {
    clock_.move_to(at(now));
    clock_.ring();
    look();
  }

  // As intake would: a file that was read, ready by default. Each save is a revision.
  model::DraftId save(const std::string& path, const char* series = "friday",
                      const std::string& text = "text", const std::string& slug = "") {
    store::DraftSeen seen;
    seen.path = path;
    seen.bytes = text;
    seen.sha256 = std::string(64, 'a').replace(0, path.size(), path) + text;
    seen.head.title = path;
    seen.head.slug = slug.empty() ? path.substr(0, path.find('.')) : slug;
    seen.head.series = series;
    return house_->in_store([&](store::Store& store) { return store.put_draft(seen, clock_.now()).id; });
  }
  void skip(const char* series, const char* day) {
    house_->in_store([&](store::Store& store) {
      store.decide({series, date(day), series_.at(series).schedule.time()}, model::SlotState::skipped,
                   "skipped by ada", clock_.now());
    });
  }
  // As a person would: now, in the slot of `day` if one is named.
  void publish_by_hand(model::DraftId draft, const char* day = nullptr) {
    house_->in_store([&](store::Store& store) {
      store::NewPost post = post_of(*store.draft(draft));
      if (day != nullptr) post.occurrence = {"friday", date(day), series_.at("friday").schedule.time()};
      post.due_at = clock_.now();
      store.fill(post, clock_.now());
    });
  }

  // What is decided: "friday 2026-11-27 filled a.md publishing".
  std::vector<std::string> slots() {
    std::vector<std::string> lines;
    for (const store::SlotRow& row :
         house_->in_store([](store::Store& store) { return store.slots(date("2026-01-01"), 1000); })) {
      std::string line = row.occurrence.series + ' ' + model::iso_date(row.occurrence.date) + ' ' +
                         std::string(model::name(row.state));
      if (row.post) line += ' ' + row.title + ' ' + std::string(model::name(row.post_state));
      lines.push_back(line);
    }
    return lines;
  }
  std::vector<model::Post> posts() {
    return house_->in_store([](store::Store& store) { return store.posts(model::PostId{}, 100); });
  }
  model::Draft draft(model::DraftId id) {
    return *house_->in_store([&](store::Store& store) { return store.draft(id); });
  }
  // "2026-11-27 a.md" of the open slots, "-" where no draft would fill one.
  std::vector<std::string> planned(std::size_t count) {
    std::vector<std::string> lines;
    for (const planning::Slot& slot : keeper_->timeline()->slots) {
      if (slot.state != model::SlotState::open || lines.size() == count) continue;
      lines.push_back(model::iso_date(slot.occurrence.date) + ' ' + (slot.draft ? slot.title : "-"));
    }
    return lines;
  }
  std::vector<std::string> audit(const std::string& item) {
    std::vector<std::string> lines;
    for (const store::EventRow& row :
         house_->in_store([&](store::Store& store) { return store.events(item, 100); })) {
      lines.push_back(row.what);
    }
    return lines;
  }

  store::NewPost post_of(const model::Draft& draft) {
    store::NewPost post;
    post.pid = "P" + std::to_string(++rendered_);
    post.draft = draft.id;
    post.draft_revision = draft.revision;
    post.series = draft.head.series;
    post.slug = draft.head.slug;
    post.title = draft.head.title;
    post.created_at = clock_.now();
    return post;
  }

  // In the renderer's place: loads the draft, then answers as the test has it.
  void make_post(const Filling& filling, std::function<void(Hooks::Made)> then) {
    ++asked_;
    house_->store().write([id = filling.draft](store::Store& store) { return *store.draft(id); },
                          [this, filling, then = std::move(then)](store::Result<model::Draft> loaded) {
                            if (!loaded) return;
                            if (const auto act = std::exchange(meanwhile_, nullptr)) act();
                            const auto fault = faults_.find(loaded->path);
                            if (fault != faults_.end()) return then(tl::unexpected(fault->second));
                            store::NewPost post = post_of(*loaded);
                            post.occurrence = filling.occurrence;
                            post.due_at = filling.instant;
                            post.state = filling.held ? model::PostState::held : model::PostState::publishing;
                            then(post);
                          });
  }

  support::TempFolder folder_;
  support::ManualClock clock_{at("2026-11-24T12:00:00Z")};
  SteadyTime time_;
  std::optional<support::House> house_;
  std::unique_ptr<Timekeeper> keeper_;
  std::map<std::string, planning::SeriesPlan> series_;
  std::map<std::string, MakeFault> faults_;  // by the draft's path
  std::function<void()> meanwhile_;          // once, while a draft is being rendered
  std::ostringstream log_;
  int asked_ = 0;     // for a post
  int rendered_ = 0;  // posts
  int decided_ = 0;
  int timelines_ = 0;

 private:
  std::vector<std::shared_ptr<config::Series>> configs_;
  planning::TimeZones zones_;
  std::shared_ptr<spdlog::logger> before_;
};

}  // namespace timekeeping
