// The outbox: attempts and what their ends leave.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::Stage;
using publishers::Fault;
using publishers::Outcome;
using publishers::Receipt;
using support::kFriday;
using support::to_channel;
using testing::ElementsAre;
using testing::SizeIs;
using namespace std::chrono_literals;

class Deliveries : public support::StoreContract {};
STORE_CONTRACT(Deliveries);

TEST_P(Deliveries, AStageIsKeptWithItsRemoteId) {
  const DeliveryId id = deliver("blog");
  const Work work = claim_one("blog");
  store().enter_stage(id, work.delivery.fence, Stage::prepared, "remote 7");
  restart();
  EXPECT_EQ(delivery(id).stage, Stage::prepared);
  EXPECT_EQ(delivery(id).remote_id, "remote 7");
}

TEST_P(Deliveries, TheEndOfAnAttemptIsKeptWithItsReceipt) {
  const DeliveryId id = deliver("blog");
  const Work work = claim_one("blog");
  DeliveryUpdate update;
  update.state = DeliveryState::deferred;
  update.stage = Stage::prepared;
  update.next_at = kFriday + 5s;
  update.remote_id = "remote 7";
  update.reply = "busy";
  Receipt receipt = Receipt::failed(Outcome::deferred, Fault::throttle, "busy");
  receipt.remote_id = "remote 7";
  receipt.asset_urls = {{"sha", "https://blog.example/a.png"}};
  store().finish(id, work.delivery.fence, update, receipt, kFriday + 1s);
  restart();

  const model::Delivery after = delivery(id);
  EXPECT_EQ(after.state, DeliveryState::deferred);
  EXPECT_EQ(after.stage, Stage::prepared);
  EXPECT_EQ(after.next_at, kFriday + 5s);
  EXPECT_EQ(after.remote_id, "remote 7");
  EXPECT_EQ(after.reply, "busy");
  EXPECT_EQ(after.attempts, 1);
  EXPECT_EQ(after.lease_until, std::nullopt);
  EXPECT_EQ(after.changed_at, kFriday + 1s);
  ASSERT_THAT(store().receipts(id), SizeIs(1));
  const ReceiptRow row = store().receipts(id).front();
  EXPECT_EQ(row.attempt, 1);
  EXPECT_EQ(row.at, kFriday + 1s);
  EXPECT_EQ(row.receipt.outcome, Outcome::deferred);
  EXPECT_EQ(row.receipt.fault, Fault::throttle);
  EXPECT_EQ(row.receipt.remote_id, "remote 7");
  EXPECT_EQ(row.receipt.reply, "busy");
  EXPECT_EQ(row.receipt.asset_urls, receipt.asset_urls);
}

TEST_P(Deliveries, WhatAnUpdateLeavesOutStays) {
  const DeliveryId id = deliver("blog");
  DeliveryUpdate update;
  update.state = DeliveryState::deferred;
  update.next_at = kFriday;
  update.remote_id = "remote 7";
  update.permalink = "https://blog.example/a/";
  store().finish(id, claim_one("blog").delivery.fence, update, {}, kFriday);
  update.remote_id.reset();
  update.permalink.reset();
  store().finish(id, claim_one("blog").delivery.fence, update, {}, kFriday);
  EXPECT_EQ(delivery(id).remote_id, "remote 7");
  EXPECT_EQ(delivery(id).permalink, "https://blog.example/a/");
}

TEST_P(Deliveries, AnAttemptThatNobodyAnsweredIsNotCharged) {
  const DeliveryId id = deliver("blog");
  for (int i = 0; i < 3; ++i) {
    const Work work = claim_one("blog");
    EXPECT_EQ(work.delivery.attempts, 1);
    DeliveryUpdate update;
    update.charge_attempt = false;
    store().finish(id, work.delivery.fence, update, {}, kFriday);
    EXPECT_EQ(delivery(id).attempts, 0);
  }
  finish(claim_one("blog"), DeliveryState::ready);
  EXPECT_EQ(delivery(id).attempts, 1);
  EXPECT_EQ(claim_one("blog").delivery.attempts, 2);
}

