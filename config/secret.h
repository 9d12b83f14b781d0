// A value that must not be shown: prints as ***, has no implicit conversion, is wiped when destroyed.
#pragma once

#include <ostream>
#include <string>

namespace config {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) = default;
  ~Secret();

  // For the one place that hands it to the far end.
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) {
  return out << "***";
}

}  // namespace config
