// What every kind of MailTransport promises, whatever it speaks to. A new kind joins with a Stand of its
// own and one line at the end of this file.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "config/load.h"
#include "publishers/mail_transport.h"
#include "publishers/registry.h"
#include "support/mail_gate.h"
#include "support/mail_server.h"
#include "support/scripted_smtp.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::mail_message;
using support::run_until;

// A far end, and what can be seen of it without asking the transport.
class Stand {
 public:
  virtual ~Stand() = default;
  // A transport to this far end, made as the daemon makes it.
  virtual std::unique_ptr<MailTransport> make(boost::asio::any_io_executor executor) = 0;
  // The same kind of transport to where nobody takes mail.
  virtual std::unique_ptr<MailTransport> make_to_nowhere(boost::asio::any_io_executor executor) = 0;
  // The texts that arrived.
  virtual std::vector<std::string> arrived() = 0;

 protected:
  static std::unique_ptr<MailTransport> of_section(const std::string& lines, const std::string& kind,
                                                   boost::asio::any_io_executor executor) {
    config::Faults faults;
    const config::Config config =
        config::load_text("[channels.mail]\nkind = \"" + kind + "\"\n" + lines, "/etc/t.toml", faults);
    config::Section& section = *config.channels.at("mail").section;
    auto transport = find_kind(kind)->mail(section, std::move(executor));
    section.finish();
    EXPECT_EQ(faults.text(), "");
    return transport;
  }
};

// A real server with STARTTLS and AUTH; it does not offer PIPELINING.
class ServerStand final : public Stand {
 public:
  std::unique_ptr<MailTransport> make(boost::asio::any_io_executor executor) override {
    return to("port = " + std::to_string(server_.port()) + "\n", executor);
  }
  std::unique_ptr<MailTransport> make_to_nowhere(boost::asio::any_io_executor executor) override {
    return to("port = 1\n", executor);
  }
  std::vector<std::string> arrived() override {
    std::vector<std::string> all;
    for (const auto& message : server_.messages()) all.push_back(message.data);
    return all;
  }

 private:
  std::unique_ptr<MailTransport> to(const std::string& port, boost::asio::any_io_executor executor) {
    ::setenv("FRIDAYD_TEST_SMTP", support::MailServer::kPassword, 1);
    return of_section(port + "host = \"localhost\"\nca_file = \"" + server_.ca_file() + "\"\nuser = \"" +
                          support::MailServer::kUser +
                          "\"\npassword = { env = \"FRIDAYD_TEST_SMTP\" }\nconnections = 3\n",
                      "smtp", std::move(executor));
  }

  support::MailServer server_;
};

// A server that offers PIPELINING.
class PipeliningStand final : public Stand {
 public:
  std::unique_ptr<MailTransport> make(boost::asio::any_io_executor executor) override {
    return to(server_.port(), std::move(executor));
  }
  std::unique_ptr<MailTransport> make_to_nowhere(boost::asio::any_io_executor executor) override {
    return to(1, std::move(executor));
  }
  std::vector<std::string> arrived() override {
    std::vector<std::string> all;
    for (const auto& message : server_.messages()) all.push_back(message.data);
    return all;
  }

 private:
  static std::unique_ptr<MailTransport> to(int port, boost::asio::any_io_executor executor) {
    return of_section(
        "host = \"127.0.0.1\"\ntls = \"none\"\nconnections = 2\nport = " + std::to_string(port) + "\n",
        "smtp", std::move(executor));
  }

  support::ScriptedSmtp server_;
};

class MaildirStand final : public Stand {
 public:
  std::unique_ptr<MailTransport> make(boost::asio::any_io_executor executor) override {
    return of_section("path = \"" + (folder_.path() / "mail").string() + "\"\n", "maildir",
                      std::move(executor));
  }
  std::unique_ptr<MailTransport> make_to_nowhere(boost::asio::any_io_executor executor) override {
    return of_section("path = \"" + folder_.put("file", "").string() + "/mail\"\n", "maildir",
                      std::move(executor));
  }
  std::vector<std::string> arrived() override {
    std::vector<std::string> all;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "mail/new", none)) {
      std::ifstream in(entry.path(), std::ios::binary);
      all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return all;
  }

 private:
  support::MailFolder folder_;
};

