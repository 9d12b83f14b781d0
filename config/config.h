// The configuration as plain values. Defaults stand in place; docs/man/fridayd.toml.5 explains each key.
// Names follow the file: [series.KEY] is Config::series[KEY].
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/section.h"

namespace config {

using std::chrono::milliseconds;

struct Daemon {
  std::filesystem::path state = "/var/lib/fridayd";
  std::filesystem::path content = "/srv/friday";
  std::filesystem::path control = "/run/fridayd/control.sock";
};

struct Log {
  std::string level = "info";   // trace, debug, info, warning, error
  std::string format = "auto";  // auto (journal under systemd, else text), text, journal
};

struct Site {
  std::string title;
  std::string url;  // absolute, without a trailing slash
  std::string author;
  std::string brand;
  std::string colour = "#1f5fbf";
  std::string language = "en";
};

struct Content {
  std::string html = "sanitise";  // raw HTML in drafts: sanitise, or strip
  std::uintmax_t max_draft = 2u << 20;
  std::uintmax_t max_image = 20u << 20;
  milliseconds settle = std::chrono::seconds(2);
  std::vector<std::string> allowed_owners;  // account names; empty: anyone who can write the folder
  Position allowed_owners_position;
};

enum class IfMissed { publish, hold, skip };
enum class IfBlogFails { wait, send_without_link, hold };

struct Series {
  std::string key;
  std::string title;
  std::string zone;      // IANA name; no default
  std::string schedule;  // "Fri 08:00", "Mon,Wed,Fri 07:30"
  std::vector<std::string> channels;
  IfMissed if_missed = IfMissed::publish;
  milliseconds grace = std::chrono::hours(12);
  IfBlogFails if_blog_fails = IfBlogFails::wait;
  milliseconds blog_deadline = std::chrono::hours(4);
  milliseconds lock_before{0};
  // Where zone and schedule stand, for whoever checks their text.
  Position zone_position;
  Position schedule_position;
};

// What all channels have in common; the rest of the section is read by the channel's kind.
struct Channel {
  std::string key;
  std::string kind;
  std::string after;      // key of the channel that must be confirmed first, or empty
  milliseconds delay{0};  // after that confirmation, or after the slot
  std::string at;         // local wall time "09:30" on the slot's date, or empty
  bool enabled = true;
  std::shared_ptr<Section> section;  // the kind reads its keys here, then finish() names unknown ones
};

struct Rehearsal {
  std::string to;                // all mail goes to this one address
  std::filesystem::path folder;  // blogs are written here
};

struct Config {
  Daemon daemon;
  Log log;
  Site site;
  Content content;
  std::map<std::string, Series> series;
  std::map<std::string, Channel> channels;
  std::optional<Rehearsal> rehearsal;
  std::filesystem::path templates;  // overlay folder, or empty
  Position templates_position;
  std::filesystem::path file;  // where this was read from
};

}  // namespace config
