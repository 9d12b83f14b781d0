// The configurations that are shipped: they load, show every key, and tell the true defaults.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "publishers/blog/static_site/static_site.h"
#include "publishers/email/smtp_settings.h"
#include "shipped_configuration.h"

namespace manuals {
namespace {

namespace fs = std::filesystem;

class ShippedConfiguration : public testing::Test {
 protected:
  // Whoever uncomments everything has handed over the password.
  ShippedConfiguration() {
    std::string name = testing::TempDir() + "credentials-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    credentials_ = name;
    std::ofstream(credentials_ / "smtp") << "swordfish\n";
    ::setenv("CREDENTIALS_DIRECTORY", credentials_.c_str(), 1);
  }
  ~ShippedConfiguration() override {
    ::unsetenv("CREDENTIALS_DIRECTORY");
    fs::remove_all(credentials_);
  }

  fs::path credentials_;
};

TEST_F(ShippedConfiguration, LoadsAsItIsAndWithEverythingUncommented) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  const Reading as_it_is = read_as_the_daemon(shipped());
  EXPECT_EQ(as_it_is.text(), "");
  EXPECT_EQ(as_it_is.channels->posts.size(), 1u);
  EXPECT_EQ(as_it_is.channels->mail.size(), 1u);
  EXPECT_FALSE(as_it_is.config->rehearsal.has_value());

