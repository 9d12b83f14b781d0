// One connection's life as a coroutine: it opens, hands over one message after the other, and leaves.
//
// With PIPELINING the envelope goes in one write, and a message's text together with the next message's
// envelope (RFC 2920). The ending dot of a message leaves only once its gate said so; the next message is
// armed only after the reply to this one was told.
//
//   opening -> resting <-> envelope -> arming -> delivering -> (resting | arming of the next) -> leaving
//
// On the executor only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "publishers/email/smtp_data.h"
#include "publishers/email/smtp_envelope.h"
#include "publishers/email/smtp_settings.h"
#include "publishers/email/smtp_verdict.h"
#include "publishers/email/smtp_wire.h"
#include "publishers/mail_transport.h"

namespace publishers::smtp {

struct Job {
  OutgoingMessage message;
  MailGate* gate = nullptr;
  Traits traits;
  int lost = 0;  // connections that broke under it before it was armed
};

// What a message is told that a drain finds unarmed.
inline Receipt given_back() {
  return Receipt::failed(Outcome::deferred, Fault::none, "given back before it was sent");
}

class Session;

// Where sessions get their messages from, and whom they tell what became of them.
class Supply {
 public:
  virtual ~Supply() = default;
  // Nothing: none may go now. `ahead`: its envelope would go behind a text that is not answered yet.
  virtual std::optional<Job> take(bool ahead) = 0;
  virtual void put_back(Job job) = 0;  // it is to go over another connection, before all others
  virtual void reply(const Job& job, const Receipt& receipt) = 0;
  virtual void ready(Session& session) = 0;
  virtual void slow_down() = 0;  // the far end wants less
  // The session's last call. `opened`: Fault::none, or why it could not open.
  virtual void over(Session& session, const Receipt& opened) = 0;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  // `tls` and `settings` belong to the supply.
  Session(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, const Settings& settings,
          std::shared_ptr<Supply> supply);

  void start();
  bool opening() const { return stage_ == Stage::opening; }
  bool resting() const { return stage_ == Stage::resting; }
  bool waking() const { return stage_ == Stage::waking; }
  // For a resting one: there is a message.
  void wake();
  // Gives back what is not armed, waits for what is, and ends.
  void leave();
  // Ends at once.
  void abandon();

 private:
  enum class Stage { opening, resting, waking, tidying, envelope, arming, delivering, leaving };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> rest();
  boost::asio::awaitable<void> tidy();
  boost::asio::awaitable<void> read_tidied();
  boost::asio::awaitable<void> hand_over();
  boost::asio::awaitable<void> send_envelope();
  boost::asio::awaitable<void> read_envelope();
  boost::asio::awaitable<void> step_by_step();
  boost::asio::awaitable<void> ask_gate();
  boost::asio::awaitable<void> deliver();
  boost::asio::awaitable<void> write_output();
  boost::asio::awaitable<void> answer(Phase phase);

  std::optional<Job> take(bool ahead);
  void append_envelope();
  void judge(Phase phase);
  void refuse();
  void lose(Fault fault, const std::string& what);
  void hang_up(const Receipt& receipt);
  void give_back_next();  // to its gate
  void put_back_next();   // to the supply

  const Settings& settings_;
  std::shared_ptr<Supply> supply_;
  std::shared_ptr<Wire> wire_;
  boost::asio::steady_timer timer_;  // of a rest; and what an answer of the gate cancels
  Stage stage_ = Stage::opening;
  Abilities server_;
  Reply reply_;
  std::string output_;
  std::size_t written_ = 0;  // of output_
  std::size_t dot_at_ = 0;   // in output_

  std::optional<Job> next_;   // not armed
  std::optional<Job> armed_;  // its reply is awaited
  bool envelope_sent_ = false;
  std::optional<Receipt> refused_;  // what became of next_'s envelope
  bool go_ahead_ = false;           // DATA was answered with 354
  std::string tidy_;                // what ends the transaction that a refused envelope left open
  bool dotted_ = false;             // that is a lone dot, not RSET
  std::optional<bool> gate_says_;
  std::uint64_t asked_ = 0;   // so that a late answer is not taken for another message's
  std::uint64_t served_ = 0;  // messages whose end was told
  bool leaving_ = false;
  bool broken_ = false;
};

}  // namespace publishers::smtp
