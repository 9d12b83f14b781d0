#include "publishers/email/smtp_rate.h"

#include <gmock/gmock.h>

#include <vector>

namespace publishers::smtp {
namespace {

using namespace std::chrono_literals;

TEST(SmtpRate, ReadsCountAndUnit) {
  EXPECT_EQ(parse_rate("5/s"), (Rate{5, 1s}));
  EXPECT_EQ(parse_rate("60/min"), (Rate{60, 60s}));
  EXPECT_EQ(parse_rate("1000/h"), (Rate{1000, 3600s}));
  for (const char* text : {"", "5", "/s", "5/", "0/s", "-1/s", "5/sec", "5 / s", "5/s ", "x/s", "5.5/s",
                           "5/d", "1000001/s", "99999999999999999999/s"}) {
    EXPECT_EQ(parse_rate(text), std::nullopt) << text;
  }
}

// How many tokens a bucket gives within `duration` to one who asks every `step`.
std::size_t taken(TokenBucket& bucket, SteadyTime from, std::chrono::nanoseconds duration,
                  std::chrono::nanoseconds step) {
  std::size_t count = 0;
  for (SteadyTime now = from; now < from + duration; now += step) {
    while (bucket.take(now)) ++count;
  }
  return count;
}

const SteadyTime kStart = SteadyTime() + 1000h;

TEST(TokenBucketTest, KeepsTheRateOverAnyTime) {
  for (const Rate& rate : {Rate{5, 1s}, Rate{60, 60s}, Rate{100, 60s}, Rate{7, 60s}}) {
    TokenBucket bucket{rate};
    const std::size_t got = taken(bucket, kStart, 10 * rate.per, 10ms);
    EXPECT_NEAR(static_cast<double>(got), static_cast<double>(10 * rate.count), 1.0);
  }
}

TEST(TokenBucketTest, GivesSlowTokensOneByOne) {
  TokenBucket bucket{Rate{60, 60s}};
  EXPECT_EQ(taken(bucket, kStart, 1s, 1ms), 1U);
  EXPECT_EQ(bucket.ready_at(kStart + 999ms), kStart + 1s);
  EXPECT_FALSE(bucket.take(kStart + 999ms));
  EXPECT_TRUE(bucket.take(kStart + 1s));
  EXPECT_FALSE(bucket.take(kStart + 1s));
}

TEST(TokenBucketTest, IsNeverMoreThanATenthOfASecondAhead) {
  TokenBucket bucket{Rate{1000, 1s}};
  EXPECT_EQ(taken(bucket, kStart, 1ns, 1ns), 100U);
  EXPECT_LE(taken(bucket, kStart + 1ns, 1s, 1ms), 1000U);
}

TEST(TokenBucketTest, DoesNotSaveUpWhileUnused) {
  TokenBucket bucket{Rate{10, 1s}};
  EXPECT_TRUE(bucket.take(kStart));
  EXPECT_EQ(taken(bucket, kStart + 1h, 1ns, 1ns), 1U);
}

TEST(TokenBucketTest, SaysWhenTheNextTokenIsThere) {
  TokenBucket bucket{Rate{3, 1s}};
  SteadyTime now = kStart;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(bucket.take(now));
    const SteadyTime next = bucket.ready_at(now);
    ASSERT_GT(next, now);
    EXPECT_FALSE(bucket.take(next - 1ns));
    now = next;
  }
}

TEST(TokenBucketTest, WithoutARateIsAlwaysReady) {
  TokenBucket bucket{std::nullopt};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(bucket.take(kStart));
  EXPECT_EQ(bucket.ready_at(kStart), kStart);
}

}  // namespace
}  // namespace publishers::smtp
