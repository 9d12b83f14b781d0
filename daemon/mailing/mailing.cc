#include "mailing/mailing.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "mailing/freeze.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace mailing {

using model::DeliveryState;
using namespace std::chrono_literals;

namespace {

constexpr auto kLease = 10min;
constexpr auto kRenewLease = 2min;
constexpr auto kPauseAfterFault = 1min;
constexpr std::size_t kMostClaimed = 500;

}  // namespace

Mailing::Mailing(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                 store::StoreThread& store, runtime::Alarms& alarms, std::shared_ptr<MailChannel> channel,
                 store::Work work, std::chrono::milliseconds store_retry, std::function<void(End)> ended)
    : house_(house),
      workers_(workers),
      store_(store),
      alarms_(alarms),
      channel_(std::move(channel)),
      work_(std::move(work)),
      store_retry_wait_(store_retry),
      ended_(std::move(ended)),
      lease_timer_(house),
      retry_timer_(house),
      suppressed_(channel_->settings.suppressed) {}

void Mailing::start() {
  keep_lease();
  thaw();
}

void Mailing::thaw() {
  store_.write([id = work_.delivery.id](store::Store& store) { return thawed(store, id); },
               [self = shared_from_this()](store::Result<std::optional<publishers::MailContent>> mail) {
                 if (!mail) return self->step_failed(mail.error(), [self] { self->thaw(); });
                 if (*mail) return self->begin(**mail);
                 self->freeze();
               });
}

void Mailing::freeze() {
  if (winding_down_) return finish(winding_down_->state, winding_down_->next_at, winding_down_->reply);
  freeze_recipients(house_, workers_, store_, channel_, work_, alarms_.now(),
                    [self = shared_from_this()](store::Result<model::MessageCounts> counts) {
                      if (!counts) return self->step_failed(counts.error(), [self] { self->freeze(); });
                      spdlog::info("delivery {} channel={}: {} recipients fixed, {} rows left out",
                                   self->work_.delivery.id.text(), self->channel_->key, counts->total(),
                                   counts->excluded);
                      self->thaw();
                    });
}

void Mailing::begin(const publishers::MailContent& content) {
  try {
    mail_ = std::make_unique<FrozenMail>(content);
  } catch (const std::exception& error) {
    return finish(DeliveryState::held, std::nullopt,
                  std::string("the frozen mail can't be read: ") + error.what(), publishers::Fault::local);
  }
  began_ = content.date;
  const auto weak = weak_from_this();
  const auto with_self = [weak](auto member) {
    return [weak, member](auto&&... arguments) {
      if (const auto self = weak.lock()) ((*self).*member)(std::forward<decltype(arguments)>(arguments)...);
    };
  };
  InFlight::Hooks hooks;
  hooks.judge = [this](model::MessageId message, const publishers::Receipt& receipt) {
    const model::Instant now = alarms_.now();
    return judge(message, receipt, now, now - began_);
  };
  hooks.left = [this](const std::vector<std::uint64_t>& tokens) { return left(tokens); };
  hooks.seen = with_self(&Mailing::seen);
  hooks.settled = with_self(&Mailing::settled);
  hooks.failed = with_self(&Mailing::ledger_failed);
  gate_ = std::make_unique<InFlight>(house_, store_, alarms_, work_.delivery.id, work_.delivery.fence,
                                     std::move(hooks));
  if (winding_down_) return drain();
  feed();
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
  for (const store::Claimed& message : *messages) send(message);
  feed();
}

void Mailing::send(const store::Claimed& message) {
  ++flying_;
  publishers::OutgoingMessage outgoing;
  outgoing.token = static_cast<std::uint64_t>(message.subscriber.value);
  if (const auto refused = mail_->merge(message, outgoing)) {
    gate_->replied(outgoing.token,
                   publishers::Receipt::failed(publishers::Outcome::rejected,
                                               publishers::Fault::permanent_recipient, *refused));
    return;
  }
  addresses_[outgoing.token] = message.address;
  channel_->transport->send(std::move(outgoing), *gate_);
}

// Asked once before the dots of a group, so that a line added to the file counts from then on.
std::vector<std::uint64_t> Mailing::left(const std::vector<std::uint64_t>& tokens) {
  const std::string fault = suppressed_.refresh().value_or("");
  if (!fault.empty() && fault != suppressed_fault_) {
    spdlog::error("delivery {}: {}", work_.delivery.id.text(), fault);
  }
  suppressed_fault_ = fault;
  if (std::exchange(suppressed_readings_, suppressed_.readings()) != suppressed_.readings()) {
    warn_of_bad_lines(suppressed_);
  }
  std::vector<std::uint64_t> gone;
  for (const std::uint64_t token : tokens) {
    auto address = addresses_.extract(token);
    if (suppressed_.size() == 0 || address.empty()) continue;
    const auto parsed = publishers::parse_address(address.mapped());
    if (parsed && suppressed_.contains(*parsed)) gone.push_back(token);
  }
  return gone;
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
