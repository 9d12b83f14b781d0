// fridayd.toml(5): every key that the loaders ask for, with the defaults that config/fridayd.toml tells.
#include <cstdlib>
#include <filesystem>

#include "shipped_configuration.h"

namespace manuals {
namespace {

// Of each heading under KEYS the items: key -> default, "" where it has none.
std::map<std::string, std::map<std::string, std::string>> items_of_page() {
  std::map<std::string, std::map<std::string, std::string>> items;
  std::string heading;
  bool item = false;
  bool keys = false;
  for (const std::string& line : lines_of(source("docs/man/fridayd.toml.5"))) {
    if (line.starts_with(".SH")) keys = line == ".SH KEYS";
    if (line.starts_with(".SS")) heading = plain(line);
    if (keys && item) {
      const std::string text = plain(line);
      const std::size_t equals = text.find(" = ");
      const std::string key = text.substr(0, equals);
      EXPECT_FALSE(items[heading].contains(key)) << heading << ": " << key << " twice";
      items[heading][key] = equals == std::string::npos ? "" : text.substr(equals + 3);
    }
    item = line == ".TP";
  }
  return items;
}

std::set<std::string> keys_of(const std::map<std::string, std::string>& items) {
  std::set<std::string> keys;
  for (const auto& [key, value] : items) keys.insert(key);
  return keys;
}

std::set<std::string> together(std::set<std::string> a, const std::set<std::string>& b) {
  a.insert(b.begin(), b.end());
  return a;
}

const char* const kEveryKind = "[channels.NAME], every kind";
const char* const kMail = "[channels.NAME], kinds of mail";

std::string heading_of_kind(const std::string& kind) {
  return "[channels.NAME], kind = \"" + kind + '"';
}

TEST(ConfigurationPage, NamesEveryKeyAndNoOther) {
  auto page = items_of_page();
  const std::string text = uncommented(shipped());
  auto known = known_keys(text);
  for (const char* section : {"daemon", "log", "site", "content", "templates", "rehearsal"}) {
    EXPECT_EQ(keys_of(page['[' + std::string(section) + ']']), known[section]) << section;
  }
  EXPECT_EQ(keys_of(page["[series.NAME]"]), known["series.friday"]);
  const std::set<std::string> every = keys_of(page[kEveryKind]);
  const std::set<std::string> mail = together(every, keys_of(page[kMail]));
  std::size_t headings = 9;
  for (const publishers::Kind& kind : publishers::kinds()) {
    const std::string name(kind.name);
    std::string section;
    for (const Entry& entry : entries(shipped())) {
      if (entry.key == "kind" && entry.value == '"' + name + '"') section = entry.section;
    }
    ASSERT_FALSE(section.empty()) << "config/fridayd.toml shows no channel of kind " << name;
    EXPECT_EQ(together(kind.mail != nullptr ? mail : every, keys_of(page[heading_of_kind(name)])),
              known[section])
        << name;
    ++headings;
  }
  EXPECT_EQ(page.size(), headings);
}

TEST(ConfigurationPage, TellsTheSameDefaultsAsTheAnnotatedFile) {
  auto page = items_of_page();
  for (const Entry& entry : entries(shipped())) {
    if (entry.section == "channels.trial") continue;  // repeats keys that are shown already
    std::vector<std::string> headings = {'[' + entry.section + ']'};
    if (entry.section.starts_with("series.")) headings = {"[series.NAME]"};
    if (entry.section == "channels.blog") headings = {kEveryKind, heading_of_kind("static_site")};
    if (entry.section == "channels.mail") headings = {kEveryKind, kMail, heading_of_kind("smtp")};
    bool found = false;
    for (const std::string& heading : headings) {
      const auto item = page[heading].find(entry.key);
      if (item == page[heading].end()) continue;
      found = true;
      const bool has_default = entry.commented && !entry.example && entry.section != "rehearsal";
      EXPECT_EQ(item->second, has_default ? entry.value : "") << heading << ' ' << entry.key;
    }
    EXPECT_TRUE(found) << entry.section << ' ' << entry.key;
  }
}

// The EXAMPLE is a configuration that loads.
TEST(ConfigurationPage, HasAnExampleThatLoads) {
  std::string example;
  bool inside = false;
  for (const std::string& line : lines_of(source("docs/man/fridayd.toml.5"))) {
    if (line == ".fi") inside = false;
    if (inside) example += plain(line) + '\n';
    if (line == ".nf") inside = true;
  }
  ::unsetenv("CREDENTIALS_DIRECTORY");
  const Reading reading = read_as_the_daemon(example);
  ASSERT_EQ(reading.faults.size(), 1u) << reading.text();
  EXPECT_EQ(reading.faults[0].what, "password: credential \"smtp\" is not there");
  EXPECT_EQ(reading.config->series.size(), 1u);
  EXPECT_EQ(reading.channels->posts.size(), 1u);
}

}  // namespace
}  // namespace manuals
