#include "publishers/email/smtp_wire.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace publishers::smtp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMostAddresses = 6;

bool is_address(const std::string& host) {
  error_code no_address;
  asio::ip::make_address(host, no_address);
  return !no_address;
}

// Makes the handshake fail unless the certificate is `host`'s.
bool expect_host(SSL* ssl, const std::string& host) {
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // The macro SSL_set_tlsext_host_name, without its C cast.
  std::string name = host;
  return SSL_set1_host(ssl, host.c_str()) == 1 &&
         SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
}

}  // namespace

Wire::Wire(asio::any_io_executor executor, asio::ssl::context& tls, const Settings& settings)
    : context_(tls), settings_(settings), socket_(executor), timer_(executor) {}

Trouble Wire::trouble(Fault fault, const error_code& error, const std::string& doing) const {
  std::string what = settings_.server() + ": " + doing + ": ";
  if (late_) {
    what += "no answer in time";
  } else if (given_up_) {
    what += "given up";
  } else if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    what += "the server closed the connection";
  } else {
    what += error.message();
  }
  return {fault, std::move(what)};
}

void Wire::expect_within(milliseconds limit) {
  deadline_ = Clock::now() + limit;
  if (deadline_ < alarm_) set_alarm();
}

void Wire::hurry(milliseconds limit) {
  if (deadline_ != Clock::time_point::max() && Clock::now() + limit < deadline_) expect_within(limit);
}

void Wire::set_alarm() {
  alarm_ = deadline_;
  if (alarm_ == Clock::time_point::max()) return;
  timer_.expires_at(alarm_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->closed()) return;
    if (Clock::now() < self->deadline_) return self->set_alarm();
    self->late_ = true;
    self->shut();
  });
}

void Wire::close() {
  given_up_ = true;
  shut();
}

void Wire::shut() {
  alarm_ = Clock::time_point::max();
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<Trouble> Wire::connect() {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  tcp::resolver resolver(socket_.get_executor());
  expect_within(settings_.time_outs.connect);
  const std::string port = std::to_string(settings_.port);
  const auto flags = tcp::resolver::numeric_service;
  tcp::resolver::results_type found = co_await resolver.async_resolve(settings_.host, port, flags, token);
  if (error || closed()) co_return trouble(Fault::connect, error, "looking up its address");
  Trouble last{Fault::connect, settings_.server() + ": it has no address"};
  std::size_t tried = 0;
  for (const auto& entry : found) {
    const tcp::endpoint endpoint = entry.endpoint();
    if (settings_.loopback_only && !endpoint.address().is_loopback()) {
      co_return Trouble{Fault::tls, settings_.server() + ": is not on this machine, and tls is \"none\""};
    }
    if (++tried > kMostAddresses) break;
    last = co_await connect_to(endpoint);
    if (!last || closed()) break;
  }
  co_return last;
}

asio::awaitable<Trouble> Wire::connect_to(tcp::endpoint endpoint) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  error_code ignored;
  socket_.close(ignored);
  expect_within(settings_.time_outs.connect);
  co_await socket_.async_connect(endpoint, token);
  if (error || closed()) {
    Trouble failed = trouble(Fault::connect, error, "connecting to " + endpoint.address().to_string());
    late_ = false;  // the next address has a time-out of its own
    co_return failed;
  }
  socket_.set_option(tcp::no_delay(true), ignored);
  expect_nothing();
  co_return Trouble();
}

asio::awaitable<Trouble> Wire::handshake() {
  replies_.reset();
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  tls_.emplace(socket_, context_);
  SSL* const ssl = tls_->native_handle();
  if (!expect_host(ssl, settings_.host)) {
    co_return Trouble{Fault::local, settings_.server() + ": OpenSSL does not take the host's name"};
  }
  expect_within(settings_.time_outs.handshake);
  co_await tls_->async_handshake(asio::ssl::stream_base::client, token);
  expect_nothing();
  if (!error && !closed()) co_return Trouble();
  const long verified = SSL_get_verify_result(ssl);
  if (verified != X509_V_OK) {
    co_return Trouble{Fault::tls, settings_.server() + ": its certificate is not trusted: " +
                                      X509_verify_cert_error_string(verified)};
  }
  const bool of_tls = error.category() == asio::error::get_ssl_category();
  co_return trouble(of_tls ? Fault::tls : Fault::connect, error, "encrypting the connection");
}

asio::awaitable<Trouble> Wire::write(std::string_view bytes, std::size_t& written) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  written = 0;
  while (written < bytes.size() && !error && !closed()) {
    expect_within(settings_.time_outs.block);
    const auto rest = asio::buffer(bytes.data() + written, bytes.size() - written);
    std::size_t some = 0;
    if (tls_) {
      some = co_await tls_->async_write_some(rest, token);
    } else {
      some = co_await socket_.async_write_some(rest, token);
    }
    written += some;
  }
  expect_nothing();
  if (error || closed()) co_return trouble(Fault::connect, error, "sending");
  co_return Trouble();
}

asio::awaitable<Trouble> Wire::read(Reply& reply, milliseconds limit, const char* to) {
  error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  expect_within(limit);
  for (;;) {
    const ReplyParser::Step step = replies_.next(reply);
    if (step == ReplyParser::Step::reply) break;
    if (step == ReplyParser::Step::bad) {
      co_return Trouble{Fault::protocol, settings_.server() + ": " + to + ": " + replies_.problem()};
    }
    const auto space = asio::buffer(chunk_);
    std::size_t got = 0;
    if (tls_) {
      got = co_await tls_->async_read_some(space, token);
    } else {
      got = co_await socket_.async_read_some(space, token);
    }
    // What came with the end still counts.
    replies_.feed({chunk_.data(), got});
    if (got == 0 && (error || closed())) co_return trouble(Fault::connect, error, to);
  }
  expect_nothing();
  co_return Trouble();
}

bool Wire::at_rest() {
  if (closed() || !replies_.empty()) return false;
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::string Wire::encryption() {
  return tls_ ? SSL_get_version(tls_->native_handle()) : "";
}

}  // namespace publishers::smtp
