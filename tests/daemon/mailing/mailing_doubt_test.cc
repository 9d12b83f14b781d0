// Messages that may have arrived: a person settles them, or the channel's `uncertain` does.
#include "mailing_fixture.h"

namespace mailing {
namespace {

class InDoubt : public MailingTest {
 protected:
  void doubt(bool taken) {
    readers(3);
    server_.next_reply(reader(2), refused(Outcome::uncertain, Fault::none, "no reply"), taken);
    send();
  }
};

TEST_F(InDoubt, APersonSettlesIt) {
  for (const MessageState as : {MessageState::accepted, MessageState::failed}) {
    const std::string slug(model::name(as));
    readers(3);
    server_.next_reply(reader(2), refused(Outcome::uncertain, Fault::none, "no reply"), true);
    send(slug);
    EXPECT_EQ(state_of(slug), "uncertain: 2 of 3 accepted, 1 may have arrived");
    house().pass(48h);
    const std::size_t dots = server_.dots();
    in_store([&](store::Store& store) {
      const auto named = store.messages(id(slug), MessageState::uncertain, {}, 10);
      EXPECT_EQ(named.at(0).address, reader(2));
      store.settle_message(named.at(0).id, as, clock_.now());
    });
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed);
    EXPECT_EQ(count(as, slug), as == MessageState::accepted ? 3 : 1);
    EXPECT_EQ(server_.dots(), dots);
  }
}

TEST_F(InDoubt, APersonHasItSentAgain) {
  doubt(false);
  in_store([&](store::Store& store) {
    store.settle_message(store.messages(id(), MessageState::uncertain, {}, 10).at(0).id,
                         MessageState::pending, clock_.now());
  });
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
  EXPECT_EQ(taken(2), 1U);
}

TEST_F(InDoubt, WholeDeliveriesAreSettledToo) {
  doubt(true);
  in_store([&](store::Store& store) { store.settle(id(), true, "seen by ada", clock_.now()); });
  EXPECT_EQ(delivery().state, DeliveryState::confirmed);
  EXPECT_EQ(count(MessageState::accepted), 3);
}

TEST_F(InDoubt, OnResendItGoesOutAgainByItself) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  doubt(true);
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
  EXPECT_EQ(taken(2), 2U);
}

TEST_F(InDoubt, OnResendThreeTimesInDoubtIsAPersonsToSettle) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  for (int i = 0; i < 5; ++i)
    server_.next_reply(reader(2), refused(Outcome::uncertain, Fault::none, "no reply"));
  readers(3);
  send();
  house().pass(48h);
  EXPECT_EQ(state_of(), "uncertain: 2 of 3 accepted, 1 may have arrived");
  EXPECT_EQ(row(2).attempts, 3);
  EXPECT_EQ(server_.dots(), 5U);
}

TEST_F(InDoubt, OnAssumeItIsTakenAsArrived) {
  settings_.uncertain = publishers::MailSettings::Uncertain::assume;
  doubt(false);
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
  EXPECT_EQ(server_.dots(), 3U);
}

// The last reply of a mailing is lost with its connection, which stops the mailing for a minute.
class LostWithItsConnection : public InDoubt {
 protected:
  void lose_the_last_reply() {
    server_.connections = 1;
    readers(2);
    server_.next_reply(reader(2), refused(Outcome::uncertain, Fault::connect, "connection lost"), true);
  }
};

TEST_F(LostWithItsConnection, OnHoldAPersonSettlesIt) {
  lose_the_last_reply();
  send();
  house().pass(48h);
  EXPECT_EQ(state_of(), "uncertain: 1 of 2 accepted, 1 may have arrived");
}

TEST_F(LostWithItsConnection, OnResendItGoesOutAgainAMinuteLater) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  lose_the_last_reply();
  send();
  EXPECT_EQ(state_of(), "deferred: connection lost; 1 of 2 accepted, 1 to be sent");
  house().pass(1min);
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
  EXPECT_EQ(taken(2), 2U);
}

TEST_F(LostWithItsConnection, OnResendTheThirdTimeIsAPersonsToSettle) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  for (int i = 0; i < 4; ++i) lose_the_last_reply();
  send();
  house().pass(48h);
  EXPECT_EQ(state_of(), "uncertain: 1 of 2 accepted, 1 may have arrived");
  EXPECT_EQ(taken(2), 3U);
}

TEST_F(LostWithItsConnection, OnAssumeItIsTakenAsArrived) {
  settings_.uncertain = publishers::MailSettings::Uncertain::assume;
  lose_the_last_reply();
  send();
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
  EXPECT_EQ(taken(2), 1U);
}

TEST_F(LostWithItsConnection, AStopPutsItOffAndNoMore) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  lose_the_last_reply();
  server_.silent = true;
  send();
  transport().reply_all();
  server_.silent = true;
  house().settle();
  ASSERT_EQ(transport().armed(), 1U);
  mailer().halt(true);
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state_of(), "ready: stopped by `fridayctl stop`; 1 of 2 accepted, 1 may have arrived");
  mailer().halt(false);
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
  EXPECT_EQ(taken(2), 2U);
}

TEST_F(LostWithItsConnection, WhoeverStopsItByHandSettlesIt) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  lose_the_last_reply();
  server_.silent = true;
  send();
  transport().reply_all();
  server_.silent = true;
  house().settle();
  say("hello", [](store::Store& store, model::DeliveryId id, model::Instant now) {
    store.cancel(id, "wrong text", now);
  });
  transport().reply_all();
  house().settle();
  ASSERT_TRUE(said());
  EXPECT_EQ(state_of(), "cancelled: wrong text");
  EXPECT_EQ(count(MessageState::uncertain), 1);
  house().pass(48h);
  EXPECT_EQ(taken(2), 1U);
}

TEST_F(InDoubt, WhatIsStillToBeSentComesFirst) {
  server_.next_envelope(reader(1), refused(Outcome::deferred, Fault::transient, "451 later"));
  doubt(true);
  EXPECT_EQ(state_of(), "deferred: 1 of 3 accepted, 1 may have arrived, 1 to be tried again");
  house().pass(300s);
  EXPECT_EQ(state_of(), "uncertain: 2 of 3 accepted, 1 may have arrived");
}

}  // namespace
}  // namespace mailing
