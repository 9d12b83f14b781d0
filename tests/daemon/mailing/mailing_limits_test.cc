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

class WithoutTheFileOfThoseWhoLeft : public MailingTest {
 protected:
  // It is gone while one message is past the gate, which nobody can take back.
  void lose_it() {
    folder_.write("suppressed.csv", reader(9) + '\n');
    server_.connections = 1;
    server_.silent = true;
    readers(3);
    send();
    std::filesystem::remove(folder_ / "suppressed.csv");
    transport().reply_all();
    house().settle();
    ASSERT_EQ(state_of(),
              "deferred: " + file() + ": No such file or directory; 1 of 3 accepted, 2 to be sent");
    ASSERT_EQ(server_.dots(), 1U);
  }
  std::string file() const { return (folder_ / "suppressed.csv").string(); }
};

TEST_F(WithoutTheFileOfThoseWhoLeft, AMailingGoesOnWhenItIsBack) {
  lose_it();
  folder_.write("suppressed.csv", reader(2) + '\n');
  house().pass(10s);
  EXPECT_EQ(state(2), MessageState::suppressed);
  EXPECT_EQ(state_of(), "confirmed: 2 of 3 accepted, 1 not sent (left the list)");
}

TEST_F(WithoutTheFileOfThoseWhoLeft, AMailingIsHeldWhenItStaysAway) {
  lose_it();
  house().pass(10s);
  EXPECT_EQ(state_of(), "held: " + file() +
                            ": No such file or directory, and it held those who left: put it back, or an "
                            "empty one if nobody has left, then say `retry`; 1 of 3 accepted, 2 to be sent");
  house().pass(48h);
  EXPECT_EQ(server_.dots(), 1U);
  folder_.write("suppressed.csv", "");
  retry();
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
}

TEST_F(MailingTest, AFileOfThoseWhoLeftThatIsBeingWrittenAnewStaysInForce) {
  folder_.write("suppressed.csv", reader(9) + '\n');
  server_.connections = 1;
  server_.silent = true;
  readers(4);
  send();
  folder_.append("suppressed.csv", reader(3) + '\n');
  transport().reply_all();
  server_.silent = true;
  house().settle();
  ASSERT_EQ(server_.dots(), 2U);
  folder_.write_half("suppressed.csv", "");
  transport().reply_all();
  house().settle();
  EXPECT_EQ(state(3), MessageState::suppressed);
  EXPECT_EQ(state_of(), "confirmed: 3 of 4 accepted, 1 not sent (left the list)");
}

TEST_F(MailingTest, AFirstTryOnTheFourthDayIsAFirstTry) {
  settings_.max_per_day = 1;
  readers(5);
  server_.next_reply(reader(5), refused(Outcome::deferred, Fault::transient, "451 later"));
  send();
  house().pass(24h * 4 - 13h);
  EXPECT_EQ(state(5), MessageState::deferred);
  EXPECT_EQ(row(5).next_at, row(5).changed_at + 300s);
  house().pass(24h);
  EXPECT_EQ(state_of(), "confirmed: 5 of 5 accepted");
}

TEST_F(MailingTest, WhatIsRefusedForThreeDaysIsGivenUpAndTriedAnewWhenAPersonSaysSo) {
  readers(1);
  for (int i = 0; i < 200; ++i) {
    server_.next_reply(reader(1), refused(Outcome::deferred, Fault::transient, "451 later"));
  }
  send();
  house().pass(71h);
  EXPECT_EQ(state(1), MessageState::deferred);
  house().pass(3h);
  EXPECT_EQ(row(1).reply, "451 later (given up after 3 days)");
  EXPECT_EQ(delivery().state, DeliveryState::rejected);
  retry();
  EXPECT_EQ(state(1), MessageState::deferred);
  EXPECT_EQ(row(1).next_at, clock_.now() + 300s);
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
