#include "mailing/mailing.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "mailing/freeze.h"
#include "mailing/who_left.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace mailing {

using model::DeliveryState;
using namespace std::chrono_literals;

namespace {

constexpr auto kLease = 10min;
constexpr auto kRenewLease = 2min;
constexpr auto kPauseAfterFault = 1min;
constexpr auto kPauseForAFile = 10s;
constexpr std::size_t kMostClaimed = 500;

}  // namespace

Mailing::Mailing(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                 store::StoreThread& store, runtime::Alarms& alarms, std::shared_ptr<MailChannel> channel,
                 store::Work work, Waits waits, std::function<void(End)> ended)
    : house_(house),
      workers_(workers),
      store_(store),
      alarms_(alarms),
      channel_(std::move(channel)),
      work_(std::move(work)),
      waits_(waits),
      ended_(std::move(ended)),
      lease_timer_(house),
      retry_timer_(house),
      suppressed_(channel_->settings.suppressed) {}

void Mailing::start() {
  keep_lease();
  thaw();
}

void Mailing::thaw() {
  store_.write([id = work_.delivery.id, channel = channel_](
                   store::Store& store) { return std::pair(thawed(store, id), was_seen(store, *channel)); },
               [self = shared_from_this()](
                   store::Result<std::pair<std::optional<publishers::MailContent>, bool>> mail) {
                 if (!mail) return self->step_failed(mail.error(), [self] { self->thaw(); });
                 if (mail->second) self->suppressed_.was_there();
                 if (mail->first) return self->begin(*mail->first);
                 self->freeze();
               });
}

void Mailing::freeze() {
  if (winding_down_) return finish(winding_down_->state, winding_down_->next_at, winding_down_->reply);
  freeze_recipients(house_, workers_, store_, channel_, work_, alarms_.now(),
                    [self = shared_from_this()](const Fixed& counts) {
                      if (!counts) return self->not_fixed(counts.error());
                      spdlog::info("delivery {} channel={}: {} recipients fixed, {} rows left out",
                                   self->work_.delivery.id.text(), self->channel_->key, counts->total(),
                                   counts->excluded);
                      self->thaw();
                    });
}

void Mailing::not_fixed(const Unfixed& why) {
  if (!why.being_written) return step_failed(why.error, [self = shared_from_this()] { self->freeze(); });
  finish(DeliveryState::deferred, alarms_.now() + kPauseForAFile, why.error.what, publishers::Fault::local);
}

void Mailing::begin(const publishers::MailContent& content) {
  try {
    mail_ = std::make_unique<FrozenMail>(content);
  } catch (const std::exception& error) {
    return finish(DeliveryState::held, std::nullopt,
                  std::string("the frozen mail can't be read: ") + error.what(), publishers::Fault::local);
  }
  const auto weak = weak_from_this();
  const auto with_self = [weak](auto member) {
    return [weak, member](auto&&... arguments) {
      if (const auto self = weak.lock()) ((*self).*member)(std::forward<decltype(arguments)>(arguments)...);
    };
  };
  InFlight::Hooks hooks;
  hooks.judge = [this](model::MessageId message, const publishers::Receipt& receipt) {
    const model::Instant now = alarms_.now();
    const auto first = first_tried_.extract(static_cast<std::uint64_t>(message.subscriber.value));
    return judge(message, receipt, now, first.empty() ? model::milliseconds(0) : now - first.mapped());
  };
  hooks.left = [this](const std::vector<std::uint64_t>& tokens) { return left(tokens); };
  hooks.seen = with_self(&Mailing::seen);
  hooks.settled = with_self(&Mailing::settled);
  hooks.failed = with_self(&Mailing::ledger_failed);
  gate_ = std::make_unique<InFlight>(
      house_, store_, alarms_, work_.delivery.id, work_.delivery.fence,
      InFlight::Gather{channel_->transport->limits().connections, waits_.gather}, std::move(hooks));
  if (winding_down_) return drain();
  if (who_left_is_known()) feed();
}

std::size_t Mailing::window() const {
  // Enough that no connection waits for the ledger between two messages.
  return channel_->transport->limits().connections * 4;
}

