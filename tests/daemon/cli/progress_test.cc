// How far a post is, in one line that fits the terminal.
#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/columns.h"

namespace cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

json::object blog(const char* state) {
  return {{"id", "v1"}, {"channel", "blog"}, {"state", state}, {"face", state}, {"next_at", nullptr}};
}

json::object mail(const char* state, json::object messages) {
  std::int64_t total = 0;
  for (const auto& each : messages) total += each.value().as_int64();
  messages["total"] = total;
  return {{"id", "v2"},        {"channel", "mail"},  {"state", state},
          {"face", "sending"}, {"next_at", nullptr}, {"messages", std::move(messages)}};
}

json::object post(const std::vector<json::object>& deliveries) {
  return {{"deliveries", json::array(deliveries.begin(), deliveries.end())}};
}

const Progress::Time kBegin{};

TEST(Progress, TellsWhatIsSentFailedAndLeft) {
  Progress progress(std::nullopt);
  const auto look = progress.look(
      post({blog("live"), mail("working", {{"accepted", 5}, {"failed", 2}, {"pending", 2}, {"claimed", 1}})}),
      kBegin);
  EXPECT_EQ(look.line, "blog: live  mail: sending [##############......] 5 sent, 2 failed, 3 left");
  EXPECT_FALSE(look.over);
}

TEST(Progress, WhatIsNeitherSentNorFailedIsNamed) {
  Progress progress(std::nullopt);
  const auto look = progress.look(
      post({mail("uncertain", {{"accepted", 1}, {"uncertain", 1}, {"suppressed", 1}, {"cancelled", 1}})}),
      kBegin);
  EXPECT_THAT(look.line,
              EndsWith("] 1 sent, 0 failed, 1 may have arrived, 1 left the list, 1 cancelled, 0 left"));
}

TEST(Progress, TellsRateAndTimeToGoOnceASecondHasShownThem) {
  Progress progress(200);
  const auto line = [&](std::int64_t sent, std::int64_t left, Progress::Time now) {
    return progress.look(post({mail("working", {{"accepted", sent}, {"pending", left}})}), now).line;
  };
  EXPECT_THAT(line(0, 1000, kBegin + 60s), EndsWith("1000 left"));
  // What went before the first look counts for nothing.
  EXPECT_THAT(line(100, 900, kBegin + 100s), EndsWith("900 left"));
  EXPECT_THAT(line(110, 890, kBegin + 100500ms), EndsWith("890 left"));
  EXPECT_THAT(line(300, 700, kBegin + 102s), EndsWith("700 left, 100/s, 7 s to go"));
  EXPECT_THAT(line(110, 890, kBegin + 120s), EndsWith("890 left, 30/min, 29 min to go"));
  EXPECT_THAT(line(101, 899, kBegin + 400s), EndsWith("899 left, 12/h, 3 days to go"));
  EXPECT_THAT(line(1000, 0, kBegin + 500s), EndsWith("0 left"));
}

TEST(Progress, TheBarTakesTheRoomThatTheWordsLeave) {
  const auto line = [](std::size_t room) {
    Progress progress(room);
    return progress.look(post({blog("live"), mail("working", {{"accepted", 1}, {"pending", 1}})}), kBegin)
        .line;
  };
  EXPECT_THAT(line(200), HasSubstr("[##########..........]"));
  for (std::size_t room = 10; room < 80; ++room) EXPECT_LE(columns(line(room)), room);
  EXPECT_EQ(line(60), "blog: live  mail: sending [###....] 1 sent, 0 failed, 1 left");
  EXPECT_THAT(line(54), Not(HasSubstr("[")));
}

TEST(Progress, IsOverOnceNothingGoesOnByItselfAndTheExitCodeSaysHowItEnded) {
  const auto look = [](const std::vector<json::object>& deliveries) {
    return Progress(std::nullopt).look(post(deliveries), kBegin);
  };
  EXPECT_TRUE(look({blog("confirmed"), mail("confirmed", {})}).over);
  EXPECT_FALSE(look({blog("confirmed"), mail("ready", {})}).over);
  EXPECT_EQ(look({blog("confirmed"), mail("confirmed", {})}).exit, 0);
  for (const char* state : {"rejected", "held", "cancelled"}) {
    EXPECT_TRUE(look({blog(state)}).over) << state;
    EXPECT_EQ(look({blog(state)}).exit, 1) << state;
  }
  EXPECT_TRUE(look({mail("uncertain", {}), blog("rejected")}).over);
  EXPECT_EQ(look({mail("uncertain", {}), blog("rejected")}).exit, 2);
  json::object asked_again = blog("uncertain");
  asked_again["next_at"] = "2026-11-27T13:00:00Z";
  EXPECT_FALSE(look({asked_again}).over);
}

}  // namespace
}  // namespace cli
