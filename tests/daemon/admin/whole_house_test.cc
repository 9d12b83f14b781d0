// The API over the whole house: what people do by it comes true on the site, in the mailbox and in the store.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <optional>
#include <thread>

#include "api_client.h"
#include "service/service.h"
#include "support/temp_folder.h"

namespace admin {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kConfiguration = R"(
[daemon]
state = "state"
content = "content"
control = "control.sock"
[log]
level = "error"
[site]
title = "Sales Leadership Friday"
url = "http://127.0.0.1:1"
[content]
settle = "20ms"
[series.friday]
title = "Sales Leadership Friday"
zone = "America/New_York"
schedule = "Fri 08:00"
channels = ["blog", "mail"]
[channels.blog]
kind = "static_site"
root = "site"
url = "http://127.0.0.1:1"
live_check = "file"
[channels.mail]
kind = "maildir"
after = "blog"
path = "mailbox"
from = "Sales Leadership Friday <friday@example.org>"
recipients = "recipients.csv"
suppressed = "suppressed.csv"
test_only = true
)";

// It is Tuesday noon, and stays so.
class WholeHouseTest : public testing::Test {
 protected:
  WholeHouseTest() {
    folder_.write("fridayd.toml", kConfiguration);
    folder_.write("clock", "2026-11-24T12:00:00Z\n");
    folder_.write("recipients.csv", "address,name\nr1@example.org,Rita\nr2@example.org,Rob\nbad@,Nobody\n");
    // Nobody is writing it.
    fs::last_write_time(folder_ / "recipients.csv", fs::file_time_type::clock::now() - std::chrono::hours(1));
    fs::create_directories(folder_ / "content/drafts");
    write_draft("trust.md", "A question of trust");
    write_draft("why.md", "Why Friday");
    std::promise<void> ready;
    thread_ = std::thread([this, &ready] { run(ready); });
    ready.get_future().get();
    eventually([&] { return api_client(socket()).Get("/api/v1/status").error() == httplib::Error::Success; });
    eventually([&] { return json::serialize(get("timeline").body).find("Why Friday") != std::string::npos; });
  }
  ~WholeHouseTest() override {
    ::kill(::getpid(), SIGTERM);
    thread_.join();
    EXPECT_EQ(exit_, 0);
  }

  std::string socket() const { return folder_ / "control.sock"; }
  Reply get(const std::string& path) const { return reply_of(api_client(socket()).Get("/api/v1/" + path)); }
  Reply post(const std::string& path, const json::object& body = {}, const std::string& key = "") const {
    return post_to(socket(), path, json::serialize(body), key);
  }

  void write_draft(const std::string& name, const std::string& title) const {
    folder_.write(name, "---\ntitle: " + title + "\n---\nDear {{name|reader}}, all is well.\n");
    fs::rename(folder_ / name, folder_ / "content/drafts" / name);
  }

  // Asks again and again for half a minute.
  static void eventually(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << "what was waited for never came";
    }
  }
  // Until nothing of the post is under way.
  std::string outcome(const std::string& post) const {
    std::string state;
    eventually([&] { return (state = text(get("posts/" + post).body.at("state"))) != "publishing"; });
    return state;
  }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }

  std::string contents(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<std::string> mails() const {
    std::vector<std::string> all;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / "mailbox/new", none)) {
      std::ifstream in(entry.path(), std::ios::binary);
      all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return all;
  }

  support::TempFolder folder_;

 private:
  void run(std::promise<void>& ready) {
    boost::asio::io_context house;
    config::Faults faults;
    service::Service* running = nullptr;
    const service::Setup setup{folder_ / "fridayd.toml", folder_ / "clock"};
    service::Loaded loaded = service::load(
        setup, house.get_executor(),
        [&running]() -> store::StoreThread* { return running == nullptr ? nullptr : &running->store(); },
        faults);
    EXPECT_TRUE(faults.empty()) << faults.text();
    service::Service service(setup, house, std::move(loaded));
    running = &service;
    boost::asio::post(house, [&ready] { ready.set_value(); });
    exit_ = service.run();
  }

  std::thread thread_;
  int exit_ = -1;
};

TEST_F(WholeHouseTest, ADraftIsPublishedByHand) {
  const Reply plan = post("publish", {{"draft", "a-question-of-trust"}, {"dry_run", true}});
  ASSERT_EQ(plan.status, 200) << json::serialize(plan.body);
  EXPECT_TRUE(plan.body.at("post").is_null());
  EXPECT_EQ(plan.body.at("permalink"), "http://127.0.0.1:1/a-question-of-trust/");
  EXPECT_EQ(plan.body.at("channels").at(1).at("recipients"), 2);
  EXPECT_EQ(plan.body.at("channels").at(1).at("left_out"), 1);
  EXPECT_THAT(get("posts").body.at("items").as_array(), IsEmpty());

  const Reply done = post("publish", {{"draft", "a-question-of-trust"}}, "once");
  ASSERT_EQ(done.status, 200) << json::serialize(done.body);
  EXPECT_EQ(post("publish", {{"draft", "a-question-of-trust"}}, "once").body, done.body);
  EXPECT_EQ(outcome(text(done.body.at("post"))), "published");
  EXPECT_THAT(contents("site/a-question-of-trust/index.html"), HasSubstr("Dear reader, all is well."));
  EXPECT_THAT(mails(), SizeIs(2));
  EXPECT_THAT(get("posts").body.at("items").as_array(), SizeIs(1));
  EXPECT_EQ(post("publish", {{"draft", "d1"}}).status, 422);
}

