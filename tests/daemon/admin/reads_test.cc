// GET: what is shown, page by page, and that looking changes nothing.
#include <sqlite3.h>

#include "api_fixture.h"

namespace admin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ids(const Reply& reply, const char* key = "id") {
  std::vector<std::string> out;
  for (const json::value& item : reply.body.at("items").as_array())
    out.emplace_back(item.at(key).as_string());
  return out;
}

std::string next(const Reply& reply) {
  const json::value& next = reply.body.at("next");
  return next.is_null() ? "" : std::string(next.as_string());
}

TEST_F(ApiTest, TheTimelineShowsSlotsAndWhatHasNone) {
  const model::DraftId draft = save("a.md", "a");
  planning::Timeline timeline;
  plan({slot("friday", "2026-11-27", draft), slot("friday", "2026-12-04")});
  const Reply reply = get("timeline");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.type, "application/json");
  EXPECT_EQ(reply.body.at("at"), "2026-11-24T12:00:00Z");
  const json::array& slots = reply.body.at("slots").as_array();
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(slots[0].at("draft"), "d1");
  EXPECT_EQ(slots[0].at("date"), "2026-11-27");
  EXPECT_EQ(slots[0].at("time"), "08:00");
  EXPECT_EQ(slots[0].at("local"), "2026-11-27T08:00:00-05:00");
  EXPECT_TRUE(slots[1].at("draft").is_null());
}

TEST_F(ApiTest, TheTimelineMayBeLonger) {
  plan({slot("friday", "2026-11-27")});
  far_ahead_ = {slot("friday", "2027-05-28")};
  EXPECT_EQ(get("timeline?weeks=8").body.at("slots").as_array().size(), 1u);
  EXPECT_EQ(get("timeline?weeks=104").body.at("slots").as_array().size(), 2u);
  for (const char* wrong : {"0", "105", "-1", "8x", "", "1e2", "99999999999999999999"}) {
    EXPECT_EQ(get(std::string("timeline?weeks=") + wrong).status, 400) << wrong;
  }
}

TEST_F(ApiTest, DraftsComePageByPageAndEndWithNone) {
  for (int i = 1; i <= 5; ++i) save("d" + std::to_string(i) + "-draft.md", "slug" + std::to_string(i));
  settling_ = {{"new.md", "2026-11-24T11:59:59Z"}};
  const Reply first = get("drafts?limit=2");
  EXPECT_THAT(ids(first), ElementsAre("d1", "d2"));
  EXPECT_EQ(next(first), "d2");
  EXPECT_EQ(first.body.at("settling").at(0).at("path"), "new.md");
  const Reply second = get("drafts?limit=2&after=" + next(first));
  EXPECT_THAT(ids(second), ElementsAre("d3", "d4"));
  const Reply last = get("drafts?limit=2&after=" + next(second));
  EXPECT_THAT(ids(last), ElementsAre("d5"));
  EXPECT_EQ(next(last), "");
  // A last page that is full is the last all the same.
  EXPECT_EQ(next(get("drafts?limit=5")), "");
  EXPECT_EQ(ids(get("drafts")).size(), 5u);
}

TEST_F(ApiTest, PostsAndDeliveriesComeNewestFirst) {
  for (const char* slug : {"one", "two", "three"}) publish(slug);
  EXPECT_THAT(ids(get("posts?limit=2")), ElementsAre("p3", "p2"));
  EXPECT_THAT(ids(get("posts?limit=2&after=p2")), ElementsAre("p1"));
  EXPECT_THAT(ids(get("deliveries?limit=4")), ElementsAre("v6", "v5", "v4", "v3"));
  EXPECT_THAT(ids(get("deliveries?limit=4&after=v3")), ElementsAre("v2", "v1"));
  EXPECT_EQ(next(get("deliveries?limit=4&after=v3")), "");
}

