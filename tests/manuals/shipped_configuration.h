// config/fridayd.toml as the daemon reads it, and what it says of each key.
#pragma once

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/load.h"
#include "pages.h"
#include "planning/planner.h"
#include "service/channels.h"

namespace manuals {

// One "key = value" of the file, commented out or not.
struct Entry {
  std::string section;
  std::string key;
  std::string value;
  bool commented = false;
  bool example = false;  // the words above it say what holds by default
  std::size_t line = 0;  // from 0
};

struct Reading {
  std::shared_ptr<const config::Config> config;
  std::shared_ptr<service::Channels> channels;
  std::vector<config::FaultLine> faults;

  std::string text() const {
    std::string all;
    for (const config::FaultLine& line : faults) all += line.text() + '\n';
    return all;
  }
};

// As fridayd --check-config reads it.
inline Reading read_as_the_daemon(const std::string& text) {
  boost::asio::io_context idle;
  config::Faults faults;
  Reading reading;
  reading.config =
      std::make_shared<const config::Config>(config::load_text(text, "/etc/fridayd/fridayd.toml", faults));
  reading.channels = service::make_channels(reading.config, idle.get_executor(), nullptr, false, faults);
  planning::TimeZones zones;
  planning::resolve_series(*reading.config, zones, faults);
  reading.faults = faults.sorted();
  // Transports end before their executor does.
  for (auto& [key, mail] : reading.channels->mail) mail->transport.reset();
  return reading;
}

inline std::string shipped() {
  return source("config/fridayd.toml");
}

// The line without the "# " of a key or section that is commented out; any other line as it is.
inline std::string uncommented_line(const std::string& line) {
  static const std::regex kCommented(R"(^# (\[[a-z.-]+\]|[a-z_]+ = .+)$)");
  return std::regex_replace(line, kCommented, "$1");
}

inline std::string uncommented(const std::string& text) {
  std::string out;
  for (const std::string& line : lines_of(text)) out += uncommented_line(line) + '\n';
  return out;
}

inline std::vector<Entry> entries(const std::string& text) {
  static const std::regex kSection(R"(^\[([a-z.-]+)\]$)");
  static const std::regex kKey(R"(^([a-z_]+) = (.+)$)");
  std::vector<Entry> entries;
  std::string section;
  std::string comment;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    const std::size_t here = number++;
    const std::string bare = uncommented_line(line);
    std::smatch match;
    if (std::regex_match(bare, match, kSection)) {
      section = match[1];
    } else if (std::regex_match(bare, match, kKey)) {
      Entry entry{section, match[1], match[2], bare != line, false, here};
      std::transform(comment.begin(), comment.end(), comment.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      entry.example = comment.find("by default") != std::string::npos;
      entries.push_back(entry);
    } else {
      comment += line.starts_with("# ") ? ' ' + line.substr(2) : "";
      continue;
    }
    comment.clear();
  }
  return entries;
}

// What each section of `text` may hold: an unknown key in each makes the loaders tell all that they know.
inline std::map<std::string, std::set<std::string>> known_keys(const std::string& text) {
  std::string asked;
  for (const std::string& line : lines_of(text)) {
    asked += line + '\n';
    if (line.starts_with('[')) asked += "xxxxxxxxxxxxxxxx = 0\n";
  }
  static const std::regex kWhat(R"(unknown key "xxxxxxxxxxxxxxxx" in \[([a-z.-]+)\])");
  static const std::regex kWord(R"([a-z_]+)");
  std::map<std::string, std::set<std::string>> known;
  for (const config::FaultLine& fault : read_as_the_daemon(asked).faults) {
    std::smatch match;
    if (!std::regex_match(fault.what, match, kWhat)) continue;
    const std::string list = fault.todo.substr(fault.todo.find("are ") + 4);
    std::set<std::string>& keys = known[match[1]];
    for (std::sregex_iterator at(list.begin(), list.end(), kWord), end; at != end; ++at)
      keys.insert(at->str());
  }
  return known;
}

}  // namespace manuals
