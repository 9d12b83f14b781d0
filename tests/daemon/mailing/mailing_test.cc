// A mailing from its first message to its last: the gate, and what becomes of every kind of reply.
#include "mailing/mailing.h"

#include "mailing_fixture.h"
#include "support/faulty_disk.h"

namespace mailing {
namespace {

TEST_F(MailingTest, EveryoneGetsItOnce) {
  readers(25);
  send();
  EXPECT_EQ(state_of(), "confirmed: 25 of 25 accepted");
  EXPECT_EQ(count(MessageState::accepted), 25);
  for (int i = 1; i <= 25; ++i) EXPECT_EQ(taken(i), 1U);
  const auto post = house().read([](store::Store& store) { return store.post_by_slug("hello").value(); });
  EXPECT_EQ(post.state, model::PostState::published);
  EXPECT_GT(changed_, 0);
}

TEST_F(MailingTest, TheBooksAreRightAfterEachStep) {
  readers(12);
  server_.next_reply(reader(3), refused(Outcome::rejected, Fault::permanent_recipient, "550 no such user"));
  server_.next_reply(reader(5), refused(Outcome::uncertain, Fault::none, "no reply"));
  server_.next_reply(reader(7), refused(Outcome::deferred, Fault::transient, "450 later"));
  queue();
  std::int64_t total = 0;
  while (house().step()) {
    const model::MessageCounts sums = counts();
    EXPECT_GE(sums.total(), total);
    total = sums.total();
  }
  EXPECT_EQ(total, 12);
  EXPECT_EQ(state_of(), "deferred: 9 of 12 accepted, 1 failed, 1 may have arrived, 1 to be tried again");
}

// The rule that makes one message per connection the most that a crash can put in doubt.
TEST_F(MailingTest, AResultAndTheNextArmingAreInOneCommit) {
  support::FaultyDisk disk;
  server_.connections = 1;
  server_.silent = true;
  readers(3);
  send();
  ASSERT_EQ(state(1), MessageState::armed);
  EXPECT_EQ(state(2), MessageState::claimed);
  const int before = disk.commits();
  int at_second_dot = 0;
  server_.on_dot = [&](const publishers::OutgoingMessage& message) {
    if (message.recipient != reader(2)) return;
    at_second_dot = disk.commits();
    EXPECT_EQ(state(1), MessageState::accepted);
    EXPECT_EQ(state(2), MessageState::armed);
  };
  transport().reply_all();
  house().settle();
  EXPECT_EQ(at_second_dot, before + 1);
  EXPECT_EQ(count(MessageState::accepted), 3);
  crash();
}

TEST_F(MailingTest, NoMoreAreArmedThanThereAreConnections) {
  server_.connections = 3;
  server_.silent = true;
  readers(20);
  send();
  EXPECT_EQ(transport().armed(), 3U);
  EXPECT_EQ(count(MessageState::armed), 3);
  EXPECT_EQ(count(MessageState::claimed),
            9);  // a few wait at the transport, so that none waits for the ledger
  EXPECT_EQ(count(MessageState::pending), 8);
  EXPECT_EQ(delivery().state, DeliveryState::working);
  transport().reply_all();
  house().settle();
  EXPECT_EQ(count(MessageState::accepted), 20);
}

// Replies ------------------------------------------------------------------------------------------

TEST_F(MailingTest, ARefusedAddressFailsAloneAndARetryGoesToItAlone) {
  readers(4);
  server_.next_reply(reader(2),
                     refused(Outcome::rejected, Fault::permanent_recipient, "550 5.1.1 no such user"));
  send();
  EXPECT_EQ(state_of(), "confirmed: 3 of 4 accepted, 1 failed");
  EXPECT_EQ(row(2).state, MessageState::failed);
  EXPECT_EQ(row(2).reply, "550 5.1.1 no such user");
  EXPECT_EQ(row(2).attempts, 1);
  retry();
  EXPECT_EQ(state_of(), "confirmed: 4 of 4 accepted");
  for (int i = 1; i <= 4; ++i) EXPECT_EQ(taken(i), 1U);
}

TEST_F(MailingTest, ARefusalBeforeTheTextCountsTheSame) {
  readers(2);
  server_.next_envelope(reader(1), refused(Outcome::rejected, Fault::permanent_recipient, "550 no"));
  send();
  EXPECT_EQ(state_of(), "confirmed: 1 of 2 accepted, 1 failed");
  EXPECT_EQ(taken(1), 0U);
}

TEST_F(MailingTest, AMailingThatNobodyTookIsRejected) {
  readers(3);
  for (int i = 1; i <= 3; ++i) {
    server_.next_envelope(reader(i), refused(Outcome::rejected, Fault::permanent_recipient, "550 no"));
  }
  send();
  EXPECT_EQ(state_of(), "rejected: 0 of 3 accepted, 3 failed");
}

TEST_F(MailingTest, AServerThatIsBusyInTheMiddleIsAskedAgainInFiveMinutes) {
  readers(5);
  server_.next_envelope(reader(3), refused(Outcome::deferred, Fault::throttle, "421 4.7.0 too busy"));
  send();
  EXPECT_EQ(state_of(), "deferred: 4 of 5 accepted, 1 to be tried again");
  EXPECT_EQ(row(3).state, MessageState::deferred);
  EXPECT_EQ(row(3).next_at, kFriday + 300s);
  EXPECT_EQ(delivery().next_at, kFriday + 300s);
  house().pass(300s - 1ms);
  EXPECT_EQ(taken(3), 0U);
  house().pass(1ms);
  EXPECT_EQ(state_of(), "confirmed: 5 of 5 accepted");
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(taken(i), 1U);
}

TEST_F(MailingTest, TheServersOwnWishIsKeptTo) {
  readers(2);
  Receipt receipt = refused(Outcome::deferred, Fault::throttle, "450 4.7.1 greylisted");
  receipt.retry_after = 20min;
  server_.next_envelope(reader(1), receipt);
  send();
  EXPECT_EQ(delivery().next_at, kFriday + 20min);
  house().pass(20min);
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
}

TEST_F(MailingTest, ATransientRefusalIsTriedForThreeDaysFromTheMailingsBegin) {
  readers(1);
  for (int i = 0; i < 200; ++i) {
    server_.next_envelope(reader(1), refused(Outcome::deferred, Fault::transient, "451 later"));
  }
  // Approved four days after its slot: it has its three days all the same.
  put("hello", {mail()});
  clock_.move_to(kFriday + 96h);
  mailer().nudge();
  house().settle();
  EXPECT_EQ(row(1).state, MessageState::deferred);
  EXPECT_EQ(row(1).next_at, clock_.now() + 300s);
  house().pass(300s);
  EXPECT_EQ(row(1).next_at, clock_.now() + 300s);
  house().pass(300s);
  EXPECT_EQ(row(1).next_at, clock_.now() + 600s);  // as long as it is old
  house().pass(71h);
  EXPECT_EQ(row(1).state, MessageState::deferred);
  house().pass(2h);
  EXPECT_EQ(row(1).state, MessageState::failed);
  EXPECT_EQ(row(1).reply, "451 later (given up after 3 days)");
  EXPECT_EQ(state_of(), "rejected: 0 of 1 accepted, 1 failed");
}

TEST_F(MailingTest, RefusedCredentialsHoldItAndChargeNobody) {
  for (const Fault fault : {Fault::auth, Fault::tls}) {
    const std::string slug = fault == Fault::auth ? "auth" : "tls";
    readers(6);
    server_.next_envelope(reader(2), refused(Outcome::deferred, fault, "535 5.7.8 refused"));
    send(slug);
    EXPECT_EQ(delivery(slug).state, DeliveryState::held);
    EXPECT_THAT(state_of(slug), HasSubstr("held: 535 5.7.8 refused; "));
    EXPECT_EQ(count(MessageState::accepted, slug) + count(MessageState::pending, slug), 6);
    EXPECT_GT(count(MessageState::pending, slug), 0);
    for (const store::MessageRow& each : rows(slug)) {
      EXPECT_EQ(each.attempts, each.state == MessageState::accepted ? 1 : 0) << each.address;
    }
    const std::size_t dots = server_.dots();
    house().pass(48h);
    EXPECT_EQ(server_.dots(), dots);
    retry(slug);
    EXPECT_EQ(state_of(slug), "confirmed: 6 of 6 accepted");
  }
  for (int i = 1; i <= 6; ++i) EXPECT_EQ(taken(i), 2U);  // of two mailings
}

TEST_F(MailingTest, AServerThatIsAwayIsTriedAgainInAMinuteAndNobodyIsCharged) {
  readers(6);
  server_.next_envelope(reader(1), refused(Outcome::deferred, Fault::connect, "connection refused"));
  send();
  EXPECT_EQ(delivery().state, DeliveryState::deferred);
  EXPECT_THAT(state_of(), HasSubstr("deferred: connection refused; "));
  EXPECT_EQ(delivery().next_at, kFriday + 1min);
  EXPECT_EQ(delivery().attempts, 0);
  EXPECT_EQ(state(1), MessageState::pending);
  EXPECT_EQ(row(1).attempts, 0);
  house().pass(1min - 1ms);
  EXPECT_EQ(taken(1), 0U);
  house().pass(1ms);
  EXPECT_EQ(state_of(), "confirmed: 6 of 6 accepted");
  for (int i = 1; i <= 6; ++i) EXPECT_EQ(taken(i), 1U);
}

TEST_F(MailingTest, TwentyRefusalsOfTheTextInARowHoldIt) {
  server_.connections = 1;
  readers(60);
  for (int i = 1; i <= 60; ++i) {
    if (i != 5)
      server_.next_reply(reader(i), refused(Outcome::rejected, Fault::permanent_content, "554 spam"));
  }
  send();
  EXPECT_THAT(state_of(),
              HasSubstr("held: 20 messages in a row were refused for our text or our set-up: 554 spam"));
  EXPECT_EQ(count(MessageState::failed), 24);  // four, one that went through, twenty
  EXPECT_EQ(count(MessageState::accepted), 1);
  EXPECT_EQ(count(MessageState::pending), 35);
}

TEST_F(MailingTest, AReplyThatSaysNothingOfWhenIsTriedAgainInAMinute) {
  readers(1);
  server_.next_envelope(reader(1), refused(Outcome::deferred, Fault::none, "taken back"));
  send();
  EXPECT_EQ(state_of(), "deferred: 0 of 1 accepted, 1 to be sent");
  EXPECT_EQ(delivery().next_at, kFriday + 1min);
  house().pass(1min);
  EXPECT_EQ(state_of(), "confirmed: 1 of 1 accepted");
}

}  // namespace
}  // namespace mailing
