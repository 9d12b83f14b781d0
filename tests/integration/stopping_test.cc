// The shipped binary in the midst of a mailing, before a mail server that takes its time: the brake, and the
// daemon's own end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>

#include "support/scripted_smtp.h"
#include "support/trial.h"

namespace {

using namespace std::chrono_literals;
using support::eventually;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::ScriptedSmtp;
using support::Trial;
using testing::HasSubstr;
using Act = ScriptedSmtp::Act;
using Steady = std::chrono::steady_clock;

// How the server answers the dots.
class Dots {
 public:
  // Those after the first `free` wait until they are let go.
  void hold_after(int free) {
    const std::lock_guard lock(mutex_);
    free_ = free;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    free_ = -1;
    changed_.notify_all();
  }
  ScriptedSmtp::Script script() {
    return [this](const ScriptedSmtp::Event& event) -> std::optional<Act> {
      if (event.verb != "END") return std::nullopt;
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return free_ != 0; });
      if (free_ > 0) --free_;
      return std::nullopt;
    };
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_ = -1;
};

class Stopping : public testing::Test {
 protected:
  explicit Stopping(int connections = 4) : connections_(connections) {}
  ~Stopping() override { dots_.let_go(); }

  void begin(ScriptedSmtp::Script script, int readers) {
    server_.emplace(support::with_script(std::move(script)));
    trial_.configure("mail",
                     "\n[channels.mail]\nkind = \"smtp\"\nafter = \"blog\"\nhost = \"127.0.0.1\"\n"
                     "tls = \"none\"\nport = " +
                         std::to_string(server_->port()) + "\nconnections = " + std::to_string(connections_) +
                         "\nfrom = \"friday@example.org\"\nrecipients = \"recipients.csv\"\n"
                         "test_only = true\n");
    trial_.recipients(readers);
    ASSERT_TRUE(trial_.start()) << trial_.log();
    trial_.drop("a-question-of-trust.md", kDraft);
    ASSERT_TRUE(trial_.eventually_listed(kSlug)) << trial_.log();
    ASSERT_EQ(trial_.ctl({"publish", kSlug, "--yes"}).exit, 0) << trial_.log();
  }
  bool heard_dots(std::size_t dots) const {
    return eventually([&] { return server_->count("END") >= dots; });
  }
  boost::json::object mail() const { return trial_.api({"deliveries", "v2"}); }
  std::int64_t count(const char* state) const { return mail().at("messages").at(state).as_int64(); }
  void expect_each_once(std::size_t readers) const {
    std::map<std::string, int> times;
    for (const std::string& each : support::recipients(*server_)) ++times[each];
    EXPECT_EQ(times.size(), readers);
    for (const auto& [reader, mails] : times) EXPECT_EQ(mails, 1) << reader;
  }

  const int connections_;
  Trial trial_{kThursday};
  Dots dots_;
  std::optional<ScriptedSmtp> server_;
};

TEST_F(Stopping, TheBrakeHaltsWhatHasNotLeftAndRecordsWhatWasOnItsWay) {
  constexpr int kReaders = 200;
  constexpr int kBefore = 20;
  dots_.hold_after(kBefore);
  begin(dots_.script(), kReaders);
  ASSERT_TRUE(heard_dots(kBefore + 1)) << trial_.log();

  const auto asked = Steady::now();
  ASSERT_EQ(trial_.ctl({"stop"}).exit, 0);
  EXPECT_LT(Steady::now() - asked, 2s);
  // What had left by then is known, replied to or not.
  const auto at_once = mail().at("messages").as_object();
  const std::int64_t left = at_once.at("accepted").as_int64() + at_once.at("armed").as_int64();
  EXPECT_GE(at_once.at("armed").as_int64(), 1);
  EXPECT_LE(left, kBefore + connections_);
  dots_.let_go();
  // Everything that could go on may go on.
  ASSERT_TRUE(eventually([&] { return count("armed") == 0 && count("claimed") == 0; })) << trial_.log();
  EXPECT_EQ(server_->count("END"), static_cast<std::size_t>(left));
  EXPECT_EQ(count("accepted"), left);
  EXPECT_EQ(count("pending"), kReaders - left);
  EXPECT_EQ(count("uncertain"), 0);
  EXPECT_EQ(trial_.ctl({"status"}).exit, 1);

  ASSERT_EQ(trial_.ctl({"resume"}).exit, 0);
  ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
  expect_each_once(kReaders);
}

class StoppingOne : public Stopping {
 protected:
  StoppingOne() : Stopping(1) {}
};

TEST_F(StoppingOne, TheDaemonsEndWaitsForTheReplyToWhatIsArmed) {
  dots_.hold_after(0);
  begin(dots_.script(), 3);
  ASSERT_TRUE(heard_dots(1)) << trial_.log();
  trial_.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return support::has(trial_.log(), "stopping: nothing new begins"); }));
  EXPECT_TRUE(trial_.running());
  dots_.let_go();
  const auto answered = Steady::now();
  EXPECT_EQ(trial_.wait(), 0) << trial_.log();
  EXPECT_LT(Steady::now() - answered, 30s) << "the reply is all that it waits for";
  EXPECT_EQ(server_->messages().size(), 1U);

  ASSERT_TRUE(trial_.start()) << trial_.log();
  EXPECT_EQ(count("uncertain"), 0);
  ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
  expect_each_once(3);
}

// The one test that waits for the whole of the patience: that it has an end is what systemd relies on.
TEST_F(Stopping, WhatHasNoReplyAfterFiftySecondsIsUncertainAndNamed) {
  begin(ScriptedSmtp::at("END", {"", Act::After::silence}), 40);
  ASSERT_TRUE(heard_dots(static_cast<std::size_t>(connections_))) << trial_.log();
  const auto asked = Steady::now();
  trial_.signal(SIGTERM);
  EXPECT_EQ(trial_.wait(), 0) << trial_.log();
  EXPECT_GT(Steady::now() - asked, 49s);
  EXPECT_LT(Steady::now() - asked, 60s) << "the unit kills after 60 s";
  EXPECT_THAT(trial_.log(), HasSubstr("what has no reply yet is recorded as uncertain"));

  ASSERT_TRUE(trial_.start()) << trial_.log();
  EXPECT_THAT(trial_.log(), HasSubstr("uncertain after the last run: "));
  const auto delivery = mail();
  ASSERT_EQ(delivery.at("uncertain").as_array().size(), static_cast<std::size_t>(connections_));
  for (const auto& message : delivery.at("uncertain").as_array()) {
    EXPECT_THAT(std::string(message.at("address").as_string()), testing::StartsWith("reader"));
  }
  EXPECT_EQ(count("accepted"), 0);
}

}  // namespace
