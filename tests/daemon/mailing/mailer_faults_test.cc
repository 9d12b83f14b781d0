// A mailing whose ledger fails it in its midst: the claim is taken away, the store closes, the disk is full.
#include "mailing_fixture.h"
#include "support/faulty_disk.h"

namespace mailing {
namespace {

TEST_F(InTheMidst, WhoseClaimIsGoneSendsNothingMoreAndItsRepliesCount) {
  begin();
  server_.on_dot = nullptr;
  // As another node would, that took this one for dead.
  const auto lines = house().in_store([&](store::Store& store) { return store.recover(clock_.now()); });
  EXPECT_EQ(lines.size(), 2U);
  EXPECT_EQ(count(MessageState::uncertain), 2);
  transport().reply_all();
  house().settle();
  EXPECT_FALSE(mailer().sending());
  // The two are named; all others were sent once, by the mailing that claimed it again.
  EXPECT_EQ(state_of(), "uncertain: 18 of 20 accepted, 2 may have arrived");
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(taken(i), 1U) << i;
}

TEST_F(InTheMidst, AClaimMayBeLostAtAnyMoment) {
  server_.on_dot = nullptr;  // a dot that was let go before is in doubt, not armed
  server_.connections = 2;
  readers(5);
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "mailing-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    const auto uncertain = static_cast<std::int64_t>(
        house().in_store([&](store::Store& store) { return store.recover(clock_.now()); }).size());
    EXPECT_LE(uncertain, 2) << steps;
    house().settle();
    house().pass(2min);
    const model::MessageCounts sums = counts(slug);
    EXPECT_LE(sums.of(MessageState::uncertain), uncertain) << steps;
    EXPECT_EQ(sums.of(MessageState::accepted) + sums.of(MessageState::uncertain), 5) << steps;
    for (int i = 1; i <= 5; ++i) EXPECT_LE(taken(i), static_cast<std::size_t>(steps) + 1) << steps;
    ASSERT_LT(steps, 500);
  }
}

TEST_F(InTheMidst, AStoreThatCloses) {
  begin();
  house().store().stop();
  transport().reply_all();
  house().run_until([&] { return !mailer().sending(); });
  EXPECT_EQ(server_.dots(), 2U);
}

class MailerOnAFullDisk : public InTheMidst {
 protected:
  MailerOnAFullDisk() { store_retry_ = 20ms; }
  ~MailerOnAFullDisk() override { crash(); }
  support::FaultyDisk disk_;
};

TEST_F(MailerOnAFullDisk, NothingMoreLeavesAndTheRepliesAreRecordedOnceThereIsSpace) {
  begin();
  disk_.set_full(true);
  transport().reply_all();
  house().pass(1h);
  EXPECT_EQ(server_.dots(), 2U);
  EXPECT_EQ(count(MessageState::armed), 2);
  disk_.set_full(false);
  house().run_until([&] { return delivery().state == DeliveryState::confirmed; });
  everyone_has_it_once();
}

TEST_F(MailerOnAFullDisk, ItMayRunFullAtAnyMoment) {
  server_.connections = 2;
  readers(4);
  bool more = true;
  for (int steps = 0; more; ++steps) {
    const std::string slug = "mailing-" + std::to_string(steps);
    queue(slug);
    for (int i = 0; i < steps && more; ++i) more = house().step();
    disk_.set_full(true);
    const std::size_t dots = server_.dots();
    const auto armed = static_cast<std::size_t>(counts(slug).of(MessageState::armed));
    house().settle();
    // What is armed goes, and what a write under way had armed before the disk was full.
    EXPECT_LE(server_.dots(), dots + armed + server_.connections) << steps;
    disk_.set_full(false);
    house().run_until([&] { return delivery(slug).state == DeliveryState::confirmed; });
    EXPECT_EQ(counts(slug).of(MessageState::accepted), 4) << steps;
    for (int i = 1; i <= 4; ++i) EXPECT_EQ(taken(i), static_cast<std::size_t>(steps) + 1) << steps;
    ASSERT_LT(steps, 500);
  }
}

TEST_F(MailerOnAFullDisk, ItStopsCleanlyWhileTheDiskIsFull) {
  begin();
  disk_.set_full(true);
  transport().reply_all();
  house().settle();
  disk_.set_full(false);
  bool stopped = false;
  mailer().stop([&] { stopped = true; });
  house().run_until([&] { return stopped; });
  crash();
  start();
  EXPECT_THAT(house().recovered(), IsEmpty());
  house().settle();
  everyone_has_it_once();
}

}  // namespace
}  // namespace mailing
