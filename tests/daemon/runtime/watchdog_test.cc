// What systemd hears of the watchdog, on a socket in its place.
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>

#include "runtime/systemd.h"
#include "support/temp_folder.h"

namespace runtime {
namespace {

using namespace std::chrono_literals;

class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    const std::string path = (folder_ / "notify").string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("no socket");
    }
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "60000", 1);
  }
  ~WatchdogTest() override {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    ::close(socket_);
  }
  int beats() const {
    int count = 0;
    char text[64];
    for (ssize_t size = 0; (size = ::recv(socket_, text, sizeof text, 0)) > 0;) {
      count += std::string(text, static_cast<std::size_t>(size)) == "WATCHDOG=1" ? 1 : 0;
    }
    return count;
  }

  support::TempFolder folder_;
  int socket_;
  boost::asio::io_context loop_;
};

TEST_F(WatchdogTest, SpeaksAsLongAsAllIsWellAndAgainOnceItIs) {
  bool well = true;
  int asked = 0;
  Watchdog watchdog(loop_.get_executor(), [&] {
    ++asked;
    return well;
  });
  const auto ask_times = [&](int times) {
    for (const int until = asked + times; asked < until;) loop_.run_one();
  };
  ask_times(3);
  EXPECT_EQ(beats(), 4);  // the first at once
  well = false;
  ask_times(3);
  EXPECT_EQ(beats(), 0);
  well = true;
  ask_times(1);
  EXPECT_EQ(beats(), 1);
}

TEST_F(WatchdogTest, SpeaksOftenEnoughForABeatOrTwoToBeLost) {
  int asked = 0;
  Watchdog watchdog(loop_.get_executor(), [&] {
    ++asked;
    return true;
  });
  loop_.run_for(60ms);
  EXPECT_GE(asked, 3);
}

}  // namespace
}  // namespace runtime
