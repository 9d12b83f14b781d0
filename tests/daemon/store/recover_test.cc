// After a kill: what the ledger shows of each crash window, and what becomes of it at the next start.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using model::Stage;
using support::failure_of;
using support::kFriday;
using support::to_channel;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

const Instant kRestart = kFriday + 5min;

class Recover : public support::StoreContract {
 protected:
  std::vector<std::string> killed() {
    restart();
    return store().recover(kRestart);
  }

  // A blog delivery that was killed in `stage`.
  model::Delivery killed_in(Stage stage, const std::string& remote_id = "") {
    const DeliveryId id = deliver("blog");
    const Work work = claim_one("blog");
    if (stage != Stage::none) store().enter_stage(id, work.delivery.fence, stage, remote_id);
    lines_ = killed();
    EXPECT_EQ(failure_of([&] { finish(work, DeliveryState::confirmed); }), Failure::stale_fence);
    return delivery(id);
  }

  std::vector<std::string> lines_;
};
STORE_CONTRACT(Recover);

TEST_P(Recover, AStoreAtRestHasNothingToRecover) {
  deliver("blog", DeliveryState::waiting);
  deliver("blog", DeliveryState::held);
  const DeliveryId deferred = deliver("other");
  finish(claim_one("other"), DeliveryState::deferred, kFriday + 1h);
  EXPECT_THAT(killed(), IsEmpty());
  EXPECT_EQ(delivery(deferred).next_at, kFriday + 1h);
}

TEST_P(Recover, W6AndW7ASlotIsFilledWithItsDeliveriesOrNotAtAll) {
  NewPost post = new_post(put("a.md"), {to_channel("blog"), to_channel("blog")});
  post.occurrence = model::Occurrence{"friday", *model::parse_date("2026-11-27"), {8h}};
  EXPECT_TRUE(failure_of([&] { store().fill(post, kFriday); }).has_value());
  killed();
  EXPECT_THAT(store().slots(*model::parse_date("2026-01-01"), 10), IsEmpty());
  post.deliveries.pop_back();
  store().fill(post, kFriday);
  killed();
  EXPECT_THAT(store().deliveries(store().posts({}, 1)[0].id), SizeIs(1));
}

TEST_P(Recover, W8ClaimedAndNothingSentIsSentAgainUnderTheSameKey) {
  const model::Delivery after = killed_in(Stage::none);
  EXPECT_EQ(after.state, DeliveryState::ready);
  EXPECT_EQ(after.next_at, kRestart);
  EXPECT_THAT(lines_, IsEmpty());
  EXPECT_EQ(claim_one("blog", kRestart).delivery.key, "key of blog");
}

TEST_P(Recover, W9W10ACreateInDoubtIsUncertainNamedAndLookedUp) {
  const model::Delivery after = killed_in(Stage::preparing);
  EXPECT_EQ(after.state, DeliveryState::uncertain);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr(after.id.text() + " on blog")));
  EXPECT_EQ(claim_one("blog", kRestart).delivery.stage, Stage::preparing);
}

TEST_P(Recover, W11WhatWasCreatedIsPublishedByItsId) {
  EXPECT_EQ(killed_in(Stage::prepared, "remote 7").state, DeliveryState::uncertain);
  const Work work = claim_one("blog", kRestart);
  EXPECT_EQ(work.delivery.stage, Stage::prepared);
  EXPECT_EQ(work.delivery.remote_id, "remote 7");
}

TEST_P(Recover, W12APublishInDoubtKeepsItsId) {
  EXPECT_EQ(killed_in(Stage::publishing, "remote 7").state, DeliveryState::uncertain);
  EXPECT_EQ(claim_one("blog", kRestart).delivery.remote_id, "remote 7");
}

TEST_P(Recover, W14AConfirmedBlogLetsItsMailGo) {
  NewDelivery mail = to_channel("mail", DeliveryState::waiting);
  mail.after = "blog";
  publish({to_channel("blog"), mail});
  finish(claim_one("blog"), DeliveryState::confirmed);
  EXPECT_THAT(killed(), IsEmpty());
  EXPECT_EQ(store().waiting().at(0).predecessor, DeliveryState::confirmed);
}

