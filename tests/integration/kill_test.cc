// The shipped binary killed at every named window (docs/architecture.md) and at random: each week one page,
// at most one mail each, and what can't be known is named.
#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>

#include "model/time.h"
#include "support/mail_server.h"
#include "support/mail_text.h"
#include "support/smtp_channel.h"
#include "support/trial.h"

namespace {

using support::contents;
using support::eventually;
using support::files_in;
using support::header_field;
using support::MailServer;
using support::Trial;

constexpr int kReaders = 40;
// A Maildir takes four messages at once, as many as there are connections to a server: no more may be in
// doubt.
constexpr int kConnections = support::kSmtpConnections;

std::string friday(int week, const char* time) {
  const auto day = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1) + std::chrono::days(7 * week);
  return model::iso_date(model::LocalDate(day)) + time;
}

// Who got the mails with a title, and how often.
using Got = std::map<std::string, int>;
using GotWith = std::function<Got(const std::string& title)>;

GotWith in_maildir(const Trial& trial) {
  return [&trial](const std::string& title) {
    Got got;
    for (const auto& file : files_in(trial.mailbox() / "new")) {
      const std::string mail = contents(file);
      if (header_field(mail, "Subject") == title) ++got[header_field(mail, "To")];
    }
    return got;
  };
}

GotWith at(const MailServer& server) {
  return [&server](const std::string& title) {
    Got got;
    for (const auto& message : server.messages()) {
      if (header_field(message.data, "Subject") == title) ++got[message.recipient];
    }
    return got;
  };
}

class Weeks {
 public:
  Weeks(Trial& trial, GotWith got_with) : trial_(trial), got_with_(std::move(got_with)) {
    trial_.recipients(kReaders);
  }

  std::string slug(int week) const { return "week-" + std::to_string(week); }

  // A draft and its Friday, with the daemon to be killed at `crash_at`, or after `wait` if that is empty.
  // Whether it was.
  bool killed_in(int week, const std::string& crash_at, std::chrono::milliseconds wait) {
    trial_.set_clock(friday(week, "T10:00:00Z"));
    // A crash while the draft is read comes before the slot.
    if (!trial_.start(crash_at)) {
      EXPECT_EQ(trial_.wait(), 128 + SIGKILL) << trial_.log();
      return true;
    }
    trial_.drop(slug(week) + ".md",
                "---\ntitle: Week " + std::to_string(week) + "\n---\n\nText of the week.\n");
    const bool read = eventually([&] { return !trial_.running() || listed(week); });
    EXPECT_TRUE(read) << trial_.log();
    trial_.set_clock(friday(week, "T13:00:00Z"));
    if (!crash_at.empty()) {
      const bool over = eventually([&] { return !trial_.running() || filed(week); });
      EXPECT_TRUE(over) << trial_.log();
      // Some windows lie behind the file's move.
      eventually([&] { return !trial_.running(); }, std::chrono::seconds(3));
    } else {
      ::poll(nullptr, 0, static_cast<int>(wait.count()));
    }
    if (trial_.running()) {
      trial_.kill();
      return false;
    }
    EXPECT_EQ(trial_.wait(), 128 + SIGKILL) << trial_.log();
    return true;
  }

  void goes_on(int week) {
    trial_.set_clock(friday(week, "T13:01:00Z"));
    ASSERT_TRUE(trial_.start()) << trial_.log();
    ASSERT_TRUE(eventually([&] { return filed(week); })) << trial_.ctl({"deliveries"}).out << trial_.log();
    check(week);
    EXPECT_EQ(trial_.stop(), 0) << trial_.log();
  }

 private:
  bool listed(int week) const {
    const auto draft = trial_.api({"drafts"});
    return boost::json::serialize(draft).find('"' + slug(week) + '"') != std::string::npos;
  }
  // The post is over: its file is in published/, or its mail waits for a person.
  bool filed(int week) const {
    const std::string date = friday(week, "");
    if (std::filesystem::exists(trial_.content() / "published" / date.substr(0, 4) /
                                (date + '-' + slug(week) + ".md")))
      return true;
    const auto body = trial_.api({"deliveries"});
    const auto* items = body.if_contains("items");
    if (items == nullptr || items->as_array().empty()) return false;
    const auto& newest = items->as_array().front();
    return newest.at("channel") == "mail" && newest.at("state") == "uncertain" &&
           newest.at("next_at").is_null() &&
           contents(trial_.site() / slug(week) / "index.html").find("Text of the week.") != std::string::npos;
  }

