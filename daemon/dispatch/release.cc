#include "dispatch/release.h"

#include <algorithm>

namespace dispatch {
namespace {

using model::DeliveryState;

Verdict start_after(const store::Waiting& waiting, model::Instant since) {
  model::Instant at = since + waiting.delay;
  if (waiting.not_before) at = std::max(at, *waiting.not_before);
  return {Release{DeliveryState::ready, at, ""}, std::nullopt};
}

Verdict without_blog(const store::Waiting& waiting, const std::string& why) {
  if (waiting.if_blog_fails == "send_without_link") {
    return {Release{DeliveryState::ready, waiting.not_before, why + "; sent without a link to it"},
            std::nullopt};
  }
  return {Release{DeliveryState::held, std::nullopt, why}, std::nullopt};
}

}  // namespace

Verdict release(const store::Waiting& waiting, model::Instant now) {
  if (waiting.after.empty() || !waiting.predecessor) return start_after(waiting, waiting.due_at);
  const std::string channel = "channel \"" + waiting.after + "\" ";
  switch (*waiting.predecessor) {
    case DeliveryState::confirmed:
      return start_after(waiting, waiting.predecessor_changed_at.value_or(now));
    case DeliveryState::cancelled:
      return without_blog(waiting, channel + "was cancelled");
    case DeliveryState::rejected:
      if (waiting.if_blog_fails != "wait") return without_blog(waiting, channel + "failed");
      break;
    default:
      break;
  }
  if (!waiting.blog_deadline) return {};
  if (now >= *waiting.blog_deadline) return without_blog(waiting, channel + "was not confirmed in time");
  return {std::nullopt, waiting.blog_deadline};
}

}  // namespace dispatch