TEST_F(WholeHouseTest, ToSomeChannelsOnlyTheyAreToldOfIt) {
  const Reply done = post("publish", {{"draft", "why-friday"}, {"channels", {"blog"}}});
  EXPECT_EQ(outcome(text(done.body.at("post"))), "published");
  EXPECT_THAT(get("posts/why-friday").body.at("deliveries").as_array(), SizeIs(1));
  EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(WholeHouseTest, ASlotTakenAheadLeavesThoseBeforeItOpen) {
  const Reply done = post("publish", {{"draft", "why-friday"}, {"slot", "2026-12-11"}});
  EXPECT_EQ(done.body.at("slot"), "friday 2026-12-11 08:00");
  eventually([&] {
    const json::array slots = get("timeline").body.at("slots").as_array();
    return slots.at(2).at("state") == "filled";
  });
  const json::array slots = get("timeline").body.at("slots").as_array();
  EXPECT_EQ(slots.at(0).at("date"), "2026-11-27");
  EXPECT_EQ(slots.at(0).at("title"), "A question of trust");
  EXPECT_EQ(slots.at(1).at("state"), "open");
  EXPECT_EQ(slots.at(2).at("post"), done.body.at("post"));
}

TEST_F(WholeHouseTest, WhileStoppedNothingLeavesAndAfterwardsItDoes) {
  EXPECT_THAT(post("stop").done(), HasSubstr("nothing more leaves"));
  EXPECT_EQ(get("status").body.at("well"), false);
  EXPECT_THAT(text(get("status").body.at("halted")), HasSubstr("ada"));
  const std::string id = text(post("publish", {{"draft", "why-friday"}}).body.at("post"));
  EXPECT_EQ(post("send-test", {{"draft", "a-question-of-trust"}, {"to", "me@example.org"}}).status, 409);
  EXPECT_EQ(get("posts/" + id).body.at("state"), "publishing");
  EXPECT_EQ(post("resume").done(), "at work again");
  EXPECT_EQ(outcome(id), "published");
  EXPECT_THAT(mails(), SizeIs(2));
}

TEST_F(WholeHouseTest, ASkippedSlotStaysFreeOfDrafts) {
  EXPECT_EQ(post("skip", {{"series", "friday"}, {"date", "2026-11-27"}}).done(),
            "friday 2026-11-27 08:00 is skipped");
  eventually([&] { return get("timeline").body.at("slots").at(0).at("state") == "skipped"; });
  EXPECT_EQ(get("timeline").body.at("slots").at(1).at("title"), "A question of trust");
  EXPECT_EQ(text(get("log?item=friday%202026-11-27").body.at("items").at(0).at("who")),
            who_asks(account_name(::getuid()), "ada"));
}

TEST_F(WholeHouseTest, ATestMailGoesToOneAddressAndNowhereElse) {
  const Reply sent = post("send-test", {{"draft", "why-friday"}, {"to", "me@example.org"}});
  EXPECT_EQ(sent.done(), "the test mail was accepted for me@example.org");
  ASSERT_THAT(mails(), SizeIs(1));
  EXPECT_THAT(mails().front(), HasSubstr("To: me@example.org"));
  EXPECT_THAT(get("posts").body.at("items").as_array(), IsEmpty());
  EXPECT_EQ(
      post("send-test", {{"draft", "why-friday"}, {"to", "me@example.org"}, {"channel", "blog"}}).status,
      404);
}

TEST_F(WholeHouseTest, WhoIsSuppressedIsNotWrittenTo) {
  EXPECT_EQ(post("suppress", {{"address", "R1@example.org"}}).status, 200);
  EXPECT_THAT(contents("suppressed.csv"), HasSubstr("@example.org"));
  EXPECT_EQ(post("suppress", {{"address", "nobody"}}).status, 422);
  const std::string id = text(post("publish", {{"draft", "why-friday"}}).body.at("post"));
  EXPECT_EQ(outcome(id), "published");
  ASSERT_THAT(mails(), SizeIs(1));
  EXPECT_THAT(mails().front(), HasSubstr("r2@example.org"));
}

TEST_F(WholeHouseTest, TheSiteIsRebuilt) {
  const std::string id =
      text(post("publish", {{"draft", "why-friday"}, {"channels", {"blog"}}}).body.at("post"));
  EXPECT_EQ(outcome(id), "published");
  const std::string page = contents("site/why-friday/index.html");
  fs::remove_all(folder_ / "site");
  EXPECT_EQ(post("rebuild").status, 200);
  EXPECT_EQ(contents("site/why-friday/index.html"), page);
  EXPECT_EQ(post("rebuild", {{"channel", "mail"}}).status, 404);
}

TEST_F(WholeHouseTest, NothingIsRebuiltWhileAllStandsStill) {
  post("stop");
  const Reply refused = post("rebuild");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.detail(), HasSubstr("stopped by"));
  EXPECT_FALSE(fs::exists(folder_ / "site"));
  post("resume");
  EXPECT_EQ(post("rebuild").status, 200);
}

