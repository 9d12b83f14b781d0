#include "mailing/send_test.h"

#include <exception>

#include <boost/asio/post.hpp>

#include "mailing/compose.h"
#include "publishers/email/address.h"

namespace mailing {
namespace {

// Tokens of trials stand above all subscribers' ids.
constexpr std::uint64_t kFirstToken = std::uint64_t{1} << 62;

class TestGate final : public publishers::MailGate, public std::enable_shared_from_this<TestGate> {
 public:
  TestGate(std::shared_ptr<MailChannel> channel, std::function<void(publishers::Receipt)> then)
      : channel_(std::move(channel)), then_(std::move(then)) {}

  void keep() { self_ = shared_from_this(); }
  void arm(std::uint64_t, std::function<void(bool)> then) override {
    boost::asio::post(channel_->executor, [then = std::move(then)] { then(true); });
  }
  void replied(std::uint64_t, const publishers::Receipt& receipt) override {
    const auto self = std::move(self_);
    then_(receipt);
  }

 private:
  std::shared_ptr<MailChannel> channel_;
  std::function<void(publishers::Receipt)> then_;
  std::shared_ptr<TestGate> self_;  // until the reply
};

}  // namespace

void send_test(const std::shared_ptr<MailChannel>& channel, const publishers::Edition& edition,
               const std::string& to, model::Instant now, std::function<void(publishers::Receipt)> then) {
  static std::uint64_t trials = 0;
  const auto refuse = [&](const std::string& why) {
    then(publishers::Receipt::failed(publishers::Outcome::rejected, publishers::Fault::local, why));
  };
  const auto address = publishers::parse_address(to);
  if (!address) return refuse('"' + to + "\" is no mail address");
  publishers::OutgoingMessage message;
  try {
    MailContext context;
    context.permalink = edition.permalink;
    context.mailing = "test " + model::rfc3339(now) + ' ' + std::to_string(++trials);
    context.site_key = context.mailing;
    context.date = now;
    context.subject_mark = "[Test] ";
    FrozenMail mail(compose(*channel, edition, context));
    store::Claimed reader;
    reader.subscriber = {1};
    reader.address = address->text();
    if (const auto refused = mail.merge(reader, message)) return refuse(*refused);
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
  message.token = kFirstToken + trials;
  auto gate = std::make_shared<TestGate>(channel, std::move(then));
  gate->keep();
  channel->transport->send(std::move(message), *gate);
}

}  // namespace mailing
