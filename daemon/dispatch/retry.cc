#include "dispatch/retry.h"

#include <algorithm>
#include <array>

namespace dispatch {
namespace {

using namespace std::chrono_literals;
using publishers::Fault;
using publishers::Outcome;

constexpr std::array<model::milliseconds, 6> kWaits = {5s, 15s, 1min, 5min, 15min, 1h};

model::milliseconds wait_after(int attempts) {
  const auto index = static_cast<std::size_t>(std::max(attempts, 1) - 1);
  return kWaits[std::min(index, kWaits.size() - 1)];
}

}  // namespace

NextStep next_step(const publishers::Receipt& receipt, int attempts) {
  using model::DeliveryState;
  switch (receipt.outcome) {
    case Outcome::confirmed:
      return {DeliveryState::confirmed, std::nullopt, true};
    case Outcome::rejected:
      if (receipt.fault == Fault::auth || receipt.fault == Fault::tls) {
        return {DeliveryState::held, std::nullopt, false};
      }
      return {DeliveryState::rejected, std::nullopt, true};
    case Outcome::deferred:
    case Outcome::uncertain:
      break;
  }
  const bool uncertain = receipt.outcome == Outcome::uncertain;
  const DeliveryState again = uncertain ? DeliveryState::uncertain : DeliveryState::deferred;
  if (receipt.fault == Fault::auth || receipt.fault == Fault::tls) {
    return {uncertain ? again : DeliveryState::held, std::nullopt, false};
  }
  if (attempts >= kMostPostAttempts) {
    return {uncertain ? again : DeliveryState::held, std::nullopt, true};
  }
  model::milliseconds wait = wait_after(attempts);
  if (receipt.retry_after) {
    wait = std::clamp<model::milliseconds>(*receipt.retry_after, 1s, 24h);
  }
  return {again, wait, receipt.fault != Fault::connect};
}

}  // namespace dispatch
