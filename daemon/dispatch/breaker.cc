#include "dispatch/breaker.h"

#include <algorithm>

namespace dispatch {

void Breaker::record(const publishers::Receipt& receipt, model::Instant now) {
  constexpr int kFaultsToOpen = 5;
  constexpr model::milliseconds kLongestPause = std::chrono::minutes(15);
  if (receipt.fault == publishers::Fault::auth || receipt.fault == publishers::Fault::tls) {
    open_until_ = model::Instant::max();
    return;
  }
  if (receipt.fault == publishers::Fault::local) return;
  if (receipt.fault != publishers::Fault::connect) {
    reset();
    return;
  }
  if (++in_a_row_ < kFaultsToOpen) return;
  open_until_ = now + pause_;
  pause_ = std::min(pause_ * 2, kLongestPause);
}

}  // namespace dispatch
