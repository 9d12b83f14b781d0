#include "dispatch/attempt.h"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

#include "runtime/crash_point.h"

namespace dispatch {

using model::Stage;
using publishers::Fault;
using publishers::Found;
using publishers::Outcome;
using publishers::Receipt;

Attempt::Attempt(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                 store::StoreThread& store, std::shared_ptr<publishers::PostPublisher> publisher,
                 store::Work work, Ended ended)
    : house_(std::move(house)),
      workers_(workers),
      store_(store),
      publisher_(std::move(publisher)),
      work_(std::move(work)),
      ended_(std::move(ended)),
      stage_(work_.delivery.stage),
      remote_id_(work_.delivery.remote_id) {}

void Attempt::start() {
  load_assets([self = shared_from_this()] {
    switch (self->stage_) {
      case Stage::preparing:
      case Stage::publishing:
      case Stage::published:
        return self->look_first();
      case Stage::prepared:
        return self->publish();
      case Stage::none:
      case Stage::sending:
        return self->prepare();
    }
  });
}

void Attempt::look_first() {
  if (!publisher_->capabilities().find) {
    return end(Receipt::failed(Outcome::uncertain, Fault::none,
                               "its reply was lost and this kind of channel can't be asked; look there, then "
                               "say `fridayctl settle`"),
               How::unanswerable);
  }
  if (end_if_interrupted()) return;
  const auto found = found_;
  call([found, key = work_.delivery.key](
           publishers::PostPublisher& publisher,
           const publishers::Edition& edition) { return publisher.find(edition, key, *found); },
       [self = shared_from_this()](Receipt receipt) {
         if (receipt.outcome != Outcome::confirmed) {
           // Still unknown, whatever kept the question from being answered.
           receipt.outcome = Outcome::uncertain;
           return self->end(std::move(receipt));
         }
         if (!self->found_->remote_id.empty()) self->remote_id_ = self->found_->remote_id;
         switch (self->found_->stage) {
           case Found::Stage::absent:
             self->remote_id_.clear();
             self->stage_ = Stage::none;
             return self->prepare();
           case Found::Stage::prepared:
           case Found::Stage::published:
             // Publishing what is public already does no harm, and brings its address.
             return self->publish();
         }
       });
}

void Attempt::prepare() {
  if (end_if_interrupted()) return;
  enter(Stage::preparing, [self = shared_from_this()] {
    runtime::crash_point("W8");
    self->call([key = self->work_.delivery.key](
                   publishers::PostPublisher& publisher,
                   const publishers::Edition& edition) { return publisher.prepare(edition, key); },
               [self](Receipt receipt) {
                 runtime::crash_point("W10");
                 if (receipt.outcome == Outcome::deferred || receipt.outcome == Outcome::rejected) {
                   self->stage_ = Stage::none;
                 }
                 if (receipt.outcome != Outcome::confirmed) return self->end(std::move(receipt));
                 self->remote_id_ = receipt.remote_id;
                 self->enter(Stage::prepared, [self] {
                   runtime::crash_point("W11");
                   self->publish();
                 });
               });
  });
}

void Attempt::publish() {
  if (end_if_interrupted()) return;
  enter(Stage::publishing, [self = shared_from_this()] {
    self->call(
        [id = self->remote_id_](publishers::PostPublisher& publisher, const publishers::Edition& edition) {
          return publisher.publish(edition, id);
        },
        [self](Receipt receipt) {
          runtime::crash_point("W12");
          if (receipt.outcome == Outcome::deferred) self->stage_ = Stage::prepared;
          if (receipt.outcome != Outcome::confirmed) return self->end(std::move(receipt));
          if (receipt.remote_id.empty()) receipt.remote_id = self->remote_id_;
          self->published_ = std::move(receipt);
          self->check_live();
        });
  });
}

void Attempt::check_live() {
  call([permalink = published_.permalink](
           publishers::PostPublisher& publisher,
           const publishers::Edition& edition) { return publisher.live_check(edition, permalink); },
       [self = shared_from_this()](Receipt seen) {
         if (seen.outcome == Outcome::confirmed) {
           self->stage_ = Stage::published;
           return self->end(std::move(self->published_));
         }
         // It was taken, but readers don't see it: asked again, published again by its id.
         self->stage_ = Stage::prepared;
         seen.outcome = Outcome::deferred;
         seen.fault = seen.fault == Fault::tls || seen.fault == Fault::auth ? Fault::transient : seen.fault;
         seen.reply = "published, but not seen at " + self->published_.permalink + ": " + seen.reply;
         seen.remote_id = self->published_.remote_id;
         self->end(std::move(seen));
       });
}

void Attempt::end(Receipt receipt, How how) {
  if (receipt.remote_id.empty()) receipt.remote_id = remote_id_;
  const Ended ended = std::exchange(ended_, nullptr);
  if (ended) ended({std::move(receipt), stage_, how});
}

bool Attempt::end_if_interrupted() {
  if (interrupted_.empty()) return false;
  end(Receipt::failed(Outcome::deferred, Fault::none, interrupted_), How::interrupted);
  return true;
}

void Attempt::enter(Stage stage, std::function<void()> next) {
  store_.write([id = work_.delivery.id, fence = work_.delivery.fence, stage,
                remote = remote_id_](store::Store& store) { store.enter_stage(id, fence, stage, remote); },
               [self = shared_from_this(), stage, next = std::move(next)](store::Result<void> result) {
                 if (result) {
                   self->stage_ = stage;
                   return next();
                 }
                 const bool lost = result.error().kind == store::Failure::stale_fence ||
                                   result.error().kind == store::Failure::closed;
                 self->end(Receipt::failed(Outcome::deferred, Fault::local, result.error().what),
                           lost ? How::lost_claim : How::answered);
               });
}

void Attempt::call(std::function<Receipt(publishers::PostPublisher&, const publishers::Edition&)> call,
                   std::function<void(Receipt)> then) {
  boost::asio::post(workers_, [self = shared_from_this(), call = std::move(call), then = std::move(then)] {
    Receipt receipt;
    std::optional<std::string> bug;
    try {
      receipt = call(*self->publisher_, self->work_.edition);
      runtime::crash_point("W9");
    } catch (const std::exception& error) {
      bug = error.what();
    } catch (...) {
      bug = "an exception of no known kind";
    }
    boost::asio::post(self->house_, [self, bug, receipt = std::move(receipt), then]() mutable {
      if (!bug) return then(std::move(receipt));
      self->end(Receipt::failed(Outcome::uncertain, Fault::protocol, "the publisher failed: " + *bug),
                How::bug);
    });
  });
}

void Attempt::load_assets(std::function<void()> then) {
  std::vector<std::string> hashes;
  for (const publishers::Asset& asset : work_.edition.assets) hashes.push_back(asset.sha256);
  if (hashes.empty()) return then();
  store_.write(
      [hashes](store::Store& store) {
        std::vector<std::string> bytes;
        for (const std::string& hash : hashes) bytes.push_back(store.blob(hash));
        return bytes;
      },
      [self = shared_from_this(), then = std::move(then)](store::Result<std::vector<std::string>> bytes) {
        if (!bytes) {
          return self->end(Receipt::failed(Outcome::deferred, Fault::local, bytes.error().what));
        }
        for (std::size_t i = 0; i < bytes->size(); ++i) {
          self->work_.edition.assets[i].bytes = std::make_shared<const std::string>(std::move((*bytes)[i]));
        }
        then();
      });
}

}  // namespace dispatch
