// Whether a waiting delivery may start: pure.
#pragma once

#include <optional>
#include <string>

#include "store/store.h"

namespace dispatch {

struct Release {
  model::DeliveryState state = model::DeliveryState::ready;  // ready or held
  std::optional<model::Instant> next_at;                     // not before
  std::string why;
};

struct Verdict {
  std::optional<Release> release;         // none: it goes on waiting
  std::optional<model::Instant> look_at;  // when the answer may change by itself
};

// The blog before the mail: a delivery waits until the one on the channel it comes after is confirmed,
// then `delay`, and for its own hour. When the deadline passes, if_blog_fails decides.
Verdict release(const store::Waiting& waiting, model::Instant now);

}  // namespace dispatch