TEST_F(ApiTest, MessagesComePageByPageAndByState) {
  const std::string id = mail_in_doubt("one", 5).text();
  const Reply first = get("deliveries/" + id + "/messages?limit=3");
  EXPECT_EQ(ids(first).size(), 3u);
  const Reply rest = get("deliveries/" + id + "/messages?limit=3&after=" + next(first));
  EXPECT_EQ(ids(rest).size(), 2u);
  EXPECT_EQ(next(rest), "");
  EXPECT_THAT(ids(get("deliveries/" + id + "/messages?state=uncertain"), "address"),
              ElementsAre("r0@example.org"));
  EXPECT_EQ(ids(get("deliveries/" + id + "/messages?state=pending")).size(), 4u);
  const Reply wrong = get("deliveries/" + id + "/messages?state=lost");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.detail(), "\"lost\" is no state of a message");
}

TEST_F(ApiTest, TheAuditTrailComesPageByPageAndByItem) {
  for (int i = 1; i <= 5; ++i) {
    in_store([&](store::Store& store) {
      store.event({clock_.now(), "ada", i % 2 == 1 ? "v1" : "v2", "step " + std::to_string(i)});
    });
  }
  const Reply first = get("log?limit=3");
  EXPECT_THAT(ids(first, "what"), ElementsAre("step 5", "step 4", "step 3"));
  const Reply rest = get("log?limit=3&after=" + next(first));
  EXPECT_THAT(ids(rest, "what"), ElementsAre("step 2", "step 1"));
  EXPECT_EQ(next(rest), "");
  EXPECT_THAT(ids(get("log?item=v2"), "what"), ElementsAre("step 4", "step 2"));
  EXPECT_THAT(ids(get("log?item=v9"), "what"), IsEmpty());
}

TEST_F(ApiTest, AWrongCursorOrLimitIsRefusedAndNotTakenForTheFirstPage) {
  for (const char* wrong : {"drafts?after=p1", "posts?after=d1", "deliveries?after=x", "log?after=d1",
                            "drafts?limit=0", "drafts?limit=two", "posts?limit=-1"}) {
    const Reply reply = get(wrong);
    EXPECT_EQ(reply.status, 400) << wrong;
    EXPECT_EQ(reply.type, "application/problem+json");
  }
  EXPECT_EQ(get("drafts?after=p1").detail(), "\"after\" is the \"next\" of the page before, not \"p1\"");
}

TEST_F(ApiTest, AParameterThatARouteDoesNotKnowIsNamed) {
  const Reply reply = get("drafts?stat=ready");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.detail(), "unknown parameter \"stat\"; GET /api/v1/drafts takes limit, after");
  EXPECT_EQ(get("status?verbose").detail(), "unknown parameter \"verbose\"; GET /api/v1/status takes none");
}

TEST_F(ApiTest, ADraftIsFoundByEveryName) {
  const model::DraftId id = save("leadership/A question of trust.md", "trust");
  save("other.md", "other");
  plan({slot("friday", "2026-11-27", id)});
  for (const char* name :
       {"d1", "trust", "leadership/A%20question%20of%20trust.md", "A%20question%20of%20trust.md",
        "A%20question%20of%20trust", "2026-11-27", "next", "leadership%2FA+question+of+trust.md"}) {
    const Reply reply = get(std::string("drafts/") + name);
    if (std::string(name).find('+') != std::string::npos) {
      EXPECT_EQ(reply.status, 404) << "a plus in a path is a plus";
      continue;
    }
    EXPECT_EQ(reply.status, 200) << name;
    EXPECT_EQ(reply.body.at("id"), "d1") << name;
  }
}

TEST_F(ApiTest, AnAmbiguousNameListsTheCandidates) {
  save("a/trust.md", "trust-a");
  save("b/trust.md", "trust-b");
  const Reply reply = get("drafts/trust.md");
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.detail(), "\"trust.md\" may be: d1 a/trust.md, d2 b/trust.md");
  EXPECT_EQ(get("drafts/a/trust.md").body.at("id"), "d1");
  // A file that is called exactly so is meant.
  save("trust.md", "trust-c");
  EXPECT_EQ(get("drafts/trust.md").body.at("id"), "d3");
}

