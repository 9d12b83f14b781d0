#include "publishers/email/smtp_settings.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/load.h"
#include "publishers/email/smtp.h"
#include "support/mail_certificates.h"

namespace publishers::smtp {
namespace {

using namespace std::chrono_literals;

class SmtpSettingsTest : public testing::Test {
 protected:
  void SetUp() override { ::setenv("FRIDAYD_TEST_SMTP", "s3cret", 1); }

  std::optional<Settings> read(const std::string& lines) {
    faults_ = {};
    const config::Config config =
        config::load_text("[channels.mail]\nkind = \"smtp\"\n" + lines, "/etc/t.toml", faults_);
    config::Section& section = *config.channels.at("mail").section;
    auto settings = read_settings(section);
    section.finish();
    return settings;
  }

  // The one fault of `lines`, without its place.
  std::string fault_of(const std::string& lines) {
    const auto settings = read(lines);
    EXPECT_FALSE(settings) << lines;
    const auto sorted = faults_.sorted();
    if (sorted.size() != 1) return faults_.text();
    return sorted[0].what + "; " + sorted[0].todo;
  }

  config::Faults faults_;
};

TEST_F(SmtpSettingsTest, NeedsOnlyAHost) {
  const auto settings = read("host = \"mail.example.org\"\n");
  ASSERT_TRUE(settings);
  EXPECT_EQ(faults_.text(), "");
  EXPECT_EQ(settings->server(), "mail.example.org:587");
  EXPECT_EQ(settings->tls, Encryption::starttls);
  EXPECT_EQ(settings->connections, 8U);
  EXPECT_EQ(settings->user, "");
  EXPECT_FALSE(settings->rate);
  EXPECT_NE(settings->helo, "");
}

// RFC 5321 4.5.3.2: these at the least.
TEST_F(SmtpSettingsTest, WaitsAsLongAsTheStandardWantsAndNoLonger) {
  const auto settings = read("host = \"mail.example.org\"\n");
  ASSERT_TRUE(settings);
  const TimeOuts& limits = settings->time_outs;
  EXPECT_EQ(limits.command, 5min);       // 4.5.3.2.1 to 3: greeting, MAIL, RCPT
  EXPECT_EQ(limits.data, 2min);          // 4.5.3.2.4
  EXPECT_EQ(limits.block, 3min);         // 4.5.3.2.5
  EXPECT_EQ(limits.end_of_data, 10min);  // 4.5.3.2.6
  // Of these the standard says nothing.
  EXPECT_EQ(limits.connect, 30s);
  EXPECT_EQ(limits.handshake, 1min);
  EXPECT_EQ(limits.quit, 5s);
}

TEST_F(SmtpSettingsTest, TakesEachKey) {
  const auto settings = read(
      "host = \"b\xC3\xBC"
      "cher.example\"\nport = 2525\ntls = \"implicit\"\nuser = \"u\"\n"
      "password = { env = \"FRIDAYD_TEST_SMTP\" }\nca_file = \"/dev/null\"\nhelo = \"www.example.org\"\n"
      "connections = 3\nrate = \"60/min\"\nidle = \"5s\"\nallow_clear_text = false\n");
  ASSERT_TRUE(settings);
  EXPECT_EQ(faults_.text(), "");
  EXPECT_EQ(settings->server(), "xn--bcher-kva.example:2525");
  EXPECT_EQ(settings->tls, Encryption::implicit);
  EXPECT_EQ(settings->user, "u");
  EXPECT_EQ(settings->password.reveal(), "s3cret");
  EXPECT_EQ(settings->ca_file, "/dev/null");
  EXPECT_EQ(settings->helo, "www.example.org");
  EXPECT_EQ(settings->connections, 3U);
  EXPECT_EQ(settings->rate, (Rate{60, 60s}));
  EXPECT_EQ(settings->idle, 5s);
}

TEST_F(SmtpSettingsTest, PicksThePortByTheEncryption) {
  EXPECT_EQ(read("host = \"a.test\"\ntls = \"implicit\"\n")->port, 465);
  EXPECT_EQ(read("host = \"localhost\"\ntls = \"none\"\n")->port, 25);
  EXPECT_EQ(read("host = \"::1\"\ntls = \"none\"\nport = 26\n")->server(), "[::1]:26");
}

TEST_F(SmtpSettingsTest, SpeaksClearTextOnThisMachineOnly) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.8.8", "::1"}) {
    const auto settings = read("host = \"" + std::string(host) + "\"\ntls = \"none\"\n");
    ASSERT_TRUE(settings) << host;
    EXPECT_TRUE(settings->loopback_only);
  }
  for (const char* host :
       {"mail.example.org", "127.0.0.1.example.org", "192.0.2.1", "::2", "localhost.example"}) {
    EXPECT_EQ(
        fault_of("host = \"" + std::string(host) + "\"\ntls = \"none\"\n"),
        "tls is \"none\", so that anyone on the way could read and change the mail; use \"starttls\" or "
        "\"implicit\"; if you must, add allow_clear_text = true");
  }
  const auto must = read("host = \"192.0.2.1\"\ntls = \"none\"\nallow_clear_text = true\n");
  ASSERT_TRUE(must);
  EXPECT_FALSE(must->loopback_only);
}

