#include "publishers/email/mail_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/load.h"
#include "templates/merge.h"

namespace publishers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kWhole = R"(from = "Friday <friday@example.org>"
why = "You asked for it."
postal_address = "1 Main Street"
unsubscribe = "https://example.org/leave?who={{address|}}"
recipients = "list.csv"
)";

class MailSettingsTest : public testing::Test {
 protected:
  // Keys begin in line 3.
  MailSettings read(const std::string& lines) {
    faults_ = {};
    const config::Config config =
        config::load_text("[channels.mail]\nkind = \"smtp\"\n" + lines, "/etc/t.toml", faults_);
    const auto channel = config.channels.find("mail");
    if (channel == config.channels.end()) return {};
    MailSettings settings = read_mail_settings(*channel->second.section);
    channel->second.section->finish();
    return settings;
  }

  // Those of the section; what a configuration lacks beside it is not this test's.
  std::vector<std::string> faults() const {
    std::vector<std::string> texts;
    for (const config::FaultLine& line : faults_.sorted()) {
      if (line.position.line > 0 && line.text().find("[series") == std::string::npos)
        texts.push_back(line.text());
    }
    return texts;
  }

  std::vector<std::string> faults_of(const std::string& lines) {
    read(lines);
    return faults();
  }

  // What is wrong with a section that lacks nothing and has `line` as its last, line 8.
  std::vector<std::string> faults_with(const std::string& line) { return faults_of(kWhole + line + '\n'); }

  config::Faults faults_;
};

TEST_F(MailSettingsTest, HasDefaultsForAllButWhatReadersMustGet) {
  const MailSettings settings = read(kWhole);
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(settings.from_text(), "\"Friday\" <friday@example.org>");
  EXPECT_EQ(settings.reply_to_text(), "");
  EXPECT_EQ(settings.why, "You asked for it.");
  EXPECT_EQ(settings.postal_address, "1 Main Street");
  EXPECT_EQ(templates::with_fallbacks(settings.unsubscribe), "https://example.org/leave?who=");
  EXPECT_EQ(settings.unsubscribe, templates::mark_merge_fields("https://example.org/leave?who={{address|}}"));
  EXPECT_EQ(settings.recipients, "/etc/list.csv");
  EXPECT_EQ(settings.suppressed, "/etc/suppressed.csv");
  EXPECT_FALSE(settings.one_click);
  EXPECT_FALSE(settings.test_only);
  EXPECT_EQ(settings.max_per_day, 0);
  EXPECT_EQ(settings.uncertain, MailSettings::Uncertain::hold);
  EXPECT_EQ(settings.list_id, "");
  EXPECT_EQ(settings.images, MailSettings::Images::linked);
}

TEST_F(MailSettingsTest, TakesEachOfItsKeys) {
  const MailSettings settings = read(std::string(kWhole) + R"(reply_to = "Ada \"L\" <ada@bücher.example>"
one_click = true
suppressed = "/var/gone.csv"
max_per_day = 2000
uncertain = "assume"
list_id = "Weekly <weekly.example.org>"
images = "embedded"
)");
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(settings.reply_to_text(), "\"Ada \\\"L\\\"\" <ada@xn--bcher-kva.example>");
  EXPECT_TRUE(settings.one_click);
  EXPECT_EQ(settings.suppressed, "/var/gone.csv");
  EXPECT_EQ(settings.max_per_day, 2000);
  EXPECT_EQ(settings.uncertain, MailSettings::Uncertain::assume);
  EXPECT_EQ(settings.list_id, "Weekly <weekly.example.org>");
  EXPECT_EQ(settings.images, MailSettings::Images::embedded);
  EXPECT_EQ(read(std::string(kWhole) + "uncertain = \"resend\"\n").uncertain,
            MailSettings::Uncertain::resend);
}

TEST_F(MailSettingsTest, LetsAChannelWithoutReadersGoWithout) {
  const MailSettings settings = read("test_only = true\nfrom = \"a@b.example\"\nrecipients = \"list.csv\"\n");
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_TRUE(settings.test_only);
  EXPECT_EQ(settings.unsubscribe, "");
}

TEST_F(MailSettingsTest, NamesAllThatIsMissingAtOnce) {
  EXPECT_THAT(faults_of(""),
              ElementsAre("/etc/t.toml:1:1: [channels.mail] lacks from; write from = \"...\"",
                          "/etc/t.toml:1:1: [channels.mail] lacks recipients; write recipients = \"...\"",
                          "/etc/t.toml:1:1: postal_address is missing: the law of many countries asks for it "
                          "in bulk mail; write it, "
                          "or test_only = true for a channel without readers",
                          "/etc/t.toml:1:1: unsubscribe is missing: readers need a way to leave; write it, "
                          "or test_only = true for a "
                          "channel without readers",
                          "/etc/t.toml:1:1: why is missing: readers want to know why they get this mail; "
                          "write it, or test_only = "
                          "true for a channel without readers"));
}

TEST_F(MailSettingsTest, TakesNothingEmptyForAnAnswer) {
  EXPECT_THAT(
      faults_of("from = \"\"\nwhy = \"\"\npostal_address = 7\nunsubscribe = \"\"\nrecipients = \"\"\n"),
      ElementsAre("/etc/t.toml:3:1: from is empty; write a text",
                  "/etc/t.toml:4:1: why is empty; write a text",
                  "/etc/t.toml:5:1: postal_address is a whole number, not a string; write postal_address = "
                  "\"...\"",
                  "/etc/t.toml:6:1: unsubscribe is empty; write a text",
                  "/etc/t.toml:7:1: recipients is empty; write a text"));
}

