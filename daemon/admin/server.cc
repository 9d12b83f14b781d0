#include "admin/server.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <httplib.h>

#include "admin/peer.h"
#include "admin/socket.h"

namespace admin {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kThreads = 16;
constexpr int kMostStreams = 8;  // each keeps a thread
constexpr std::size_t kMostBody = 1u << 20;
constexpr std::size_t kMostHeaders = 100;
constexpr auto kPatience = 5s;
constexpr auto kBeat = 200ms;
constexpr auto kStreamPeriod = 250ms;
constexpr auto kStreamSilence = 15s;  // after that a comment shows whether the client is still there

// cpp-httplib takes a listening descriptor only from within.
class AdoptingServer final : public httplib::Server {
 public:
  explicit AdoptingServer(NameOf name_of) : name_of_(std::move(name_of)) {}
  void adopt(int descriptor) { svr_sock_ = descriptor; }
  // Ends the loop within a beat. stop() would shut the socket down, which is systemd's as well.
  void let_go() { ::close(svr_sock_.exchange(INVALID_SOCKET)); }

 private:
  // One request per connection: what is left of a refused one is never read as another, and an idle client
  // keeps no thread.
  bool process_and_close_socket(socket_t descriptor) override {
    PeerStream stream(descriptor, kPatience, name_of_);
    bool closed = false;
    const bool done = process_request(stream, true, closed, nullptr);
    ::shutdown(descriptor, SHUT_RDWR);
    ::close(descriptor);
    return done;
  }

  NameOf name_of_;
};

// The query by hand: the library loses what stands before a second "=".
std::map<std::string, std::string> parse_query(const std::string& target) {
  std::map<std::string, std::string> query;
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return query;
  std::size_t at = mark + 1;
  while (at < target.size()) {
    const std::size_t end = std::min(target.find('&', at), target.size());
    const std::string pair = target.substr(at, end - at);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string value = pair.substr(std::min(equals + 1, pair.size()));
    if (!pair.empty()) {
      query[httplib::detail::decode_url(pair.substr(0, equals), true)] =
          httplib::detail::decode_url(value, true);
    }
    at = end + 1;
  }
  return query;
}

void send(const Response& response, httplib::Response& out) {
  out.status = response.status;
  if (!response.allow.empty()) out.set_header("Allow", response.allow);
  out.set_header("Cache-Control", "no-store");
  out.set_content(json::serialize(response.body) + '\n',
                  response.status < 400 ? "application/json" : "application/problem+json");
}

// What is refused before the body is read, or nothing.
std::optional<Response> refuse_head(const httplib::Request& request) {
  if (request.headers.size() > kMostHeaders) {
    return problem(431, "too many headers", "at most " + std::to_string(kMostHeaders) + " are taken");
  }
  if (request.has_header("Content-Encoding")) {
    return problem(415, "unsupported media type", "a Content-Encoding is not taken");
  }
  const bool has_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (request.has_header("Transfer-Encoding") || (has_body && !request.has_header("Content-Length"))) {
    return problem(411, "length required", "send a Content-Length, and no Transfer-Encoding");
  }
  return std::nullopt;
}

// What the library refuses by itself.
Response refused_by_library(int status) {
  switch (status) {
    case 404:
      return problem(404, "not found", "this is no address of this API");
    case 413:
      return problem(413, "content too large", "a body has at most 1 MiB");
    case 414:
      return problem(414, "URI too long", "an address has at most 8 KiB");
    default:
      return problem(status, status < 500 ? "bad request" : "an error in fridayd",
                     "the request was not understood");
  }
}

}  // namespace

struct Server::Impl {
  Routes routes;
  AdoptingServer http;
  std::thread thread;
  std::filesystem::path own_socket;
  std::atomic<int> streams{0};
  std::mutex mutex;
  std::condition_variable stop_wanted;
  bool stopping = false;  // protected by mutex

