// The main job on the shipped binary with a real Postfix between it and the mailbox: each reader has the
// newsletter once, as it should be, and the ledger says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "support/mail_postfix.h"
#include "support/mail_text.h"
#include "support/smtp_channel.h"
#include "support/trial.h"

namespace {

using support::contents;
using support::header_field;
using support::Postfix;
using support::Trial;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kReaders = 60;

std::string address(int reader) {
  return "reader-" + std::to_string(reader) + "@example.test";
}

class FridayPostfix : public testing::Test {
 protected:
  FridayPostfix() : trial_(support::kThursday) {
    std::string list = "address,name\n";
    for (int reader = 1; reader <= kReaders; ++reader)
      list += address(reader) + ",Reader " + std::to_string(reader) + "\n";
    support::put(trial_.folder() / "recipients.csv", list);
    trial_.configure("mail", support::smtp_channel(postfix_.port, "starttls", postfix_.ca_file()) +
                                 "list_id = \"friday.example.org\"\nreply_to = \"mara@example.org\"\n");
  }

  void publish_in_its_slot() {
    ASSERT_TRUE(trial_.start()) << trial_.log();
    trial_.drop("trust.md", "---\ntitle: Trust, from Z\xC3\xBCrich\n---\n\nHello {{name|there}}, so far.\n");
    ASSERT_TRUE(trial_.eventually_listed("trust-from-zurich")) << trial_.log();
    trial_.set_clock("2026-11-27T13:00:00Z");
    ASSERT_TRUE(trial_.eventually_delivered("mail")) << trial_.ctl({"deliveries"}).out << trial_.log();
  }

  // By the address that Postfix delivered to.
  using Mails = std::multimap<std::string, std::string>;

  Mails mailbox() const {
    postfix_.copies();
    Mails mails;
    for (const std::string& text : postfix_.texts()) mails.emplace(header_field(text, "Delivered-To"), text);
    return mails;
  }

  static void expect_each_reader_once(const Mails& mails) {
    EXPECT_EQ(mails.size(), static_cast<std::size_t>(kReaders));
    std::set<std::string> ids;
    for (int reader = 1; reader <= kReaders; ++reader) {
      ASSERT_EQ(mails.count(address(reader)), 1U) << address(reader);
      const std::string& mail = mails.find(address(reader))->second;
      const std::string name = "Reader " + std::to_string(reader);
      EXPECT_EQ(header_field(mail, "To"), name + " <" + address(reader) + ">");
      EXPECT_THAT(support::whole_lines(mail), HasSubstr("Hello " + name + ", so far."));
      EXPECT_EQ(header_field(mail, "List-Unsubscribe"),
                "<https://example.org/leave?who=reader-" + std::to_string(reader) + "%40example.test>");
      ids.insert(header_field(mail, "Message-ID"));
    }
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(kReaders));
    EXPECT_THAT(ids, testing::Each(EndsWith("@example.org>")));
  }

  static void expect_whole_head(const std::string& mail) {
    EXPECT_EQ(header_field(mail, "From"), "Sales Leadership Friday <friday@example.org>");
    EXPECT_EQ(header_field(mail, "Return-Path"), "<friday@example.org>");
    EXPECT_EQ(header_field(mail, "Reply-To"), "mara@example.org");
    EXPECT_EQ(header_field(mail, "Subject"), "=?UTF-8?Q?Trust=2C_from_Z=C3=BCrich?=");
    EXPECT_EQ(header_field(mail, "Date"), "Fri, 27 Nov 2026 08:00:00 -0500");
    EXPECT_THAT(header_field(mail, "List-Id"), HasSubstr("<friday.example.org>"));
    EXPECT_EQ(header_field(mail, "Precedence"), "bulk");
    EXPECT_EQ(header_field(mail, "MIME-Version"), "1.0");
    EXPECT_THAT(header_field(mail, "Content-Type"), StartsWith("multipart/alternative"));
    const std::string head = mail.substr(0, mail.find("\n\n"));
    // As Postfix saw it come in.
    EXPECT_THAT(head, HasSubstr("(using TLSv1.3 with cipher"));
    EXPECT_THAT(head, HasSubstr("with ESMTPS id"));
    // Nothing was left for Postfix to add.
    EXPECT_EQ(head.find("\nFrom: "), head.rfind("\nFrom: "));
    EXPECT_EQ(head.find("\nMessage-ID: "), head.rfind("\nMessage-ID: "));
  }

  void expect_all_accepted() const {
    const auto delivery = trial_.api({"deliveries", "v2"});
    EXPECT_EQ(delivery.at("channel"), "mail");
    EXPECT_EQ(delivery.at("state"), "confirmed");
    const auto& messages = delivery.at("messages").as_object();
    EXPECT_EQ(messages.at("total").as_int64(), kReaders);
    EXPECT_EQ(messages.at("accepted").as_int64(), kReaders);
    for (const char* other : {"pending", "claimed", "armed", "deferred", "failed", "uncertain", "suppressed",
                              "cancelled", "excluded"})
      EXPECT_EQ(messages.at(other).as_int64(), 0) << other;
    EXPECT_EQ(trial_.ctl({"status"}).exit, 0) << trial_.ctl({"status"}).out;
  }

  Postfix postfix_;
  Trial trial_;
};

TEST_F(FridayPostfix, ASlotsNewsletterIsInTheMailboxOnceForEachReader) {
  ASSERT_NO_FATAL_FAILURE(publish_in_its_slot());
  expect_all_accepted();
  const Mails mails = mailbox();
  expect_each_reader_once(mails);
  for (const auto& [to, mail] : mails) expect_whole_head(mail);
  EXPECT_THAT(contents(trial_.site() / "trust-from-zurich/index.html"), HasSubstr("Hello there, so far."));
  EXPECT_EQ(trial_.stop(), 0) << trial_.log();
}

}  // namespace
