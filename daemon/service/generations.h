// Raises the number that store and state folder have in common whenever something may leave that can't be
// called back: a copy of the store that was taken before is known by its lower number, even if it comes back
// in the same run.
//
// House thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "store/store_thread.h"

namespace service {

class Generations {
 public:
  Generations(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
              store::StoreThread& store, std::filesystem::path folder);
  ~Generations() { *alive_ = false; }
  Generations(const Generations&) = delete;
  Generations& operator=(const Generations&) = delete;

  // Returns at once; what is asked for while one is under way is one more.
  void raise();

 private:
  void write(std::int64_t generation);
  void over();

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  store::StoreThread& store_;
  const std::filesystem::path folder_;
  // In the store and not beside it: the store is never more than one ahead.
  std::optional<std::int64_t> unwritten_;
  bool raising_ = false;
  bool again_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace service