struct Case {
  const char* name;
  std::function<std::unique_ptr<Stand>()> make;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class MailTransportContract : public testing::TestWithParam<Case> {
 protected:
  void send(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t token = first; token <= last; ++token) {
      transport_->send(mail_message(token), gate_);
      ++sent_;
    }
  }
  bool run() {
    return run_until(loop_, [this] { return gate_.ended() >= sent_; });
  }
  bool asked(std::size_t count) {
    return run_until(loop_, [this, count] { return gate_.asked.size() >= count; });
  }
  bool drain() {
    bool drained = false;
    transport_->drain([&drained] { drained = true; });
    return run_until(loop_, [&drained] { return drained; });
  }
  // Lets everything happen that wants to.
  void settle() {
    loop_.restart();
    loop_.run_for(30ms);
  }
  std::size_t copies(std::uint64_t token) {
    const std::string id = "<m" + std::to_string(token) + "@example.test>";
    const auto all = stand_->arrived();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&id](const std::string& text) {
      return text.find(id) != std::string::npos;
    }));
  }

  std::unique_ptr<Stand> stand_ = GetParam().make();
  boost::asio::io_context loop_;
  support::RecordingGate gate_{loop_.get_executor()};
  std::unique_ptr<MailTransport> transport_ = stand_->make(loop_.get_executor());
  std::size_t sent_ = 0;
};

TEST_P(MailTransportContract, ChecksWithoutSending) {
  Receipt answer;
  bool answered = false;
  transport_->check([&](Receipt receipt) {
    answer = std::move(receipt);
    answered = true;
  });
  EXPECT_FALSE(answered) << "not from within check";
  ASSERT_TRUE(run_until(loop_, [&answered] { return answered; }));
  EXPECT_EQ(answer.outcome, Outcome::confirmed) << answer.reply;
  EXPECT_NE(answer.reply, "");
  EXPECT_TRUE(stand_->arrived().empty());
}

TEST_P(MailTransportContract, DeliversEachMessageOnceAndSaysSoOnce) {
  send(1, 20);
  ASSERT_TRUE(run());
  settle();
  for (std::uint64_t token = 1; token <= 20; ++token) {
    EXPECT_EQ(gate_.receipt(token).outcome, Outcome::confirmed) << gate_.receipt(token).reply;
    EXPECT_EQ(gate_.receipt(token).fault, Fault::none);
    EXPECT_EQ(copies(token), 1U);
    EXPECT_EQ(std::count(gate_.asked.begin(), gate_.asked.end(), token), 1);
  }
}

TEST_P(MailTransportContract, CallsNothingFromWithinACall) {
  send(1, 3);
  EXPECT_TRUE(gate_.journal.empty());
  bool drained = false;
  transport_->drain([&drained] { drained = true; });
  EXPECT_TRUE(gate_.journal.empty());
  EXPECT_FALSE(drained);
  ASSERT_TRUE(run_until(loop_, [&drained] { return drained; }));
}

TEST_P(MailTransportContract, IsArmedBeforeItCanBeSeen) {
  gate_.hold = true;
  send(1, 1);
  ASSERT_TRUE(asked(1));
  settle();
  EXPECT_EQ(copies(1), 0U);
  EXPECT_TRUE(gate_.replies.empty());
  gate_.answer(1, true);
  ASSERT_TRUE(run());
  EXPECT_EQ(copies(1), 1U);
}

TEST_P(MailTransportContract, DeliversNothingThatIsTakenBack) {
  gate_.refuse = {1, 3, 5};
  send(1, 6);
  ASSERT_TRUE(run());
  settle();
  for (std::uint64_t token = 1; token <= 6; ++token) {
    const bool taken_back = token % 2 == 1;
    EXPECT_EQ(copies(token), taken_back ? 0U : 1U) << token;
    EXPECT_EQ(gate_.replies.count(token), taken_back ? 0U : 1U) << token;
  }
}

TEST_P(MailTransportContract, HasNoMorePastTheGateThanItsLimit) {
  gate_.hold = true;
  send(1, 30);
  ASSERT_TRUE(asked(1));
  settle();
  const std::size_t limit = transport_->limits().connections;
  EXPECT_GE(limit, 1U);
  EXPECT_LE(gate_.asked.size(), limit);
  std::size_t open = 0;
  std::size_t most = 0;
  gate_.on_arm = [&](std::uint64_t) { most = std::max(most, ++open); };
  gate_.on_replied = [&](std::uint64_t) { --open; };
  gate_.hold = false;
  open = most = gate_.asked.size();
  for (const std::uint64_t token : std::vector(gate_.asked)) gate_.answer(token, true);
  ASSERT_TRUE(run());
  EXPECT_LE(most, limit);
  EXPECT_EQ(stand_->arrived().size(), 30U);
}