void Mailing::feed() {
  if (claiming_ || winding_down_) return;
  const std::size_t free = window() > flying_ ? window() - flying_ : 0;
  if (exhausted_ && flying_ == 0) return close();
  if (exhausted_ || free * 2 < window()) return;
  claiming_ = true;
  const model::Instant now = alarms_.now();
  store_.write(
      [id = work_.delivery.id, fence = work_.delivery.fence, now, channel = channel_->key,
       per_day = channel_->settings.max_per_day, flying = flying_,
       limit = std::min(free, kMostClaimed)](store::Store& store) {
        std::size_t most = limit;
        if (per_day > 0) {
          const auto left = static_cast<std::size_t>(day_limit(store, channel, per_day, now).left);
          most = std::min(most, left > flying ? left - flying : 0);
        }
        if (most == 0) return std::vector<store::Claimed>();
        return store.claim_messages(id, fence, {1, 0, now + kLease}, now, most);
      },
      [self = shared_from_this()](store::Result<std::vector<store::Claimed>> messages) {
        self->claimed(std::move(messages));
      });
}

void Mailing::claimed(store::Result<std::vector<store::Claimed>> messages) {
  claiming_ = false;
  if (!messages) ledger_failed(messages.error());
  if (winding_down_) return end_if_drained();
  exhausted_ = messages->empty();
  if (!exhausted_) runtime::crash_point("W16");
  for (store::Claimed& message : *messages) send(std::move(message));
  feed();
}

void Mailing::send(store::Claimed message) {
  ++flying_;
  publishers::OutgoingMessage outgoing;
  outgoing.token = static_cast<std::uint64_t>(message.subscriber.value);
  std::string address = message.address;
  if (message.first_tried) first_tried_[outgoing.token] = *message.first_tried;
  if (const auto refused = mail_->merge(std::move(message), outgoing)) {
    gate_->replied(outgoing.token,
                   publishers::Receipt::failed(publishers::Outcome::rejected,
                                               publishers::Fault::permanent_recipient, *refused));
    return;
  }
  addresses_[outgoing.token] = std::move(address);
  channel_->transport->send(std::move(outgoing), *gate_);
}

// Asked once before the dots of a group, so that a line added to the file counts from then on.
std::vector<std::uint64_t> Mailing::left(const std::vector<std::uint64_t>& tokens) {
  std::vector<std::uint64_t> gone;
  if (!who_left_is_known()) return gone;
  for (const std::uint64_t token : tokens) {
    auto address = addresses_.extract(token);
    if (suppressed_.size() == 0 || address.empty()) continue;
    const auto parsed = publishers::parse_address(address.mapped());
    if (parsed && suppressed_.contains(*parsed)) gone.push_back(token);
  }
  return gone;
}

// Nobody is written to without it.
bool Mailing::who_left_is_known() {
  const bool begun = suppressed_readings_ > 0;
  const auto fault = suppressed_.refresh();
  if (std::exchange(suppressed_readings_, suppressed_.readings()) != suppressed_.readings()) {
    warn_of_bad_lines(suppressed_);
    store_.write([channel = channel_,
                  size = suppressed_.size()](store::Store& store) { note_seen(store, *channel, size); },
                 [](const store::Result<void>&) {});
  }
  if (!fault) return true;
  fault_ = publishers::Fault::local;
  // It may be in the midst of being replaced; a person is asked when it is not there after that.
  using Trouble = publishers::SuppressionList::Trouble;
  if (begun || suppressed_.trouble() == Trouble::being_written) {
    wind_down(*fault, DeliveryState::deferred, alarms_.now() + kPauseForAFile);
  } else {
    wind_down(with_advice(suppressed_, *fault), DeliveryState::held, std::nullopt);
  }
  return false;
}

void Mailing::settled(std::size_t count) {
  flying_ -= std::min(count, flying_);
  if (!winding_down_) return feed();
  end_if_drained();
}

void Mailing::seen(const publishers::Receipt& receipt) {
  if (winding_down_) return;
  switch (alarm_.record(receipt)) {
    case Alarm::Verdict::go_on:
      return;
    case Alarm::Verdict::pause:
      fault_ = receipt.fault;
      return wind_down(alarm_.why(), DeliveryState::deferred, alarms_.now() + kPauseAfterFault);
    case Alarm::Verdict::hold:
      fault_ = receipt.fault;
      return wind_down(alarm_.why(), DeliveryState::held, std::nullopt);
  }
}

void Mailing::keep_lease() {
  lease_timer_.expires_after(kRenewLease);
  lease_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->store_.write(
        [id = self->work_.delivery.id, fence = self->work_.delivery.fence,
         until = self->alarms_.now() + kLease](store::Store& store) { store.renew(id, fence, until); },
        [self](const store::Result<void>&) {
          if (self->ended_) self->keep_lease();
        });
  });
}

}  // namespace mailing
