// A mailer in a house of its own, with one channel to a mail server far away that outlives it.
//
// At each dot it is checked that the message's row says "armed" by then, and that no more are armed than
// there are connections; whenever the books are read, that they are right.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mailing/mailer.h"
#include "support/house.h"
#include "support/outbox.h"
#include "support/scripted_transport.h"
#include "support/temp_folder.h"
#include "templates/merge.h"

namespace mailing {

using namespace std::chrono_literals;
using model::DeliveryState;
using model::MessageState;
using publishers::Fault;
using publishers::Outcome;
using publishers::Receipt;
using support::House;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

inline const model::Instant kFriday = *model::parse_rfc3339("2026-11-27T13:00:00Z");

inline Receipt refused(Outcome outcome, Fault fault, const std::string& reply) {
  return Receipt::failed(outcome, fault, reply);
}

// A message with its quoted-printable read.
inline std::string decoded(const std::string& message) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const bool escape = message[i] == '=' && i + 2 < message.size();
    const std::size_t high = escape ? kHex.find(message[i + 1]) : std::string_view::npos;
    const std::size_t low = escape ? kHex.find(message[i + 2]) : std::string_view::npos;
    if (escape && message.compare(i, 3, "=\r\n") == 0) {
      i += 2;
    } else if (high != std::string_view::npos && low != std::string_view::npos) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += message[i];
    }
  }
  return out;
}

// Lists that nobody is writing: their times are of long ago.
class Lists : public support::TempFolder {
 public:
  void write(const std::string& name, const std::string& text) const {
    TempFolder::write(name, text);
    age(name, 1h);
  }
  void append(const std::string& name, const std::string& text) const {
    TempFolder::append(name, text);
    age(name, 1h);
  }
  // As in the midst of it, and so for as long as a test may take.
  void write_half(const std::string& name, const std::string& text) const {
    TempFolder::write(name, text);
    age(name, -900ms);
  }

 private:
  void age(const std::string& name, std::chrono::milliseconds age) const {
    std::filesystem::last_write_time(*this / name, std::filesystem::file_time_type::clock::now() - age);
  }
};

class MailingTest : public testing::Test {
 protected:
  MailingTest() {
    settings_.from = publishers::parse_mailbox("Friday <friday@example.org>").value();
    settings_.why = "You asked for it.";
    settings_.postal_address = "1 Main Street";
    settings_.unsubscribe = templates::mark_merge_fields("https://example.org/leave?list=1&who={{address|}}");
    settings_.recipients = folder_ / "list.csv";
    settings_.suppressed = folder_ / "suppressed.csv";
    server_.on_dot = [this](const publishers::OutgoingMessage& message) { check_dot(message); };
  }
  ~MailingTest() override { crash(); }

  static std::vector<templates::Source> theme(const std::string& words) {
    return {{"email/post.html.j2",
             "<html><body><h1>{{ post.title }}</h1>{{ post.content | safe }}"
             "{% if post.image_url %}<img src=\"{{ post.image_url }}\">{% endif %}"
             "{% if post.url %}<a href=\"{{ post.url }}\">web</a>{% endif %}"
             "<a href=\"{{ channel.unsubscribe_url | safe }}\">leave</a></body></html>\n"},
            {"email/post.txt.j2",
             words + "\n{{ post.content }}\n{{ post.url }}\n{{ channel.unsubscribe_url }}\n"}};
  }

  // The daemon begins, on the store that the one before it left.
  void start() {
    daemon_ = std::make_unique<Daemon>(*this);
    configure();
  }
  void crash() { daemon_.reset(); }
  // A channel as the settings and the theme now say.
  void configure() {
    channel_ = std::make_shared<MailChannel>();
    channel_->key = "mail";
    channel_->executor = house().executor();
    channel_->settings = settings_;
    transport_ = std::make_shared<support::ScriptedTransport>(house().executor(), server_);
    channel_->transport = transport_;
    channel_->theme = std::make_shared<templates::TemplateSet>(theme_);
    channel_->site.title = "Example";
    channel_->site.url = "https://blog.example";
    channel_->rehearsal_to = rehearsal_to_;
    mailer().configure({{"mail", channel_}}, house().epoch());
  }

  House& house() {
    if (!daemon_) start();
    return daemon_->house;
  }
  Mailer& mailer() {
    house();
    return daemon_->mailer;
  }
  support::ScriptedTransport& transport() { return *transport_; }
  const std::shared_ptr<MailChannel>& channel() const { return channel_; }

  // r1@example.org ...
  static std::string reader(int number) { return 'r' + std::to_string(number) + "@example.org"; }
  void readers(int count) {
    std::string list = "address,name\n";
    for (int i = 1; i <= count; ++i) list += reader(i) + ",Reader " + std::to_string(i) + '\n';
    folder_.write("list.csv", list);
  }

  static store::NewDelivery mail(const std::string& channel = "mail") {
    store::NewDelivery delivery = support::delivery_to(channel, true);
    delivery.state = DeliveryState::ready;
    return delivery;
  }
  void put(const std::string& slug, std::vector<store::NewDelivery> deliveries) {
    const model::PostId post = house().in_store([&](store::Store& store) {
      return support::put_post(store, slug, std::move(deliveries), clock_.now());
    });
    ids_[slug] = house().read([&](store::Store& store) { return store.deliveries(post).back().id; });
  }
  void queue(const std::string& slug = "hello") {
    put(slug, {mail()});
    mailer().nudge();
  }
  void send(const std::string& slug = "hello") {
    queue(slug);
    house().settle();
  }

