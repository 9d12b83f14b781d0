// The shipped binary and a real SMTP server with TLS and AUTH: what arrives, what is refused, and what a kill
// in the middle leaves behind.
#include <gtest/gtest.h>
#include <poll.h>

#include <map>
#include <random>
#include <string>

#include "support/mail_server.h"
#include "support/mail_text.h"
#include "support/smtp_channel.h"
#include "support/trial.h"

namespace {

using support::eventually;
using support::kThursday;
using support::MailServer;
using support::Trial;
using support::whole_lines;

class Smtp : public testing::Test {
 protected:
  Smtp() : trial_(kThursday) {}

  void connect(const std::string& tls, const std::string& password = MailServer::kPassword) {
    support::mail_by(server_, trial_, tls, password);
  }

  void publish(const std::string& slug) {
    trial_.drop(slug + ".md",
                "---\ntitle: " + slug + "\n---\n\nHello {{name|there}}, this is " + slug + ".\n");
    ASSERT_TRUE(trial_.eventually_listed(slug)) << trial_.log();
    ASSERT_EQ(trial_.ctl({"publish", slug, "--yes"}).exit, 0) << trial_.log();
  }

  boost::json::object mail_delivery() const {
    const auto deliveries = trial_.api({"deliveries"});
    for (const auto& item : deliveries.at("items").as_array()) {
      if (item.at("mail").as_bool())
        return trial_.api({"deliveries", std::string(item.at("id").as_string())});
    }
    return {};
  }

  static std::int64_t count(const boost::json::object& delivery, const char* state) {
    return delivery.at("messages").at(state).as_int64();
  }

