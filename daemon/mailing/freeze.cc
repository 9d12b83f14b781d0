#include "mailing/freeze.h"

#include <future>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>

#include "mailing/compose.h"
#include "publishers/email/recipients.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace mailing {
namespace {

constexpr std::size_t kChunk = 10'000;
constexpr const char* kLeft = "left the list";

struct Chunk {
  std::vector<store::Recipient> recipients;
  std::vector<store::Exclusion> exclusions;
  std::size_t size() const { return recipients.size() + exclusions.size(); }
};

// Calls `full` with each chunk, the last one maybe smaller.
void read_list(const MailChannel& channel, const std::function<void(Chunk)>& full) {
  Chunk chunk;
  const auto pass_on = [&](bool last) {
    if (chunk.size() < kChunk && !last) return;
    if (chunk.size() > 0) full(std::exchange(chunk, {}));
  };
  if (!channel.rehearsal_to.empty()) {
    chunk.recipients.push_back({channel.rehearsal_to, "", {}});
    return pass_on(true);
  }
  publishers::SuppressionList suppressed(channel.settings.suppressed);
  if (const auto why = suppressed.refresh()) throw std::runtime_error(*why);
  warn_of_bad_lines(suppressed);
  publishers::RecipientsListener listener;
  listener.on_recipient = [&](publishers::RecipientRow&& row) {
    if (suppressed.contains(row.address)) {
      chunk.exclusions.push_back({row.address.text(), kLeft});
    } else {
      chunk.recipients.push_back(
          {row.address.text(), std::move(row.name), {row.fields.begin(), row.fields.end()}});
    }
    pass_on(false);
  };
  listener.on_exclusion = [&](publishers::RecipientExclusion&& row) {
    chunk.exclusions.push_back({std::move(row.address), "line " + std::to_string(row.line) + ": " + row.why});
    pass_on(false);
  };
  if (const auto why = publishers::read_recipients(channel.settings.recipients, listener)) {
    throw std::runtime_error(*why);
  }
  pass_on(true);
}

// Worker side: blocks until each step is durable, so that at most one chunk waits in memory.
class Freezer {
 public:
  Freezer(store::StoreThread& store, const store::Work& work) : store_(store), work_(work) {}

  template <class Step>
  auto step(Step step) {
    using R = std::invoke_result_t<Step&, store::Store&>;
    auto promise = std::make_shared<std::promise<store::Result<R>>>();
    auto future = promise->get_future();
    store_.write(std::move(step),
                 [promise](store::Result<R> result) { promise->set_value(std::move(result)); });
    store::Result<R> result = future.get();
    if (!result) throw store::StoreFailure(result.error().kind, result.error().what);
    if constexpr (!std::is_void_v<R>) return std::move(*result);
  }

  model::MessageCounts run(const MailChannel& channel, model::Instant now) {
    const auto id = work_.delivery.id;
    const auto fence = work_.delivery.fence;
    MailContext context;
    context.mailing = work_.delivery.key;
    context.date = now;
    const auto loaded = step([post = work_.post.id](store::Store& store) {
      std::string live;
      for (const model::Delivery& delivery : store.deliveries(post)) {
        const bool blog = !delivery.mail && delivery.state == model::DeliveryState::confirmed;
        if (blog && live.empty()) live = delivery.permalink;
      }
      return std::make_tuple(store.site_key(), live, store.asset_urls(post));
    });
    std::tie(context.site_key, context.permalink, context.asset_urls) = loaded;
    const std::string text =
        frozen(compose(channel,
                       with_bytes(channel, work_.edition,
                                  [&](const std::string& sha256) {
                                    return step([&](store::Store& store) { return store.blob(sha256); });
                                  }),
                       context));
    while (step([&](store::Store& store) { return store.forget_freeze(id, fence); })) continue;
    step([&](store::Store& store) { store.freeze_begin(id, fence, text); });
    // What was suppressed by a command outranks the list, whatever its file says.
    read_list(channel, [&](Chunk chunk) {
      step([&](store::Store& store) {
        std::erase_if(chunk.recipients, [&](const store::Recipient& recipient) {
          const bool left = store.suppressed(recipient.address);
          if (left) chunk.exclusions.push_back({recipient.address, kLeft});
          return left;
        });
        store.freeze_chunk(id, fence, chunk.recipients, chunk.exclusions);
      });
      runtime::crash_point("W15");
    });
    return step([&](store::Store& store) { return store.freeze_end(id, fence, now); });
  }

 private:
  store::StoreThread& store_;
  const store::Work& work_;
};

}  // namespace

void freeze_recipients(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                       store::StoreThread& store, std::shared_ptr<MailChannel> channel,
                       const store::Work& work, model::Instant now,
                       std::function<void(store::Result<model::MessageCounts>)> then) {
  boost::asio::post(
      workers, [house, &store, channel = std::move(channel), work, now, then = std::move(then)] {
        store::Result<model::MessageCounts> result = [&]() -> store::Result<model::MessageCounts> {
          try {
            return Freezer(store, work).run(*channel, now);
          } catch (const store::StoreFailure& failure) {
            return tl::unexpected(store::StoreError{failure.kind(), failure.what()});
          } catch (const std::exception& error) {
            return tl::unexpected(store::StoreError{store::Failure::not_allowed, error.what()});
          }
        }();
        boost::asio::post(house, [then, result = std::move(result)]() mutable { then(std::move(result)); });
      });
}

void warn_of_bad_lines(const publishers::SuppressionList& list) {
  constexpr std::size_t kMostLogged = 20;
  std::size_t logged = 0;
  for (const publishers::SuppressionList::BadLine& bad : list.bad_lines()) {
    if (++logged > kMostLogged) break;
    spdlog::warn("{}:{}: holds no address that could be left out: {}; mend the line", list.file().string(),
                 bad.line, bad.why);
  }
  if (logged > kMostLogged) {
    spdlog::warn("{}: and {} such lines more", list.file().string(), list.bad_lines().size() - kMostLogged);
  }
}

std::pair<std::int64_t, std::int64_t> count_recipients(const MailChannel& channel) {
  std::int64_t recipients = 0;
  std::int64_t left_out = 0;
  read_list(channel, [&](const Chunk& chunk) {
    recipients += static_cast<std::int64_t>(chunk.recipients.size());
    left_out += static_cast<std::int64_t>(chunk.exclusions.size());
  });
  return {recipients, left_out};
}

}  // namespace mailing
