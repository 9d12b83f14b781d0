#include "admin/replays.h"

#include <future>
#include <memory>

#include "admin/json.h"
#include "intake/sha256.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace admin {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestKey = 255;

// The same for the same request, in whatever order its members came.
std::string fingerprint(const Request& request) {
  std::map<std::string, std::string> members;
  for (const auto& member : request.body) members[member.key()] = json::serialize(member.value());
  std::string text = request.path;
  for (const auto& [key, value] : members) text += '\n' + json::serialize(json::string(key)) + ':' + value;
  return intake::sha256_hex(text);
}

Response another_request() {
  return problem(422, "another request", "this Idempotency-Key was used for another request; make a new one");
}

// Durable when it returns.
template <class Work>
store::Result<void> write_and_wait(store::StoreThread& store, Work work) {
  auto promise = std::make_shared<std::promise<store::Result<void>>>();
  store.write(std::move(work),
              [promise](store::Result<void> result) { promise->set_value(std::move(result)); });
  return promise->get_future().get();
}

}  // namespace

Response Replays::once(const Request& request, bool acts_elsewhere,
                       const std::function<Response(const Request&)>& act) {
  if (request.method != "POST" || request.idempotency_key.empty()) return act(request);
  if (request.idempotency_key.size() > kLongestKey) {
    return problem(400, "bad request", "an Idempotency-Key has at most 255 characters");
  }
  const Key key{request.who, request.idempotency_key};
  const std::string print = fingerprint(request);
  {
    const std::lock_guard lock(mutex_);
    const auto [found, fresh] = under_way_.emplace(key, print);
    if (!fresh && found->second != print) return another_request();
    if (!fresh) return problem(409, "not possible now", "the same request is still under way");
  }
  Response response = answer(request, print, acts_elsewhere, act);
  const std::lock_guard lock(mutex_);
  under_way_.erase(key);
  return response;
}

Response Replays::answer(const Request& request, const std::string& print, bool acts_elsewhere,
                         const std::function<Response(const Request&)>& act) {
  const std::string& who = request.who;
  const std::string& key = request.idempotency_key;
  const model::Instant now = clock_.now();
  std::optional<store::KeptAnswer> kept;
  try {
    kept = store_.read([&](store::Store& store) { return store.kept_answer(who, key, now); });
  } catch (const std::exception& error) {
    return problem(503, "the store is not well", error.what());
  }
  if (kept && kept->request != print) return another_request();
  if (kept && kept->status == 0) {
    return problem(409, "not known",
                   "fridayd ended while it did this, so it may have been done; look before you ask again");
  }
  if (kept) return {kept->status, json::parse(kept->body)};

  const auto keep = [who, key, print, now](store::Store& store, int status, json::value body) {
    make_legible(body);
    store.keep_answer(who, key, {print, status, json::serialize(body), now});
  };
  if (acts_elsewhere) {
    const auto noted = write_and_wait(store_, [keep](store::Store& store) { keep(store, 0, nullptr); });
    // It could be done twice.
    if (!noted) return problem(503, "the store is not well", noted.error().what);
  }
  Request keeping = request;
  keeping.keep = [keep](store::Store& store, const json::object& body) { keep(store, 200, body); };
  Response response = act(keeping);
  runtime::crash_point("answer");
  // It is done either way: an answer that can't be kept is still an answer.
  store::Result<void> kept_now;
  if (response.status < 500) {
    kept_now = write_and_wait(store_, [keep, status = response.status, body = response.body](
                                          store::Store& store) { keep(store, status, body); });
  } else if (acts_elsewhere) {
    kept_now = write_and_wait(store_, [who, key](store::Store& store) { store.forget_answer(who, key); });
  }
  if (!kept_now) spdlog::error("the answer to a request can't be kept: {}", kept_now.error().what);
  return response;
}

}  // namespace admin