  Trial trial_;
  MailServer server_;
};

TEST_F(Smtp, MailsArriveEncryptedAndPersonalAndOneRefusalIsOnePersonsOwn) {
  connect("starttls");
  support::put(trial_.folder() / "recipients.csv",
               "address,name\nada@example.org,Ada\nrcpt-550@example.org,Nobody\nnot an address,X\n"
               "grace@example.org,\nADA@example.org,Twice\n");
  ASSERT_TRUE(trial_.start()) << trial_.log();
  publish("first");
  ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
  const auto delivery = mail_delivery();
  EXPECT_EQ(count(delivery, "total"), 3);
  EXPECT_EQ(count(delivery, "accepted"), 2);
  EXPECT_EQ(count(delivery, "failed"), 1);
  EXPECT_EQ(delivery.at("messages").at("excluded").as_int64(), 2);
  EXPECT_NE(boost::json::serialize(delivery.at("left_out")).find("line 4"), std::string::npos)
      << boost::json::serialize(delivery);
  const auto messages = server_.messages();
  ASSERT_EQ(messages.size(), 2U);
  for (const auto& message : messages) {
    EXPECT_TRUE(message.encrypted);
    EXPECT_EQ(message.user, MailServer::kUser);
    EXPECT_NE(message.data.find("List-Unsubscribe: <https://example.org/leave?who="), std::string::npos)
        << message.data;
    const bool ada = message.recipient == "ada@example.org";
    EXPECT_NE(whole_lines(message.data).find(ada ? "Hello Ada, this" : "Hello there, this"),
              std::string::npos)
        << message.data;
  }
}

TEST_F(Smtp, ImplicitTlsWorksToo) {
  connect("implicit");
  ASSERT_TRUE(trial_.start()) << trial_.log();
  publish("first");
  ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
  EXPECT_EQ(server_.messages().size(), 2U);
}

TEST_F(Smtp, AWrongPasswordHoldsTheMailAndChargesNobody) {
  connect("starttls", "no-such-secret");
  ASSERT_TRUE(trial_.start()) << trial_.log();
  publish("first");
  ASSERT_TRUE(eventually([&] { return trial_.delivery_state("mail") == "held"; })) << trial_.log();
  const auto delivery = mail_delivery();
  EXPECT_EQ(count(delivery, "pending"), 2) << boost::json::serialize(delivery);
  EXPECT_EQ(trial_.log().find("no-such-secret"), std::string::npos) << "the password is in the log";
  EXPECT_NE(trial_.ctl({"status"}).exit, 0);

  support::put(trial_.folder() / "password", std::string(MailServer::kPassword) + "\n");
  std::filesystem::permissions(trial_.folder() / "password", std::filesystem::perms::owner_read);
  ASSERT_EQ(trial_.ctl({"reload"}).exit, 0);
  ASSERT_EQ(trial_.ctl({"retry", std::string(delivery.at("id").as_string())}).exit, 0);
  ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
  EXPECT_EQ(server_.messages().size(), 2U);
}

TEST_F(Smtp, ACertificateOfAStrangerHoldsTheMail) {
  connect("starttls");
  const support::TestAuthority stranger;
  support::put(trial_.folder() / "stranger.pem", stranger.pem());
  trial_.configure("mail", support::smtp_channel(server_.port(), "starttls", "stranger.pem", "password"));
  ASSERT_TRUE(trial_.start()) << trial_.log();
  publish("first");
  ASSERT_TRUE(eventually([&] { return trial_.delivery_state("mail") == "held"; })) << trial_.log();
  EXPECT_TRUE(server_.messages().empty());
  EXPECT_EQ(count(mail_delivery(), "pending"), 2);
}

TEST_F(Smtp, AServerThatIsAwayIsTriedAgainAndNobodyIsCharged) {
  connect("starttls");
  trial_.configure("mail", support::smtp_channel(1, "starttls", server_.ca_file(), "password"));
  ASSERT_TRUE(trial_.start()) << trial_.log();
  publish("first");
  ASSERT_TRUE(eventually([&] { return trial_.delivery_state("mail") == "deferred"; })) << trial_.log();
  EXPECT_EQ(count(mail_delivery(), "pending"), 2);
  connect("starttls");
  trial_.write_config();
  ASSERT_EQ(trial_.ctl({"reload"}).exit, 0);
  trial_.set_clock("2026-11-26T15:02:00Z");
  ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
  EXPECT_EQ(server_.messages().size(), 2U);
}

TEST_F(Smtp, ALostReplyIsNamedAndNotSentAgain) {
  connect("starttls");
  support::put(trial_.folder() / "recipients.csv", "address\nada@example.org\nlost-reply@example.org\n");
  ASSERT_TRUE(trial_.start()) << trial_.log();
  publish("first");
  ASSERT_TRUE(eventually([&] { return trial_.delivery_state("mail") == "uncertain"; })) << trial_.log();
  auto delivery = mail_delivery();
  ASSERT_EQ(delivery.at("uncertain").as_array().size(), 1U);
  const auto doubtful = delivery.at("uncertain").as_array().front();
  EXPECT_EQ(doubtful.at("address"), "lost-reply@example.org");
  EXPECT_EQ(server_.messages().size(), 2U);
  ASSERT_EQ(trial_.ctl({"settle", std::string(doubtful.at("id").as_string()), "--as", "accepted"}).exit, 0);
  EXPECT_TRUE(trial_.eventually_delivered("mail"));
  EXPECT_EQ(server_.messages().size(), 2U);
}

TEST_F(Smtp, KilledTwentyTimesAtRandomNobodyIsMailedTwiceAndNobodyIsForgotten) {
  constexpr int kReaders = 150;
  connect("implicit");
  trial_.recipients(kReaders);
  std::mt19937 random(20261127);
  std::map<std::string, int> seen;
  for (int round = 1; round <= 20; ++round) {
    ASSERT_TRUE(trial_.start()) << trial_.log();
    const std::string slug = "round-" + std::to_string(round);
    ASSERT_NO_FATAL_FAILURE(publish(slug));
    ::poll(nullptr, 0, static_cast<int>(random() % 250));
    trial_.kill();
    ASSERT_TRUE(trial_.start()) << trial_.log();
    ASSERT_TRUE(eventually(
        [&] {
          const std::string state = trial_.delivery_state("mail");
          return state == "confirmed" || state == "uncertain";
        },
        std::chrono::seconds(60)))
        << trial_.log();
    ASSERT_TRUE(eventually([&] { return count(mail_delivery(), "pending") == 0; })) << trial_.log();
    const auto delivery = mail_delivery();
    EXPECT_EQ(count(delivery, "total"), kReaders);
    EXPECT_EQ(count(delivery, "accepted") + count(delivery, "uncertain"), kReaders)
        << boost::json::serialize(delivery);
    EXPECT_LE(count(delivery, "uncertain"), support::kSmtpConnections);
    std::map<std::string, int> got;
    for (const auto& message : server_.messages()) {
      if (message.data.find("Subject: " + slug + "\r\n") != std::string::npos) ++got[message.recipient];
    }
    for (const auto& [recipient, times] : got) EXPECT_EQ(times, 1) << recipient << " in " << slug;
    // Who is missing must be one of those named.
    EXPECT_GE(static_cast<std::int64_t>(got.size()), count(delivery, "accepted"));
    for (const auto& message : delivery.at("uncertain").as_array()) {
      ASSERT_EQ(trial_.ctl({"settle", std::string(message.at("id").as_string()), "--as", "accepted"}).exit,
                0);
    }
    ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.log();
    ASSERT_EQ(trial_.stop(), 0);
  }
}

}  // namespace
