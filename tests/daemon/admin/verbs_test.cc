// POST: what people may do, what is refused, and that a second sending does nothing twice.
#include "api_fixture.h"

namespace admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ApiTest, TheHousesVerbsAreDoneInTheNameOfWhoAsks) {
  save("a.md", "a");
  EXPECT_EQ(post("stop").done(), "stop by ada");
  EXPECT_EQ(post("resume").done(), "resume by ada");
  EXPECT_EQ(post("reload").done(), "reload by ada");
  EXPECT_EQ(post("rebuild").done(), "rebuild '' by ada");
  EXPECT_EQ(post("rebuild", {{"channel", "blog"}}).done(), "rebuild 'blog' by ada");
  EXPECT_EQ(post("suppress", {{"address", "x@example.org"}}).done(), "suppress x@example.org by ada");
  EXPECT_EQ(post("backup", {{"file", "/tmp/b.db"}}).done(), "backup into /tmp/b.db by ada");
  EXPECT_EQ(post("send-test", {{"draft", "a"}, {"to", "me@example.org"}}).done(),
            "send d1 by '' to me@example.org by ada");
  EXPECT_EQ(post("send-test", {{"draft", "a"}, {"to", "me@example.org"}, {"channel", "mail"}}).done(),
            "send d1 by 'mail' to me@example.org by ada");
}

TEST_F(ApiTest, WhoAsksIsWhatTheKernelSays) {
  const auto stopped_as = [&](const char* name) {
    httplib::Client client(socket());
    client.set_address_family(AF_UNIX);
    return client.Post("/api/v1/stop", {{"Fridayd-Account", name}}, "{}", "application/json")->body;
  };
  for (const char* name : {"", "ada", "ada lovelace", "ada\"", "../ada"}) {
    EXPECT_THAT(stopped_as(name), HasSubstr("stop by ada\"")) << name;
  }
  EXPECT_THAT(stopped_as("bob"), HasSubstr("stop by ada (says bob)\""));
  EXPECT_EQ(account_name(0), "root");
  EXPECT_EQ(account_name(4000000000U), "uid 4000000000");
}

TEST_F(ApiTest, WhatTheHouseRefusesIsTold) {
  for (const int status : {404, 409, 422, 503}) {
    refusal_ = Refusal{status, "not taken", "fridayd.toml:3:1: unknown key"};
    const Reply reply = post("reload");
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.type, "application/problem+json");
    EXPECT_EQ(reply.title(), "not taken");
    EXPECT_EQ(reply.detail(), "fridayd.toml:3:1: unknown key");
  }
}

