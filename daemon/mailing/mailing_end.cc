// How a mailing ends: nothing left, interrupted, or the ledger can't be written.
#include <exception>
#include <utility>

#include <boost/asio/post.hpp>

#include "mailing/mailing.h"
#include "runtime/log.h"

namespace mailing {

using model::DeliveryState;
using model::MessageState;

namespace {

constexpr std::size_t kMostSettledAtOnce = 500;
constexpr int kMostAttemptsInDoubt = 3;

bool claim_is_lost(const store::StoreError& error) {
  return error.kind == store::Failure::stale_fence || error.kind == store::Failure::closed ||
         error.kind == store::Failure::io;
}

// Nothing can be written any more, not even a result.
bool store_is_gone(const store::StoreError& error) {
  return error.kind == store::Failure::closed || error.kind == store::Failure::io;
}

}  // namespace

void Mailing::interrupt(const std::string& why, bool by_hand) {
  by_hand_ = by_hand_ || by_hand;
  wind_down(why, DeliveryState::ready, std::nullopt);
}

void Mailing::wind_down(const std::string& why, DeliveryState state, std::optional<model::Instant> next_at) {
  if (!winding_down_) {
    winding_down_.emplace();
    winding_down_->state = state;
    winding_down_->next_at = next_at;
    winding_down_->reply = why;
  }
  drain();
}

void Mailing::drain() {
  // Before the recipients are fixed there is nothing to take back: begin() comes here again.
  if (!gate_ || std::exchange(draining_, true)) return;
  gate_->close();
  channel_->transport->drain([self = shared_from_this()] {
    self->transport_drained_ = true;
    self->end_if_drained();
  });
}

void Mailing::end_if_drained() {
  if (!transport_drained_ || claiming_) return;
  if (lost_ && store_is_gone(*lost_)) return end_lost();
  // A result is still on its way to the ledger.
  if (flying_ > 0 || !gate_->all_written()) return;
  if (lost_) return end_lost();
  close();
}

void Mailing::close() {
  if (std::exchange(closing_, true)) return;
  store_.write(
      [id = work_.delivery.id, now = alarms_.now(), channel = channel_->key,
       per_day = channel_->settings.max_per_day](store::Store& store) {
        store.unclaim_messages(id, now);
        Standing standing{store.message_counts(id), store.next_message_at(id), std::nullopt};
        if (per_day > 0) {
          const DayLimit limit = day_limit(store, channel, per_day, now);
          if (limit.left == 0) standing.next_day = limit.next_day;
        }
        return standing;
      },
      [self = shared_from_this()](const store::Result<Standing>& standing) {
        self->closing_ = false;
        if (!standing) return self->step_failed(standing.error(), [self] { self->close(); });
        self->closed(*standing);
      });
}

void Mailing::closed(const Standing& standing) {
  const bool goes_on = !winding_down_ || winding_down_->state == DeliveryState::deferred;
  if (standing.counts.of(MessageState::uncertain) > 0 && goes_on && settles_itself()) {
    return settle_uncertain(standing);
  }
  end(standing);
}

void Mailing::end(const Standing& standing) {
  const Ending end = ending(standing, alarms_.now());
  const std::string text = books(standing.counts);
  // Interrupted after its last message it is done all the same; what a person has to see stays held.
  const bool settles = end.state == DeliveryState::uncertain && settles_itself() && winding_down_ &&
                       winding_down_->state == DeliveryState::ready;
  const bool done = end.state != DeliveryState::deferred && !settles;
  if (winding_down_ && (!done || winding_down_->state == DeliveryState::held)) {
    return finish(winding_down_->state, winding_down_->next_at, winding_down_->reply + "; " + text, fault_);
  }
  finish(end.state, end.next_at, text);
}

bool Mailing::settles_itself() const {
  return !by_hand_ && channel_->settings.uncertain != publishers::MailSettings::Uncertain::hold;
}

// By the channel's `uncertain`: to be sent again, or taken as arrived. What is in doubt for the third time
// is a person's to settle.
void Mailing::settle_uncertain(const Standing& standing) {
  const bool resend = channel_->settings.uncertain == publishers::MailSettings::Uncertain::resend;
  closing_ = true;
  store_.write(
      [id = work_.delivery.id, resend, now = alarms_.now()](store::Store& store) {
        std::size_t settled = 0;
        for (const store::MessageRow& row :
             store.messages(id, MessageState::uncertain, model::SubscriberId{}, kMostSettledAtOnce)) {
          if (resend && row.attempts >= kMostAttemptsInDoubt) continue;
          store.settle_message(row.id, resend ? MessageState::pending : MessageState::accepted, now);
          ++settled;
        }
        return settled;
      },
      [self = shared_from_this(), standing](const store::Result<std::size_t>& settled) {
        self->closing_ = false;
        if (!settled) {
          return self->step_failed(settled.error(), [self, standing] { self->settle_uncertain(standing); });
        }
        if (*settled == 0) return self->end(standing);
        self->exhausted_ = false;
        if (self->winding_down_) return self->end_if_drained();
        self->feed();
      });
}

void Mailing::finish(DeliveryState state, std::optional<model::Instant> next_at, const std::string& reply,
                     publishers::Fault fault) {
  lease_timer_.cancel();
  retry_timer_.cancel();
  End end;
  end.update.state = state;
  end.update.stage = model::Stage::sending;
  end.update.next_at = next_at;
  end.update.reply = reply;
  end.update.charge_attempt = state != DeliveryState::ready && state != DeliveryState::deferred;
  end.receipt =
      publishers::Receipt::failed(state == DeliveryState::confirmed   ? publishers::Outcome::confirmed
                                  : state == DeliveryState::rejected  ? publishers::Outcome::rejected
                                  : state == DeliveryState::uncertain ? publishers::Outcome::uncertain
                                                                      : publishers::Outcome::deferred,
                                  fault, reply);
  const auto ended = std::exchange(ended_, nullptr);
  if (ended) ended(std::move(end));
}

void Mailing::ledger_failed(const store::StoreError& error) {
  if (claim_is_lost(error)) return lose_claim(error);
  spdlog::error("delivery {}: {}; trying again", work_.delivery.id.text(), error.what);
  wind_down(error.what, DeliveryState::ready, std::nullopt);
  after_store_retry([self = shared_from_this()] {
    self->gate_->retry();
    self->end_if_drained();
  });
}

void Mailing::step_failed(const store::StoreError& error, std::function<void()> step) {
  if (claim_is_lost(error)) return lose_claim(error);
  if (error.kind == store::Failure::full || error.kind == store::Failure::other) {
    spdlog::error("delivery {}: {}; trying again", work_.delivery.id.text(), error.what);
    return after_store_retry(std::move(step));
  }
  // The text or the list can't be used as it is: a person has to look.
  finish(DeliveryState::held, std::nullopt, error.what, publishers::Fault::local);
}

void Mailing::after_store_retry(std::function<void()> then) {
  retry_timer_.expires_after(waits_.store_retry);
  retry_timer_.async_wait([then = std::move(then)](boost::system::error_code failed) {
    if (!failed) then();
  });
}

void Mailing::lose_claim(const store::StoreError& error) {
  if (!lost_ || store_is_gone(error)) lost_ = error;
  if (!gate_) return end_lost();
  wind_down(error.what, DeliveryState::ready, std::nullopt);
  end_if_drained();
}

void Mailing::end_lost() {
  lease_timer_.cancel();
  retry_timer_.cancel();
  const auto ended = std::exchange(ended_, nullptr);
  if (!ended) return;
  End end;
  end.lost_claim = true;
  end.receipt = publishers::Receipt::failed(publishers::Outcome::deferred, publishers::Fault::local,
                                            lost_ ? lost_->what : std::string());
  // The gate may be in the midst of telling us.
  boost::asio::post(house_, [self = shared_from_this(), ended, end = std::move(end)] { ended(end); });
}

}  // namespace mailing
