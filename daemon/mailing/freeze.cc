#include "mailing/freeze.h"

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>

#include "mailing/compose.h"
#include "mailing/left_out.h"
#include "mailing/who_left.h"
#include "publishers/email/recipients.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace mailing {
namespace {

constexpr std::size_t kChunk = 10'000;
constexpr const char* kLeft = "left the list";
// An editor, or a program that exports the list, may pause in its midst.
constexpr std::chrono::milliseconds kCalm{2000};

struct BeingWritten : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Chunk {
  std::vector<store::Recipient> recipients;
  std::vector<store::Exclusion> exclusions;
  std::size_t size() const { return recipients.size() + exclusions.size(); }
};

struct Reading {
  explicit Reading(const MailChannel& of) : channel(of), suppressed(of.settings.suppressed) {}
  const MailChannel& channel;
  publishers::SuppressionList suppressed;
  std::chrono::milliseconds calm{0};  // how long nobody wrote the list, at the least
  LeftOut left_out;
};

void read_who_left(publishers::SuppressionList& suppressed) {
  const auto why = suppressed.refresh();
  if (!why) return warn_of_bad_lines(suppressed);
  if (suppressed.trouble() == publishers::SuppressionList::Trouble::being_written) throw BeingWritten(*why);
  throw std::runtime_error(with_advice(suppressed, *why));
}

// Calls `full` with each chunk, the last one maybe smaller.
void read_list(Reading& reading, const std::function<void(Chunk)>& full) {
  const MailChannel& channel = reading.channel;
  Chunk chunk;
  const auto pass_on = [&](bool last) {
    if (chunk.size() < kChunk && !last) return;
    if (chunk.size() > 0) full(std::exchange(chunk, {}));
  };
  if (!channel.rehearsal_to.empty()) {
    chunk.recipients.push_back({channel.rehearsal_to, "", {}});
    return pass_on(true);
  }
  read_who_left(reading.suppressed);
  publishers::RecipientsListener listener;
  listener.on_recipient = [&](publishers::RecipientRow&& row) {
    if (reading.suppressed.contains(row.address)) {
      chunk.exclusions.push_back({row.address.text(), kLeft});
      reading.left_out.add(kLeft, 1);
    } else {
      chunk.recipients.push_back(
          {row.address.text(), std::move(row.name), {row.fields.begin(), row.fields.end()}});
    }
    pass_on(false);
  };
  listener.on_exclusion = [&](publishers::RecipientExclusion&& row) {
    reading.left_out.add(row.why, 1);
    chunk.exclusions.push_back({std::move(row.address), "line " + std::to_string(row.line) + ": " + row.why});
    pass_on(false);
  };
  if (const auto why = publishers::read_recipients(channel.settings.recipients, listener, reading.calm)) {
    if (why->being_written) throw BeingWritten(why->what);
    throw std::runtime_error(why->what);
  }
  pass_on(true);
}

// Sent to nobody it would look as if it had been sent.
std::string reaches_nobody(const Reading& reading) {
  const std::string rows = std::to_string(reading.left_out.rows());
  return "nobody would get it: " + reading.channel.settings.recipients.string() +
         (reading.left_out.rows() == 0
              ? " has no rows but the columns' names"
              : ": " + rows + " rows are left out, and no others are there: " + reading.left_out.reasons()) +
         "; mend the list, then say `retry`";
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
    Reading reading(channel);
    reading.calm = kCalm;
    if (step([&](store::Store& store) { return was_seen(store, channel); })) reading.suppressed.was_there();
    // What was suppressed by a command outranks the list, whatever its file says.
    read_list(reading, [&](Chunk chunk) {
      const std::size_t before = chunk.exclusions.size();
      step([&](store::Store& store) {
        std::erase_if(chunk.recipients, [&](const store::Recipient& recipient) {
          const bool left = store.suppressed(recipient.address);
          if (left) chunk.exclusions.push_back({recipient.address, kLeft});
          return left;
        });
        store.freeze_chunk(id, fence, chunk.recipients, chunk.exclusions);
      });
      reading.left_out.add(kLeft, chunk.exclusions.size() - before);
      runtime::crash_point("W15");
    });
    if (reading.suppressed.readings() > 0) {
      step([&](store::Store& store) { note_seen(store, channel, reading.suppressed.size()); });
    }
    const auto counts = step([&](store::Store& store) { return store.message_counts(id); });
    // Its rows that are left out stay to be looked at, until the list is read again.
    if (counts.total() == 0) throw std::runtime_error(reaches_nobody(reading));
    return step([&](store::Store& store) { return store.freeze_end(id, fence, now); });
  }

 private:
  store::StoreThread& store_;
  const store::Work& work_;
};

}  // namespace

void freeze_recipients(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                       store::StoreThread& store, std::shared_ptr<MailChannel> channel,
                       const store::Work& work, model::Instant now, std::function<void(Fixed)> then) {
  boost::asio::post(
      workers, [house, &store, channel = std::move(channel), work, now, then = std::move(then)] {
        Fixed result = [&]() -> Fixed {
          try {
            return Freezer(store, work).run(*channel, now);
          } catch (const store::StoreFailure& failure) {
            return tl::unexpected(Unfixed{{failure.kind(), failure.what()}, false});
          } catch (const BeingWritten& file) {
            return tl::unexpected(Unfixed{{store::Failure::not_allowed, file.what()}, true});
          } catch (const std::exception& error) {
            return tl::unexpected(Unfixed{{store::Failure::not_allowed, error.what()}, false});
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

std::pair<std::int64_t, std::int64_t> count_recipients(const MailChannel& channel, bool who_left_was_seen) {
  std::int64_t recipients = 0;
  std::int64_t left_out = 0;
  Reading reading(channel);
  if (who_left_was_seen) reading.suppressed.was_there();
  read_list(reading, [&](const Chunk& chunk) {
    recipients += static_cast<std::int64_t>(chunk.recipients.size());
    left_out += static_cast<std::int64_t>(chunk.exclusions.size());
  });
  return {recipients, left_out};
}

}  // namespace mailing
