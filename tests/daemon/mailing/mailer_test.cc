// What stops a mailing in its midst (people, the brake, the daemon's end, a reload), and how it goes on.
#include "mailing/mailer.h"

#include "mailing_fixture.h"

namespace mailing {
namespace {

const auto kHold = [](store::Store& store, model::DeliveryId id, model::Instant now) {
  store.hold(id, "held by ada", now);
};
const auto kCancel = [](store::Store& store, model::DeliveryId id, model::Instant now) {
  store.cancel(id, "cancelled by ada", now);
};

TEST_F(InTheMidst, HoldTakesBackAllButWhatIsArmedAndWaitsForThat) {
  begin();
  say("hello", kHold);
  house().settle();
  EXPECT_FALSE(said());
  EXPECT_EQ(delivery().state, DeliveryState::working);
  EXPECT_EQ(count(MessageState::armed), 2);
  transport().reply_all();
  house().settle();
  EXPECT_TRUE(said());
  EXPECT_EQ(state_of(), "held: held by ada");
  EXPECT_EQ(server_.dots(), 2U);
  EXPECT_EQ(count(MessageState::accepted), 2);
  EXPECT_EQ(count(MessageState::pending), 18);
  house().pass(48h);
  EXPECT_EQ(server_.dots(), 2U);
  in_store([&](store::Store& store) { store.unhold(id(), clock_.now()); });
  EXPECT_EQ(state_of(), "confirmed: 20 of 20 accepted");
  everyone_has_it_once();
}

TEST_F(InTheMidst, CancelEndsItAndWhatArrivedHasArrived) {
  begin();
  say("hello", kCancel);
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state_of(), "cancelled: cancelled by ada");
  EXPECT_EQ(count(MessageState::accepted), 2);
  EXPECT_EQ(count(MessageState::cancelled), 18);
  house().pass(48h);
  EXPECT_EQ(server_.dots(), 2U);
}

TEST_F(InTheMidst, HoldOfWhatIsNotBeingSentCountsAtOnce) {
  readers(2);
  put("hello", {mail()});
  mailer().halt(true);
  say("hello", kHold);
  house().settle();
  EXPECT_TRUE(said());
  EXPECT_EQ(state_of(), "held: held by ada");
}

// The one that is done first does not begin again while the other's replies are waited for.
TEST_F(InTheMidst, APostWithTwoMailingsIsTakenBackWhole) {
  server_.connections = 2;
  server_.silent = true;
  server_.on_dot = nullptr;
  readers(20);
  house();
  const auto news = std::make_shared<MailChannel>(*channel());
  const auto other = std::make_shared<support::ScriptedTransport>(house().executor(), server_);
  news->key = "news";
  news->transport = other;
  mailer().configure({{"mail", channel()}, {"news", news}}, house().epoch());
  put("hello", {mail(), mail("news")});
  mailer().nudge();
  house().settle();
  ASSERT_EQ(transport().armed() + other->armed(), 4U);

  const auto both = [this] {
    return house().read([&](store::Store& store) { return store.deliveries(store.delivery(id())->post); });
  };
  bool said = false;
  mailer().interrupt(both(), [this, &both, &said] {
    house().store().write(
        [all = both()](store::Store& store) {
          for (const model::Delivery& each : all) store.cancel(each.id, "cancelled by ada", kFriday);
        },
        [this, &said](const store::Result<void>& result) {
          said = result.has_value();
          mailer().nudge();
        });
  });
  other->reply_all();
  house().pass(1h);
  EXPECT_FALSE(said);
  EXPECT_EQ(server_.dots(), 4U);
  transport().reply_all();
  house().settle();
  EXPECT_TRUE(said);
  for (const model::Delivery& each : both()) EXPECT_EQ(each.state, DeliveryState::cancelled);
  house().pass(24h);
  EXPECT_EQ(server_.dots(), 4U);
}

TEST_F(InTheMidst, HoldMayComeAtAnyMoment) {
  server_.connections = 2;
  readers(5);
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "mailing-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    const bool over = delivery(slug).state == DeliveryState::confirmed;
    std::size_t dots = 0;
    const auto said = std::make_shared<bool>(false);
    mailer().interrupt({delivery(slug)}, [this, slug, said, &dots] {
      dots = server_.dots();
      house().store().write(
          [delivery = id(slug)](store::Store& store) { store.hold(delivery, "held", kFriday); },
          [this, said](const store::Result<void>&) {
            *said = true;
            mailer().nudge();
          });
    });
    house().settle();
    EXPECT_TRUE(*said) << steps;
    EXPECT_EQ(server_.dots(), dots) << steps;
    const DeliveryState state = delivery(slug).state;
    if (over || state == DeliveryState::confirmed) {
      EXPECT_EQ(counts(slug).of(MessageState::accepted), 5) << steps;
      continue;
    }
    EXPECT_EQ(state, DeliveryState::held) << steps;
    EXPECT_EQ(counts(slug).of(MessageState::claimed), 0) << steps;
    EXPECT_EQ(counts(slug).of(MessageState::armed), 0) << steps;
    in_store([&](store::Store& store) { store.unhold(id(slug), kFriday); });
    EXPECT_EQ(state_of(slug), "confirmed: 5 of 5 accepted") << steps;
    ASSERT_LT(steps, 500);
  }
  EXPECT_EQ(server_.dots() % 5, 0U);
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(taken(i), server_.dots() / 5);
}

