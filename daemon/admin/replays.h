// POSTs that come a second time because their answer was lost: the same Idempotency-Key of the same person
// within a day gets the first answer, and nothing is done again.
//
// Remembered while the process runs, the last thousand. An answer that says "try again" (5xx) is none.
// Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "admin/routes.h"

namespace admin {

class Replays {
 public:
  explicit Replays(const model::Clock& clock) : clock_(clock) {}

  // 409 while the first is under way, 422 where the key stands for another request. `act` does not throw.
  Response once(const Request& request, const std::function<Response()>& act);

 private:
  using Key = std::pair<std::string, std::string>;  // who, key
  struct Entry {
    std::string path;
    boost::json::object body;
    std::optional<Response> answer;
    model::Instant at{};
  };
  std::optional<Response> known(const Key& key, const Request& request);
  void forget_oldest();

  const model::Clock& clock_;
  std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

}  // namespace admin