  Impl(House house, NameOf name_of) : routes(std::move(house)), http(std::move(name_of)) {}

  void serve(const httplib::Request& in, httplib::Response& out) {
    Request request;
    request.method = in.method == "HEAD" ? "GET" : in.method;
    request.path = in.path;
    request.query = parse_query(in.target);
    request.who = who_asks(in.remote_addr, in.get_header_value("Fridayd-Account"));
    request.idempotency_key = in.get_header_value("Idempotency-Key");
    if (const std::string last = in.get_header_value("Last-Event-ID"); !last.empty()) {
      request.query.try_emplace("after", last);
    }
    boost::system::error_code error;
    const json::value body = in.body.empty() ? json::value(json::object()) : json::parse(in.body, error);
    if (error || !body.is_object()) {
      return send(problem(400, "bad request", "the body is not a JSON object"), out);
    }
    request.body = body.as_object();
    Response response = routes.handle(request);
    if (!response.stream) return send(response, out);
    if (in.method != "HEAD") stream(std::move(response.stream), out);
  }

  void stream(std::shared_ptr<Stream> source, httplib::Response& out) {
    const std::shared_ptr<void> place(nullptr, [this](void*) { --streams; });
    if (++streams > kMostStreams) {
      return send(problem(503, "too many listeners", "at most 8 listen to events at a time"), out);
    }
    out.set_header("Cache-Control", "no-store");
    out.set_chunked_content_provider(
        "text/event-stream", [this, place, source = std::move(source)](std::size_t, httplib::DataSink& sink) {
          const std::string text = wait_for(*source);
          if (text.empty()) {
            sink.done();
            return true;
          }
          return sink.write(text.data(), text.size());
        });
  }

  // What is to be sent next; empty: nothing more comes.
  std::string wait_for(Stream& source) {
    const auto silence_ends = std::chrono::steady_clock::now() + kStreamSilence;
    std::unique_lock lock(mutex);
    while (!stopping) {
      lock.unlock();
      try {
        std::string text = source.next();
        if (!text.empty()) return text;
      } catch (const std::exception&) {
        return {};
      }
      lock.lock();
      stop_wanted.wait_for(lock, kStreamPeriod, [this] { return stopping; });
      if (std::chrono::steady_clock::now() >= silence_ends) return ": still here\n\n";
    }
    return {};
  }
};

Server::Server(House house, const std::filesystem::path& socket, const std::string& group,
               std::optional<int> activated, NameOf name_of)
    : impl_(std::make_unique<Impl>(std::move(house), std::move(name_of))) {
  AdoptingServer& http = impl_->http;
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  http.set_payload_max_length(kMostBody);
  http.set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
    const auto refused = refuse_head(request);
    if (!refused) return httplib::Server::HandlerResponse::Unhandled;
    send(*refused, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  http.set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
    response.status = 500;
  });
  http.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty()) send(refused_by_library(response.status), response);
  });
  const auto serve = [this](const httplib::Request& in, httplib::Response& out) { impl_->serve(in, out); };
  http.Get(".*", serve);
  http.Post(".*", serve);
  http.Put(".*", serve);
  http.Patch(".*", serve);
  http.Delete(".*", serve);
  http.Options(".*", serve);
  if (activated) http.set_idle_interval(kBeat);
  http.adopt(activated ? *activated : listen_on(socket, group));
  if (!activated) impl_->own_socket = socket;
  impl_->thread = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "admin");
    impl_->http.listen_after_bind();
  });
  // stop() has no effect on a server that does not run yet.
  while (!impl_->http.is_running()) std::this_thread::yield();
}

Server::~Server() {
  stop();
}

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->stop_wanted.notify_all();
  if (impl_->own_socket.empty()) {
    impl_->http.let_go();
  } else {
    impl_->http.stop();
  }
  impl_->thread.join();
  if (!impl_->own_socket.empty()) ::unlink(impl_->own_socket.c_str());
}

}  // namespace admin
