// A session's dialogue over one message, from MAIL to the reply to its end.
#include <array>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "publishers/email/smtp_session.h"

namespace publishers::smtp {
namespace {

namespace asio = boost::asio;

constexpr std::array kEnvelope = {Phase::sender, Phase::recipient, Phase::data};

const char* name_of(Phase phase) {
  switch (phase) {
    case Phase::sender:
      return "MAIL";
    case Phase::recipient:
      return "RCPT";
    case Phase::data:
      return "DATA";
    default:
      return "end of the message";
  }
}

}  // namespace

// Ends by itself what a refused envelope left open, as there is no next envelope to do it with.
asio::awaitable<void> Session::tidy() {
  stage_ = Stage::tidying;
  output_ = std::exchange(tidy_, {});
  co_await write_output();
  co_await read_tidied();
}

asio::awaitable<void> Session::read_tidied() {
  if (broken_) co_return;
  co_await answer(Phase::sender);
  // A lone dot is refused, as it should be; it has ended the transaction all the same.
  const bool tidied = reply_.family() == 2 || (dotted_ && reply_.code != 421);
  if (broken_ || tidied) co_return;
  broken_ = true;
  wire_->close();
  if (reply_.code == 421) supply_->slow_down();
  put_back_next();
}

asio::awaitable<void> Session::hand_over() {
  stage_ = Stage::envelope;
  if (!envelope_sent_ && served_ > 0 && tidy_.empty() && !wire_->at_rest()) {
    // Some servers end a connection after each message, without a word.
    broken_ = true;
    wire_->close();
    co_return put_back_next();
  }
  if (!server_.pipelining) {
    co_await step_by_step();
  } else {
    if (!envelope_sent_) {
      co_await send_envelope();
    }
    co_await read_envelope();
  }
  envelope_sent_ = false;
  if (broken_) co_return;
  if (refused_) co_return refuse();
  if (!wire_->silent()) {
    const bool whole = wire_->take_buffered(reply_);
    if (whole && reply_.code == 421) co_return hang_up(verdict(Phase::data, reply_));
    co_return lose(Fault::protocol, settings_.server() + ": it answers what was not asked");
  }
  co_await ask_gate();
  if (broken_) co_return;
  if (*gate_says_) {
    co_await deliver();
    co_return;
  }
  // There is no other way out of DATA.
  next_.reset();
  broken_ = true;
}

void Session::append_envelope() {
  append_mail_from(output_, next_->message, next_->traits, server_);
  append_rcpt_to(output_, next_->message);
  output_ += "DATA\r\n";
}

// The envelope in one write, behind what the last one left to be tidied.
asio::awaitable<void> Session::send_envelope() {
  const bool tidied = !tidy_.empty();
  output_ = std::exchange(tidy_, {});
  append_envelope();
  co_await write_output();
  if (tidied) {
    co_await read_tidied();
  }
  envelope_sent_ = true;
}

asio::awaitable<void> Session::read_envelope() {
  refused_.reset();
  for (const Phase phase : kEnvelope) {
    if (broken_) co_return;
    if (wire_->take_buffered(reply_)) {
      judge(phase);
      continue;
    }
    co_await answer(phase);
    if (!broken_) judge(phase);
  }
}

// Without PIPELINING.
asio::awaitable<void> Session::step_by_step() {
  refused_.reset();
  go_ahead_ = false;
  for (const Phase phase : kEnvelope) {
    if (broken_ || refused_) co_return;
    output_.clear();
    if (phase == Phase::sender) append_mail_from(output_, next_->message, next_->traits, server_);
    if (phase == Phase::recipient) append_rcpt_to(output_, next_->message);
    if (phase == Phase::data) output_ = "DATA\r\n";
    co_await write_output();
    if (broken_) co_return;
    co_await answer(phase);
    if (!broken_) judge(phase);
  }
}

// Takes reply_ as what the envelope's command got.
void Session::judge(Phase phase) {
  if (phase == Phase::data) go_ahead_ = is_good(phase, reply_);
  if (is_good(phase, reply_)) return;
  if (reply_.code == 421) return hang_up(verdict(phase, reply_));
  // It is not the answer to this command, so none behind it would be either.
  if (reply_.family() < 4)
    return lose(Fault::protocol, settings_.server() + ": " + name_of(phase) + ": " + reply_.one_line());
  if (!refused_) refused_ = verdict(phase, reply_);
}

void Session::refuse() {
  // DATA without a recipient is ended by a lone dot (RFC 2920 3.1), which nobody gets.
  dotted_ = go_ahead_;
  tidy_ = dotted_ ? ".\r\n" : "RSET\r\n";
  ++served_;
  const Job job = std::move(*next_);
  next_.reset();
  supply_->reply(job, *refused_);
}

asio::awaitable<void> Session::ask_gate() {
  stage_ = Stage::arming;
  gate_says_.reset();
  timer_.expires_at(asio::steady_timer::time_point::max());
  next_->gate->arm(next_->message.token, [weak = weak_from_this(), asked = ++asked_](bool may_go) {
    const auto self = weak.lock();
    if (!self || self->asked_ != asked || self->gate_says_) return;
    self->gate_says_ = may_go;
    self->timer_.cancel();
  });
  boost::system::error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  while (!gate_says_ && !broken_) {
    co_await timer_.async_wait(token);
  }
}

asio::awaitable<void> Session::deliver() {
  stage_ = Stage::delivering;
  armed_ = std::move(next_);
  next_.reset();
  output_ = std::move(armed_->message.data);
  dot_at_ = as_data(output_, armed_->traits.dot_lines);
  if (server_.pipelining) next_ = take(true);
  if (next_) append_envelope();
  envelope_sent_ = next_.has_value();
  co_await write_output();
  if (broken_) co_return;
  co_await answer(Phase::end_of_data);
  if (broken_) co_return;
  const Receipt receipt = verdict(Phase::end_of_data, reply_);
  if (reply_.code == 421) co_return hang_up(receipt);
  if (receipt.outcome == Outcome::uncertain) co_return lose(receipt.fault, receipt.reply);
  const Job job = std::move(*armed_);
  armed_.reset();
  ++served_;
  // An envelope whose message was given back can't be taken back.
  if (envelope_sent_ && !next_) broken_ = true;
  supply_->reply(job, receipt);
}

asio::awaitable<void> Session::write_output() {
  const std::string_view bytes = output_;
  Trouble trouble = co_await wire_->write(bytes, written_);
  if (trouble) lose(trouble.fault, trouble.what);
}

// Waits for a reply; a command's 421, or none, ends the connection.
asio::awaitable<void> Session::answer(Phase phase) {
  const TimeOuts& limits = settings_.time_outs;
  milliseconds limit = limits.command;
  if (phase == Phase::data) limit = limits.data;
  if (phase == Phase::end_of_data) limit = limits.end_of_data;
  if (leaving_ && stage_ == Stage::tidying) limit = limits.quit;
  Trouble trouble = co_await wire_->read(reply_, limit, name_of(phase));
  if (trouble) lose(trouble.fault, trouble.what);
}

}  // namespace publishers::smtp