TEST_P(Recover, W15AnUnfinishedListIsBegunAgainAndCountsTheSame) {
  const DeliveryId id = deliver("mail");
  const Work work = claim_one("mail");
  store().freeze_begin(id, work.delivery.fence, "first try");
  store().freeze_chunk(id, work.delivery.fence, {{address(0), "", {}}, {address(1), "", {}}},
                       {{"bad", "no address"}});
  EXPECT_THAT(killed(), IsEmpty());
  EXPECT_EQ(delivery(id).state, DeliveryState::ready);

  const Work again = claim_one("mail", kRestart);
  EXPECT_EQ(store().frozen_mail(id), std::nullopt);
  EXPECT_EQ(failure_of([&] { claim_messages(again); }), Failure::not_allowed);
  store().freeze_begin(id, again.delivery.fence, "second try");
  EXPECT_EQ(store().message_counts(id).total(), 0);
  store().freeze_chunk(id, again.delivery.fence, {{address(0), "", {}}, {address(1), "", {}}},
                       {{"bad", "no address"}});
  const model::MessageCounts counts = store().freeze_end(id, again.delivery.fence, kRestart);
  EXPECT_EQ(counts.total(), 2);
  EXPECT_EQ(counts.excluded, 1);
  EXPECT_EQ(store().frozen_mail(id), "second try");
}

TEST_P(Recover, W16W17ClaimedAndNotArmedIsPending) {
  const Work work = mailing(2);
  claim_messages(work);
  EXPECT_THAT(killed(), IsEmpty());
  EXPECT_EQ(delivery(work.delivery.id).state, DeliveryState::ready);
  EXPECT_EQ(count(work.delivery.id, MessageState::pending), 2);
  EXPECT_EQ(store().frozen_mail(work.delivery.id), "frozen");
}

TEST_P(Recover, W18ArmedWithoutAReplyIsUncertainAndNamed) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  arm(work, {messages[1]});
  const auto lines = killed();
  EXPECT_THAT(lines, ElementsAre(messages[1].text() + " r1@example.org: may have arrived"));
  EXPECT_EQ(message(messages[1]).state, MessageState::uncertain);
  EXPECT_EQ(count(work.delivery.id, MessageState::pending), 2);

  // Nobody sends it again by himself.
  const Work again = claim_one("mail", kRestart);
  EXPECT_THAT(claim_messages(again), ElementsAre(messages[0], messages[2]));
}

TEST_P(Recover, W19WhatWasRecordedStays) {
  const Work work = mailing(4);
  const auto messages = claim_messages(work);
  arm(work, messages);
  store().finish_messages(
      {result(messages[0], MessageState::accepted), result(messages[1], MessageState::failed),
       result(messages[2], MessageState::deferred, kFriday + 1h)},
      kFriday);
  EXPECT_THAT(killed(), SizeIs(1));
  EXPECT_EQ(message(messages[0]).state, MessageState::accepted);
  EXPECT_EQ(message(messages[1]).state, MessageState::failed);
  EXPECT_EQ(message(messages[2]).state, MessageState::deferred);
  EXPECT_EQ(message(messages[3]).state, MessageState::uncertain);
}

TEST_P(Recover, EveryUncertainMessageIsNamedHoweverMany) {
  const Work work = mailing(2500);
  const auto messages = claim_messages(work, 2500);
  ASSERT_THAT(arm(work, messages), SizeIs(2500));
  const auto lines = killed();
  ASSERT_THAT(lines, SizeIs(2500));
  EXPECT_THAT(lines.back(), HasSubstr(messages.back().text() + ' '));
  EXPECT_EQ(count(work.delivery.id, MessageState::uncertain), 2500);
}

TEST_P(Recover, SeveralAtOnce) {
  deliver("blog");
  deliver("other");
  const Work blog = claim_one("blog");
  store().enter_stage(blog.delivery.id, blog.delivery.fence, Stage::publishing, "7");
  claim_one("other");
  const Work mail = mailing(1);
  arm(mail, claim_messages(mail));
  EXPECT_THAT(killed(), SizeIs(2));
  EXPECT_THAT(store().recover(kRestart), IsEmpty());
}

TEST_P(Recover, ThePostOfADoubtIsStillPublishing) {
  const PostId id = publish({to_channel("blog")});
  const Work work = claim_one("blog");
  store().enter_stage(work.delivery.id, work.delivery.fence, Stage::preparing, "");
  killed();
  EXPECT_EQ(post_state(id), model::PostState::publishing);
}

}  // namespace
}  // namespace store