TEST_P(Deliveries, ReadersAreSentToTheFirstBlogThatHasThePost) {
  const PostId id = publish({to_channel("blog"), to_channel("other"), to_channel("mail")});
  const auto confirm = [&](const std::string& channel, const std::string& permalink) {
    DeliveryUpdate update;
    update.state = DeliveryState::confirmed;
    update.permalink = permalink;
    store().finish(store()
                       .deliveries(id)
                       .at(channel == "blog"    ? 0
                           : channel == "other" ? 1
                                                : 2)
                       .id,
                   claim_one(channel).delivery.fence, update, {}, kFriday);
    return store().post(id)->permalink;
  };
  EXPECT_EQ(confirm("mail", "https://mail.example/"), "");
  EXPECT_EQ(confirm("other", "https://other.example/a/"), "https://other.example/a/");
  EXPECT_EQ(confirm("blog", "https://blog.example/a/"), "https://blog.example/a/");

  const PostId next = publish({to_channel("blog"), to_channel("other")});
  for (const std::string channel : {"blog", "other"}) {
    DeliveryUpdate update;
    update.state = DeliveryState::confirmed;
    update.permalink = "https://" + channel + ".example/b/";
    const Work work = claim_one(channel);
    store().finish(work.delivery.id, work.delivery.fence, update, {}, kFriday);
  }
  EXPECT_EQ(store().post(next)->permalink, "https://blog.example/b/");
}

TEST_P(Deliveries, WhatWaitsTellsWhatItWaitsFor) {
  NewDelivery mail = to_channel("mail", DeliveryState::waiting);
  mail.after = "blog";
  mail.delay = 90s;
  mail.not_before = kFriday + 1h;
  mail.blog_deadline = kFriday + 4h;
  mail.if_blog_fails = "hold";
  NewDelivery alone = to_channel("alone", DeliveryState::waiting);
  const PostId post = publish({to_channel("blog"), mail, alone});
  finish(claim_one("blog"), DeliveryState::deferred, std::nullopt, kFriday + 7s);

  const auto rows = store().waiting();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].delivery.post, post);
  EXPECT_EQ(rows[0].delivery.channel, "mail");
  EXPECT_TRUE(rows[0].delivery.mail);
  EXPECT_EQ(rows[0].after, "blog");
  EXPECT_EQ(rows[0].delay, 90s);
  EXPECT_EQ(rows[0].not_before, kFriday + 1h);
  EXPECT_EQ(rows[0].blog_deadline, kFriday + 4h);
  EXPECT_EQ(rows[0].if_blog_fails, "hold");
  EXPECT_EQ(rows[0].due_at, kFriday);
  EXPECT_EQ(rows[0].predecessor, DeliveryState::deferred);
  EXPECT_EQ(rows[0].predecessor_changed_at, kFriday + 7s);
  EXPECT_EQ(rows[1].delivery.channel, "alone");
  EXPECT_EQ(rows[1].predecessor, std::nullopt);
}

TEST_P(Deliveries, DeliveriesComeNewestFirstInPages) {
  std::vector<DeliveryId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(deliver("blog"));
  const auto id_is = [](DeliveryId id) { return testing::Field(&model::Delivery::id, id); };
  EXPECT_THAT(store().deliveries_before({}, 2), ElementsAre(id_is(ids[2]), id_is(ids[1])));
  EXPECT_THAT(store().deliveries_before(ids[1], 2), ElementsAre(id_is(ids[0])));
  EXPECT_EQ(store().delivery({99}), std::nullopt);
}

TEST_P(Deliveries, TheOpenOnesAreThoseThatAreNotOver) {
  const DeliveryId ready = deliver("blog");
  const DeliveryId held = deliver("blog");
  store().hold(held, "why", kFriday);
  store().cancel(deliver("blog"), "why", kFriday);
  std::vector<DeliveryId> open;
  for (const model::Delivery& each : store().open_deliveries(10)) open.push_back(each.id);
  EXPECT_THAT(open, testing::ElementsAre(ready, held));
  EXPECT_THAT(store().open_deliveries(1), testing::SizeIs(1));
}

}  // namespace
}  // namespace store
