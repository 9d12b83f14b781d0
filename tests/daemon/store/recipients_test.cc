// Who gets a mailing: fixed in chunks, counted, and only then sent to.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using support::failure_of;
using support::kFriday;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Recipients : public support::StoreContract {
 protected:
  Work begun(const std::string& channel = "mail") {
    deliver(channel);
    Work work = claim_one(channel);
    store().freeze_begin(work.delivery.id, work.delivery.fence, "text");
    return work;
  }
  void chunk(const Work& work, const std::vector<Recipient>& recipients,
             const std::vector<Exclusion>& left_out = {}) {
    store().freeze_chunk(work.delivery.id, work.delivery.fence, recipients, left_out);
  }
  model::MessageCounts end(const Work& work) {
    return store().freeze_end(work.delivery.id, work.delivery.fence, kFriday);
  }
};
STORE_CONTRACT(Recipients);

TEST_P(Recipients, CandidatesAreMessagesAndExclusions) {
  const Work work = begun();
  chunk(work, {{"a@example.org", "A", {}}, {"b@example.org", "B", {}}}, {{"c@example", "no address"}});
  chunk(work, {{"d@example.org", "D", {}}, {"a@example.org", "A", {}}}, {{"e@example.org", "left the list"}});
  const model::MessageCounts counts = end(work);
  EXPECT_EQ(counts.total(), 3);
  EXPECT_EQ(counts.of(MessageState::pending), 3);
  EXPECT_EQ(counts.excluded, 3);
  const auto exclusions = store().exclusions(work.delivery.id, 10);
  ASSERT_THAT(exclusions, SizeIs(3));
  EXPECT_EQ(exclusions[0].address, "c@example");
  EXPECT_EQ(exclusions[0].reason, "no address");
  EXPECT_EQ(exclusions[1].address, "a@example.org");
  EXPECT_THAT(exclusions[1].reason, testing::HasSubstr("twice"));
  EXPECT_THAT(store().exclusions(work.delivery.id, 2), SizeIs(2));
}

TEST_P(Recipients, NothingIsSentBeforeTheyAreFixed) {
  deliver("mail");
  const Work work = claim_one("mail");
  EXPECT_EQ(failure_of([&] { claim_messages(work); }), Failure::not_allowed);
  store().freeze_begin(work.delivery.id, work.delivery.fence, "text");
  chunk(work, {{"a@example.org", "", {}}});
  EXPECT_EQ(failure_of([&] { claim_messages(work); }), Failure::not_allowed);
  EXPECT_EQ(store().frozen_mail(work.delivery.id), std::nullopt);
  end(work);
  EXPECT_EQ(store().frozen_mail(work.delivery.id), "text");
  EXPECT_THAT(claim_messages(work), SizeIs(1));
}

TEST_P(Recipients, OnceFixedTheyStayFixed) {
  const Work work = mailing(2);
  EXPECT_EQ(failure_of([&] { store().freeze_begin(work.delivery.id, work.delivery.fence, "other"); }),
            Failure::not_allowed);
  EXPECT_EQ(failure_of([&] { chunk(work, {{"late@example.org", "", {}}}); }), Failure::not_allowed);
  EXPECT_EQ(failure_of([&] { end(work); }), Failure::not_allowed);
  EXPECT_EQ(store().message_counts(work.delivery.id).total(), 2);
  EXPECT_EQ(store().frozen_mail(work.delivery.id), "frozen");

  // Over a second attempt too.
  finish(work, DeliveryState::deferred, kFriday);
  const Work again = claim_one("mail");
  EXPECT_EQ(failure_of([&] { store().freeze_begin(again.delivery.id, again.delivery.fence, "other"); }),
            Failure::not_allowed);
  EXPECT_THAT(claim_messages(again), SizeIs(2));
}

TEST_P(Recipients, NothingIsAddedBeforeTheBeginning) {
  deliver("mail");
  const Work work = claim_one("mail");
  EXPECT_EQ(failure_of([&] { chunk(work, {{"a@example.org", "", {}}}); }), Failure::not_allowed);
  EXPECT_EQ(failure_of([&] { end(work); }), Failure::not_allowed);
  EXPECT_EQ(store().message_counts(work.delivery.id).total(), 0);
}

TEST_P(Recipients, ANewBeginningForgetsAnUnfinishedOne) {
  const Work work = begun();
  chunk(work, {{"a@example.org", "", {}}}, {{"x", "no address"}});
  for (int i = 0; i < 2; ++i) {
    store().freeze_begin(work.delivery.id, work.delivery.fence, "again");
    EXPECT_EQ(store().message_counts(work.delivery.id).excluded, 0);
    EXPECT_THAT(store().exclusions(work.delivery.id, 10), IsEmpty());
    EXPECT_THAT(store().messages(work.delivery.id, std::nullopt, {}, 10), IsEmpty());
  }
  chunk(work, {{"b@example.org", "", {}}});
  const auto counts = end(work);
  EXPECT_EQ(counts.total(), 1);
  EXPECT_EQ(counts.excluded, 0);
  EXPECT_EQ(store().messages(work.delivery.id, std::nullopt, {}, 10).at(0).address, "b@example.org");
}

