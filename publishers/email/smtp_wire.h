// One connection to an SMTP server: bytes out, replies in, encrypted or not, every wait with a deadline.
// Knows how replies are framed, not what they mean.
//
// One coroutine at a time; all on the executor. close() and the deadline end what is waited for. Lives in
// a shared_ptr, for the deadline's handler looks whether it still does.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "publishers/email/smtp_reply.h"
#include "publishers/email/smtp_settings.h"
#include "publishers/receipt.h"

namespace publishers::smtp {

// Why a step of the dialogue could not be made.
struct Trouble {
  Fault fault = Fault::none;
  std::string what;
  explicit operator bool() const { return fault != Fault::none; }
};

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  // Both outlive the wire.
  Wire(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, const Settings& settings);

  boost::asio::awaitable<Trouble> connect();
  // Throws away whatever came before it, for it was not encrypted.
  boost::asio::awaitable<Trouble> handshake();
  // `written`: how many of the bytes were handed to the system, also in the case of trouble.
  boost::asio::awaitable<Trouble> write(std::string_view bytes, std::size_t& written);
  // The next reply. `to`: what it answers, for the words of the trouble.
  boost::asio::awaitable<Trouble> read(Reply& reply, milliseconds limit, const char* to);

  // A reply that has come already.
  bool take_buffered(Reply& reply) { return replies_.next(reply) == ReplyParser::Step::reply; }
  // Whether nothing has come that was not asked for.
  bool silent() const { return replies_.empty(); }
  // Whether the far end is still there and says nothing: asks the system, for use after a pause.
  bool at_rest();

  // What is waited for now has at most so long from now on.
  void hurry(milliseconds limit);

  bool encrypted() const { return tls_.has_value(); }
  std::string encryption();  // "TLSv1.3"; empty without
  void close();

 private:
  using Clock = std::chrono::steady_clock;
  using Socket = boost::asio::ip::tcp::socket;

  boost::asio::awaitable<Trouble> connect_to(boost::asio::ip::tcp::endpoint endpoint);
  Trouble trouble(Fault fault, const boost::system::error_code& error, const std::string& doing) const;
  void expect_within(milliseconds limit);
  void expect_nothing() { deadline_ = Clock::time_point::max(); }
  void set_alarm();
  void shut();
  bool closed() const { return late_ || given_up_; }

  boost::asio::ssl::context& context_;
  const Settings& settings_;
  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
  // One timer that seldom moves: it looks at deadline_ when it rings.
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point alarm_ = Clock::time_point::max();
  bool late_ = false;      // closed by the deadline
  bool given_up_ = false;  // closed by close()
  ReplyParser replies_;
  std::array<char, 8192> chunk_;
};

}  // namespace publishers::smtp