TEST_F(ApiTest, PublishingSaysWhatItDoes) {
  const model::DraftId a = save("a.md", "a");
  plan({slot("monday", "2026-11-30"), slot("friday", "2026-12-04", a), slot("friday", "2026-12-11")});
  Reply reply = post("publish", {{"draft", "a"}, {"dry_run", true}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.at("post").is_null());
  EXPECT_EQ(reply.body.at("channels").at(1).at("recipients"), 3);
  EXPECT_FALSE(reply.body.at("channels").at(0).as_object().contains("recipients"));
  reply = post("publish", {{"draft", "d1"}, {"channels", {"mail", "blog"}}});
  EXPECT_EQ(reply.body.at("post"), "p7");
  post("publish", {{"draft", "a.md"}, {"slot", "next"}});
  reply = post("publish", {{"draft", "next"}, {"slot", "2026-12-11"}});
  EXPECT_EQ(reply.body.at("slot"), "friday 2026-12-11 08:00");
  EXPECT_THAT(calls(), ElementsAre("try d1 by ada", "publish d1 +mail +blog by ada",
                                   "publish d1 in friday 2026-12-04 08:00 by ada",
                                   "publish d1 in friday 2026-12-11 08:00 by ada"));
}

TEST_F(ApiTest, AMistakeInAnOrderPublishesNothing) {
  save("a.md", "a");
  save("b/trust.md", "b");
  save("c/trust.md", "c");
  plan({slot("friday", "2026-11-27")});
  struct Case {
    json::object body;
    int status;
    const char* detail;
  };
  const Case cases[] = {
      {{}, 400, "the body lacks \"draft\""},
      {{{"draft", ""}}, 400, "\"draft\" is a text that is not empty"},
      {{{"draft", nullptr}}, 400, "the body lacks \"draft\""},
      {{{"draft", 1}}, 400, "\"draft\" is a text"},
      {{{"draft", "a"}, {"dry_run", "yes"}}, 400, "\"dry_run\" is true or false"},
      {{{"draft", "a"}, {"dryrun", true}},
       400,
       "unknown member \"dryrun\"; POST /api/v1/publish takes draft, channels, slot, dry_run"},
      {{{"draft", "a"}, {"channels", "mail"}}, 400, "\"channels\" is a list of texts"},
      {{{"draft", "a"}, {"channels", {"mail", 1}}}, 400, "\"channels\" is a list of texts"},
      {{{"draft", "a"}, {"channels", {"mail", "blgo"}}},
       422,
       "there is no channel \"blgo\"; there is blog, mail, off"},
      {{{"draft", "a"}, {"channels", {"off"}}}, 409, "\"off\" is switched off"},
      {{{"draft", "none"}}, 404, "no draft is called \"none\""},
      {{{"draft", "trust"}}, 409, "\"trust\" may be: d2 b/trust.md, d3 c/trust.md"},
      {{{"draft", "a"}, {"slot", "2026-11-28"}},
       404,
       "no open slot is on 2026-11-28; the nearest is 2026-11-27"},
      {{{"draft", "a"}, {"slot", "soon"}}, 404, "\"soon\" is no date; write YYYY-MM-DD"},
  };
  for (const Case& each : cases) {
    const Reply reply = post("publish", each.body);
    EXPECT_EQ(reply.status, each.status) << each.detail;
    EXPECT_EQ(reply.detail(), each.detail);
  }
  EXPECT_EQ(post("publish?dry_run=true", {{"draft", "a"}}).detail(),
            "\"dry_run\" stands in the query; POST takes it in the body");
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ApiTest, NullIsAsGoodAsNothing) {
  save("a.md", "a");
  EXPECT_EQ(post("publish", {{"draft", "a"}, {"slot", nullptr}, {"channels", nullptr}}).status, 200);
  EXPECT_THAT(calls(), ElementsAre("publish d1 by ada"));
}

TEST_F(ApiTest, ASlotIsSkipped) {
  plan({slot("friday", "2026-11-27"), slot("monday", "2026-11-30"), slot("monday", "2026-12-25"),
        slot("friday", "2026-12-25")});
  EXPECT_EQ(post("skip", {{"series", "friday"}, {"date", "2026-11-27"}}).done(),
            "friday 2026-11-27 08:00 is skipped");
  EXPECT_EQ(post("skip", {{"date", "2026-11-30"}}).done(), "monday 2026-11-30 08:00 is skipped");
  const auto slots = in_store([](store::Store& store) { return store.slots(date("2026-01-01"), 10); });
  ASSERT_THAT(slots, SizeIs(2));
  EXPECT_EQ(slots[0].state, model::SlotState::skipped);
  EXPECT_EQ(slots[0].why, "skipped by ada");
  const auto events = in_store([](store::Store& store) { return store.events("friday 2026-11-27", 10); });
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].who, "ada");

  EXPECT_EQ(post("skip", {{"date", "2026-12-25"}}).detail(),
            "several series have a slot on 2026-12-25: monday, friday");
  EXPECT_EQ(post("skip", {{"series", "fridya"}, {"date", "2026-12-25"}}).detail(),
            "there is no series \"fridya\"; there is friday, monday");
  // The plan that is shown knows nothing of it yet.
  EXPECT_EQ(post("skip", {{"series", "friday"}, {"date", "2026-11-27"}}).status, 409);
}

