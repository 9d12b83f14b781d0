#include "service/stop_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

namespace service {
namespace {

constexpr std::chrono::seconds kPeriod{1};

}  // namespace

std::optional<bool> stop_file_in(const std::filesystem::path& content) {
  const int folder = ::open(content.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return std::nullopt;
  struct stat status{};
  std::optional<bool> present;
  if (::fstatat(folder, "STOP", &status, AT_SYMLINK_NOFOLLOW) == 0) {
    present = true;
  } else if (errno == ENOENT && ::fstatat(folder, "drafts", &status, 0) == 0) {
    present = false;
  }
  ::close(folder);
  return present;
}

StopFile::StopFile(const boost::asio::any_io_executor& house, boost::asio::thread_pool& workers,
                   std::filesystem::path content, std::function<void(bool)> seen)
    : workers_(workers), content_(std::move(content)), seen_(std::move(seen)), timer_(house) {}

void StopFile::start() {
  if (const auto present = stop_file_in(content_)) seen_(*present);
  look_later();
}

void StopFile::stop() {
  *alive_ = false;
  timer_.cancel();
}

void StopFile::look_later() {
  timer_.expires_after(kPeriod);
  timer_.async_wait([this, alive = alive_](boost::system::error_code error) {
    if (!error && *alive) look();
  });
}

void StopFile::look() {
  boost::asio::post(workers_, [this, alive = alive_, content = content_, house = timer_.get_executor()] {
    const auto present = stop_file_in(content);
    boost::asio::post(house, [this, alive, present] {
      if (!*alive) return;
      if (present) seen_(*present);
      look_later();
    });
  });
}

}  // namespace service
