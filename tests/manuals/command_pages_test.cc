// fridayctl(1) and fridayd(8) against what the programs say of themselves.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "cli/options.h"
#include "pages.h"

namespace manuals {
namespace {

struct Ran {
  int status = -1;
  std::string output;
};

Ran run(const std::string& command) {
  Ran ran;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> part{};
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe))
    ran.output.append(part.data(), got);
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

// `fridayctl WORDS --help`
std::string help_of(std::vector<std::string> words) {
  words.insert(words.begin(), "fridayctl");
  words.emplace_back("--help");
  std::vector<char*> arguments;
  arguments.reserve(words.size());
  for (std::string& word : words) arguments.push_back(word.data());
  testing::internal::CaptureStdout();
  const cli::Parsed parsed = cli::parse(static_cast<int>(arguments.size()), arguments.data());
  EXPECT_EQ(parsed.exit, 0);
  EXPECT_FALSE(parsed.options.has_value());
  return testing::internal::GetCapturedStdout();
}

// The names under "Subcommands:".
std::vector<std::string> verbs_in(const std::string& help) {
  static const std::regex kVerb(R"(^  ([a-z-]+) .*)");
  std::vector<std::string> verbs;
  bool inside = false;
  for (const std::string& line : lines_of(help)) {
    std::smatch match;
    if (line.empty()) inside = false;
    if (inside && std::regex_match(line, match, kVerb)) verbs.push_back(match[1]);
    if (line == "Subcommands:") inside = true;
  }
  return verbs;
}

// The options that a help lists, without what all verbs have.
std::set<std::string> own_options(const std::string& help) {
  std::string listed;
  bool inside = false;
  for (const std::string& line : lines_of(help)) {
    if (line.empty()) inside = false;
    if (inside) listed += line.substr(0, line.find("  ", 3)) + '\n';
    if (line == "Options:") inside = true;
  }
  std::set<std::string> options = options_in(listed);
  options.erase("-h");
  options.erase("--help");
  return options;
}

std::string example_in(const std::string& help) {
  const std::string mark = "Example:\n  ";
  const std::size_t at = help.find(mark);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + mark.size();
  return help.substr(begin, help.find('\n', begin) - begin);
}

// The verbs' entries under VERBS: name -> all its lines, plain.
std::map<std::string, std::string> entries_of_page() {
  static const std::regex kName(R"(^([a-z-]+(?: rebuild)?).*)");
  std::map<std::string, std::string> entries;
  std::string verb;
  bool verbs = false;
  bool tag = false;
  int depth = 0;
  for (const std::string& line : lines_of(source("docs/man/fridayctl.1"))) {
    if (line.starts_with(".SH")) verbs = line == ".SH VERBS";
    if (line.starts_with(".SS") || line.starts_with(".SH")) verb.clear();
    if (!verbs) continue;
    if (tag && depth == 0) {
      const std::string text = plain(line);
      std::smatch match;
      EXPECT_TRUE(std::regex_match(text, match, kName)) << line;
      verb = match[1];
    }
    if (!verb.empty()) entries[verb] += plain(line) + '\n';
    tag = line == ".TP";
    if (line == ".RS") ++depth;
    if (line == ".RE") --depth;
  }
  return entries;
}

// "site" has verbs of its own.
std::vector<std::string> all_verbs() {
  std::vector<std::string> verbs;
  for (const std::string& verb : verbs_in(help_of({}))) {
    const std::vector<std::string> inner = verbs_in(help_of({verb}));
    if (inner.empty()) verbs.push_back(verb);
    for (const std::string& each : inner) verbs.push_back(verb + ' ' + each);
  }
  return verbs;
}

std::string help_of_verb(const std::string& verb) {
  std::istringstream in(verb);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return help_of(words);
}

TEST(FridayctlPage, HasEveryVerbAndNoOther) {
  const std::vector<std::string> verbs = all_verbs();
  EXPECT_GE(verbs.size(), 24u);
  std::set<std::string> named;
  for (const auto& [verb, text] : entries_of_page()) named.insert(verb);
  EXPECT_EQ(named, std::set<std::string>(verbs.begin(), verbs.end()));
}

TEST(FridayctlPage, HasEveryOptionOfEachVerbAndNoOther) {
  const auto entries = entries_of_page();
  for (const std::string& verb : all_verbs()) {
    const auto entry = entries.find(verb);
    ASSERT_NE(entry, entries.end()) << verb;
    // The example may use an option that all verbs have.
    const std::string text = entry->second.substr(0, entry->second.find("Example:"));
    EXPECT_EQ(options_in(text), own_options(help_of_verb(verb))) << verb;
  }
}

TEST(FridayctlPage, ShowsAnExampleOfEachVerbThatTheProgramTakes) {
  for (const auto& [verb, text] : entries_of_page()) {
    const std::size_t at = text.find("Example:\n");
    ASSERT_NE(at, std::string::npos) << verb;
    std::string example = text.substr(at + 9);
    example = example.substr(0, example.find('\n'));
    EXPECT_TRUE(example.starts_with("fridayctl " + verb)) << example;
    // The shell splits it; only the parsing is tried.
    const Ran split = run("set -f; for word in " + example + R"(; do printf '%s\n' "$word"; done)");
    std::vector<std::string> words = lines_of(split.output);
    std::vector<char*> arguments;
    arguments.reserve(words.size());
    for (std::string& word : words) arguments.push_back(word.data());
    const cli::Parsed parsed = cli::parse(static_cast<int>(arguments.size()), arguments.data());
    ASSERT_TRUE(parsed.options.has_value()) << example;
    EXPECT_EQ(parsed.options.value_or(cli::Options{}).verb, verb) << example;
  }
}

TEST(FridayctlHelp, ShowsAnExampleForEachVerb) {
  for (const std::string& verb : all_verbs()) {
    EXPECT_TRUE(example_in(help_of_verb(verb)).starts_with("fridayctl " + verb)) << verb;
  }
}

// The part of a page under a heading, plain.
std::string section_of(const std::string& page, const std::string& heading) {
  std::string text;
  bool inside = false;
  for (const std::string& line : lines_of(source(page))) {
    if (line.starts_with(".SH")) inside = plain(line) == heading;
    if (inside) text += plain(line) + '\n';
  }
  EXPECT_FALSE(text.empty()) << heading;
  return text;
}

TEST(FridayctlPage, HasTheOptionsOfAllVerbs) {
  std::set<std::string> options = own_options(help_of({}));
  options.insert({"-h", "--help"});
  EXPECT_EQ(options_in(section_of("docs/man/fridayctl.1", "OPTIONS")), options);
}

TEST(FridayctlPage, HasEachExitStatus) {
  const std::string text = section_of("docs/man/fridayctl.1", "EXIT STATUS");
  std::set<int> listed;
  for (const std::string& line : lines_of(text)) {
    if (std::regex_match(line, std::regex("[0-9]+"))) listed.insert(std::stoi(line));
  }
  EXPECT_EQ(listed, (std::set<int>{cli::kDone, cli::kProblems, cli::kUncertain, cli::kUsage, cli::kNoDaemon,
                                   cli::kTryAgain, cli::kNotPermitted, cli::kConfiguration}));
}

TEST(FridaydPage, HasEveryOptionAndNoOther) {
  const Ran help = run(std::string(FRIDAYD_BINARY_DIR) + "/fridayd --help");
  ASSERT_EQ(help.status, 0) << help.output;
  std::set<std::string> options;
  for (const std::string& line : lines_of(help.output)) {
    if (line.starts_with("  -")) options.merge(options_in(line));
  }
  EXPECT_GE(options.size(), 5u) << help.output;
  EXPECT_EQ(options_in(section_of("docs/man/fridayd.8", "OPTIONS")), options);
}

TEST(Pages, AreSoundForTheFormatter) {
  for (const char* page : {"fridayd.8", "fridayctl.1", "fridayd.toml.5"}) {
    const Ran ran = run("groff -man -Tutf8 -ww -z " + std::string(FRIDAYD_SOURCE_DIR) + "/docs/man/" + page);
    EXPECT_EQ(ran.status, 0) << page;
    EXPECT_EQ(ran.output, "") << page;
  }
}

}  // namespace
}  // namespace manuals