TEST_F(ApiTest, ASlotFurtherAheadThanTheTimelineCanBeSkipped) {
  plan({slot("friday", "2026-11-27")});
  far_ahead_ = {slot("friday", "2027-12-24")};
  EXPECT_EQ(post("skip", {{"series", "friday"}, {"date", "2027-12-24"}}).done(),
            "friday 2027-12-24 08:00 is skipped");
}

TEST_F(ApiTest, ADeliveryIsHeldLetGoAndCancelled) {
  publish("one");
  EXPECT_EQ(post("deliveries/v1/hold", {{"why", "a typo"}}).done(), "v1 is on hold");
  EXPECT_THAT(std::string(get("deliveries/v1").body.at("reply").as_string()), HasSubstr("a typo"));
  EXPECT_EQ(post("deliveries/v1/unhold").done(), "v1 is planned");
  EXPECT_EQ(post("deliveries/v1/cancel").done(), "v1 is cancelled");
  const Reply again = post("deliveries/v1/retry");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.title(), "not possible now");
  EXPECT_EQ(post("deliveries/v9/hold").status, 404);
}

TEST_F(ApiTest, APostsVerbsAreDoneToEachDeliveryThatTheyCanBeDoneTo) {
  publish("one");
  post("deliveries/v1/cancel");
  EXPECT_EQ(post("posts/one/hold", {{"why", "wait"}}).done(),
            "v2 is on hold; not done: v1 is cancelled and can't be held");
  EXPECT_THAT(post("posts/p1/unhold").done(), testing::StartsWith("v2 is planned; not done: v1"));
  const Reply refused = post("posts/p1/unhold");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.detail(), HasSubstr("v1"));
  EXPECT_THAT(refused.detail(), HasSubstr("v2"));
  EXPECT_EQ(post("posts/none/hold").status, 404);
  EXPECT_EQ(post("posts/some/folder/one.md/hold").detail(), "no post is called \"some/folder/one.md\"");
  EXPECT_THAT(post("posts/one.md/hold").done(), testing::StartsWith("v2 is on hold; not done: v1"));
}

TEST_F(ApiTest, APostsVerbIsAnsweredTheSameTwiceWhateverItsLastDeliverySaid) {
  publish("one");
  post("deliveries/v2/cancel");
  const Reply first = post("posts/one/hold", {{"why", "wait"}}, "k1");
  EXPECT_THAT(first.done(), testing::StartsWith("v1 is on hold; not done: v2"));
  post("posts/one/unhold");
  EXPECT_EQ(post("posts/one/hold", {{"why", "wait"}}, "k1").done(), first.done());
  EXPECT_EQ(get("deliveries/v1").body.at("state"), "waiting") << "it was answered, not done again";
}

TEST_F(ApiTest, WhatIsInDoubtIsSettled) {
  const std::string mail = mail_in_doubt("one", 2).text();
  const std::string message(get("deliveries/" + mail).body.at("uncertain").at(0).at("id").as_string());
  EXPECT_EQ(post("messages/" + message + "/settle", {{"as", "lost"}}).detail(),
            "\"as\" is accepted, failed or resend");
  EXPECT_EQ(post("messages/" + message + "/settle", {{"as", "accepted"}}).done(),
            message + " is settled as accepted");
  EXPECT_EQ(post("messages/" + message + "/settle", {{"as", "accepted"}}).status, 409);
  EXPECT_EQ(get("deliveries/" + mail).body.at("messages").at("accepted"), 1);
  EXPECT_EQ(post("messages/m9/x/settle", {{"as", "failed"}}).status, 404);
  EXPECT_EQ(post("messages/m9/9/settle", {{"as", "failed"}}).status, 404);
}

