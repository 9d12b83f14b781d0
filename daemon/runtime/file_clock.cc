#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include "runtime/wall_clock.h"

namespace runtime {
namespace {

namespace asio = boost::asio;

std::optional<model::Instant> read_instant(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return model::parse_rfc3339(line);
}

class FileWallClock final : public WallClock {
 public:
  FileWallClock(const asio::any_io_executor& executor, std::filesystem::path file)
      : file_(std::move(file)), descriptor_(executor, ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    const auto folder = file_.has_parent_path() ? file_.parent_path() : std::filesystem::path(".");
    const int watch =
        ::inotify_add_watch(descriptor_.native_handle(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
    const auto instant = read_instant(file_);
    if (watch < 0 || !instant) {
      throw std::runtime_error(file_.string() +
                               ": holds no instant; write one as RFC 3339, such as 2026-11-27T12:59:00Z");
    }
    now_ = instant->time_since_epoch().count();
    listen();
  }

  model::Instant now() const override { return model::Instant(model::milliseconds(now_.load())); }

  void set_alarm(model::Instant due, std::function<void()> wake) override {
    wake_ = std::move(wake);
    ++round_;
    if (due > now()) return;
    asio::post(descriptor_.get_executor(), [this, round = round_] {
      if (round == round_ && wake_) wake_();
    });
  }

  void cancel() override {
    wake_ = nullptr;
    descriptor_.cancel();
  }

 private:
  void listen() {
    descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code error) {
      if (error) return;
      std::array<char, 4096> events{};
      while (::read(descriptor_.native_handle(), events.data(), events.size()) > 0) continue;
      listen();
      const auto instant = read_instant(file_);
      if (!instant || *instant == now()) return;
      now_ = instant->time_since_epoch().count();
      const auto wake = wake_;
      if (wake) wake();
    });
  }

  std::filesystem::path file_;
  asio::posix::stream_descriptor descriptor_;
  std::atomic<model::milliseconds::rep> now_{0};
  std::function<void()> wake_;
  std::uint64_t round_ = 0;
};

}  // namespace

std::unique_ptr<WallClock> make_file_clock(asio::any_io_executor executor,
                                           const std::filesystem::path& file) {
  return std::make_unique<FileWallClock>(executor, file);
}

}  // namespace runtime
