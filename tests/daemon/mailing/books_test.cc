#include "mailing/books.h"

#include <gtest/gtest.h>

namespace mailing {
namespace {

using namespace std::chrono_literals;
using model::DeliveryState;
using model::MessageState;

const model::Instant kNow = *model::parse_rfc3339("2026-11-27T13:00:00Z");

model::MessageCounts of(std::initializer_list<std::pair<MessageState, int>> sums) {
  model::MessageCounts counts;
  for (const auto& [state, count] : sums) counts.by_state[static_cast<int>(state)] = count;
  return counts;
}

Ending ended(std::initializer_list<std::pair<MessageState, int>> sums) {
  return ending({of(sums), std::nullopt, std::nullopt}, kNow);
}

TEST(Books, SayWhatBecameOfEveryone) {
  model::MessageCounts counts = of({{MessageState::accepted, 5},
                                    {MessageState::failed, 1},
                                    {MessageState::suppressed, 2},
                                    {MessageState::uncertain, 3},
                                    {MessageState::cancelled, 4},
                                    {MessageState::deferred, 6},
                                    {MessageState::pending, 7}});
  counts.excluded = 8;
  EXPECT_EQ(
      books(counts),
      "5 of 28 accepted, 1 failed, 2 not sent (left the list), 3 may have arrived, 4 cancelled, 6 to be "
      "tried again, 7 to be sent; 8 rows left out");
  EXPECT_EQ(books(of({{MessageState::accepted, 5}})), "5 of 5 accepted");
}

TEST(Ending, IsSentOnceNobodyIsLeft) {
  EXPECT_EQ(ended({{MessageState::accepted, 5}, {MessageState::failed, 1}}).state, DeliveryState::confirmed);
  EXPECT_EQ(ended({{MessageState::suppressed, 1}}).state, DeliveryState::confirmed);
  EXPECT_EQ(ended({}).state, DeliveryState::confirmed);
}

TEST(Ending, IsRejectedWhenAllFailed) {
  EXPECT_EQ(ended({{MessageState::failed, 2}}).state, DeliveryState::rejected);
  EXPECT_EQ(ended({{MessageState::failed, 2}, {MessageState::suppressed, 1}}).state,
            DeliveryState::confirmed);
}

TEST(Ending, IsUncertainWhenOnlyDoubtsAreLeft) {
  EXPECT_EQ(ended({{MessageState::accepted, 5}, {MessageState::uncertain, 1}}).state,
            DeliveryState::uncertain);
  EXPECT_EQ(ended({{MessageState::deferred, 1}, {MessageState::uncertain, 1}}).state,
            DeliveryState::deferred);
}

TEST(Ending, AlwaysSaysWhenItGoesOn) {
  const model::MessageCounts later = of({{MessageState::deferred, 1}});
  EXPECT_EQ(ending({later, kNow + 5min, std::nullopt}, kNow).next_at, kNow + 5min);
  const model::MessageCounts now = of({{MessageState::pending, 1}});
  EXPECT_EQ(ending({now, std::nullopt, std::nullopt}, kNow).next_at, kNow + 1min);
  const model::MessageCounts both = of({{MessageState::pending, 1}, {MessageState::deferred, 1}});
  EXPECT_EQ(ending({both, kNow + 5min, std::nullopt}, kNow).next_at, kNow + 1min);
  EXPECT_EQ(ending({both, kNow + 5s, std::nullopt}, kNow).next_at, kNow + 5s);
}

TEST(Ending, WaitsForTheNextDayWhenTheDaysShareIsUsedUp) {
  const model::MessageCounts both = of({{MessageState::pending, 1}, {MessageState::deferred, 1}});
  EXPECT_EQ(ending({both, kNow + 5min, kNow + 11h}, kNow).next_at, kNow + 11h);
  EXPECT_EQ(ending({of({{MessageState::accepted, 4}}), std::nullopt, kNow + 11h}, kNow).state,
            DeliveryState::confirmed);
}

}  // namespace
}  // namespace mailing