// The brake and the daemon's end -------------------------------------------------------------------

TEST_F(InTheMidst, HaltedNothingMoreLeavesAndResumedItGoesOn) {
  begin();
  mailer().halt(true);
  house().settle();
  EXPECT_TRUE(mailer().sending());
  transport().reply_all();
  house().pass(24h);
  EXPECT_FALSE(mailer().sending());
  EXPECT_EQ(state_of(), "ready: stopped by `fridayctl stop`; 2 of 20 accepted, 18 to be sent");
  EXPECT_EQ(server_.dots(), 2U);
  mailer().halt(false);
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 20 of 20 accepted");
  everyone_has_it_once();
}

TEST_F(InTheMidst, AHaltAfterTheLastDotLeavesItDone) {
  begin(2);
  mailer().halt(true);
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
}

TEST_F(InTheMidst, AHaltMayComeAtAnyMoment) {
  server_.connections = 2;
  readers(5);
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "mailing-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    const std::size_t dots = server_.dots();
    const auto armed = static_cast<std::size_t>(counts(slug).of(MessageState::armed));
    mailer().halt(true);
    house().settle();
    // What is armed in the ledger at that moment, or by the write under way, may still go.
    EXPECT_LE(server_.dots(), dots + std::max<std::size_t>(armed, server_.connections)) << steps;
    EXPECT_FALSE(mailer().sending()) << steps;
    EXPECT_EQ(counts(slug).of(MessageState::claimed), 0) << steps;
    EXPECT_EQ(counts(slug).of(MessageState::armed), 0) << steps;
    mailer().halt(false);
    house().settle();
    EXPECT_EQ(state_of(slug), "confirmed: 5 of 5 accepted") << steps;
    ASSERT_LT(steps, 500);
  }
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(taken(i), server_.dots() / 5);
}

TEST_F(InTheMidst, StopWaitsForWhatIsArmed) {
  begin();
  bool stopped = false;
  mailer().stop([&] { stopped = true; });
  house().settle();
  EXPECT_FALSE(stopped);
  transport().reply_all();
  house().settle();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(state_of(), "ready: the daemon was stopped; 2 of 20 accepted, 18 to be sent");
  mailer().nudge();
  house().pass(1h);
  EXPECT_EQ(server_.dots(), 2U);
  crash();
  start();
  EXPECT_THAT(house().recovered(), IsEmpty());
  house().settle();
  everyone_has_it_once();
}

TEST_F(InTheMidst, StopMayComeAtAnyMomentAndIsToldOnce) {
  server_.connections = 2;
  readers(3);
  bool more = true;
  int steps = 0;
  for (; more; ++steps) {
    const std::string slug = "mailing-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    int stopped = 0;
    mailer().stop([&] {
      ++stopped;
      EXPECT_NE(delivery(slug).state, DeliveryState::working) << steps;
    });
    house().settle();
    EXPECT_EQ(stopped, 1) << steps;
    crash();
    start();
    EXPECT_THAT(house().recovered(), IsEmpty()) << steps;
    house().settle();
    EXPECT_EQ(state_of(slug), "confirmed: 3 of 3 accepted") << steps;
    ASSERT_LT(steps, 500);
  }
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(taken(i), static_cast<std::size_t>(steps));
}

// Channels -----------------------------------------------------------------------------------------

TEST_F(InTheMidst, OneMailingAtATimeOnAChannel) {
  begin(4);
  send("second");
  EXPECT_EQ(delivery("second").state, DeliveryState::ready);
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 4 of 4 accepted");
  EXPECT_EQ(state_of("second"), "confirmed: 4 of 4 accepted");
}

TEST_F(InTheMidst, AReloadLeavesAMailingItsChannel) {
  begin();
  const auto before = channel();
  settings_.from = publishers::parse_mailbox("New <new@example.org>").value();
  auto old_end = before->transport;
  server_.silent = false;
  configure();
  send("second");
  EXPECT_EQ(delivery("second").state, DeliveryState::ready);
  static_cast<support::ScriptedTransport&>(*old_end).reply_all();
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 20 of 20 accepted");
  EXPECT_EQ(state_of("second"), "confirmed: 20 of 20 accepted");
  EXPECT_EQ(server_.taken(reader(1)).at(0).sender, "friday@example.org");
  EXPECT_EQ(server_.taken(reader(1)).at(1).sender, "new@example.org");
}

TEST_F(InTheMidst, AReloadMayTakeTheChannelAwayAtAnyMoment) {
  server_.connections = 2;
  readers(3);
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "mailing-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    mailer().configure({}, house().epoch());
    house().settle();
    EXPECT_NE(delivery(slug).state, DeliveryState::working) << steps;
    mailer().configure({{"mail", channel()}}, house().epoch());
    house().settle();
    EXPECT_EQ(state_of(slug), "confirmed: 3 of 3 accepted") << steps;
    ASSERT_LT(steps, 500);
  }
}

TEST_F(InTheMidst, WhatIsDueElsewhereHidesNobodysTime) {
  readers(1);
  server_.next_envelope(reader(1), refused(Outcome::deferred, Fault::transient, "451 later"));
  store::NewDelivery elsewhere = mail("another");
  put("elsewhere", {elsewhere});
  send();
  house().pass(300s);
  EXPECT_EQ(state_of(), "confirmed: 1 of 1 accepted");
}

}  // namespace
}  // namespace mailing
