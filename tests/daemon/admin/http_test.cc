// The socket and what is HTTP about the API.
#include <sys/stat.h>

#include <fstream>

#include "api_fixture.h"

namespace admin {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST_F(ApiTest, TheSocketIsForOwnerAndGroup) {
  struct stat info{};
  ASSERT_EQ(::lstat(socket().c_str(), &info), 0);
  EXPECT_TRUE(S_ISSOCK(info.st_mode));
  EXPECT_EQ(info.st_mode & 07777, 0660u);
}

TEST_F(ApiTest, AStaleSocketIsReplacedAndTheEndTakesItsOwnAway) {
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket()));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
  const int stale = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(stale);
  server_ = std::make_unique<Server>(house(), socket(), "fridayd-admin", std::nullopt);
  EXPECT_EQ(get("status").status, 200);
}

TEST_F(ApiTest, AFileInTheSocketsPlaceIsLeftAlone) {
  const auto file = folder_ / "notes.txt";
  folder_.write("notes.txt", "mine");
  try {
    const Server server(house(), file, "fridayd-admin", std::nullopt);
    FAIL() << "it listens";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), file.string() + ": is there already, and is no socket");
  }
  std::ifstream in(file);
  std::string text;
  in >> text;
  EXPECT_EQ(text, "mine");
}

TEST_F(ApiTest, APathThatIsTooLongForASocketIsToldAndNotCut) {
  const auto path = folder_ / std::string(120, 's');
  EXPECT_THROW(Server(house(), path, "fridayd-admin", std::nullopt), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ApiTest, ADescriptorThatWasHandedOverIsServedAndLeft) {
  const std::string path = folder_ / "activated.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(descriptor, 8), 0);
  {
    const Server activated(house(), folder_ / "unused.sock", "fridayd-admin", descriptor);
    httplib::Client other(path);
    other.set_address_family(AF_UNIX);
    EXPECT_EQ(other.Get("/api/v1/status")->status, 200);
  }
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "unused.sock"));
}

TEST_F(ApiTest, WhatIsNoAddressIsNotFound) {
  for (const char* path :
       {"/", "/api", "/api/v1", "/api/v1/", "/api/v2/status", "/api/v1/nothing", "/api/v1/status/more",
        "/api/v1/deliveries//", "/api/v1//drafts", "/favicon.ico"}) {
    const Reply reply = reply_of(client().Get(path));
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(reply.type, "application/problem+json") << path;
    EXPECT_EQ(reply.title(), "not found") << path;
  }
}

TEST_F(ApiTest, AMethodThatAPathDoesNotHaveIsNamedWithThoseThatItHas) {
  Reply reply = get("stop");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.allow, "POST");
  EXPECT_EQ(reply.detail(), "GET is not for /api/v1/stop");
  reply = post("timeline");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.allow, "GET");
  EXPECT_EQ(reply_of(client().Put("/api/v1/stop", "{}", "application/json")).status, 405);
  EXPECT_EQ(reply_of(client().Patch("/api/v1/drafts/d1", "{}", "application/json")).status, 405);
  EXPECT_EQ(reply_of(client().Delete("/api/v1/posts/p1")).status, 405);
  EXPECT_EQ(reply_of(client().Options("/api/v1/timeline")).status, 405);
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ApiTest, HeadIsGetWithoutItsBody) {
  const auto result = client().Head("/api/v1/status");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(result->body, "");
  EXPECT_EQ(client().Head("/api/v1/stop")->status, 405);
  EXPECT_EQ(client().Head("/api/v1/events")->status, 200);
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ApiTest, ABodyThatIsNoJsonObjectIsRefused) {
  for (const char* body : {"{", "[]", "\"stop\"", "stop", "{}{}", "{\"a\":1,}", "{\"why\":\"\xFF\"}"}) {
    const Reply reply = post_text("stop", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(reply.detail(), "the body is not a JSON object");
  }
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "{\"a\":";
  EXPECT_EQ(post_text("stop", deep).status, 400);
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_EQ(post_text("stop", "").status, 200) << "none at all is an empty one";
}

TEST_F(ApiTest, ABodyHasItsLimit) {
  const std::string begin = R"({"file": ")";
  const std::string end = "\"}";
  const auto body = [&](std::size_t size) {
    return begin + std::string(size - begin.size() - end.size(), 'x') + end;
  };
  EXPECT_EQ(post_text("backup", body(1u << 20)).status, 200);
  const Reply reply = post_text("backup", body((1u << 20) + 1));
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.type, "application/problem+json");
  EXPECT_EQ(reply.detail(), "a body has at most 1 MiB");
  EXPECT_EQ(calls().size(), 1u);
}

TEST_F(ApiTest, HeadersHaveTheirLimit) {
  const auto request = [](int headers) {
    std::string text = "GET /api/v1/status HTTP/1.1\r\n";
    for (int i = 0; i < headers; ++i) text += "X-" + std::to_string(i) + ": x\r\n";
    return text + "\r\n";
  };
  EXPECT_THAT(raw(request(90)), StartsWith("HTTP/1.1 200"));
  const std::string refused = raw(request(101));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(refused, HasSubstr("application/problem+json"));
  EXPECT_THAT(refused, HasSubstr("\"at most 100 are taken\""));
}

TEST_F(ApiTest, AnEncodedBodyIsRefusedUnread) {
  EXPECT_THAT(raw("POST /api/v1/stop HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
              StartsWith("HTTP/1.1 415"));
  EXPECT_THAT(raw("POST /api/v1/stop HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 411"));
  EXPECT_THAT(raw("POST /api/v1/stop HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 411"))
      << "without a length its end would have to be waited for";
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ApiTest, WhatFollowsARefusedRequestIsNoRequest) {
  const std::string smuggled = "POST /api/v1/stop HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
  raw("POST /api/v1/reload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled);
  raw("GET /api/v1/status HTTP/1.1\r\n\r\n" + smuggled);
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ApiTest, WhatIsNoHttpIsRefused) {
  EXPECT_THAT(raw("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(raw("BREW /api/v1/status HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(raw("GET /api/v1/" + std::string(9000, 'x') + " HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 414"));
}

TEST_F(ApiTest, AnswersAreNotKept) {
  EXPECT_EQ(client().Get("/api/v1/status")->get_header_value("Cache-Control"), "no-store");
}

TEST_F(ApiTest, WhenTheStoreFailsTheCallerIsToldToTryAgain) {
  meanwhile_ = [] { throw store::StoreFailure(store::Failure::full, "no space is left"); };
  Reply reply = post("stop");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.detail(), "no space is left");
  meanwhile_ = [] { throw std::runtime_error("a fault"); };
  reply = post("stop");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.title(), "an error in fridayd");
}

TEST_F(ApiTest, ManyAskAtOnce) {
  publish("one");
  std::vector<std::thread> askers;
  std::atomic<int> well = 0;
  for (int i = 0; i < 12; ++i) {
    askers.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        if (get("posts/one").status == 200 && post("deliveries/v1/hold", {{"why", "x"}}).status != 0) ++well;
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(well, 240);
}

}  // namespace
}  // namespace admin
