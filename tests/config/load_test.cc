#include "config/load.h"

#include <filesystem>
#include <fstream>

#include "configuration.h"

namespace config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class LoadTest : public ConfigurationTest {};

TEST_F(LoadTest, AnEmptyFileIsAllDefaults) {
  const Config& config = read("");
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(config.file, "/etc/fridayd/t.toml");
  EXPECT_EQ(config.daemon.state, "/var/lib/fridayd");
  EXPECT_EQ(config.daemon.content, "/srv/friday");
  EXPECT_EQ(config.daemon.control, "/run/fridayd/control.sock");
  EXPECT_EQ(config.log.level, "info");
  EXPECT_EQ(config.log.format, "auto");
  EXPECT_EQ(config.site.title, "");
  EXPECT_EQ(config.site.colour, "#1f5fbf");
  EXPECT_EQ(config.site.language, "en");
  EXPECT_EQ(config.content.html, "sanitise");
  EXPECT_EQ(config.content.max_draft, 2u << 20);
  EXPECT_EQ(config.content.max_image, 20u << 20);
  EXPECT_EQ(config.content.settle, 2s);
  EXPECT_THAT(config.content.allowed_owners, IsEmpty());
  EXPECT_TRUE(config.templates.empty());
  EXPECT_FALSE(config.rehearsal.has_value());
  EXPECT_TRUE(config.series.empty());
  EXPECT_TRUE(config.channels.empty());
}

TEST_F(LoadTest, ReadsEachKeyOfTheHouse) {
  const Config& config = read(R"(
[daemon]
state = "../state"
content = "/srv/drafts"
control = "c.sock"
[log]
level = "debug"
format = "text"
[site]
title = "T"
url = "https://example.org/blog///"
author = "A"
brand = "B"
colour = "#ABC"
language = "pt-BR"
[content]
html = "strip"
max_draft = "1MiB"
max_image = "3MB"
settle = "250ms"
allowed_owners = ["ada", "grace"]
[templates]
folder = "theme"
[rehearsal]
to = "me@example.org"
folder = "try"
)");
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(config.daemon.state, "/etc/state");
  EXPECT_EQ(config.daemon.content, "/srv/drafts");
  EXPECT_EQ(config.daemon.control, "/etc/fridayd/c.sock");
  EXPECT_EQ(config.log.level, "debug");
  EXPECT_EQ(config.log.format, "text");
  EXPECT_EQ(config.site.title, "T");
  EXPECT_EQ(config.site.url, "https://example.org/blog");
  EXPECT_EQ(config.site.author, "A");
  EXPECT_EQ(config.site.brand, "B");
  EXPECT_EQ(config.site.colour, "#ABC");
  EXPECT_EQ(config.site.language, "pt-BR");
  EXPECT_EQ(config.content.html, "strip");
  EXPECT_EQ(config.content.max_draft, 1u << 20);
  EXPECT_EQ(config.content.max_image, 3'000'000u);
  EXPECT_EQ(config.content.settle, 250ms);
  EXPECT_THAT(config.content.allowed_owners, ElementsAre("ada", "grace"));
  EXPECT_EQ(config.templates, "/etc/fridayd/theme");
  const Rehearsal rehearsal = config.rehearsal.value_or(Rehearsal{});
  EXPECT_EQ(rehearsal.to, "me@example.org");
  EXPECT_EQ(rehearsal.folder, "/etc/fridayd/try");
}

TEST_F(LoadTest, RehearsesBesideTheState) {
  const Config& config = read("[daemon]\nstate = \"/s\"\n[rehearsal]\nto = \"me@example.org\"\n");
  EXPECT_EQ(config.rehearsal.value_or(Rehearsal{}).folder, "/s/rehearsal");
}

TEST_F(LoadTest, ReadsSeriesAndWhatChannelsHaveInCommon) {
  const Config& config = read(R"([series.friday]
title = "Friday"
zone = "America/New_York"
schedule = "Fri 08:00"
channels = ["blog", "mail"]
if_missed = "hold"
grace = "2h"
if_blog_fails = "send_without_link"
blog_deadline = "30m"
lock_before = "1h"
[series.monday]
zone = "Europe/Berlin"
schedule = "Mon 09:00"
channels = ["blog"]
[channels.blog]
kind = "static_site"
[channels.mail]
kind = "smtp"
after = "blog"
delay = "10m"
at = "09:30"
enabled = false
)");
  EXPECT_THAT(told(), IsEmpty());
  const Series& friday = config.series.at("friday");
  EXPECT_EQ(friday.key, "friday");
  EXPECT_EQ(friday.title, "Friday");
  EXPECT_EQ(friday.zone, "America/New_York");
  EXPECT_EQ(friday.schedule, "Fri 08:00");
  EXPECT_THAT(friday.channels, ElementsAre("blog", "mail"));
  EXPECT_EQ(friday.if_missed, IfMissed::hold);
  EXPECT_EQ(friday.grace, 2h);
  EXPECT_EQ(friday.if_blog_fails, IfBlogFails::send_without_link);
  EXPECT_EQ(friday.blog_deadline, 30min);
  EXPECT_EQ(friday.lock_before, 1h);
  EXPECT_EQ(friday.zone_position.line, 3u);
  EXPECT_EQ(friday.schedule_position.line, 4u);
  const Series& monday = config.series.at("monday");
  EXPECT_EQ(monday.title, "monday");
  EXPECT_EQ(monday.if_missed, IfMissed::publish);
  EXPECT_EQ(monday.grace, 12h);
  EXPECT_EQ(monday.if_blog_fails, IfBlogFails::wait);
  EXPECT_EQ(monday.blog_deadline, 4h);
  EXPECT_EQ(monday.lock_before, 0s);
  const Channel& mail = config.channels.at("mail");
  EXPECT_EQ(mail.key, "mail");
  EXPECT_EQ(mail.kind, "smtp");
  EXPECT_EQ(mail.after, "blog");
  EXPECT_EQ(mail.delay, 10min);
  EXPECT_EQ(mail.at, "09:30");
  EXPECT_FALSE(mail.enabled);
  const Channel& blog = config.channels.at("blog");
  EXPECT_EQ(blog.after, "");
  EXPECT_EQ(blog.delay, 0s);
  EXPECT_EQ(blog.at, "");
  EXPECT_TRUE(blog.enabled);
  EXPECT_NE(blog.section, nullptr);
}

TEST_F(LoadTest, ReadsTheOtherChoices) {
  const Config& config = read(
      "[series.a]\nzone = \"UTC\"\nschedule = \"Fri 08:00\"\nchannels = [\"b\"]\nif_missed = \"skip\"\n"
      "if_blog_fails = \"hold\"\n[channels.b]\nkind = \"static_site\"\n");
  EXPECT_EQ(config.series.at("a").if_missed, IfMissed::skip);
  EXPECT_EQ(config.series.at("a").if_blog_fails, IfBlogFails::hold);
}

TEST_F(LoadTest, TakesPathsFromTheFolderOfTheFile) {
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "f.toml") << "[daemon]\nstate = \"state\"\n";
  const fs::path before = fs::current_path();
  fs::current_path(folder);
  const Config config = load("./f.toml", faults_);
  fs::current_path(before);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(config.file, fs::canonical(folder) / "f.toml");
  EXPECT_EQ(config.daemon.state, fs::canonical(folder) / "state");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace config
