// POSTs that come a second time because their answer was lost: the same Idempotency-Key of the same person
// within a day gets the first answer, and nothing is done again, not even after a crash: where the effect is
// one of the store's, the answer is kept in its transaction (Request::keep).
//
// An answer that says "try again" (5xx) is none. Thread-safe; blocks for the store.
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
  Replays(store::StoreThread& store, const model::Clock& clock) : store_(store), clock_(clock) {}

  // 409 while the first is under way, 422 where the key stands for another request. `act` does not throw.
  // `acts_elsewhere`: that it was begun is noted first; begun and not answered, it is not begun again.
  Response once(const Request& request, bool acts_elsewhere,
                const std::function<Response(const Request&)>& act);

 private:
  using Key = std::pair<std::string, std::string>;  // who, key
  Response answer(const Request& request, const std::string& print, bool acts_elsewhere,
                  const std::function<Response(const Request&)>& act);

  store::StoreThread& store_;
  const model::Clock& clock_;
  std::mutex mutex_;
  std::map<Key, std::string> under_way_;  // with the fingerprint of the request
};

}  // namespace admin