TEST_F(WholeHouseTest, WhatWasGivenUpIsNamedAndCanBeBroughtBack) {
  post("stop");
  const std::string id = text(post("publish", {{"draft", "why-friday"}}).body.at("post"));
  EXPECT_EQ(post("posts/" + id + "/hold", {{"why", "a typo"}}).status, 200);
  const Reply stuck = get("status");
  EXPECT_EQ(stuck.body.at("stuck_count"), 2);
  EXPECT_EQ(stuck.body.at("stuck").at(0).at("face"), "on hold");
  const auto status_md = [&] { return contents("content/STATUS.md"); };
  eventually([&] { return status_md().find("Why Friday, " + id + " to blog") != std::string::npos; });
  EXPECT_THAT(status_md(), HasSubstr("a typo"));

  EXPECT_EQ(post("posts/" + id + "/cancel").status, 200);
  EXPECT_EQ(get("status").body.at("stuck_count"), 0);
  const Reply drafts = get("drafts");
  ASSERT_THAT(drafts.body.at("left").as_array(), SizeIs(1)) << json::serialize(drafts.body);
  EXPECT_EQ(drafts.body.at("left").at(0).at("path"), "why.md");
  EXPECT_THAT(text(drafts.body.at("left").at(0).at("why")),
              HasSubstr("cancelled; edit it or `fridayctl publish"));
  eventually([&] { return status_md().find("cancelled; edit it or") != std::string::npos; });

  post("resume");
  EXPECT_EQ(post("publish", {{"draft", "why-friday"}, {"channels", {"blog"}}}).status, 200);
  EXPECT_EQ(outcome("why-friday"), "published");
  eventually([&] { return !fs::exists(folder_ / "content/drafts/why.md"); });
  EXPECT_THAT(get("drafts").body.at("left").as_array(), IsEmpty());
}

TEST_F(WholeHouseTest, TheStoreIsCopiedWhileItIsInUse) {
  const std::string file = folder_ / "backup.db";
  EXPECT_EQ(post("backup", {{"file", file}}).done(), "the store was copied into " + file);
  EXPECT_THAT(contents("backup.db"), testing::StartsWith("SQLite format 3"));
  EXPECT_GE(post("backup", {{"file", file}}).status, 400) << "a file that is there is not written over";
}

TEST_F(WholeHouseTest, AConfigurationWithAFaultIsNotTaken) {
  folder_.write("fridayd.toml", std::string(kConfiguration) + "\n[series.friday2]\nzone = \"Mars/Base\"\n");
  const Reply refused = post("reload");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.detail(), HasSubstr("fridayd.toml:"));
  EXPECT_THAT(refused.detail(), HasSubstr("Mars/Base"));
  folder_.write("fridayd.toml", std::string(kConfiguration) +
                                    "\n[series.monday]\ntitle = \"Monday\"\nzone = \"Europe/Berlin\"\n"
                                    "schedule = \"Mon 09:00\"\nchannels = [\"blog\"]\n");
  EXPECT_EQ(post("reload").status, 200);
  eventually([&] { return json::serialize(get("timeline").body).find("monday") != std::string::npos; });
}

TEST_F(WholeHouseTest, AHeldDeliveryWaitsForAPerson) {
  post("stop");
  const std::string id = text(post("publish", {{"draft", "why-friday"}}).body.at("post"));
  EXPECT_THAT(post("posts/" + id + "/hold", {{"why", "a typo"}}).done(), HasSubstr("on hold"));
  post("resume");
  EXPECT_EQ(outcome(id), "held");
  EXPECT_THAT(text(get("posts/" + id).body.at("deliveries").at(0).at("reply")),
              HasSubstr("a typo (" + who_asks(account_name(::getuid()), "ada") + ')'));
  EXPECT_EQ(post("posts/why-friday/unhold").status, 200);
  eventually([&] { return get("posts/" + id).body.at("state") == "published"; });
  EXPECT_THAT(mails(), SizeIs(2));
}

}  // namespace
}  // namespace admin
