#include "service/health.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "support/manual_clock.h"
#include "support/manual_ticker.h"

namespace service {
namespace {

using namespace std::chrono_literals;

// Answers when the test wants it to.
class SlowTransport final : public publishers::MailTransport {
 public:
  publishers::TransportLimits limits() const override { return {}; }
  void check(std::function<void(publishers::Receipt)> then) override { asked.push_back(std::move(then)); }
  void send(publishers::OutgoingMessage, publishers::MailGate&) override {}
  void drain(std::function<void()> then) override { then(); }

  std::vector<std::function<void(publishers::Receipt)>> asked;
};

class HealthTest : public testing::Test {
 protected:
  HealthTest() { checks_.configure(channels_); }
  // With a transport of its own, which transport_ is from then on.
  std::shared_ptr<Channels> new_channels() {
    config::Config config;
    config.channels["mail"].kind = "smtp";
    auto channels = std::make_shared<Channels>();
    channels->config = std::make_shared<const config::Config>(config);
    auto mail = std::make_shared<mailing::MailChannel>();
    auto transport = std::make_unique<SlowTransport>();
    transport_ = transport.get();
    mail->transport = std::move(transport);
    channels->mail["mail"] = std::move(mail);
    return channels;
  }
  void answer(publishers::Receipt receipt = publishers::Receipt::confirmed("", "", "takes mail")) {
    const auto then = std::exchange(transport_->asked, {});
    for (const auto& each : then) each(receipt);
  }
  admin::ChannelHealth result() const { return checks_.results().at(0); }
  // As `fridayctl status` has it.
  bool status_well() const {
    admin::Health health;
    health.store = "well";
    health.channels = checks_.results();
    return all_well(health);
  }

  boost::asio::io_context house_;
  boost::asio::thread_pool workers_{1};
  support::ManualClock clock_{model::parse_rfc3339("2026-11-24T12:00:00Z").value()};
  support::SteadyTime time_;
  HealthChecks checks_{std::make_unique<support::ManualTicker>(time_), house_.get_executor(), workers_,
                       clock_};
  SlowTransport* transport_ = nullptr;
  const std::shared_ptr<Channels> channels_ = new_channels();
};

TEST_F(HealthTest, AChannelIsAskedEveryTenMinutesAndWellForAsLongAsItAnswers) {
  EXPECT_FALSE(status_well());
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(transport_->asked.size(), 1U);
    answer();
    EXPECT_TRUE(status_well());
    time_.pass(10min);
    EXPECT_TRUE(status_well());
  }
  answer(publishers::Receipt::failed(publishers::Outcome::deferred, publishers::Fault::transient, "421"));
  EXPECT_FALSE(status_well());
  EXPECT_EQ(result().reply, "421");
}

TEST_F(HealthTest, OneThatDoesNotAnswerIsNotWellAfterTwoPeriods) {
  answer();
  time_.pass(20min);
  EXPECT_TRUE(status_well());
  time_.pass(1min);
  EXPECT_FALSE(status_well());
  EXPECT_EQ(result().reply, "has not answered its check for 21 min; before: takes mail");
  EXPECT_EQ(result().checked, clock_.now()) << "the age that is shown is that of the last answer";
  answer();
  EXPECT_TRUE(status_well());
  EXPECT_EQ(result().reply, "takes mail");
}

TEST_F(HealthTest, OneThatDoesNotAnswerIsNotAskedOverAndOver) {
  time_.pass(5h);
  EXPECT_EQ(transport_->asked.size(), 1U);
  answer();
  time_.pass(10min);
  EXPECT_EQ(transport_->asked.size(), 1U);
}

TEST_F(HealthTest, AnAnswerOfTheChannelBeforeAReloadSaysNothingOfTheOneAfter) {
  const auto before = std::exchange(transport_->asked, {});
  checks_.configure(new_channels());
  for (const auto& each : before) each(publishers::Receipt::confirmed("", "", "takes mail"));
  EXPECT_FALSE(status_well());
  answer(publishers::Receipt::confirmed("", "", "takes mail, too"));
  EXPECT_EQ(result().reply, "takes mail, too");
}

TEST(AllWell, NeedsEverythingToBeWell) {
  admin::Health well;
  well.store = "well";
  well.channels = {{"blog", "static_site", false, true, "", {}, ""}};
  EXPECT_TRUE(all_well(well));
  const auto with = [&well](auto change) {
    admin::Health health = well;
    change(health);
    return all_well(health);
  };
  EXPECT_FALSE(with([](admin::Health& health) { health.store = "full"; }));
  EXPECT_FALSE(with([](admin::Health& health) { health.halted = "stopped"; }));
  EXPECT_FALSE(with([](admin::Health& health) { health.content = "away"; }));
  EXPECT_FALSE(with([](admin::Health& health) { health.stuck_count = 1; }));
  EXPECT_FALSE(with([](admin::Health& health) { health.channels[0].well = false; }));
}

}  // namespace
}  // namespace service
