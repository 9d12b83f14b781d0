// No query of the outbox or the ledger reads a whole table: the statements are taken from the engine as it
// runs, their plans from SQLite.
#include <gmock/gmock.h>

#include "support/sqlite_probe.h"
#include "support/store_fixture.h"

namespace store {
namespace {

using model::DeliveryState;
using model::MessageState;
using support::kFriday;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

// Before the fixture's store is opened.
struct Probed {
  support::SqliteProbe probe;
};

class QueryPlans : protected Probed, public support::StoreContract {
 protected:
  // The plans of all that `call` asks, each line after its statement.
  template <class Call>
  std::string plans(Call call) {
    std::string plans;
    for (const std::string& sql : probe.statements(call)) {
      sqlite3_stmt* statement = nullptr;
      const std::string explain = "EXPLAIN QUERY PLAN " + sql;
      if (sqlite3_prepare_v2(probe.connection(0), explain.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        continue;
      bool any = false;
      while (sqlite3_step(statement) == SQLITE_ROW) {
        if (!any) plans += sql + '\n';
        any = true;
        plans +=
            "    " + std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3))) + '\n';
      }
      sqlite3_finalize(statement);
    }
    EXPECT_NE(plans, "");
    return plans;
  }

  // "SCAN x" reads all of x; with "USING INDEX" it may be the order that is wanted.
  static testing::Matcher<const std::string&> searches() {
    return testing::AllOf(Not(HasSubstr("    SCAN")), Not(HasSubstr("TEMP B-TREE")));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, QueryPlans,
                         testing::Values(support::Engine{
                             "sqlite_memory", [] { return std::make_unique<support::SqliteMemory>(); }}),
                         [](const auto& each) { return each.param.name; });

TEST_P(QueryPlans, OfClaimingMessages) {
  const Work work = mailing(3);
  const std::string text = plans([&] { claim_messages(work); });
  EXPECT_THAT(text, searches());
  EXPECT_THAT(text, HasSubstr("USING INDEX message_deferred (delivery=? AND next_at<?)"));
  EXPECT_THAT(text, HasSubstr("SEARCH m USING PRIMARY KEY (delivery=? AND subscriber>?)"));
}

TEST_P(QueryPlans, OfTheNextMessage) {
  const Work work = mailing(1);
  EXPECT_THAT(plans([&] { store().next_message_at(work.delivery.id); }),
              HasSubstr("SEARCH message USING INDEX message_deferred (delivery=?)"));
}

TEST_P(QueryPlans, OfArmingAndOfResults) {
  const Work work = mailing(3);
  const auto messages = claim_messages(work);
  EXPECT_THAT(plans([&] { arm(work, messages); }), searches());
  EXPECT_THAT(plans([&] { store().finish_messages({result(messages[0], MessageState::accepted)}, kFriday); }),
              searches());
}

TEST_P(QueryPlans, OfMovingMessages) {
  const Work work = mailing(3);
  const DeliveryId id = work.delivery.id;
  claim_messages(work, 2);
  EXPECT_THAT(plans([&] { store().unclaim_messages(id, kFriday); }), searches());
  MessageResult deferred = result(claim_messages(work, 2)[0], MessageState::deferred);
  deferred.next_at = kFriday + 1h;
  store().finish_messages({deferred}, kFriday);
  finish(work, DeliveryState::deferred, kFriday + 1h);
  EXPECT_THAT(
      plans([&] { store().cancel(id, "", kFriday); }),
      testing::AllOf(Not(HasSubstr("SCAN message")), HasSubstr("INDEX message_aside (delivery=? AND state=?"),
                     HasSubstr("USING PRIMARY KEY (delivery=? AND subscriber>?)")));
}

TEST_P(QueryPlans, OfSettlingAMailing) {
  const Work work = mailing(3);
  store().finish_messages({result(claim_messages(work, 2)[0], MessageState::uncertain)}, kFriday);
  finish(work, DeliveryState::uncertain);
  EXPECT_THAT(plans([&] { store().settle(work.delivery.id, true, "", kFriday); }),
              HasSubstr("INDEX message_aside (delivery=? AND state=?"));
}

TEST_P(QueryPlans, OfListingMessages) {
  const Work work = mailing(3);
  const std::string text =
      plans([&] { store().messages(work.delivery.id, MessageState::uncertain, {1}, 100); });
  EXPECT_THAT(text, searches());
  EXPECT_THAT(text, HasSubstr("INDEX message_aside (delivery=? AND state=? AND subscriber>?)"));
  EXPECT_THAT(plans([&] { store().messages(work.delivery.id, std::nullopt, {1}, 100); }),
              testing::AllOf(searches(), HasSubstr("USING PRIMARY KEY (delivery=? AND subscriber>?)")));
}

TEST_P(QueryPlans, OfCounting) {
  const Work work = mailing(3);
  EXPECT_THAT(plans([&] { store().message_counts(work.delivery.id); }), searches());
  EXPECT_THAT(plans([&] { store().accepted_since("mail", kFriday); }), searches());
}

TEST_P(QueryPlans, OfFixingRecipients) {
  deliver("mail");
  const Work work = claim_one("mail");
  EXPECT_THAT(plans([&] { freeze(work, 2); }), searches());
}

TEST_P(QueryPlans, OfTheOutbox) {
  const auto open_only = testing::AllOf(Not(HasSubstr("SCAN delivery\n")), Not(HasSubstr("SCAN d\n")),
                                        HasSubstr("INDEX delivery_open"));
  deliver("blog", DeliveryState::waiting);
  deliver("blog");
  EXPECT_THAT(plans([&] { claim_all("blog"); }), open_only);
  EXPECT_THAT(plans([&] { store().waiting(); }), open_only);
  EXPECT_THAT(plans([&] { store().next_delivery_at(kFriday); }), open_only);
  EXPECT_THAT(plans([&] { store().recover(kFriday); }), open_only);
}

TEST_P(QueryPlans, OfTheQueueOfDrafts) {
  put("a.md");
  const auto first = *model::parse_date("2026-11-27");
  const std::string text = plans([&] { store().candidates("friday", first, first, 100); });
  EXPECT_THAT(text, HasSubstr("INDEX draft_turn (series=? AND opens=?)"));
  EXPECT_THAT(text, HasSubstr("INDEX draft_turn (series=? AND opens>? AND opens<?)"));
  EXPECT_THAT(text, HasSubstr("INDEX draft_turn (series=? AND opens>?)"));
  EXPECT_THAT(text, HasSubstr("INDEX draft_late (series=? AND closes<?)"));
  // Those alone whose dates have come are put in order by hand.
  EXPECT_EQ(text.find("TEMP B-TREE"), text.rfind("TEMP B-TREE"));
  EXPECT_THAT(plans([&] { store().queued_series(); }),
              testing::AllOf(searches(), HasSubstr("INDEX draft_turn (series>?)")));
  EXPECT_THAT(plans([&] { store().set_aside(100); }), HasSubstr("USING INDEX draft_aside"));
  EXPECT_THAT(plans([&] { store().draft_at("a.md"); }), searches());
  EXPECT_THAT(plans([&] { store().newest_draft_at("a.md"); }),
              testing::AllOf(searches(), Not(HasSubstr("TEMP B-TREE"))));
  EXPECT_THAT(plans([&] { store().unusable_drafts(10); }), HasSubstr("USING INDEX draft_unusable"));
}

TEST_P(QueryPlans, OfPostsAndPages) {
  const PostId id = publish({support::to_channel("blog")});
  finish(claim_one("blog"), DeliveryState::confirmed);
  EXPECT_THAT(plans([&] { store().post_by_slug("on-draft1"); }), searches());
  EXPECT_THAT(plans([&] { store().posts(id, 10); }), searches());
  EXPECT_THAT(plans([&] { store().deliveries_before({99}, 10); }), searches());
  EXPECT_THAT(plans([&] { store().slots(*model::parse_date("2026-11-27"), 10); }), searches());
  EXPECT_THAT(plans([&] { store().events("v1", 10); }), searches());
  EXPECT_THAT(plans([&] { store().confirmed_editions("blog", 10); }), searches());
  EXPECT_THAT(plans([&] { store().posts_to_file(10); }), HasSubstr("USING INDEX post_unfiled"));
  EXPECT_THAT(plans([&] { store().next_number("friday"); }), HasSubstr("INDEX post_number (series=?)"));
  EXPECT_THAT(plans([&] { store().called_off(10); }), HasSubstr("INDEX post_cancelled"));
  EXPECT_THAT(plans([&] { store().stuck_deliveries(10); }), HasSubstr("INDEX delivery_stuck"));
}

}  // namespace
}  // namespace store
