// Looks each second whether a file named STOP lies in the shared folder, on a worker: the folder may be on a
// network that hangs.
//
// House thread only.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace service {

// Nothing: the folder can't be seen, or is only the place where a share is mounted. Blocking.
std::optional<bool> stop_file_in(const std::filesystem::path& content);

class StopFile {
 public:
  // `seen` is called whenever the folder could be seen.
  StopFile(const boost::asio::any_io_executor& house, boost::asio::thread_pool& workers,
           std::filesystem::path content, std::function<void(bool present)> seen);

  // The first look is made before this returns.
  void start();
  void stop();

 private:
  void look_later();
  void look();

  boost::asio::thread_pool& workers_;
  const std::filesystem::path content_;
  std::function<void(bool)> seen_;
  boost::asio::steady_timer timer_;
  // A look outlives whoever asked for it.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace service
