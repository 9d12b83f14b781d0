#include "admin/replays.h"

#include <algorithm>

namespace admin {
namespace {

constexpr auto kKept = std::chrono::hours(24);
constexpr std::size_t kMost = 1000;
constexpr std::size_t kLongestKey = 255;

}  // namespace

Response Replays::once(const Request& request, const std::function<Response()>& act) {
  if (request.method != "POST" || request.idempotency_key.empty()) return act();
  if (request.idempotency_key.size() > kLongestKey) {
    return problem(400, "bad request", "an Idempotency-Key has at most 255 characters");
  }
  const Key key{request.who, request.idempotency_key};
  if (auto answer = known(key, request)) return std::move(*answer);
  Response answer = act();
  const std::lock_guard lock(mutex_);
  if (answer.status >= 500) {
    entries_.erase(key);
  } else {
    entries_[key].answer = answer;
  }
  return answer;
}

// Nothing: it is the first, and noted as being under way.
std::optional<Response> Replays::known(const Key& key, const Request& request) {
  const std::lock_guard lock(mutex_);
  const model::Instant now = clock_.now();
  std::erase_if(entries_, [&](const auto& each) {
    const Entry& entry = each.second;
    return entry.answer && (now - entry.at >= kKept || entry.at - now >= kKept);
  });
  const auto [found, fresh] = entries_.try_emplace(key);
  Entry& entry = found->second;
  if (fresh) {
    entry = {request.path, request.body, std::nullopt, now};
    if (entries_.size() > kMost) forget_oldest();
    return std::nullopt;
  }
  if (entry.path != request.path || entry.body != request.body) {
    return problem(422, "another request",
                   "this Idempotency-Key was used for another request; make a new one");
  }
  if (!entry.answer) return problem(409, "not possible now", "the same request is still under way");
  return entry.answer;
}

void Replays::forget_oldest() {
  const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
    return std::pair(!a.second.answer, a.second.at) < std::pair(!b.second.answer, b.second.at);
  });
  if (oldest->second.answer) entries_.erase(oldest);
}

}  // namespace admin
