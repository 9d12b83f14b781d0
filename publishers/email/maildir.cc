#include "publishers/email/maildir.h"

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "publishers/email/maildir_folder.h"
#include "publishers/email/smtp_data.h"

namespace publishers {
namespace {

namespace asio = boost::asio;

// Enough that the disk does not wait for the ledger.
constexpr std::size_t kAtOnce = 4;

Receipt given_back() {
  return Receipt::failed(Outcome::deferred, Fault::none, "given back before it was sent");
}

}  // namespace

// The messages under way. On the executor only, but for what `work` does on the thread.
class Maildir::Desk : public std::enable_shared_from_this<Desk> {
 public:
  Desk(asio::any_io_executor executor, std::filesystem::path path)
      : executor_(std::move(executor)), folder_(std::make_shared<maildir::Folder>(std::move(path))) {}

  std::vector<NeededPath> paths() const { return folder_->paths(); }

  void check(std::function<void(Receipt)> then) {
    work([folder = folder_] { return folder->prepare(); },
         [then = std::move(then)](Desk&, Receipt receipt) { then(std::move(receipt)); });
  }

  void send(OutgoingMessage message, MailGate& gate) {
    auto item = std::make_shared<Item>();
    item->token = message.token;
    item->gate = &gate;
    smtp::Traits traits;
    item->refused = smtp::inspect(message, traits);
    if (item->refused.empty() && message.message_id.empty()) item->refused = "the message has no Message-ID";
    if (item->refused.empty()) {
      item->name = maildir::file_name(message.message_id);
      item->text = maildir::file_text(message);
    }
    queue_.push_back(std::move(item));
    nudge();
  }

  void drain(std::function<void()> then) {
    drains_.push_back(std::move(then));
    nudge();
  }

  // Waits for the thread; nothing is called from now on.
  void stop() {
    stopped_ = true;
    thread_.join();
  }

 private:
  struct Item {
    std::uint64_t token = 0;
    MailGate* gate = nullptr;
    std::string name;
    std::string text;
    std::string refused;  // why it can't be sent, in words
  };
  using ItemPointer = std::shared_ptr<const Item>;

  // Never from within a caller's call.
  void nudge() {
    if (std::exchange(nudged_, true)) return;
    asio::post(executor_, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || self->stopped_) return;
      self->nudged_ = false;
      self->go_on();
    });
  }

  void go_on() {
    while (!queue_.empty() && !stopped_ && (busy_ < kAtOnce || !drains_.empty())) {
      const ItemPointer item = std::move(queue_.front());
      queue_.pop_front();
      if (!item->refused.empty()) {
        item->gate->replied(item->token, Receipt::failed(Outcome::rejected, Fault::local, item->refused));
      } else if (!drains_.empty()) {
        item->gate->replied(item->token, given_back());
      } else {
        begin(item);
      }
    }
    if (stopped_ || busy_ > 0 || drains_.empty()) return;
    for (const auto& then : std::exchange(drains_, {})) then();
    if (!stopped_ && !queue_.empty()) nudge();
  }

  void begin(const ItemPointer& item) {
    ++busy_;
    work([folder = folder_, item] { return folder->write(item->name, item->text); },
         [item](Desk& desk, const Receipt& written) { desk.written(item, written); });
  }

  void written(const ItemPointer& item, const Receipt& receipt) {
    if (receipt.outcome != Outcome::confirmed) return end(item, receipt);
    if (!drains_.empty()) {
      work([folder = folder_, item] { return folder->forget(item->name), Receipt(); },
           [item](Desk& desk, const Receipt&) { desk.end(item, given_back()); });
      return;
    }
    item->gate->arm(item->token, [weak = weak_from_this(), item](bool may_go) {
      const auto self = weak.lock();
      if (self && !self->stopped_) self->answered(item, may_go);
    });
  }

  void answered(const ItemPointer& item, bool may_go) {
    if (may_go) {
      work([folder = folder_, item] { return folder->show(item->name); },
           [item](Desk& desk, const Receipt& shown) { desk.end(item, shown); });
    } else {
      work([folder = folder_, item] { return folder->forget(item->name), Receipt(); },
           [](Desk& desk, const Receipt&) { desk.free(); });
    }
  }

  void end(const ItemPointer& item, const Receipt& receipt) {
    item->gate->replied(item->token, receipt);
    free();
  }

  void free() {
    --busy_;
    nudge();
  }

  // Runs `job` on the thread and hands what it returns to `then` on the executor, which is kept running.
  template <class Job, class Then>
  void work(Job job, Then then) {
    const auto busy = asio::prefer(executor_, asio::execution::outstanding_work_t::tracked);
    asio::post(thread_,
               [busy, weak = weak_from_this(), job = std::move(job), then = std::move(then)]() mutable {
                 Receipt receipt = job();
                 asio::post(busy, [weak, then = std::move(then), receipt = std::move(receipt)]() mutable {
                   const auto self = weak.lock();
                   if (self && !self->stopped_) then(*self, std::move(receipt));
                 });
               });
  }

  asio::any_io_executor executor_;
  std::shared_ptr<maildir::Folder> folder_;
  std::deque<ItemPointer> queue_;
  std::size_t busy_ = 0;
  std::vector<std::function<void()>> drains_;
  bool nudged_ = false;
  bool stopped_ = false;
  asio::thread_pool thread_{1};
};

Maildir::Maildir(asio::any_io_executor executor, std::filesystem::path path)
    : desk_(std::make_shared<Desk>(std::move(executor), std::move(path))) {}

Maildir::~Maildir() {
  desk_->stop();
}

TransportLimits Maildir::limits() const {
  return {kAtOnce};
}

std::vector<NeededPath> Maildir::paths() const {
  return desk_->paths();
}

void Maildir::check(std::function<void(Receipt)> then) {
  desk_->check(std::move(then));
}

void Maildir::send(OutgoingMessage message, MailGate& gate) {
  desk_->send(std::move(message), gate);
}

void Maildir::drain(std::function<void()> then) {
  desk_->drain(std::move(then));
}

std::unique_ptr<MailTransport> make_maildir(config::Section& section, asio::any_io_executor executor) {
  std::filesystem::path path = section.path("path");
  if (path.empty()) return nullptr;
  if (!path.has_filename()) path = path.parent_path();  // "mail/" is "mail"
  return std::make_unique<Maildir>(std::move(executor), std::move(path));
}

}  // namespace publishers
