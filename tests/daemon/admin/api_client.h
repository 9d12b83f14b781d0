// A client of the API, as fridayctl is one.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>

#include <boost/json.hpp>
#include <string>

namespace admin {

namespace json = boost::json;

class Reply {
 public:
  int status = 0;
  std::string type;
  json::object body;
  std::string allow;

  std::string detail() const { return member("detail"); }
  std::string title() const { return member("title"); }
  std::string done() const { return member("done"); }

 private:
  // The whole body, where it has none.
  std::string member(const char* key) const {
    const json::value* const value = body.if_contains(key);
    return value != nullptr ? std::string(value->as_string()) : json::serialize(body);
  }
};

inline httplib::Client api_client(const std::string& socket) {
  httplib::Client client(socket);
  client.set_address_family(AF_UNIX);
  client.set_read_timeout(30);
  client.set_default_headers({{"Host", "localhost"}, {"Fridayd-Account", "ada"}});
  return client;
}

inline Reply reply_of(const httplib::Result& result) {
  if (!result) {
    ADD_FAILURE() << "no answer: " << httplib::to_string(result.error());
    return {};
  }
  Reply reply;
  reply.status = result->status;
  reply.type = result->get_header_value("Content-Type");
  reply.allow = result->get_header_value("Allow");
  if (!result->body.empty()) reply.body = json::parse(result->body).as_object();
  return reply;
}

inline Reply post_to(const std::string& socket, const std::string& path, const std::string& body,
                     const std::string& key) {
  httplib::Headers headers;
  if (!key.empty()) headers.emplace("Idempotency-Key", key);
  return reply_of(api_client(socket).Post("/api/v1/" + path, headers, body, "application/json"));
}

}  // namespace admin
