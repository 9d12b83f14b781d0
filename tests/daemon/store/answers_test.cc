// Answers that are kept for requests that come again.
#include <gmock/gmock.h>

#include "support/store_fixture.h"

namespace store {
namespace {

using support::kFriday;
using namespace std::chrono_literals;

class Answers : public support::StoreContract {
 protected:
  std::string kept(const std::string& key, Instant now = kFriday, const std::string& who = "ada") {
    const auto answer = store().kept_answer(who, key, now);
    return answer ? answer->request + ' ' + std::to_string(answer->status) + ' ' + answer->body : "none";
  }
  void keep(const std::string& key, Instant at = kFriday, int status = 200) {
    store().keep_answer("ada", key, {"request", status, "{}", at});
  }
};
STORE_CONTRACT(Answers);

TEST_P(Answers, AreThereAfterARestartForTheOneWhoAsked) {
  keep("k1");
  restart();
  EXPECT_EQ(kept("k1"), "request 200 {}");
  EXPECT_EQ(kept("k2"), "none");
  EXPECT_EQ(kept("k1", kFriday, "bob"), "none");
}

TEST_P(Answers, TheLastOneCountsUntilItIsForgotten) {
  keep("k1", kFriday, 0);
  keep("k1", kFriday, 409);
  EXPECT_EQ(kept("k1"), "request 409 {}");
  store().forget_answer("ada", "k1");
  EXPECT_EQ(kept("k1"), "none");
}

TEST_P(Answers, AreKeptForADayWhicheverWayTheClockIsSet) {
  keep("k1");
  EXPECT_EQ(kept("k1", kFriday + 24h - 1ms), "request 200 {}");
  EXPECT_EQ(kept("k1", kFriday + 24h), "none");
  EXPECT_EQ(kept("k1", kFriday - 24h), "none");
}

TEST_P(Answers, TheOldestGoWhereThereAreTooMany) {
  for (int i = 0; i <= 10'000; ++i) keep(std::to_string(i), kFriday + 1ms * i);
  EXPECT_EQ(kept("0"), "none");
  EXPECT_EQ(kept("1"), "request 200 {}");
  EXPECT_EQ(kept("10000"), "request 200 {}");
}

}  // namespace
}  // namespace store