TEST_F(ApiTest, ADeliveryInDoubtIsSettledAsAWhole) {
  const std::string path = "deliveries/" + mail_in_doubt("one", 1).text() + "/settle";
  EXPECT_EQ(post(path, {{"as", "resend"}}).detail(), "\"as\" is accepted or failed; `retry` sends again");
  EXPECT_EQ(post(path).detail(), "the body lacks \"as\"");
  EXPECT_EQ(post(path, {{"as", "failed"}}).done(), "v2 is settled as failed");
  EXPECT_EQ(get("deliveries/v2").body.at("state"), "rejected");
  EXPECT_EQ(post(path, {{"as", "failed"}}).status, 409);
}

TEST_F(ApiTest, AMessageMayBeSentAgain) {
  const std::string mail = mail_in_doubt("one", 2).text();
  const std::string message(get("deliveries/" + mail).body.at("uncertain").at(0).at("id").as_string());
  EXPECT_EQ(post("messages/" + message + "/settle", {{"as", "resend"}}).status, 200);
  EXPECT_EQ(get("deliveries/" + mail).body.at("messages").at("pending"), 2);
}

TEST_F(ApiTest, TheSameRequestWithItsKeyIsDoneOnce) {
  save("a.md", "a");
  const Reply first = post("publish", {{"draft", "a"}, {"channels", {"mail"}}}, "k1");
  const Reply second = post("publish", {{"channels", {"mail"}}, {"draft", "a"}}, "k1");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, first.body);
  EXPECT_THAT(calls(), SizeIs(1));
  post("publish", {{"draft", "a"}, {"channels", {"mail"}}}, "k2");
  post("publish", {{"draft", "a"}, {"channels", {"mail"}}});
  EXPECT_THAT(calls(), SizeIs(3));
}

TEST_F(ApiTest, AKeyStandsForOneRequestAndOnePerson) {
  post("stop", {}, "k1");
  EXPECT_EQ(post("resume", {}, "k1").status, 422);
  EXPECT_EQ(post("rebuild", {{"channel", "blog"}}, "k2").status, 200);
  EXPECT_EQ(post("rebuild", {{"channel", "other"}}, "k2").status, 422);
  httplib::Client other(socket());
  other.set_address_family(AF_UNIX);
  EXPECT_EQ(other
                .Post("/api/v1/stop", {{"Fridayd-Account", "bob"}, {"Idempotency-Key", "k1"}}, "{}",
                      "application/json")
                ->status,
            200);
  EXPECT_THAT(calls(), ElementsAre("stop by ada", "rebuild 'blog' by ada", "stop by ada (says bob)"));
}

TEST_F(ApiTest, AKeyIsForgottenAfterADay) {
  post("stop", {}, "k1");
  clock_.move_to(at("2026-11-25T11:59:59Z"));
  post("stop", {}, "k1");
  EXPECT_THAT(calls(), SizeIs(1));
  clock_.move_to(at("2026-11-25T12:00:00Z"));
  post("stop", {}, "k1");
  EXPECT_THAT(calls(), SizeIs(2));
}

TEST_F(ApiTest, ARefusalIsRepeatedAndAFaultOfTheHouseIsTriedAgain) {
  refusal_ = Refusal{409, "not possible now", "standing still"};
  EXPECT_EQ(post("rebuild", {}, "k1").status, 409);
  refusal_.reset();
  EXPECT_EQ(post("rebuild", {}, "k1").status, 409);
  refusal_ = Refusal{503, "the store is not well", "no space"};
  EXPECT_EQ(post("rebuild", {}, "k2").status, 503);
  refusal_.reset();
  EXPECT_EQ(post("rebuild", {}, "k2").status, 200);
  EXPECT_THAT(calls(), SizeIs(3));
}

TEST_F(ApiTest, WhileTheFirstIsUnderWayTheSecondIsTurnedAway) {
  std::optional<Reply> second;
  meanwhile_ = [&] {
    meanwhile_ = nullptr;
    second = post("stop", {}, "k1");
  };
  EXPECT_EQ(post("stop", {}, "k1").status, 200);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->status, 409);
  EXPECT_THAT(calls(), SizeIs(1));
}

