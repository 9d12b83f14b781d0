#include <gtest/gtest.h>

#include <set>
#include <string>

#include "model/delivery.h"
#include "model/draft.h"
#include "model/ids.h"
#include "model/occurrence.h"

namespace model {
namespace {

template <typename State>
std::string names(int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all.append(i == 0 ? "" : " ").append(name(static_cast<State>(i)));
  return all;
}

TEST(Names, AreThoseOfTheWordList) {
  EXPECT_EQ("planned held publishing published partial failed cancelled", names<PostState>(7));
  EXPECT_EQ("waiting ready working confirmed deferred rejected uncertain held cancelled",
            names<DeliveryState>(9));
  EXPECT_EQ("pending claimed armed accepted deferred failed uncertain suppressed cancelled",
            names<MessageState>(kMessageStates));
  EXPECT_EQ("settling ready waiting problem quarantined scheduled published gone", names<DraftState>(8));
  EXPECT_EQ("open filled empty skipped missed", names<SlotState>(5));
}

TEST(Names, OfAStoredNumberFromTheFutureIsUnknown) {
  EXPECT_EQ("unknown", name(static_cast<DeliveryState>(77)));
  EXPECT_EQ("unknown", face(static_cast<DeliveryState>(77), true));
}

TEST(Faces, AreTheWordsForPeople) {
  std::string mail;
  std::string blog;
  for (int i = 0; i < 9; ++i) {
    mail.append(face(static_cast<DeliveryState>(i), true)).append(",");
    blog.append(face(static_cast<DeliveryState>(i), false)).append(",");
  }
  EXPECT_EQ("planned,sending,sending,sent,trying again,failed,may have arrived,on hold,cancelled,", mail);
  EXPECT_EQ("planned,publishing,publishing,live,trying again,failed,may have arrived,on hold,cancelled,",
            blog);
}

TEST(FinalStates, AreThoseWithNothingLeftToDo) {
  std::set<std::string_view> deliveries;
  std::set<std::string_view> messages;
  for (int i = 0; i < 9; ++i) {
    if (is_final(static_cast<DeliveryState>(i))) deliveries.insert(name(static_cast<DeliveryState>(i)));
    if (is_final(static_cast<MessageState>(i))) messages.insert(name(static_cast<MessageState>(i)));
  }
  EXPECT_EQ((std::set<std::string_view>{"cancelled", "confirmed", "rejected"}), deliveries);
  EXPECT_EQ((std::set<std::string_view>{"accepted", "cancelled", "failed", "suppressed"}), messages);
}

TEST(MessageCountsTest, TotalLeavesExclusionsOut) {
  MessageCounts counts;
  counts.by_state[static_cast<int>(MessageState::pending)] = 5;
  counts.by_state[static_cast<int>(MessageState::cancelled)] = 2;
  counts.excluded = 100;
  EXPECT_EQ(7, counts.total());
  EXPECT_EQ(2, counts.of(MessageState::cancelled));
}

TEST(ProblemText, NamesPlaceFaultAndRemedy) {
  EXPECT_EQ("trust.md:3:7: unknown key 'titel'; write title",
            (Problem{"trust.md", 3, 7, "unknown key 'titel'", "write title"}.text()));
  EXPECT_EQ("trust.md: is empty", (Problem{"trust.md", 0, 0, "is empty", ""}.text()));
}

TEST(OccurrenceTest, HasATextAndAnOrderBySeriesDateTime) {
  const Occurrence a{"friday", *parse_date("2026-11-27"), *parse_hh_mm("8:00")};
  const Occurrence b{"friday", *parse_date("2026-12-04"), *parse_hh_mm("7:00")};
  EXPECT_EQ("friday 2026-11-27 08:00", a.text());
  EXPECT_LT(a, b);
}

TEST(Ids, AreReadBackAndNothingElseIs) {
  EXPECT_EQ("d12", DraftId{12}.text());
  EXPECT_EQ(DraftId{12}, DraftId::parse("d12"));
  EXPECT_EQ("m31/204", (MessageId{DeliveryId{31}, SubscriberId{204}}.text()));
  EXPECT_EQ((MessageId{DeliveryId{31}, SubscriberId{204}}), MessageId::parse("m31/204"));
  for (const char* text : {"", "d", "d0", "d-1", "p12", "d12x", "d99999999999999999999"}) {
    EXPECT_EQ(std::nullopt, DraftId::parse(text)) << text;
  }
  for (const char* text : {"", "/", "m31", "m/1", "m31/", "v31/2", "m31/2/3"}) {
    EXPECT_EQ(std::nullopt, MessageId::parse(text)) << text;
  }
}

}  // namespace
}  // namespace model