  model::DeliveryId id(const std::string& slug = "hello") const { return ids_.at(slug); }
  model::Delivery delivery(const std::string& slug = "hello") {
    return house().read([&](store::Store& store) { return store.delivery(id(slug)).value(); });
  }
  std::string state_of(const std::string& slug = "hello") {
    const model::Delivery found = delivery(slug);
    return std::string(model::name(found.state)) + ": " + found.reply;
  }
  std::vector<store::MessageRow> rows(const std::string& slug = "hello") {
    return house().read(
        [&](store::Store& store) { return store.messages(id(slug), std::nullopt, {}, 100'000); });
  }
  store::MessageRow row(int reader_number, const std::string& slug = "hello") {
    for (store::MessageRow& each : rows(slug)) {
      if (each.address == reader(reader_number)) return std::move(each);
    }
    throw std::runtime_error(reader(reader_number) + " is no recipient");
  }
  MessageState state(int reader_number) { return row(reader_number).state; }

  // The sums, which are those of the rows at any moment.
  model::MessageCounts counts(const std::string& slug = "hello") {
    const auto [sums, all] = house().read([&](store::Store& store) {
      return std::pair(store.message_counts(id(slug)), store.messages(id(slug), std::nullopt, {}, 100'000));
    });
    EXPECT_EQ(sums.total(), static_cast<std::int64_t>(all.size()));
    std::map<MessageState, std::int64_t> by_state;
    for (const store::MessageRow& each : all) ++by_state[each.state];
    for (int i = 0; i < model::kMessageStates; ++i) {
      EXPECT_EQ(sums.by_state[i], by_state[static_cast<MessageState>(i)]) << i;
    }
    EXPECT_LE(sums.of(MessageState::armed), static_cast<std::int64_t>(server_.connections));
    return sums;
  }
  std::int64_t count(MessageState state, const std::string& slug = "hello") { return counts(slug).of(state); }
  std::size_t taken(int reader_number) const { return server_.taken(reader(reader_number)).size(); }

  // As the service does it: what is being sent is taken back before a person's word counts.
  template <class Verb>
  void say(const std::string& slug, Verb verb) {
    const auto said = std::make_shared<bool>(false);
    mailer().interrupt({delivery(slug)}, [this, slug, verb, said] {
      house().store().write([delivery = id(slug), verb,
                             now = clock_.now()](store::Store& store) { verb(store, delivery, now); },
                            [this, said](const store::Result<void>& result) {
                              EXPECT_TRUE(result.has_value()) << result.error().what;
                              *said = true;
                              mailer().nudge();
                            });
    });
    said_ = said;
  }
  bool said() const { return *said_; }
  void retry(const std::string& slug = "hello") {
    house().in_store([&](store::Store& store) { store.retry(id(slug), clock_.now()); });
    mailer().nudge();
    house().settle();
  }
  template <class Work>
  void in_store(Work work) {
    house().in_store(std::move(work));
    mailer().nudge();
    house().settle();
  }

  support::ManualClock clock_{kFriday};
  Lists folder_;
  support::FarMailServer server_;
  publishers::MailSettings settings_;
  std::vector<templates::Source> theme_ = theme("Words.");
  std::string rehearsal_to_;
  int changed_ = 0;
  std::chrono::milliseconds store_retry_ = 10s;

 private:
  struct Daemon {
    explicit Daemon(MailingTest& owner)
        : test(owner),
          house(test.clock_, test.folder_ / "fridayd.db"),
          mailer(house.executor(), house.workers(), house.store(), house.alarms(),
                 [&owner] { ++owner.changed_; }, {test.store_retry_, std::chrono::microseconds(0)}) {}
    ~Daemon() {
      if (test.transport_) test.transport_->unplug();
      house.crash();
      mailer.configure({}, 0);
      test.transport_.reset();
      test.channel_.reset();
    }
    MailingTest& test;
    House house;
    Mailer mailer;
  };

  void check_dot(const publishers::OutgoingMessage& message) {
    std::int64_t armed = 0;
    bool this_one = false;
    house().read([&](store::Store& store) {
      for (const auto& [slug, delivery] : ids_) {
        for (const store::MessageRow& each : store.messages(delivery, MessageState::armed, {}, 1000)) {
          ++armed;
          this_one = this_one || each.address == message.recipient;
        }
      }
      return 0;
    });
    EXPECT_TRUE(this_one) << message.recipient;
    EXPECT_LE(armed, static_cast<std::int64_t>(server_.connections));
  }

  std::map<std::string, model::DeliveryId> ids_;
  std::shared_ptr<bool> said_;
  std::shared_ptr<MailChannel> channel_;
  std::shared_ptr<support::ScriptedTransport> transport_;
  std::unique_ptr<Daemon> daemon_;
};

class InTheMidst : public MailingTest {
 protected:
  // Two messages are past the gate and unanswered, the rest waits.
  void begin(int count = 20) {
    server_.connections = 2;
    server_.silent = true;
    readers(count);
    send();
    ASSERT_EQ(transport().armed(), 2U);
  }
  void everyone_has_it_once(int count = 20) {
    EXPECT_EQ(this->count(MessageState::accepted), count);
    for (int i = 1; i <= count; ++i) EXPECT_EQ(taken(i), 1U) << i;
  }
};

}  // namespace mailing