TEST_F(ApiTest, APostIsFoundByEveryName) {
  publish("trust");
  in_store([&](store::Store& store) {
    store::DraftSeen seen;
    seen.path = "slots/dated.md";
    seen.sha256 = "x";
    seen.head.slug = "dated";
    const model::Draft draft = store.put_draft(seen, clock_.now());
    store::NewPost post;
    post.pid = "P";
    post.draft = draft.id;
    post.draft_revision = 1;
    post.series = "friday";
    post.slug = "dated";
    post.occurrence = model::Occurrence{"friday", date("2026-11-20"), {8h}};
    store.fill(post, clock_.now());
  });
  for (const char* name : {"p1", "trust", "trust.md"})
    EXPECT_EQ(get(std::string("posts/") + name).body.at("id"), "p1");
  for (const char* name : {"p2", "dated", "2026-11-20", "slots/dated.md", "dated.md"}) {
    EXPECT_EQ(get(std::string("posts/") + name).body.at("id"), "p2") << name;
  }
  EXPECT_EQ(get("posts/2026-11-20").body.at("slot"), "friday 2026-11-20 08:00");
  EXPECT_EQ(get("posts/2026-11-13").status, 404);
}

TEST_F(ApiTest, WhatIsNotThereIsNamed) {
  EXPECT_EQ(get("drafts/d99").detail(), "d99 is no draft");
  EXPECT_EQ(get("drafts/none").detail(), "no draft is called \"none\"");
  EXPECT_EQ(get("drafts/next").detail(), "no draft is planned next");
  EXPECT_EQ(get("drafts/2026-11-27").detail(), "no open slot is on 2026-11-27");
  EXPECT_EQ(get("posts/p9").detail(), "no post is called \"p9\"");
  EXPECT_EQ(get("deliveries/v9").detail(), "no delivery is called \"v9\"");
  EXPECT_EQ(get("deliveries/blog").detail(), "no delivery is called \"blog\"");
  const Reply reply = get("deliveries/v9");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.type, "application/problem+json");
  EXPECT_EQ(reply.body.at("type"), "about:blank");
  EXPECT_EQ(reply.body.at("status"), 404);
}

TEST_F(ApiTest, OneDeliveryShowsItsReceiptsItsSumsAndWhatIsInDoubt) {
  const std::string id = mail_in_doubt("one", 3).text();
  const Reply reply = get("deliveries/" + id);
  EXPECT_EQ(reply.body.at("state"), "uncertain");
  EXPECT_EQ(reply.body.at("face"), "may have arrived");
  EXPECT_EQ(reply.body.at("receipts").at(0).at("outcome"), "uncertain");
  EXPECT_EQ(reply.body.at("messages").at("total"), 3);
  EXPECT_EQ(reply.body.at("messages").at("uncertain"), 1);
  EXPECT_EQ(reply.body.at("messages").at("excluded"), 1);
  EXPECT_EQ(reply.body.at("left_out").at(0).at("reason"), "is no mail address");
  EXPECT_EQ(reply.body.at("uncertain").at(0).at("address"), "r0@example.org");
  EXPECT_FALSE(get("deliveries/v1").body.contains("messages"));
}

TEST_F(ApiTest, WhatIsReadyButForItsHourSaysWhichOneThatIs) {
  const auto ready_at = [&](const std::string& slug, const char* when) {
    const model::PostId post = publish(slug);
    return in_store([&](store::Store& store) {
      const model::DeliveryId mail = store.deliveries(post).at(1).id;
      store.hold(mail, "no", clock_.now());
      store.unhold(mail, clock_.now());
      if (store.delivery(mail)->state == model::DeliveryState::waiting) {
        store.release(mail, model::DeliveryState::ready, at(when), "", clock_.now());
      }
      return mail.text();
    });
  };
  const std::string today = ready_at("one", "2026-11-24T14:30:00Z");
  const std::string later = ready_at("two", "2026-11-27T14:30:00Z");
  const std::string now = ready_at("three", "2026-11-24T12:00:00Z");
  EXPECT_EQ(get("deliveries/" + today).body.at("face"), "waits until 14:30");
  EXPECT_EQ(get("posts/two").body.at("deliveries").at(1).at("face"), "waits until 2026-11-27 14:30");
  EXPECT_EQ(get("deliveries/" + now).body.at("face"), "sending");
  EXPECT_EQ(get("deliveries").body.at("items").at(4).at("face"), "waits until 14:30");
}

