// Server-sent events.
#include "api_fixture.h"

namespace admin {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A client that listens; what came so far is in heard().
class Listener {
 public:
  Listener(int descriptor, const std::string& head) : descriptor_(descriptor) {
    const std::string request = "GET /api/v1/events" + head + "\r\n\r\n";
    ::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL);
  }
  ~Listener() { ::close(descriptor_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Reads until `text` was heard; false when the stream ends or is silent for ten seconds before.
  bool hears(const std::string& text) {
    char chunk[4096];
    while (heard_.find(text) == std::string::npos) {
      const ssize_t got = ::recv(descriptor_, chunk, sizeof chunk, 0);
      if (got <= 0) return false;
      heard_.append(chunk, static_cast<std::size_t>(got));
    }
    return true;
  }
  // Whether the server ends it.
  bool ends() {
    char chunk[4096];
    ssize_t got = 0;
    while ((got = ::recv(descriptor_, chunk, sizeof chunk, 0)) > 0) {
    }
    return got == 0;
  }
  const std::string& heard() const { return heard_; }

 private:
  int descriptor_;
  std::string heard_;
};

class EventsTest : public ApiTest {
 protected:
  void happen(const std::string& what) {
    in_store([&](store::Store& store) { store.event({clock_.now(), "ada", "v1", what}); });
  }
};

TEST_F(EventsTest, WhatHappensIsToldFromNowOn) {
  happen("before");
  plan({});
  Listener listener(connect(), " HTTP/1.1");
  ASSERT_TRUE(listener.hears("event: timeline\ndata: {\"at\":\"2026-11-24T12:00:00Z\"}\n\n"));
  EXPECT_THAT(listener.heard(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(listener.heard(), HasSubstr("Content-Type: text/event-stream"));
  happen("held: a typo");
  ASSERT_TRUE(listener.hears("\"what\":\"held: a typo\"}\n\n"));
  EXPECT_THAT(listener.heard(), HasSubstr("id: 2\nevent: log\ndata: {\"id\":2,"));
  EXPECT_THAT(listener.heard(), Not(HasSubstr("before")));
}

TEST_F(EventsTest, ADeliveryThatMovesIsTold) {
  publish("one");
  Listener listener(connect(), " HTTP/1.1");
  ASSERT_TRUE(listener.hears("event: timeline"));
  EXPECT_THAT(listener.heard(), Not(HasSubstr("event: delivery")));
  post("deliveries/v1/hold", {{"why", "a typo"}});
  ASSERT_TRUE(listener.hears("event: delivery\ndata: {\"id\":\"v1\""));
  publish("two");
  ASSERT_TRUE(listener.hears("event: delivery\ndata: {\"id\":\"v4\""));
  EXPECT_THAT(listener.heard(), Not(HasSubstr("\"id\":\"v2\"")));
}

TEST_F(EventsTest, AnotherTimelineIsTold) {
  Listener listener(connect(), " HTTP/1.1");
  ASSERT_TRUE(listener.hears("event: timeline"));
  clock_.move_to(at("2026-11-24T13:00:00Z"));
  plan({slot("friday", "2026-11-27")});
  EXPECT_TRUE(listener.hears("event: timeline\ndata: {\"at\":\"2026-11-24T13:00:00Z\"}\n\n"));
}

TEST_F(EventsTest, AListenerWhoLostTheLineGoesOnWhereItWas) {
  for (int i = 1; i <= 150; ++i) happen("step " + std::to_string(i) + '.');
  Listener by_header(connect(), " HTTP/1.1\r\nLast-Event-ID: 40");
  ASSERT_TRUE(by_header.hears("step 150."));
  EXPECT_THAT(by_header.heard(), HasSubstr("step 41."));
  EXPECT_THAT(by_header.heard(), Not(HasSubstr("step 40.")));
  Listener by_query(connect(), "?after=149 HTTP/1.1");
  ASSERT_TRUE(by_query.hears("step 150."));
  EXPECT_THAT(by_query.heard(), Not(HasSubstr("step 149.")));
  EXPECT_EQ(get("events?after=yesterday").status, 400);
}

TEST_F(EventsTest, EightListenAndTheNinthIsToldSo) {
  std::vector<std::unique_ptr<Listener>> listeners;
  for (int i = 0; i < 8; ++i) {
    listeners.push_back(std::make_unique<Listener>(connect(), " HTTP/1.1"));
    ASSERT_TRUE(listeners.back()->hears("event: timeline"));
  }
  const Reply ninth = get("events");
  EXPECT_EQ(ninth.status, 503);
  EXPECT_EQ(ninth.title(), "too many listeners");
  EXPECT_EQ(get("status").status, 200) << "the others are served all the same";
  // Whoever goes makes room, once that is noticed.
  listeners.pop_back();
  bool listened_to = false;
  const auto limit = std::chrono::steady_clock::now() + 20s;
  while (!listened_to && std::chrono::steady_clock::now() < limit) {
    happen("news");
    listened_to = Listener(connect(), " HTTP/1.1").hears("event: timeline");
  }
  EXPECT_TRUE(listened_to);
}

TEST_F(EventsTest, TheEndOfTheServerEndsTheStream) {
  Listener listener(connect(), " HTTP/1.1");
  ASSERT_TRUE(listener.hears("event: timeline"));
  const auto before = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_TRUE(listener.ends());
}

}  // namespace
}  // namespace admin
