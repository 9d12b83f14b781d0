// A gate that keeps what it was told, and a loop to run a transport on until something has come true.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "publishers/mail_transport.h"

namespace support {

class RecordingGate final : public publishers::MailGate {
 public:
  explicit RecordingGate(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  void arm(std::uint64_t token, std::function<void(bool)> then) override {
    asked.push_back(token);
    journal.push_back("arm " + std::to_string(token));
    if (on_arm) on_arm(token);
    waiting_[token] = std::move(then);
    if (!hold) answer(token, refuse.count(token) == 0);
  }

  void replied(std::uint64_t token, const publishers::Receipt& receipt) override {
    replies[token].push_back(receipt);
    journal.push_back("replied " + std::to_string(token));
    if (on_replied) on_replied(token);
  }

  // Answers an arm, as the ledger does: later, from the executor.
  void answer(std::uint64_t token, bool may_go) {
    auto then = std::move(waiting_.at(token));
    waiting_.erase(token);
    if (!may_go) taken_back.insert(token);
    boost::asio::post(executor_, [then = std::move(then), may_go] { then(may_go); });
  }

  // The one receipt that a token got; without it, or with several, an empty map's error.
  const publishers::Receipt& receipt(std::uint64_t token) const {
    const auto& all = replies.at(token);
    if (all.size() != 1) throw std::logic_error("replied " + std::to_string(all.size()) + " times");
    return all.front();
  }
  bool has_end(std::uint64_t token) const { return replies.count(token) > 0 || taken_back.count(token) > 0; }
  std::size_t ended() const { return replies.size() + taken_back.size(); }

  bool hold = false;  // arms wait for answer()
  std::set<std::uint64_t> refuse;
  std::function<void(std::uint64_t)> on_arm;
  std::function<void(std::uint64_t)> on_replied;

  std::vector<std::uint64_t> asked;
  std::set<std::uint64_t> taken_back;
  std::map<std::uint64_t, std::vector<publishers::Receipt>> replies;
  std::vector<std::string> journal;

 private:
  boost::asio::any_io_executor executor_;
  std::map<std::uint64_t, std::function<void(bool)>> waiting_;
};

// Runs the loop until `done`, at most so long; whether it has come true.
inline bool run_until(boost::asio::io_context& loop, const std::function<bool()>& done,
                      std::chrono::seconds at_most = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    loop.restart();
    loop.run_one_for(std::chrono::milliseconds(200));
  }
  return true;
}

inline publishers::OutgoingMessage mail_message(std::uint64_t token, const std::string& to = "",
                                                const std::string& body = "Hello.\r\n") {
  publishers::OutgoingMessage message;
  message.token = token;
  message.sender = "news@example.test";
  message.recipient = to.empty() ? "reader-" + std::to_string(token) + "@example.test" : to;
  message.message_id = "m" + std::to_string(token) + "@example.test";
  message.data = "From: <news@example.test>\r\nTo: <" + message.recipient + ">\r\nMessage-ID: <" +
                 message.message_id + ">\r\nSubject: Trust\r\n\r\n" + body;
  return message;
}

// At least so many bytes of text, every other line with a dot in front.
inline std::string lines_of_text(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) {
    text.append(70, 'a').append("\r\n.");
    text.append(60, 'b').append("\r\n");
  }
  return text;
}

}  // namespace support