  void check(int week) {
    // One page, in the index once.
    EXPECT_NE(contents(trial_.site() / slug(week) / "index.html").find("Text of the week."),
              std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(trial_.site() / (slug(week) + "-2")));
    // Each reader at most once; sums right; doubt named.
    const auto items = trial_.api({"deliveries"}).at("items").as_array();
    std::string mail;
    for (const auto& item : items) {
      if (item.at("mail").as_bool() && mail.empty()) mail = std::string(item.at("id").as_string());
    }
    const auto delivery = trial_.api({"deliveries", mail});
    const auto& counts = delivery.at("messages").as_object();
    const auto of = [&](const char* state) { return counts.at(state).as_int64(); };
    EXPECT_EQ(of("total"), kReaders);
    EXPECT_EQ(of("accepted") + of("uncertain"), kReaders) << boost::json::serialize(delivery);
    EXPECT_LE(of("uncertain"), kConnections);
    EXPECT_EQ(static_cast<std::int64_t>(delivery.at("uncertain").as_array().size()), of("uncertain"));
    const Got got = got_with_("Week " + std::to_string(week));
    for (const auto& [to, times] : got) EXPECT_EQ(times, 1) << to;
    EXPECT_GE(static_cast<std::int64_t>(got.size()), of("accepted"));
    EXPECT_LE(static_cast<std::int64_t>(got.size()), kReaders);
    for (const auto& message : delivery.at("uncertain").as_array()) {
      const std::string id(message.at("id").as_string());
      EXPECT_EQ(trial_.ctl({"settle", id, "--as", "accepted"}).exit, 0);
    }
    ASSERT_TRUE(eventually([&] { return trial_.delivery_state("mail") == "confirmed"; }));
  }

  Trial& trial_;
  GotWith got_with_;
};

// At each of four passings of a window, one a week.
void kill_at(const std::string& window, const std::array<int, 4>& passings, Trial& trial, Weeks weeks) {
  for (int week = 1; week <= 4; ++week) {
    const int passing = passings[static_cast<std::size_t>(week) - 1];
    EXPECT_TRUE(weeks.killed_in(week, window + ':' + std::to_string(passing), {}))
        << window << " was not reached\n"
        << trial.log();
    ASSERT_NO_FATAL_FAILURE(weeks.goes_on(week));
  }
}

// Of a window that each message passes.
constexpr std::array kPassings = {1, 2, 7, 23};

class KilledAt : public testing::TestWithParam<const char*> {};

TEST_P(KilledAt, FourTimesAndEachWeekIsPublishedOnce) {
  Trial trial(friday(0, "T10:00:00Z"));
  const bool per_message = std::set<std::string>{"W17", "W18", "W19"}.contains(GetParam());
  kill_at(GetParam(), per_message ? kPassings : std::array{1, 1, 1, 1}, trial,
          Weeks(trial, in_maildir(trial)));
}

INSTANTIATE_TEST_SUITE_P(Windows, KilledAt,
                         testing::Values("W4", "W5", "W6", "rendering", "W7", "W8", "W9", "W10", "W11", "W12",
                                         "W14", "W15", "W16", "W17", "W18", "W19", "filing", "filed"),
                         [](const auto& window) { return std::string(window.param); });

class KilledAtWithSmtp : public testing::TestWithParam<const char*> {};

TEST_P(KilledAtWithSmtp, FourTimesAndEachReaderIsMailedOnce) {
  const MailServer server;
  Trial trial(friday(0, "T10:00:00Z"));
  support::mail_by(server, trial, "starttls");
  kill_at(GetParam(), kPassings, trial, Weeks(trial, at(server)));
}

INSTANTIATE_TEST_SUITE_P(Windows, KilledAtWithSmtp, testing::Values("W17", "W18", "W19"),
                         [](const auto& window) { return std::string(window.param); });

TEST(KilledAtRandom, ThirtyTimesAndEachWeekIsPublishedOnce) {
  Trial trial(friday(0, "T10:00:00Z"));
  Weeks weeks(trial, in_maildir(trial));
  std::mt19937 random(20261127);
  for (int week = 1; week <= 30; ++week) {
    const std::chrono::milliseconds wait(random() % 120);
    weeks.killed_in(week, "", wait);
    ASSERT_NO_FATAL_FAILURE(weeks.goes_on(week)) << "week " << week << ", after " << wait.count() << " ms";
  }
}

TEST(Poison, ADraftThatKillsThreeTimesIsSetAsideAndTheRestGoesOn) {
  Trial trial(friday(0, "T10:00:00Z"));
  trial.drop("poison.md", "# Poison\n\nText.\n");
  for (int time = 0; time < 3; ++time) {
    if (!trial.start("W5:1")) continue;
    EXPECT_EQ(trial.wait(), 128 + SIGKILL);
  }
  trial.drop("good.md", "# Good\n\nText.\n");
  ASSERT_TRUE(trial.start()) << trial.log();
  ASSERT_TRUE(trial.eventually_listed("good"));
  ASSERT_TRUE(eventually([&] { return trial.ctl({"drafts"}).out.find("quarantined") != std::string::npos; }))
      << trial.ctl({"drafts"}).out;
}

}  // namespace