TEST_P(MailTransportContract, RefusesWhatMustNotBeSent) {
  OutgoingMessage message = mail_message(1, "", "a\n.\r\nb\r\n");
  transport_->send(message, gate_);
  message = mail_message(2);
  message.recipient = "a@example.test>\r\nDATA";
  transport_->send(message, gate_);
  message = mail_message(3);
  message.data.push_back('\0');
  message.data.append("\r\n");
  transport_->send(message, gate_);
  sent_ = 3;
  ASSERT_TRUE(run());
  for (const std::uint64_t token : {1, 2, 3}) {
    EXPECT_EQ(gate_.receipt(token).outcome, Outcome::rejected);
    EXPECT_EQ(gate_.receipt(token).fault, Fault::local);
  }
  EXPECT_TRUE(gate_.asked.empty());
  EXPECT_TRUE(stand_->arrived().empty());
}

TEST_P(MailTransportContract, DrainGivesBackWhatIsNotArmed) {
  gate_.hold = true;
  send(1, 30);
  ASSERT_TRUE(asked(1));
  settle();
  bool drained = false;
  transport_->drain([&drained] { drained = true; });
  settle();
  EXPECT_FALSE(drained) << "an arm is not answered yet";
  const auto asked = gate_.asked;
  for (const std::uint64_t token : asked) gate_.answer(token, token == asked.front());
  ASSERT_TRUE(run_until(loop_, [&drained] { return drained; }));
  EXPECT_EQ(gate_.ended(), 30U);
  for (std::uint64_t token = 1; token <= 30; ++token) {
    if (token == asked.front()) {
      EXPECT_EQ(gate_.receipt(token).outcome, Outcome::confirmed);
      EXPECT_EQ(copies(token), 1U);
      continue;
    }
    EXPECT_EQ(copies(token), 0U);
    if (std::count(asked.begin(), asked.end(), token) > 0) continue;
    EXPECT_EQ(gate_.receipt(token).outcome, Outcome::deferred);
    EXPECT_EQ(gate_.receipt(token).fault, Fault::none);
  }
}

TEST_P(MailTransportContract, MayBeUsedAfterADrain) {
  for (std::uint64_t token = 1; token <= 3; ++token) {
    send(token, token);
    ASSERT_TRUE(run());
    ASSERT_TRUE(drain());
    EXPECT_EQ(copies(token), 1U);
  }
  ASSERT_TRUE(drain()) << "and twice";
}

TEST_P(MailTransportContract, DefersWhatNobodyTakesAndLosesNothing) {
  transport_ = stand_->make_to_nowhere(loop_.get_executor());
  send(1, 5);
  ASSERT_TRUE(run());
  for (std::uint64_t token = 1; token <= 5; ++token) {
    EXPECT_EQ(gate_.receipt(token).outcome, Outcome::deferred);
    EXPECT_TRUE(gate_.receipt(token).fault == Fault::connect || gate_.receipt(token).fault == Fault::local);
    EXPECT_NE(gate_.receipt(token).reply, "");
  }
  EXPECT_TRUE(gate_.asked.empty());
  Receipt answer;
  transport_->check([&answer](Receipt receipt) { answer = std::move(receipt); });
  ASSERT_TRUE(run_until(loop_, [&answer] { return !answer.reply.empty(); }));
  EXPECT_EQ(answer.outcome, Outcome::deferred);
  ASSERT_TRUE(drain());
}

TEST_P(MailTransportContract, DestroyedAtAnyMomentItCallsNobody) {
  for (std::uint64_t turns = 0; turns < 40; ++turns) {
    transport_ = stand_->make(loop_.get_executor());
    support::RecordingGate gate(loop_.get_executor());
    for (std::uint64_t token = 1; token <= 6; ++token)
      transport_->send(mail_message(100 * turns + token), gate);
    bool destroyed = false;
    transport_->check([&destroyed](const Receipt&) { EXPECT_FALSE(destroyed); });
    transport_->drain([&destroyed] { EXPECT_FALSE(destroyed); });
    loop_.restart();
    for (std::uint64_t i = 0; i < turns; ++i) loop_.run_one_for(1ms);
    transport_.reset();
    destroyed = true;
    const std::size_t before = gate.journal.size();
    loop_.restart();
    loop_.run();
    EXPECT_EQ(gate.journal.size(), before);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, MailTransportContract,
    testing::Values(Case{"smtp_with_tls_and_auth", [] { return std::make_unique<ServerStand>(); }},
                    Case{"smtp_with_pipelining", [] { return std::make_unique<PipeliningStand>(); }},
                    Case{"maildir", [] { return std::make_unique<MaildirStand>(); }}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace publishers
