// What the command line asked for: CLI11 stays in options.cc.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cli {

// Exit codes of fridayctl: part of its interface, listed in fridayctl(1).
enum Exit {
  kDone = 0,
  kProblems = 1,   // problems found, or not delivered
  kUncertain = 2,  // what became of it is not known
  kUsage = 64,
  kNoDaemon = 69,
  kTryAgain = 75,
  kNotPermitted = 77,
  kConfiguration = 78,
};

struct Options {
  std::string verb = "timeline";
  std::filesystem::path config = "/etc/fridayd/fridayd.toml";
  bool config_named = false;  // by --config or FRIDAYD_CONFIG
  std::string control;        // socket; empty: as the configuration says
  bool json = false;
  bool yes = false;
  bool dry_run = false;
  bool wait = false;
  int weeks = 0;
  int count = 5;
  std::optional<int> limit;
  std::string item;  // DRAFT, ID, ADDRESS, FILE, SERIES
  std::string date;
  std::string slot;
  std::string as;
  std::string to;
  std::string why;
  std::string series;
  std::string channel;
  std::string state;
  std::string format = "html";
  std::string output;
  std::optional<std::string> schedule;
  std::string zone;
  std::string starts;
  std::string after;
  std::vector<std::string> channels;
  std::vector<std::string> files;
};

// Nothing to run: help was shown, or the usage was wrong (then said on standard error).
struct Parsed {
  std::optional<Options> options;
  int exit = kDone;
};

Parsed parse(int argc, char** argv);

}  // namespace cli
