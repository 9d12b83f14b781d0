#include "cli/client.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <random>
#include <thread>

#include <httplib.h>

namespace cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// How long a daemon that went away in the midst of a request is waited for: systemd starts it after 5 s.
constexpr auto kComesBack = 15s;
constexpr auto kBeat = 100ms;

std::string account() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::getuid());
}

Reply answered(const httplib::Result& result, const std::string& socket) {
  Reply reply;
  if (!result) {
    const bool forbidden = ::access(socket.c_str(), F_OK) == 0 && ::access(socket.c_str(), W_OK) != 0;
    if (forbidden) {
      reply.status = 403;
      reply.detail = socket + ": permission denied; become a member of the group fridayd-admin";
    } else {
      reply.detail = "fridayd does not answer at " + socket + "; is it running? (systemctl status fridayd)";
    }
    return reply;
  }
  reply.status = result->status;
  reply.text = result->body;
  boost::system::error_code error;
  const json::value body = json::parse(result->body, error);
  if (!error && body.is_object()) reply.body = body.as_object();
  if (reply.ok()) return reply;
  const json::value* detail = reply.body.if_contains("detail");
  reply.detail = detail != nullptr && detail->is_string()
                     ? std::string(detail->as_string())
                     : "fridayd answered " + std::to_string(reply.status);
  return reply;
}

httplib::Client connect(const std::string& socket) {
  httplib::Client client(socket);
  client.set_address_family(AF_UNIX);
  client.set_connection_timeout(5);
  client.set_read_timeout(600);
  client.set_default_headers({{"Host", "localhost"}, {"Fridayd-Account", account()}});
  return client;
}

std::string fresh_key() {
  constexpr const char* kHex = "0123456789abcdef";
  constexpr int kDigits = 32;
  std::random_device random;
  std::string key;
  for (int i = 0; i < kDigits; ++i) key += kHex[random() % 16];
  return key;
}

// The request left, or part of it, and its answer never came.
bool lost(const httplib::Result& result) {
  return !result && (result.error() == httplib::Error::Read || result.error() == httplib::Error::Write);
}

// Nobody is there.
bool refused(const httplib::Result& result) {
  return !result && result.error() == httplib::Error::Connection;
}

}  // namespace

Reply Client::get(const std::string& path) const {
  return answered(connect(socket_).Get(path), socket_);
}

Reply Client::post(const std::string& path, const json::object& body) const {
  const httplib::Headers headers{{"Idempotency-Key", fresh_key()}};
  const auto send = [&] {
    return connect(socket_).Post(path, headers, json::serialize(body), "application/json");
  };
  const httplib::Result first = send();
  if (!lost(first)) return answered(first, socket_);
  httplib::Result second = send();
  const auto limit = std::chrono::steady_clock::now() + kComesBack;
  // The one that is going down may still take a connection.
  while ((refused(second) || lost(second)) && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(kBeat);
    second = send();
  }
  Reply reply = answered(second, socket_);
  reply.unknown = !second;
  if (reply.unknown) {
    reply.detail =
        "the connection broke, and whether it was done is not known; look at `fridayctl log` before you ask "
        "again";
  }
  return reply;
}

int exit_code(const Reply& reply) {
  if (reply.ok()) return kDone;
  if (reply.unknown) return kUncertain;
  switch (reply.status) {
    case 0:
      return kNoDaemon;
    case 403:
      return kNotPermitted;
    case 400:
      return kUsage;
    case 503:
      return kTryAgain;
    default:
      return kProblems;
  }
}

std::string url_encode(const std::string& text) {
  constexpr const char* kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~' || c == '/';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace cli
