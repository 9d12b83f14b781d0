#include "mailing/in_flight.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "runtime/crash_point.h"

namespace mailing {
namespace {

constexpr const char* kLeft = "stood in the file of those who left, before the mail to it did";

model::SubscriberId subscriber(std::uint64_t token) {
  return {static_cast<std::int64_t>(token)};
}

}  // namespace

InFlight::InFlight(boost::asio::any_io_executor house, store::StoreThread& store, runtime::Alarms& alarms,
                   model::DeliveryId delivery, std::int64_t fence, Gather gather, Hooks hooks)
    : house_(std::move(house)),
      store_(store),
      alarms_(alarms),
      delivery_(delivery),
      fence_(fence),
      gather_(gather),
      gathering_(house_),
      hooks_(std::move(hooks)) {}

void InFlight::arm(std::uint64_t token, std::function<void(bool)> then) {
  runtime::crash_point("W17");
  arming_.push_back({token, std::move(then)});
  schedule();
}

void InFlight::replied(std::uint64_t token, const publishers::Receipt& receipt) {
  runtime::crash_point("W19");
  results_.push_back(hooks_.judge({delivery_, subscriber(token)}, receipt));
  hooks_.seen(receipt);
  schedule();
}

void InFlight::retry() {
  if (!unwritten_.empty()) schedule();
}

void InFlight::schedule() {
  if (writing_) return;
  if (scheduled_) {
    if (full()) gathering_.cancel();
    return;
  }
  scheduled_ = true;
  auto write = [this, alive = alive_] {
    if (!*alive) return;
    scheduled_ = false;
    flush();
  };
  if (full() || gather_.longest.count() == 0) return boost::asio::post(house_, std::move(write));
  gathering_.expires_after(gather_.longest);
  gathering_.async_wait([write = std::move(write)](boost::system::error_code) mutable { write(); });
}

void InFlight::flush() {
  writing_ = true;
  std::vector<Arming> arming = std::exchange(arming_, {});
  std::vector<store::MessageResult> results = std::exchange(unwritten_, {});
  results.insert(results.end(), results_.begin(), results_.end());
  results_.clear();
  const std::size_t count = results.size();
  unwritten_ = results;
  std::vector<std::uint64_t> tokens;
  if (!closed_) {
    for (const Arming& each : arming) tokens.push_back(each.token);
  }
  std::vector<model::MessageId> left;
  if (!tokens.empty()) {
    for (const std::uint64_t token : hooks_.left(tokens)) left.push_back({delivery_, subscriber(token)});
    // It could not be said who left.
    if (closed_) tokens.clear();
  }
  std::vector<model::MessageId> messages;
  for (const std::uint64_t token : tokens) messages.push_back({delivery_, subscriber(token)});
  store_.write(
      [results = std::move(results), left = std::move(left), messages = std::move(messages), fence = fence_,
       now = alarms_.now()](store::Store& store) {
        if (!results.empty()) store.finish_messages(results, now);
        // Those are not armed then.
        if (!left.empty()) store.suppress_messages(left, kLeft, now);
        return messages.empty() ? std::vector<model::MessageId>() : store.arm(messages, fence, now);
      },
      [this, alive = alive_, arming = std::move(arming),
       count](store::Result<std::vector<model::MessageId>> armed) mutable {
        if (*alive) flushed(std::move(arming), count, std::move(armed));
      });
}

void InFlight::flushed(std::vector<Arming> arming, std::size_t results,
                       store::Result<std::vector<model::MessageId>> armed) {
  writing_ = false;
  std::size_t gone = 0;
  if (armed) {
    unwritten_.clear();
    gone = results;
  } else {
    closed_ = true;
    hooks_.failed(armed.error());
    // It was the arming that the fence refused: what has been replied to counts, and is written by itself.
    const bool fenced = armed.error().kind == store::Failure::stale_fence && !arming.empty();
    if (fenced && !unwritten_.empty()) schedule();
  }
  std::vector<std::int64_t> may_go;
  if (armed) {
    for (const model::MessageId& id : *armed) may_go.push_back(id.subscriber.value);
    std::sort(may_go.begin(), may_go.end());
  }
  for (Arming& each : arming) {
    const bool go = std::binary_search(may_go.begin(), may_go.end(), subscriber(each.token).value);
    if (!go) ++gone;
    if (go) runtime::crash_point("W18");
    each.then(go);
  }
  if (!arming_.empty() || !results_.empty()) schedule();
  if (gone > 0) hooks_.settled(gone);
}

}  // namespace mailing
