// A dispatcher in a house of its own, blogs far away that outlive it, and posts for it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/dispatcher.h"
#include "support/house.h"
#include "support/outbox.h"
#include "support/scripted_publisher.h"
#include "support/temp_folder.h"

namespace dispatch {

using namespace std::chrono_literals;
using model::DeliveryState;
using support::breaks;
using support::FarBlog;
using support::Fault;
using support::House;
using support::loses_reply;
using support::loses_request;
using support::Outcome;
using support::Receipt;
using support::refuses;
using testing::ElementsAre;
using testing::IsEmpty;
using Call = support::FarBlog::Call;

inline const model::Instant kFriday = *model::parse_rfc3339("2026-11-27T13:00:00Z");

class DispatcherTest : public testing::Test {
 protected:
  ~DispatcherTest() override { crash(); }

  // The daemon begins, on the store that the one before it left.
  void start() {
    daemon_ = std::make_unique<Daemon>(*this);
    configure();
  }
  void crash() { daemon_.reset(); }

  House& house() {
    if (!daemon_) start();
    return daemon_->house;
  }
  Dispatcher& dispatcher() {
    house();
    return daemon_->dispatcher;
  }
  void configure() {
    std::map<std::string, std::shared_ptr<publishers::PostPublisher>> publishers;
    for (auto& [channel, far_end] : blogs_) {
      publishers[channel] = std::make_shared<support::ScriptedPublisher>(far_end);
    }
    dispatcher().configure(std::move(publishers), house().epoch());
  }

  FarBlog& blog(const std::string& channel = "blog") { return blogs_[channel]; }

  void put(const std::string& slug, std::vector<store::NewDelivery> deliveries) {
    posts_[slug] = house().in_store([&](store::Store& store) {
      return support::put_post(store, slug, std::move(deliveries), clock_.now());
    });
  }
  // A post for one blog, and the dispatcher told of it.
  void queue(const std::string& slug, const std::string& channel = "blog") {
    put(slug, {support::delivery_to(channel)});
    dispatcher().nudge();
  }
  void publish(const std::string& slug, const std::string& channel = "blog") {
    queue(slug, channel);
    house().settle();
  }

  model::Delivery delivery(const std::string& slug, const std::string& channel = "blog") {
    return house().read([&](store::Store& store) {
      for (model::Delivery& each : store.deliveries(posts_.at(slug))) {
        if (each.channel == channel) return std::move(each);
      }
      throw std::runtime_error(slug + " does not go to " + channel);
    });
  }
  // "deferred: HTTP 503", "confirmed: https://blog.example/hello/"
  std::string state_of(const std::string& slug, const std::string& channel = "blog") {
    const model::Delivery found = delivery(slug, channel);
    const std::string& words = found.state == DeliveryState::confirmed ? found.permalink : found.reply;
    return std::string(model::name(found.state)) + (words.empty() ? "" : ": " + words);
  }
  std::optional<model::milliseconds> waits(const std::string& slug) {
    const auto next_at = delivery(slug).next_at;
    if (!next_at) return std::nullopt;
    return *next_at - clock_.now();
  }
  std::vector<store::ReceiptRow> receipts(const std::string& slug) {
    return house().read([id = delivery(slug).id](store::Store& store) { return store.receipts(id); });
  }

  // What a person says about a delivery.
  template <class Verb>
  void say(const std::string& slug, Verb verb) {
    house().in_store(
        [id = delivery(slug).id, verb, now = clock_.now()](store::Store& store) { verb(store, id, now); });
    dispatcher().nudge();
  }
  void retry(const std::string& slug) {
    say(slug, [](store::Store& store, auto id, auto now) { store.retry(id, now); });
    house().settle();
  }
  template <class Verb>
  std::optional<store::Failure> refused(const std::string& slug, Verb verb) {
    try {
      say(slug, verb);
    } catch (const store::StoreFailure& failure) {
      return failure.kind();
    }
    return std::nullopt;
  }

  static constexpr const char* kLive = "confirmed: https://blog.example/hello/";

  support::ManualClock clock_{kFriday};
  int released_ = 0;
  int changed_ = 0;
  std::chrono::milliseconds store_retry_ = 10s;

 private:
  struct Daemon {
    explicit Daemon(DispatcherTest& test)
        : house(test.clock_, test.folder_ / "fridayd.db"),
          dispatcher(house.executor(), house.workers(), house.store(), house.alarms(),
                     Hooks{[&test] { ++test.released_; }, [&test] { ++test.changed_; }}, test.store_retry_) {}
    ~Daemon() { house.crash(); }
    House house;
    Dispatcher dispatcher;
  };

  support::TempFolder folder_;
  std::map<std::string, model::PostId> posts_;
  std::map<std::string, FarBlog> blogs_ = [] {
    std::map<std::string, FarBlog> blogs;
    blogs["blog"];
    return blogs;
  }();
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace dispatch