TEST_F(ApiTest, AKeyHasItsLimit) {
  EXPECT_EQ(post("stop", {}, std::string(255, 'k')).status, 200);
  EXPECT_EQ(post("stop", {}, std::string(256, 'k')).status, 400);
}

// As after a crash: other routes on the same store.
TEST_F(ApiTest, AKeyIsKnownToTheNextProcess) {
  publish("one");
  Request request;
  request.method = "POST";
  request.path = "/api/v1/posts/one/hold";
  request.who = "ada";
  request.idempotency_key = "k1";
  const Response first = Routes(house()).handle(request);
  EXPECT_EQ(first.status, 200);
  const Response second = Routes(house()).handle(request);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, first.body);
  request.path = "/api/v1/posts/one/unhold";
  EXPECT_EQ(Routes(house()).handle(request).status, 422);
}

TEST_F(ApiTest, AnAnswerIsKeptInTheTransactionOfItsEffect) {
  publish("one");
  const auto kept = [&] {
    const auto answer =
        in_store([&](store::Store& store) { return store.kept_answer("ada", "k1", clock_.now()); });
    return answer ? answer->body : "";
  };
  bool there = false;
  House watched = house();
  watched.change = [&, change = watched.change](std::function<std::string(store::Store&)> work) {
    auto answer = change(std::move(work));
    there = kept().find("is skipped") != std::string::npos;
    return answer;
  };
  plan({slot("friday", "2026-11-27")});
  Request request;
  request.method = "POST";
  request.path = "/api/v1/skip";
  request.body = {{"date", "2026-11-27"}};
  request.who = "ada";
  request.idempotency_key = "k1";
  EXPECT_EQ(Routes(watched).handle(request).status, 200);
  EXPECT_TRUE(there);
}

TEST_F(ApiTest, WhatWasBegunFarAwayIsNotBegunAgain) {
  save("a.md", "a");
  Request request;
  request.method = "POST";
  request.path = "/api/v1/send-test";
  request.body = {{"draft", "a"}, {"to", "me@example.org"}};
  request.who = "ada";
  request.idempotency_key = "k1";
  std::optional<store::KeptAnswer> begun;
  meanwhile_ = [&] {
    begun = in_store([&](store::Store& store) { return store.kept_answer("ada", "k1", clock_.now()); });
  };
  EXPECT_EQ(Routes(house()).handle(request).status, 200);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->status, 0);
  // The process ended there.
  in_store([&](store::Store& store) { store.keep_answer("ada", "k1", *begun); });
  const Response again = Routes(house()).handle(request);
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(json::serialize(again.body), HasSubstr("it may have been done"));
  EXPECT_THAT(calls(), SizeIs(1));
}

TEST_F(ApiTest, ADraftIsHeldAndLetGo) {
  save("a.md", "a");
  EXPECT_EQ(post("drafts/a/hold", {{"why", "ask Ola"}}).done(), "d1 a.md is on hold");
  EXPECT_EQ(get("drafts/a").body.at("state"), "held");
  EXPECT_EQ(get("drafts/a").body.at("why"), "on hold: ask Ola (ada)");
  EXPECT_EQ(get("log?item=d1").body.at("items").at(0).at("what"), "on hold: ask Ola (ada)");
  EXPECT_EQ(post("drafts/d1/unhold").done(), "d1 a.md is ready");
  EXPECT_EQ(get("drafts/a").body.at("state"), "ready");
  EXPECT_EQ(post("drafts/a.md/unhold").status, 409);
  EXPECT_EQ(post("drafts/d1/hold").status, 200);
  EXPECT_EQ(get("drafts/a").body.at("why"), "on hold by ada");
  EXPECT_EQ(post("drafts/none/hold").status, 404);
}

}  // namespace
}  // namespace admin