  ::setenv("CREDENTIALS_DIRECTORY", credentials_.c_str(), 1);
  // An empty folder will do as the theme.
  const Reading all = read_as_the_daemon(
      std::regex_replace(uncommented(shipped()), std::regex("/etc/fridayd/theme"), credentials_.string()));
  EXPECT_EQ(all.text(), "");
  EXPECT_EQ(all.channels->mail.size(), 2u);
  EXPECT_TRUE(all.config->rehearsal.has_value());
}

TEST_F(ShippedConfiguration, ShowsEveryKeyThatTheLoadersAskFor) {
  std::map<std::string, std::set<std::string>> shown;
  std::set<std::string> of_channels;
  for (const Entry& entry : entries(shipped())) {
    shown[entry.section].insert(entry.key);
    if (entry.section.starts_with("channels.")) of_channels.insert(entry.key);
  }
  const auto known = known_keys(uncommented(shipped()));
  EXPECT_EQ(known.size(), shown.size());
  for (const auto& [section, keys] : known) {
    // What two kinds of channel have in common is shown once.
    const bool channel = section.starts_with("channels.");
    for (const std::string& key : keys) {
      EXPECT_TRUE((channel ? of_channels : shown[section]).contains(key)) << '[' << section << "] " << key;
    }
    for (const std::string& key : shown[section]) {
      EXPECT_TRUE(keys.contains(key)) << '[' << section << "] " << key;
    }
  }
}

// What is commented out changes nothing but where it is an example.
TEST_F(ShippedConfiguration, TellsTheTrueDefaults) {
  std::vector<std::string> lines = lines_of(shipped());
  for (const Entry& entry : entries(shipped())) {
    const bool optional_table = entry.section == "channels.trial" || entry.section == "rehearsal";
    if (!entry.example && !optional_table) lines[entry.line] = uncommented_line(lines[entry.line]);
  }
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  const Reading before = read_as_the_daemon(shipped());
  const Reading after = read_as_the_daemon(text);
  ASSERT_EQ(after.text(), "");
  const config::Config& a = *before.config;
  const config::Config& b = *after.config;
  EXPECT_EQ(a.daemon.state, b.daemon.state);
  EXPECT_EQ(a.daemon.content, b.daemon.content);
  EXPECT_EQ(a.daemon.control, b.daemon.control);
  EXPECT_EQ(a.log.level, b.log.level);
  EXPECT_EQ(a.log.format, b.log.format);
  EXPECT_EQ(a.site.brand, b.site.brand);
  EXPECT_EQ(a.site.colour, b.site.colour);
  EXPECT_EQ(a.site.language, b.site.language);
  EXPECT_EQ(a.content.html, b.content.html);
  EXPECT_EQ(a.content.max_draft, b.content.max_draft);
  EXPECT_EQ(a.content.max_image, b.content.max_image);
  EXPECT_EQ(a.content.settle, b.content.settle);
  EXPECT_EQ(a.content.allowed_owners, b.content.allowed_owners);
  EXPECT_EQ(a.templates, b.templates);
  const config::Series& series_a = a.series.at("friday");
  const config::Series& series_b = b.series.at("friday");
  EXPECT_EQ(series_a.title, series_b.title);
  EXPECT_EQ(series_a.if_missed, series_b.if_missed);
  EXPECT_EQ(series_a.grace, series_b.grace);
  EXPECT_EQ(series_a.if_blog_fails, series_b.if_blog_fails);
  EXPECT_EQ(series_a.blog_deadline, series_b.blog_deadline);
  EXPECT_EQ(series_a.lock_before, series_b.lock_before);
  for (const auto& [key, channel_a] : a.channels) {
    const config::Channel& channel_b = b.channels.at(key);
    EXPECT_EQ(channel_a.after, channel_b.after);
    EXPECT_EQ(channel_a.delay, channel_b.delay);
    EXPECT_EQ(channel_a.at, channel_b.at);
    EXPECT_EQ(channel_a.enabled, channel_b.enabled);
  }
  const publishers::MailSettings& mail_a = before.channels->mail.at("mail")->settings;
  const publishers::MailSettings& mail_b = after.channels->mail.at("mail")->settings;
  EXPECT_EQ(mail_a.one_click, mail_b.one_click);
  EXPECT_EQ(mail_a.test_only, mail_b.test_only);
  EXPECT_EQ(mail_a.max_per_day, mail_b.max_per_day);
  EXPECT_EQ(mail_a.uncertain, mail_b.uncertain);
  EXPECT_EQ(mail_a.images, mail_b.images);
  EXPECT_EQ(mail_a.suppressed, mail_b.suppressed);
  const auto smtp_a = publishers::smtp::read_settings(*a.channels.at("mail").section);
  const auto smtp_b = publishers::smtp::read_settings(*b.channels.at("mail").section);
  ASSERT_TRUE(smtp_a && smtp_b);
  EXPECT_EQ(smtp_a->port, smtp_b->port);
  EXPECT_EQ(smtp_a->tls, smtp_b->tls);
  EXPECT_EQ(smtp_a->loopback_only, smtp_b->loopback_only);
  EXPECT_EQ(smtp_a->connections, smtp_b->connections);
  EXPECT_EQ(smtp_a->idle, smtp_b->idle);
  EXPECT_EQ(before.channels->posts.at("blog")->permalink("x"),
            after.channels->posts.at("blog")->permalink("x"));
  const publishers::StaticSiteSettings blog;
  config::Section& section = *b.channels.at("blog").section;
  EXPECT_EQ(section.number("feed_length", 0, 1, 1000), static_cast<std::int64_t>(blog.feed_length));
  EXPECT_EQ(section.text("live_check", ""), blog.live_check);
}

TEST(DemoConfiguration, LoadsAndKeepsToItsFolder) {
  const std::string file = std::string(FRIDAYD_SOURCE_DIR) + "/config/demo.toml";
  boost::asio::io_context idle;
  config::Faults faults;
  auto config = std::make_shared<const config::Config>(config::load(file, faults));
  const fs::path demo = fs::path(FRIDAYD_SOURCE_DIR) / "demo";
  EXPECT_EQ(config->daemon.state, demo / "state");
  EXPECT_EQ(config->daemon.content, demo / "content");
  EXPECT_EQ(config->daemon.control, demo / "control.sock");
  // With --clock, which takes only channels that stay on this machine.
  const auto channels = service::make_channels(config, idle.get_executor(), nullptr, true, faults);
  planning::TimeZones zones;
  EXPECT_EQ(planning::resolve_series(*config, zones, faults).size(), 1u);
  EXPECT_EQ(faults.text(), "");
  ASSERT_EQ(channels->posts.size(), 1u);
  ASSERT_EQ(channels->mail.size(), 1u);
  EXPECT_EQ(channels->mail.begin()->second->settings.recipients, demo / "recipients.csv");
  channels->mail.clear();
}

// scripts/demo moves it beside the state with two substitutions.
TEST(DemoConfiguration, HasWhatTheScriptReplaces) {
  const std::string text = source("config/demo.toml");
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with('#') || line.find("demo/") == std::string::npos) continue;
    EXPECT_NE(line.find(" = \"../demo/"), std::string::npos) << line;
  }
  EXPECT_NE(text.find("url = \"http://127.0.0.1:8080\""), std::string::npos);
  EXPECT_EQ(text.find("8080/"), std::string::npos);
}

}  // namespace
}  // namespace manuals
