#include "service/generations.h"

#include <exception>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "runtime/log.h"
#include "service/state_folder.h"

namespace service {
namespace {

// What went wrong, or "". Blocking.
std::string written(const std::filesystem::path& folder, std::int64_t generation) {
  try {
    write_generation(folder, generation);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

Generations::Generations(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                         store::StoreThread& store, std::filesystem::path folder)
    : house_(std::move(house)), workers_(workers), store_(store), folder_(std::move(folder)) {}

void Generations::raise() {
  again_ = raising_;
  if (std::exchange(raising_, true)) return;
  if (unwritten_) return write(*unwritten_);
  store_.write([](store::Store& store) { return store.next_generation(); },
               [this, alive = alive_](const store::Result<std::int64_t>& generation) {
                 if (!*alive) return;
                 // What the store can't write now can't leave now either.
                 if (!generation) return over();
                 unwritten_ = *generation;
                 write(*generation);
               });
}

void Generations::write(std::int64_t generation) {
  boost::asio::post(workers_, [this, alive = alive_, house = house_, folder = folder_, generation] {
    std::string fault = written(folder, generation);
    boost::asio::post(house, [this, alive, fault = std::move(fault)] {
      if (!*alive) return;
      if (fault.empty()) {
        unwritten_.reset();
      } else {
        spdlog::error("the number that tells a restored store can't be written: {}", fault);
      }
      over();
    });
  });
}

void Generations::over() {
  raising_ = false;
  if (std::exchange(again_, false)) raise();
}

}  // namespace service