TEST_F(ApiTest, ADraftThatWasCalledOffIsFoundByItsName) {
  publish("trust");
  EXPECT_EQ(post("publish", {{"draft", "trust"}}).status, 404);
  for (const char* id : {"v1", "v2"}) post(std::string("deliveries/") + id + "/cancel");
  EXPECT_EQ(post("publish", {{"draft", "trust"}}).status, 200)
      << "nothing has that name but what was called off";
}

TEST_F(ApiTest, HealthIsShownAsItIs) {
  health_.well = false;
  health_.halted = "stopped by ada";
  health_.store = "well";
  health_.version = "0.1.0";
  health_.started = at("2026-11-24T11:00:00Z");
  health_.channels = {{"blog", "static_site", false, true, "fine", at("2026-11-24T11:50:00Z"), ""},
                      {"mail", "smtp", true, false, "", {}, "nobody answered"}};
  const Reply status = get("status");
  EXPECT_EQ(status.body.at("well"), false);
  EXPECT_EQ(status.body.at("halted"), "stopped by ada");
  EXPECT_TRUE(status.body.at("rehearsal").is_null());
  const json::array& channels = status.body.at("channels").as_array();
  EXPECT_EQ(channels[0].at("checked"), "2026-11-24T11:50:00Z");
  EXPECT_TRUE(channels[1].at("checked").is_null()) << "it was never asked";
  EXPECT_EQ(channels[1].at("paused"), "nobody answered");
  EXPECT_EQ(get("channels").body.at("items"), status.body.at("channels"));
}

TEST_F(ApiTest, BytesThatAreNoUtf8AreMadeLegible) {
  in_store([&](store::Store& store) {
    store.event({clock_.now(), "ada", "v1", "550 \xE9tranger \xFF \xC3\xA9"});
  });
  EXPECT_EQ(get("log").body.at("items").at(0).at("what"), "550 \xEF\xBF\xBDtranger \xEF\xBF\xBD \xC3\xA9");
}

TEST_F(ApiTest, LookingChangesNothing) {
  save("a.md", "a");
  const std::string mail = mail_in_doubt("one", 3).text();
  plan({slot("friday", "2026-11-27", model::DraftId{1})});
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "fridayd.db").c_str(), &other), SQLITE_OK);
  const auto version = [&] {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(other, "PRAGMA data_version", -1, &statement, nullptr);
    sqlite3_step(statement);
    const int value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return value;
  };
  const int before = version();
  for (const Routes::Route& route : Routes(house()).list()) {
    if (route.method != "GET" || route.pattern.ends_with("/events")) continue;
    std::string path = route.pattern.substr(std::string("/api/v1/").size());
    for (const auto& [place, name] : {std::pair<std::string, std::string>{"{id}", mail},
                                      {"{name}", path.starts_with("posts") ? "p1" : "d1"}}) {
      if (const auto found = path.find(place); found != std::string::npos)
        path.replace(found, place.size(), name);
    }
    EXPECT_EQ(get(path).status, 200) << path;
  }
  EXPECT_EQ(version(), before);
  EXPECT_THAT(calls(), IsEmpty());
  in_store([&](store::Store& store) { store.set_setting("a", "b"); });
  EXPECT_NE(version(), before) << "the measure measures nothing";
  sqlite3_close(other);
}

}  // namespace
}  // namespace admin