TEST_P(Recipients, AnEmptyListIsAList) {
  const Work work = begun();
  EXPECT_EQ(end(work).total(), 0);
  EXPECT_THAT(claim_messages(work), IsEmpty());
}

TEST_P(Recipients, WhatMergesIntoAMessageComesWithIt) {
  const Work work = begun();
  chunk(work, {{"a@example.org", "Anna", {{"city", "Bern"}, {"odd \"key\"", "odd \xff value"}}}});
  end(work);
  const Claimed message =
      store().claim_messages(work.delivery.id, work.delivery.fence, {1, 1, kFriday}, kFriday, 1).at(0);
  EXPECT_EQ(message.address, "a@example.org");
  EXPECT_EQ(message.name, "Anna");
  EXPECT_THAT(message.fields,
              ElementsAre(testing::Pair("city", "Bern"), testing::Pair("odd \"key\"", "odd \xff value")));
  EXPECT_EQ(message.attempts, 0);
}

TEST_P(Recipients, APersonIsOneSubscriberOverAllMailings) {
  const Work first = begun("mail");
  chunk(first, {{"a@example.org", "Anna", {}}});
  end(first);
  const Work second = begun("mail2");
  chunk(second, {{"b@example.org", "Bob", {}}, {"a@example.org", "Anna B.", {{"city", "Bern"}}}});
  end(second);
  const auto a = store().messages(first.delivery.id, std::nullopt, {}, 10).at(0).id;
  const auto again = store().messages(second.delivery.id, std::nullopt, {}, 10);
  ASSERT_THAT(again, SizeIs(2));
  EXPECT_EQ(again[0].id.subscriber, a.subscriber);
  // With what the newer list says of him.
  const auto claimed =
      store().claim_messages(second.delivery.id, second.delivery.fence, {1, 1, kFriday}, kFriday, 1);
  EXPECT_EQ(claimed.at(0).name, "Anna B.");
  EXPECT_EQ(claimed.at(0).fields.at("city"), "Bern");
  EXPECT_EQ(again[0].id.text(), "m" + std::to_string(second.delivery.id.value) + "/1");
}

TEST_P(Recipients, EachMailingSaysWhatItsOwnListSaid) {
  const std::vector<Recipient> lists[] = {{{"a@example.org", "Anna", {{"city", "Bern"}}}},
                                          {{"a@example.org", "Frau Muster", {}}},
                                          {{"a@example.org", "", {{"city", "Basel"}}}}};
  std::vector<Work> works;
  for (const auto& list : lists) {
    works.push_back(begun("mail" + std::to_string(works.size())));
    chunk(works.back(), list);
    end(works.back());
  }
  restart();
  for (std::size_t i = 0; i < works.size(); ++i) {
    const Claimed message =
        store()
            .claim_messages(works[i].delivery.id, works[i].delivery.fence, {1, 1, kFriday}, kFriday, 1)
            .at(0);
    EXPECT_EQ(message.name, lists[i][0].name);
    EXPECT_EQ(message.fields, lists[i][0].fields);
    // Over a refusal for now, too.
    store().arm({{works[i].delivery.id, message.subscriber}}, works[i].delivery.fence, kFriday);
    store().finish_messages(
        {result({works[i].delivery.id, message.subscriber}, MessageState::deferred, kFriday)}, kFriday);
    EXPECT_EQ(store()
                  .claim_messages(works[i].delivery.id, works[i].delivery.fence, {1, 1, kFriday}, kFriday, 1)
                  .at(0)
                  .name,
              lists[i][0].name);
  }
}

TEST_P(Recipients, MailingsAreCountedApart) {
  const Work first = mailing(3, "mail");
  const Work second = mailing(5, "mail2");
  claim_messages(first, 2);
  EXPECT_EQ(count(first.delivery.id, MessageState::claimed), 2);
  EXPECT_EQ(count(second.delivery.id, MessageState::claimed), 0);
  EXPECT_EQ(store().message_counts(second.delivery.id).total(), 5);
  EXPECT_EQ(store().message_counts({99}).total(), 0);
}

TEST_P(Recipients, TheSuppressedStaySo) {
  EXPECT_FALSE(store().suppressed("a@example.org"));
  store().suppress("a@example.org", "by hand", kFriday);
  store().suppress("a@example.org", "again", kFriday);
  restart();
  EXPECT_TRUE(store().suppressed("a@example.org"));
  EXPECT_FALSE(store().suppressed("b@example.org"));
}

}  // namespace
}  // namespace store
