// Why rows of a list get no mail, counted: for a mailing that would reach nobody. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace mailing {

class LeftOut {
 public:
  void add(const std::string& why, std::size_t rows);
  std::size_t rows() const { return rows_; }
  // The commonest, "the state is 'gone' (3), it has no @ (1)".
  std::string reasons() const;

 private:
  std::map<std::string, std::size_t> by_reason_;
  std::size_t rows_ = 0;
};

}  // namespace mailing
