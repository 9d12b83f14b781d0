// How the store fails. Store functions throw StoreFailure; StoreThread hands it on as a value.
#pragma once

#include <stdexcept>
#include <string>

namespace store {

enum class Failure {
  conflict,     // somebody was faster: the occurrence is decided, the slug taken, the draft changed
  stale_fence,  // the claim that this write stands on was taken over
  not_found,
  not_allowed,  // the item's state does not permit it; what() says why, for people
  full,         // no space: nothing was written, try again later
  io,           // the disk failed: no further write is tried, the process must end
  closed,       // the store is stopping
  other,
};

class StoreFailure : public std::runtime_error {
 public:
  StoreFailure(Failure kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Failure kind() const { return kind_; }

 private:
  Failure kind_;
};

struct StoreError {
  Failure kind = Failure::other;
  std::string what;
};

}  // namespace store
