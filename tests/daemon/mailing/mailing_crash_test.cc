// The daemon is abandoned after each of its steps in turn, and another one begins on the same store: crash
// windows W14 to W19. Nobody is written to twice and nobody is forgotten; in doubt is one per connection at
// most, and each is named.
#include "mailing_fixture.h"

namespace mailing {
namespace {

class MailingCrash : public MailingTest {
 protected:
  static constexpr int kReaders = 7;
  MailingCrash() {
    server_.connections = 2;
    readers(kReaders);
  }

  // One mailing per step; `after` looks at what was left of it.
  template <class After>
  void after_each_step(After after) {
    bool more = true;
    for (int steps = 0; more; ++steps) {
      SCOPED_TRACE("after step " + std::to_string(steps));
      const std::string slug = "mailing-" + std::to_string(steps);
      before_ = {};
      for (int i = 1; i <= kReaders; ++i) before_.push_back(taken(i));
      queue(slug);
      for (int i = 0; i < steps && more; ++i) more = house().step();
      crash();
      start();
      check_recovered(slug);
      after(slug);
      ASSERT_LT(steps, 500);
      steps_ = steps;
    }
    EXPECT_GT(steps_, 20);
  }

  void check_recovered(const std::string& slug) {
    const model::MessageCounts sums = counts(slug);
    in_doubt_ = sums.of(MessageState::uncertain);
    EXPECT_LE(in_doubt_, static_cast<std::int64_t>(server_.connections));
    EXPECT_EQ(sums.of(MessageState::claimed), 0);
    EXPECT_EQ(sums.of(MessageState::armed), 0);
    // Each is named, and nothing else is.
    std::vector<std::string> named;
    for (const store::MessageRow& each : rows(slug)) {
      if (each.state == MessageState::uncertain) {
        named.push_back(each.id.text() + ' ' + each.address + ": may have arrived");
      }
    }
    EXPECT_EQ(house().recovered(), named);
  }

  std::size_t taken_now(int reader_number) const {
    return taken(reader_number) - before_.at(static_cast<std::size_t>(reader_number) - 1);
  }

  int steps_ = 0;
  std::int64_t in_doubt_ = 0;
  std::vector<std::size_t> before_;
};

TEST_F(MailingCrash, OnHoldNobodyIsWrittenToTwiceAndNobodyForgotten) {
  std::int64_t doubts = 0;
  after_each_step([&](const std::string& slug) {
    house().settle();
    const model::MessageCounts sums = counts(slug);
    EXPECT_EQ(sums.total(), kReaders);
    EXPECT_EQ(sums.of(MessageState::accepted) + sums.of(MessageState::uncertain), kReaders);
    EXPECT_EQ(sums.of(MessageState::uncertain), in_doubt_);
    EXPECT_EQ(delivery(slug).state, in_doubt_ > 0 ? DeliveryState::uncertain : DeliveryState::confirmed);
    for (int i = 1; i <= kReaders; ++i) {
      EXPECT_LE(taken_now(i), 1U);
      EXPECT_TRUE(taken_now(i) == 1 || row(i, slug).state == MessageState::uncertain);
    }
    doubts += in_doubt_;
    if (in_doubt_ == 0) return;
    // A person knows better: the books are closed, and nothing is sent any more.
    in_store([&](store::Store& store) { store.settle(id(slug), true, "seen by ada", clock_.now()); });
    EXPECT_EQ(delivery(slug).state, DeliveryState::confirmed);
    EXPECT_EQ(counts(slug).of(MessageState::accepted), kReaders);
  });
  EXPECT_GT(doubts, 0);  // the window between dot and result was hit
}

TEST_F(MailingCrash, OnResendEveryoneHasItAndDoublesAreOnePerConnection) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  after_each_step([&](const std::string& slug) {
    house().settle();
    EXPECT_EQ(state_of(slug), "confirmed: 7 of 7 accepted");
    std::size_t doubles = 0;
    for (int i = 1; i <= kReaders; ++i) {
      EXPECT_GE(taken_now(i), 1U);
      doubles += taken_now(i) - 1;
    }
    EXPECT_LE(doubles, static_cast<std::size_t>(in_doubt_));
  });
}

TEST_F(MailingCrash, OnAssumeNobodyIsWrittenToTwice) {
  settings_.uncertain = publishers::MailSettings::Uncertain::assume;
  after_each_step([&](const std::string& slug) {
    house().settle();
    EXPECT_EQ(state_of(slug), "confirmed: 7 of 7 accepted");
    for (int i = 1; i <= kReaders; ++i) EXPECT_LE(taken_now(i), 1U);
  });
}

TEST_F(MailingCrash, TwoCrashesPutOneMorePerConnectionInDoubt) {
  for (const int first : {8, 12, 16, 20, 24}) {
    bool more = true;
    for (int steps = 2; more; steps += 3) {
      const std::string slug = "mailing-" + std::to_string(first) + '-' + std::to_string(steps);
      before_ = {};
      for (int i = 1; i <= kReaders; ++i) before_.push_back(taken(i));
      queue(slug);
      for (int i = 0; i < first; ++i) house().step();
      crash();
      start();
      for (int i = 0; i < steps && more; ++i) more = house().step();
      crash();
      start();
      house().settle();
      const model::MessageCounts sums = counts(slug);
      EXPECT_LE(sums.of(MessageState::uncertain), 4) << slug;
      EXPECT_EQ(sums.of(MessageState::accepted) + sums.of(MessageState::uncertain), kReaders) << slug;
      for (int i = 1; i <= kReaders; ++i) EXPECT_LE(taken_now(i), 1U) << slug;
      ASSERT_LT(steps, 500);
    }
  }
}

// By name ------------------------------------------------------------------------------------------

// Mail that was claimed and not armed was never sent: no doubt about it (W16, W17).
TEST_F(MailingTest, WhatWasOnlyClaimedIsSentAfterACrash) {
  server_.connections = 1;
  server_.silent = true;
  readers(6);
  send();
  EXPECT_GT(count(MessageState::claimed), 0);
  crash();
  server_.silent = false;
  start();
  EXPECT_THAT(house().recovered(), ElementsAre("m1/1 r1@example.org: may have arrived"));
  house().settle();
  EXPECT_EQ(state_of(), "uncertain: 5 of 6 accepted, 1 may have arrived");
}

// A reply that was read and is not in the ledger counts as none (W19).
TEST_F(MailingTest, AReplyThatDidNotReachTheLedgerIsADoubt) {
  server_.connections = 1;
  readers(1);
  queue();
  house().run_until([&] { return server_.dots() == 1; });
  house().store().stop();
  house().run_until([&] { return !mailer().sending(); });
  crash();
  start();
  EXPECT_EQ(house().recovered().size(), 1U);
  EXPECT_EQ(state(1), MessageState::uncertain);
}

TEST_F(MailingTest, ADeferredMailingGoesOnAfterACrash) {
  readers(3);
  server_.next_envelope(reader(2), refused(Outcome::deferred, Fault::transient, "451 later"));
  send();
  crash();
  start();
  EXPECT_THAT(house().recovered(), IsEmpty());
  house().pass(300s - 1ms);
  EXPECT_EQ(taken(2), 0U);
  house().pass(1ms);
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
}

}  // namespace
}  // namespace mailing