TEST_F(MailSettingsTest, SaysWhatIsWrongWithAnAddress) {
  EXPECT_THAT(faults_with("reply_to = \"Ada\""),
              ElementsAre("/etc/t.toml:8:1: reply_to is no mail address: it has no @; write \"Name "
                          "<name@example.org>\""));
  EXPECT_THAT(faults_with("reply_to = \"Ada\\r\\nBcc: eve@example.org <ada@example.org>\""),
              ElementsAre("/etc/t.toml:8:1: reply_to is no mail address: it holds a control character; write "
                          "\"Name <name@example.org>\""));
  EXPECT_THAT(
      faults_with("reply_to = \"jürgen@example.org\""),
      ElementsAre("/etc/t.toml:8:1: reply_to is no mail address: what stands before the @ is not ASCII; "
                  "write \"Name <name@example.org>\""));
  EXPECT_THAT(
      faults_of("test_only = true\nrecipients = \"l.csv\"\nfrom = \"a@b@c\"\n"),
      ElementsAre("/etc/t.toml:5:1: from is no mail address: what stands before the @ is not allowed; write "
                  "\"Name <name@example.org>\""));
}

TEST_F(MailSettingsTest, SaysWhatIsWrongWithTheWayToLeave) {
  const auto of = [&](const std::string& address) {
    return faults_of("test_only = true\nfrom = \"a@b.example\"\nrecipients = \"l.csv\"\nunsubscribe = \"" +
                     address + "\"\n");
  };
  const std::string todo = "; write one such as \"https://example.org/leave?who={{address|}}\"";
  for (const char* none :
       {"example.org/leave", "javascript:alert(1)", "https://", "ftp://example.org", "mailto:"}) {
    EXPECT_THAT(of(none),
                ElementsAre("/etc/t.toml:6:1: unsubscribe is no https:, http: or mailto: address" + todo))
        << none;
  }
  for (const char* bad :
       {"https://example.org/a b", "https://example.org/<x>", "https://exämple.org/",
        "https://example.org/\\r\\nBcc:x", "https://example.org/{{a b|}}", "https://e/\\u0000"}) {
    EXPECT_THAT(of(bad),
                ElementsAre("/etc/t.toml:6:1: unsubscribe holds a character that no address may have" + todo))
        << bad;
  }
  EXPECT_THAT(
      of("https://example.org/{{address}}"),
      ElementsAre("/etc/t.toml:6:1: unsubscribe has the merge field {{address}} without a fallback; write "
                  "{{address|}}"));
  for (const char* good :
       {"https://e/?a={{address|}}&b={{id|x y}}", "http://e", "mailto:leave@example.org?subject=x"}) {
    EXPECT_THAT(of(good), IsEmpty()) << good;
  }
}

TEST_F(MailSettingsTest, TakesOneClickOnlyWithHttps) {
  const auto of = [&](const std::string& address) {
    return faults_of("test_only = true\nfrom = \"a@b.example\"\nrecipients = \"l.csv\"\none_click = true\n" +
                     address);
  };
  EXPECT_THAT(of(""),
              ElementsAre("/etc/t.toml:6:1: one_click needs unsubscribe; write both, or take one_click out"));
  for (const char* other : {"http://example.org", "mailto:leave@example.org"}) {
    EXPECT_THAT(of("unsubscribe = \"" + std::string(other) + "\"\n"),
                ElementsAre("/etc/t.toml:6:1: one_click needs an unsubscribe that begins with https:; change "
                            "unsubscribe, or take one_click out"));
  }
  EXPECT_THAT(of("unsubscribe = \"HTTPS://example.org\"\n"), IsEmpty());
}

TEST_F(MailSettingsTest, SaysWhatIsWrongWithTheOtherKeys) {
  EXPECT_THAT(
      faults_with("list_id = \"our weekly\""),
      ElementsAre("/etc/t.toml:8:1: list_id is no list name; write \"weekly.example.org\" or \"Weekly "
                  "<weekly.example.org>\""));
  EXPECT_THAT(
      faults_with("suppressed = \"../etc/list.csv\""),
      ElementsAre("/etc/t.toml:8:1: suppressed is the file of the recipients; name another file, or take "
                  "suppressed out"));
  EXPECT_THAT(faults_with("max_per_day = -1"),
              ElementsAre("/etc/t.toml:8:1: max_per_day is -1; it goes from 0 to 1000000000"));
  EXPECT_THAT(
      faults_with("uncertain = \"maybe\""),
      ElementsAre("/etc/t.toml:8:1: uncertain is \"maybe\"; use one of \"hold\", \"resend\", \"assume\""));
  EXPECT_THAT(faults_with("images = \"none\""),
              ElementsAre("/etc/t.toml:8:1: images is \"none\"; use one of \"linked\", \"embedded\""));
  EXPECT_THAT(
      faults_with("test_only = \"yes\""),
      ElementsAre("/etc/t.toml:8:1: test_only is a string, not true or false; write test_only = true"));
  EXPECT_THAT(faults_with("unsubscibe = \"x\""),
              ElementsAre("/etc/t.toml:8:1: unknown key \"unsubscibe\" in [channels.mail]; did you mean "
                          "\"unsubscribe\"?"));
}

}  // namespace
}  // namespace publishers
