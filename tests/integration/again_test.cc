// Requests whose answer is lost: done once, and answered as they were, over a kill.
#include <gtest/gtest.h>

#include <csignal>
#include <future>

#include "support/trial.h"

namespace {

using support::eventually;
using support::has;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::Ran;
using support::Trial;

// fridayctl asks, and fridayd is killed when it has done that and before it says so; then it comes back.
Ran asked_over_a_kill(Trial& trial, const std::vector<std::string>& words) {
  auto ran = std::async(std::launch::async, [&] { return trial.ctl(words); });
  EXPECT_EQ(trial.wait(), 128 + SIGKILL);
  EXPECT_TRUE(trial.start());
  return ran.get();
}

std::string events(const Trial& trial) {
  return trial.ctl({"log"}).out;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Again, APublishIsDoneOnceAndAnsweredAfterTheKill) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start("answer:1"));
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  const Ran done = asked_over_a_kill(trial, {"publish", kSlug, "--yes"});
  EXPECT_EQ(done.exit, 0) << done.out;
  EXPECT_TRUE(has(done.out, "p1  A question of trust is on its way")) << done.out;
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  EXPECT_EQ(times(events(trial), "published by hand"), 1U) << events(trial);
}

TEST(Again, SoAreTheOthers) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  struct Case {
    std::vector<std::string> words;
    std::string said;
    std::string event;
  };
  for (const Case& each : std::vector<Case>{
           {{"hold", kSlug}, "is on hold", "on hold by"},
           {{"unhold", kSlug}, "is ready", "let go"},
           {{"skip", "sales-leadership-friday", "2026-12-25"}, "is skipped", "skipped"},
           {{"stop"}, "stopped", "stopped"},
           {{"resume"}, "at work again", "resumed"},
           {{"suppress", "x@example.org"}, "x@example.org gets no mail", "suppressed x@example.org"},
       }) {
    ASSERT_EQ(trial.stop(), 0);
    ASSERT_TRUE(trial.start("answer:1"));
    const Ran done = asked_over_a_kill(trial, each.words);
    EXPECT_EQ(done.exit, 0) << done.out;
    EXPECT_TRUE(has(done.out, each.said)) << done.out;
    EXPECT_EQ(times(events(trial), each.event), 1U) << each.event << '\n' << events(trial);
  }
}

TEST(Again, ATestMailIsNotSentTwice) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start("answer:1"));
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  const Ran done = asked_over_a_kill(trial, {"send-test", kSlug, "--to", "me@example.org"});
  EXPECT_EQ(done.exit, 1);
  EXPECT_TRUE(has(done.out, "may have been done")) << done.out;
  EXPECT_EQ(trial.mails_to("me@example.org"), 1);
}

constexpr const char* kOneMailADay = R"(
[channels.mail]
kind = "maildir"
after = "blog"
path = "mailbox"
from = "Friday <friday@example.org>"
recipients = "recipients.csv"
max_per_day = 1
test_only = true
)";

// Its messages are moved in steps; killed between two of them, the rest follows after the start.
TEST(Again, ALargeMailingThatIsCancelledIsSoToItsLastMessage) {
  constexpr int kReaders = 25'000;
  Trial trial(kThursday);
  trial.configure("mail", kOneMailADay);
  trial.recipients(kReaders);
  ASSERT_TRUE(trial.start("moving:1"));
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes"}).exit, 0);
  ASSERT_TRUE(eventually([&] { return trial.delivery_state("mail") == "deferred"; })) << trial.log();
  const Ran done = asked_over_a_kill(trial, {"cancel", "v2"});
  EXPECT_EQ(done.exit, 0) << done.out;
  EXPECT_TRUE(has(done.out, "v2 is cancelled")) << done.out;
  const auto count = [&](const char* state) {
    return trial.api({"deliveries", "v2"}).at("messages").at(state).as_int64();
  };
  EXPECT_TRUE(eventually([&] { return count("cancelled") == kReaders - 1; })) << trial.log();
  EXPECT_EQ(count("accepted"), 1);
  EXPECT_EQ(count("total"), kReaders);
}

}  // namespace