TEST_F(SmtpSettingsTest, SendsNoPasswordInClearText) {
  const std::string login = "user = \"u\"\npassword = { env = \"FRIDAYD_TEST_SMTP\" }\n";
  EXPECT_EQ(fault_of("host = \"192.0.2.1\"\ntls = \"none\"\nallow_clear_text = true\n" + login),
            "user would have its password sent in clear text; use tls = \"starttls\" or \"implicit\"");
  EXPECT_TRUE(read("host = \"127.0.0.1\"\ntls = \"none\"\nallow_clear_text = true\n" + login)->loopback_only);
}

TEST_F(SmtpSettingsTest, SaysWhatIsWrong) {
  EXPECT_EQ(fault_of(""), "[channels.mail] lacks host; write host = \"...\"");
  EXPECT_EQ(fault_of("host = \"mail example\"\n"),
            "host is no name of a host: the domain is not allowed; write host = \"mail.example.org\"");
  const std::string host = "host = \"mail.example.org\"\n";
  EXPECT_EQ(fault_of(host + "user = \"u\"\n"),
            "user has no password; write password = { credential = \"smtp\" }");
  EXPECT_EQ(fault_of(host + "password = { env = \"FRIDAYD_TEST_SMTP\" }\n"),
            "password has no user; write user = \"...\" beside it");
  EXPECT_EQ(fault_of(host + "user = \"u\"\npassword = { env = \"FRIDAYD_TEST_NOT_SET\" }\n"),
            "password: environment variable FRIDAYD_TEST_NOT_SET is not set; set it, or use a credential");
  EXPECT_EQ(fault_of(host + "rate = \"fast\"\n"),
            R"(rate is no rate: "fast"; write it as "5/s", "60/min" or "1000/h")");
  EXPECT_EQ(fault_of(host + "helo = \"a b\"\n"),
            "helo is no name of a host; write helo = \"www.example.org\"");
  EXPECT_EQ(fault_of(host + "idle = \"1ms\"\n"),
            "idle is shorter than a second; leave it out, or write \"60s\"");
  EXPECT_EQ(fault_of(host + "ca_file = \"/no/such.pem\"\n"),
            "ca_file can't be read: /no/such.pem; name a file of PEM certificates");
}

TEST_F(SmtpSettingsTest, NamesUnknownKeysAndRanges) {
  read("host = \"a.test\"\nconections = 3\n");
  EXPECT_NE(faults_.text().find("did you mean \"connections\"?"), std::string::npos);
  read("host = \"a.test\"\nconnections = 101\n");
  EXPECT_NE(faults_.text().find("it goes from 1 to 100"), std::string::npos);
  read("host = \"a.test\"\nport = 0\n");
  EXPECT_NE(faults_.text().find("it goes from 1 to 65535"), std::string::npos);
}

TEST_F(SmtpSettingsTest, MakesATransportOnlyOfUsableCertificates) {
  boost::asio::io_context loop;
  support::MailFolder folder;
  const auto make = [&](const std::string& pem) {
    faults_ = {};
    const std::string file = folder.put("ca.pem", pem).string();
    const config::Config config =
        config::load_text("[channels.mail]\nkind = \"smtp\"\nhost = \"a.test\"\nca_file = \"" + file + "\"\n",
                          "/etc/t.toml", faults_);
    return make_smtp(*config.channels.at("mail").section, loop.get_executor());
  };
  EXPECT_EQ(make("no certificate"), nullptr);
  EXPECT_NE(faults_.text().find("ca_file can't be used: "), std::string::npos);
  const auto transport = make(support::TestAuthority().pem());
  ASSERT_NE(transport, nullptr);
  EXPECT_EQ(faults_.text(), "");
  EXPECT_EQ(transport->limits().connections, 8U);
}

}  // namespace
}  // namespace publishers::smtp
