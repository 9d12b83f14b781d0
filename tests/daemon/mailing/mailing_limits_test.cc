// Who leaves between the fixing of the list and the dot, and how many go out in a day.
#include "mailing_fixture.h"

namespace mailing {
namespace {

TEST_F(MailingTest, WhoLeavesByACommandAfterTheListWasFixedGetsNothing) {
  server_.connections = 1;
  server_.silent = true;
  readers(4);
  send();
  house().in_store([](store::Store& store) { store.suppress(reader(3), "by ada", kFriday); });
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state(3), MessageState::suppressed);
  EXPECT_EQ(taken(3), 0U);
  EXPECT_EQ(state_of(), "confirmed: 3 of 4 accepted, 1 not sent (left the list)");
}

TEST_F(MailingTest, WhoLeavesByALineInTheFileAfterTheListWasFixedGetsNothing) {
  folder_.write("suppressed.csv", "someone@example.org\n");
  server_.connections = 1;
  server_.silent = true;
  readers(4);
  send();
  folder_.append("suppressed.csv", "R3@Example.ORG\n");
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state(3), MessageState::suppressed);
  EXPECT_EQ(taken(3), 0U);
  EXPECT_EQ(state_of(), "confirmed: 3 of 4 accepted, 1 not sent (left the list)");
  // Taken out, the line holds no longer: the next mailing goes there.
  folder_.write("suppressed.csv", "someone@example.org\n");
  server_.silent = false;
  send("second");
  EXPECT_EQ(taken(3), 1U);
  EXPECT_EQ(state(3), MessageState::suppressed);
}

TEST_F(MailingTest, WhoIsInTheMidstOfBeingWrittenToStaysArmed) {
  server_.connections = 1;
  server_.silent = true;
  readers(1);
  send();
  folder_.append("suppressed.csv", reader(1) + '\n');
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state(1), MessageState::accepted);
}

TEST_F(MailingTest, AFileOfThoseWhoLeftThatIsGoneStaysInForce) {
  folder_.write("suppressed.csv", reader(9) + '\n');
  server_.connections = 1;
  server_.silent = true;
  readers(3);
  send();
  folder_.append("suppressed.csv", reader(2) + '\n');
  server_.silent = false;
  transport().reply_all();
  house().run_until([&] { return state(1) == MessageState::accepted; });
  std::filesystem::remove(folder_ / "suppressed.csv");
  house().settle();
  EXPECT_EQ(state(2), MessageState::suppressed);
  EXPECT_EQ(state_of(), "confirmed: 2 of 3 accepted, 1 not sent (left the list)");
}

TEST_F(MailingTest, TheDaysShareIsCountedOverRestarts) {
  settings_.max_per_day = 4;
  readers(10);
  send();
  EXPECT_EQ(state_of(), "deferred: 4 of 10 accepted, 6 to be sent");
  const model::Instant midnight = *model::parse_rfc3339("2026-11-28T00:00:00Z");
  EXPECT_EQ(delivery().next_at, midnight);
  crash();
  start();
  retry();
  EXPECT_EQ(server_.dots(), 4U);  // not even when a person says so
  EXPECT_EQ(delivery().next_at, midnight);
  house().pass(midnight - clock_.now());
  EXPECT_EQ(state_of(), "deferred: 8 of 10 accepted, 2 to be sent");
  house().pass(24h);
  EXPECT_EQ(state_of(), "confirmed: 10 of 10 accepted");
}

TEST_F(MailingTest, TwoMailingsShareTheDay) {
  settings_.max_per_day = 5;
  readers(3);
  send("one");
  send("two");
  EXPECT_EQ(server_.dots(), 5U);
  house().pass(24h);
  EXPECT_EQ(server_.dots(), 6U);
  EXPECT_EQ(delivery("two").state, DeliveryState::confirmed);
}

TEST_F(MailingTest, WhatTheServerRefusedIsNoPartOfTheDaysShare) {
  settings_.max_per_day = 4;
  readers(6);
  for (int i = 1; i <= 2; ++i) {
    server_.next_reply(reader(i), refused(Outcome::rejected, Fault::permanent_recipient, "550 no"));
  }
  send();
  house().pass(2min);
  EXPECT_EQ(state_of(), "confirmed: 4 of 6 accepted, 2 failed");
}

}  // namespace
}  // namespace mailing
