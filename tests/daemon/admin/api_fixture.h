// The API on a socket over a real store. What the rest of the house would do is written down, and answered
// as the test has it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstring>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "admin/delivery_verbs.h"
#include "admin/server.h"
#include "api_client.h"
#include "store/sqlite/sqlite_store.h"
#include "support/manual_clock.h"
#include "support/outbox.h"
#include "support/temp_folder.h"

namespace admin {

using namespace std::chrono_literals;

inline model::Instant at(const char* text) {
  return model::parse_rfc3339(text).value();
}
inline model::LocalDate date(const char* text) {
  return model::parse_date(text).value();
}

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    config_ = std::make_shared<config::Config>();
    for (const char* key : {"blog", "mail", "off"}) config_->channels[key].key = key;
    config_->channels["off"].enabled = false;
    for (const char* key : {"friday", "monday"}) config_->series[key].key = key;
    timeline_ = std::make_shared<planning::Timeline>();
    open_store();
    loop_ = std::thread([this] { house_.run(); });
    server_ = std::make_unique<Server>(house(), socket(), "fridayd-admin", std::nullopt,
                                       [](uid_t) { return "ada"; });
  }
  ~ApiTest() override {
    server_.reset();
    store_->stop();
    open_.reset();
    loop_.join();
  }

  std::string socket() const { return folder_ / "control.sock"; }

  httplib::Client client() const { return api_client(socket()); }
  Reply get(const std::string& path) const { return reply_of(client().Get("/api/v1/" + path)); }
  Reply post(const std::string& path, const json::object& body = {}, const std::string& key = "") const {
    return post_to(socket(), path, json::serialize(body), key);
  }
  Reply post_text(const std::string& path, const std::string& body) const {
    return post_to(socket(), path, body, "");
  }

  // All that the server says to these very bytes.
  std::string raw(const std::string& bytes) const {
    const int descriptor = connect();
    ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    std::string answer;
    char chunk[4096];
    for (ssize_t got = 0; (got = ::recv(descriptor, chunk, sizeof chunk, 0)) > 0;) {
      answer.append(chunk, static_cast<std::size_t>(got));
    }
    ::close(descriptor);
    return answer;
  }
  // A connection that gives up after ten seconds without a byte.
  int connect() const {
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{10, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return descriptor;
  }

  template <class Work>
  auto in_store(Work work) {
    using R = std::invoke_result_t<Work&, store::Store&>;
    auto promise = std::make_shared<std::promise<store::Result<R>>>();
    store_->write(std::move(work),
                  [promise](store::Result<R> result) { promise->set_value(std::move(result)); });
    auto result = promise->get_future().get();
    if (!result) throw store::StoreFailure(result.error().kind, result.error().what);
    if constexpr (!std::is_void_v<R>) return std::move(*result);
  }

  model::DraftId save(const std::string& path, const std::string& slug, const char* series = "friday") {
    store::DraftSeen seen;
    seen.path = path;
    seen.bytes = "text of " + path;
    seen.sha256 = "sha256 of " + path;
    seen.head.title = "On " + path;
    seen.head.slug = slug;
    seen.head.series = series;
    return in_store([&](store::Store& store) { return store.put_draft(seen, clock_.now()).id; });
  }
  // p1 with v1 on the blog and v2 by mail, and so on.
  model::PostId publish(const std::string& slug) {
    return in_store([&](store::Store& store) {
      return support::put_post(
          store, slug, {support::delivery_to("blog"), support::delivery_to("mail", true)}, clock_.now());
    });
  }
  // v of mail, claimed, with these recipients; the first message's result is not known.
  model::DeliveryId mail_in_doubt(const std::string& slug, int recipients) {
    publish(slug);
    return in_store([&](store::Store& store) {
      const store::Lease lease{1, 1, clock_.now() + 1h};
      for (const store::Waiting& each : store.waiting()) {
        store.release(each.delivery.id, model::DeliveryState::ready, std::nullopt, "", clock_.now());
      }
      const auto work = store.claim({"mail"}, lease, clock_.now(), 1);
      const model::DeliveryId id = work.at(0).delivery.id;
      const std::int64_t fence = work.at(0).delivery.fence;
      std::vector<store::Recipient> list;
      for (int i = 0; i < recipients; ++i) list.push_back({"r" + std::to_string(i) + "@example.org", "", {}});
      store.freeze_begin(id, fence, "frozen");
      store.freeze_chunk(id, fence, list, {{"bad@", "is no mail address"}});
      store.freeze_end(id, fence, clock_.now());
      const auto first = store.claim_messages(id, fence, lease, clock_.now(), 1);
      const model::MessageId message{id, first.at(0).subscriber};
      store.arm({message}, fence, clock_.now());
      store::MessageResult result;
      result.message = message;
      result.state = model::MessageState::uncertain;
      result.reply = "the connection broke after the last dot";
      store.finish_messages({result}, clock_.now());
      store::DeliveryUpdate update;
      update.state = model::DeliveryState::uncertain;
      publishers::Receipt receipt;
      receipt.outcome = publishers::Outcome::uncertain;
      receipt.reply = "1 message may have arrived";
      store.finish(id, fence, update, receipt, clock_.now());
      return id;
    });
  }

  planning::Slot slot(const char* series, const char* day, model::DraftId draft = {}) const {
    planning::Slot slot;
    slot.occurrence = {series, date(day), {8h}};
    slot.instant = at("2026-11-27T13:00:00Z");
    slot.local = std::string(day) + "T08:00:00-05:00";
    slot.draft = draft;
    slot.title = draft ? "On " + draft.text() : "";
    slot.channels = {"blog", "mail"};
    return slot;
  }
  void plan(std::vector<planning::Slot> slots) {
    auto timeline = std::make_shared<planning::Timeline>();
    timeline->at = clock_.now();
    timeline->slots = std::move(slots);
    timeline->unplanned = unplanned_;
    const std::lock_guard lock(mutex_);
    timeline_ = std::move(timeline);
  }

  // What the house was asked to do: "stop by ada".
  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  support::TempFolder folder_;
  support::ManualClock clock_{at("2026-11-24T12:00:00Z")};
  std::shared_ptr<config::Config> config_;
  std::unique_ptr<store::StoreThread> store_;
  Health health_;
  Examination examination_;
  std::vector<SettlingFile> settling_;
  std::vector<LeftFile> left_;
  std::vector<planning::Unplanned> unplanned_;  // in the next plan
  std::vector<planning::Slot> far_ahead_;       // what a longer look shows too
  std::optional<Refusal> refusal_;              // what the house's verbs answer
  std::function<void()> meanwhile_;             // while a verb is at work
  std::unique_ptr<Server> server_;

  House house() {
    return House{
        .store = *store_,
        .clock = clock_,
        .config = [this] { return config_; },
        .timeline =
            [this] {
              const std::lock_guard lock(mutex_);
              return timeline_;
            },
        .timeline_for =
            [this](int weeks) {
              const std::lock_guard lock(mutex_);
              planning::Timeline timeline = *timeline_;
              if (weeks > 8)
                timeline.slots.insert(timeline.slots.end(), far_ahead_.begin(), far_ahead_.end());
              return timeline;
            },
        .settling = [this] { return settling_; },
        .left = [this] { return left_; },
        .health = [this] { return health_; },
        .examine = [this] { return examination_; },
        .local_text = [](const std::string&, model::Instant instant) { return model::rfc3339(instant); },
        .publish = [this](const PublishOrder& order,
                          const Caller& caller) { return publish_order(order, caller); },
        .delivery_verb =
            [this](const std::vector<model::DeliveryId>& ids, const std::string& verb, const std::string& why,
                   const Caller& caller) {
              return change([&](store::Store& store) {
                return do_to_deliveries(store, ids, verb, why, caller, clock_.now());
              });
            },
        .stop = [this](const Caller& caller) { return said("stop by " + caller.who); },
        .resume = [this](const Caller& caller) { return said("resume by " + caller.who); },
        .reload = [this](const Caller& caller) { return said("reload by " + caller.who); },
        .rebuild = [this](
                       const std::string& channel,
                       const Caller& caller) { return said("rebuild '" + channel + "' by " + caller.who); },
        .send_test =
            [this](model::DraftId draft, const std::string& channel, const std::string& to,
                   const Caller& caller) {
              return said("send " + draft.text() + " by '" + channel + "' to " + to + " by " + caller.who);
            },
        .suppress = [this](
                        const std::string& address,
                        const Caller& caller) { return said("suppress " + address + " by " + caller.who); },
        .backup = [this](const std::string& file,
                         const Caller& caller) { return said("backup into " + file + " by " + caller.who); },
        .change = [this](std::function<std::string(store::Store&)> work) { return change(std::move(work)); },
    };
  }

 private:
  void open_store() {
    const auto file = folder_ / "fridayd.db";
    auto writer = store::open_sqlite(file, store::Mode::read_write);
    store_ = std::make_unique<store::StoreThread>(
        std::move(writer), store::open_sqlite(file, store::Mode::read_only), house_.get_executor(),
        [](const store::StoreError& error) { ADD_FAILURE() << error.what; });
  }

  void write_down(const std::string& call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
  }
  Answer<std::string> said(const std::string& call) {
    write_down(call);
    if (meanwhile_) meanwhile_();
    if (refusal_) return tl::unexpected(*refusal_);
    return call;
  }

  Answer<PublishPlan> publish_order(const PublishOrder& order, const Caller& caller) {
    std::string call = (order.dry_run ? "try " : "publish ") + order.draft.text();
    for (const std::string& channel : order.channels) call += " +" + channel;
    if (order.occurrence) call += " in " + order.occurrence->text();
    write_down(call + " by " + caller.who);
    if (refusal_) return tl::unexpected(*refusal_);
    PublishPlan plan;
    plan.post = model::PostId{order.dry_run ? 0 : 7};
    plan.title = "A title";
    plan.slug = "a-title";
    plan.permalink = "https://example.org/a-title/";
    if (order.occurrence) {
      plan.slot = order.occurrence->text();
      plan.aftermath.vacated = slot("friday", "2026-12-11");
      plan.aftermath.displaced = {model::DraftId{9}, "Another", slot("friday", "2026-12-18"), ""};
    }
    plan.channels = {{"blog", "static_site", false, 0, 0}, {"mail", "maildir", true, 3, 1}};
    return plan;
  }

  Answer<std::string> change(std::function<std::string(store::Store&)> work) {
    try {
      return in_store(std::move(work));
    } catch (const store::StoreFailure& failure) {
      const bool none = failure.kind() == store::Failure::not_found;
      return tl::unexpected(
          Refusal{none ? 404 : 409, none ? "not found" : "not possible now", failure.what()});
    }
  }

  boost::asio::io_context house_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> open_{
      house_.get_executor()};
  std::thread loop_;
  mutable std::mutex mutex_;
  std::shared_ptr<const planning::Timeline> timeline_;  // protected by mutex_, as is all below
  std::vector<std::string> calls_;
};

}  // namespace admin
