// A configuration written in a test, as /etc/fridayd/t.toml, and what is wrong with it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "config/load.h"

namespace config {

class ConfigurationTest : public testing::Test {
 protected:
  const Config& read(const std::string& text) {
    faults_ = {};
    config_ = load_text(text, "/etc/fridayd/t.toml", faults_);
    return config_;
  }
  // "3:1: what; what to do" for each fault.
  std::vector<std::string> told() const {
    const std::string file = "/etc/fridayd/t.toml:";
    std::vector<std::string> texts;
    for (const FaultLine& line : faults_.sorted()) {
      const std::string text = line.text();
      texts.push_back(text.starts_with(file) ? text.substr(file.size()) : text);
    }
    return texts;
  }
  std::vector<std::string> faults_of(const std::string& text) {
    read(text);
    return told();
  }
  // A section to be read key by key: `lines` begin in line 3.
  Section& section(const std::string& lines) {
    return *read("[channels.x]\nkind = \"smtp\"\n" + lines).channels.at("x").section;
  }

  // An empty folder; whoever asks for it takes it away.
  static std::string fresh_folder() {
    std::string name = testing::TempDir() + "fridayd-config-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr) << name;
    return name;
  }

  Faults faults_;
  Config config_;
};

}  // namespace config
