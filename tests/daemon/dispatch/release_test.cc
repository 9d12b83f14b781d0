#include "dispatch/release.h"

#include <gtest/gtest.h>

namespace dispatch {
namespace {

using namespace std::chrono_literals;
using model::DeliveryState;

const model::Instant kDue = *model::parse_rfc3339("2026-11-27T13:00:00Z");

store::Waiting mail_after_blog(std::optional<DeliveryState> blog) {
  store::Waiting waiting;
  waiting.after = "blog";
  waiting.due_at = kDue;
  waiting.predecessor = blog;
  waiting.predecessor_changed_at = kDue + 10s;
  waiting.blog_deadline = kDue + 4h;
  waiting.if_blog_fails = "wait";
  return waiting;
}

TEST(Release, WithoutAPredecessorItStartsAtItsPostsInstantPlusDelay) {
  store::Waiting waiting;
  waiting.due_at = kDue;
  waiting.delay = 30min;
  const Verdict verdict = release(waiting, kDue);
  ASSERT_TRUE(verdict.release);
  EXPECT_EQ(verdict.release->state, DeliveryState::ready);
  EXPECT_EQ(verdict.release->next_at, kDue + 30min);
}

TEST(Release, TheMailWaitsForTheBlogUntilTheDeadline) {
  for (const DeliveryState blog : {DeliveryState::ready, DeliveryState::working, DeliveryState::deferred,
                                   DeliveryState::uncertain, DeliveryState::held, DeliveryState::rejected}) {
    const Verdict verdict = release(mail_after_blog(blog), kDue + 1h);
    EXPECT_FALSE(verdict.release);
    EXPECT_EQ(verdict.look_at, kDue + 4h);
  }
}

TEST(Release, TheMailStartsOnceTheBlogIsConfirmed) {
  store::Waiting waiting = mail_after_blog(DeliveryState::confirmed);
  waiting.delay = 5min;
  const Verdict verdict = release(waiting, kDue + 20s);
  ASSERT_TRUE(verdict.release);
  EXPECT_EQ(verdict.release->next_at, kDue + 10s + 5min);
}

TEST(Release, ItsOwnHourIsWaitedForToo) {
  store::Waiting waiting = mail_after_blog(DeliveryState::confirmed);
  waiting.not_before = kDue + 90min;
  EXPECT_EQ(release(waiting, kDue + 20s).release->next_at, kDue + 90min);
}

TEST(Release, AfterTheDeadlineWaitBecomesHold) {
  const Verdict verdict = release(mail_after_blog(DeliveryState::deferred), kDue + 4h);
  ASSERT_TRUE(verdict.release);
  EXPECT_EQ(verdict.release->state, DeliveryState::held);
  EXPECT_EQ(verdict.release->why, "channel \"blog\" was not confirmed in time");
}

TEST(Release, AFailedBlogDecidesAtOnceUnlessTheMailWaits) {
  store::Waiting waiting = mail_after_blog(DeliveryState::rejected);
  waiting.if_blog_fails = "hold";
  EXPECT_EQ(release(waiting, kDue).release->state, DeliveryState::held);
  waiting.if_blog_fails = "send_without_link";
  const Verdict verdict = release(waiting, kDue);
  EXPECT_EQ(verdict.release->state, DeliveryState::ready);
  EXPECT_EQ(verdict.release->why, "channel \"blog\" failed; sent without a link to it");
}

TEST(Release, ACancelledBlogIsNotWaitedFor) {
  EXPECT_EQ(release(mail_after_blog(DeliveryState::cancelled), kDue).release->state, DeliveryState::held);
}

}  // namespace
}  // namespace dispatch
