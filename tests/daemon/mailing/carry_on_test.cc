// Large mailings that are cancelled or tried again: their messages follow by themselves, over a crash too.
#include "mailing/carry_on.h"

#include "mailing_fixture.h"

namespace mailing {
namespace {

constexpr int kReaders = 25'000;

class CarryOnTest : public MailingTest {
 protected:
  // A mailing whose recipients are fixed, and that is not under way.
  void fix() {
    mailer().halt(true);
    put("hello", {mail()});
    in_store([&](store::Store& store) {
      const store::Work work = store.claim({"mail"}, {1, 1, clock_.now() + 10min}, clock_.now(), 1).front();
      std::vector<store::Recipient> list;
      for (int i = 1; i <= kReaders; ++i) list.push_back({reader(i), "", {}});
      store.freeze_begin(id(), work.delivery.fence, "text");
      store.freeze_chunk(id(), work.delivery.fence, list, {});
      store.freeze_end(id(), work.delivery.fence, clock_.now());
      store.recover(clock_.now());
    });
  }
  void carry_on() {
    CarryOn rest(house().executor(), house().store(), house().alarms(), [this] { ++done_; });
    rest.nudge();
    house().settle();
  }

  int done_ = 0;
};

TEST_F(CarryOnTest, TheRestOfACancelledMailingIsCancelled) {
  fix();
  in_store([&](store::Store& store) { store.cancel(id(), "why", clock_.now()); });
  EXPECT_EQ(counts().of(MessageState::pending), kReaders - 10'000);
  crash();
  mailer().halt(true);
  carry_on();
  EXPECT_EQ(counts().of(MessageState::cancelled), kReaders);
  EXPECT_EQ(done_, 1);
}

TEST_F(CarryOnTest, WhereNothingIsLeftNobodyIsTold) {
  house();
  carry_on();
  EXPECT_EQ(done_, 0);
}

}  // namespace
}  // namespace mailing
