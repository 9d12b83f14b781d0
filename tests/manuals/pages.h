// Man pages and configuration files as the tests compare them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace manuals {

inline std::string source(const std::string& path) {
  const std::string file = std::string(FRIDAYD_SOURCE_DIR) + '/' + path;
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return std::move(text).str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A line of a man page without its macro and its escapes: ".B state = \(dqx\(dq" is `state = "x"`.
inline std::string plain(std::string line) {
  static const std::regex kMacro(R"(^\.(B|I|BR|BI|IR|RB|RI|SH|SS) +)");
  static const std::regex kFont(R"(\\f[BIRP])");
  static const std::regex kQuote(R"(\\\(dq)");
  const bool macro = std::regex_search(line, kMacro);
  line = std::regex_replace(line, kMacro, "");
  if (macro) line.erase(std::remove(line.begin(), line.end(), '"'), line.end());
  line = std::regex_replace(line, kFont, "");
  line = std::regex_replace(line, kQuote, "\"");
  line = std::regex_replace(line, std::regex(R"(\\\(aq)"), "'");
  return std::regex_replace(line, std::regex(R"(\\-)"), "-");
}

// The options that stand in a text: "--weeks", "-y".
inline std::set<std::string> options_in(const std::string& text) {
  static const std::regex kOption(R"((^|[\s,\[])(--?[A-Za-z][A-Za-z-]*))");
  std::set<std::string> options;
  for (std::sregex_iterator at(text.begin(), text.end(), kOption), end; at != end; ++at) {
    options.insert((*at)[2].str());
  }
  return options;
}

}  // namespace manuals
