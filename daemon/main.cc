// fridayd: command line, configuration, house.
#include <sys/prctl.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "runtime/crash_point.h"
#include "runtime/log.h"
#include "service/service.h"

namespace {

constexpr int kUsage = 64;
constexpr int kConfiguration = 78;

constexpr const char* kHelp =
    "Usage: fridayd [--config FILE] [--check-config] [--clock FILE]\n"
    "\n"
    "Watches a folder of Markdown drafts, puts each into the next free slot of its series,\n"
    "and publishes it when the slot comes: the blog first, then the mail. fridayctl sees and\n"
    "steers it.\n"
    "\n"
    "  --config FILE    the configuration (default /etc/fridayd/fridayd.toml)\n"
    "  --check-config   say everything that is wrong with it and end: 0 good, 78 not\n"
    "  --clock FILE     the time is the RFC 3339 instant in FILE, until FILE is replaced;\n"
    "                   for trials, and only with channels that stay on this machine\n"
    "  --version, --help\n"
    "\n"
    "Signals: HUP reads the configuration again, TERM and INT put everything away.\n"
    "Example: fridayd --config config/demo.toml\n";

struct CommandLine {
  service::Setup setup;
  bool check_only = false;
};

// Nothing: help or version was shown, or (exit set) the usage was wrong.
std::optional<CommandLine> parse_command_line(int argc, char** argv, int& exit) {
  CommandLine command;
  command.setup.config_file = "/etc/fridayd/fridayd.toml";
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    std::optional<std::string> value;
    if (const std::size_t equals = word.find('='); word.starts_with("--") && equals != std::string::npos) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    const bool takes_value = word == "--config" || word == "--clock";
    if (takes_value && !value && i + 1 < argc) value = argv[++i];
    if (takes_value && value && !value->empty()) {
      (word == "--config" ? command.setup.config_file : command.setup.clock_file) = *value;
    } else if (word == "--check-config") {
      command.check_only = true;
    } else if (word == "--help" || word == "-h") {
      std::cout << kHelp;
      return std::nullopt;
    } else if (word == "--version") {
      std::cout << "fridayd " << FRIDAYD_VERSION << '\n';
      return std::nullopt;
    } else {
      std::cerr << "fridayd: "
                << (takes_value             ? word + " needs a file"
                    : word.starts_with('-') ? "unknown option " + word
                                            : "takes options only, not '" + word + '\'')
                << "; see `fridayd --help`\n";
      exit = kUsage;
      return std::nullopt;
    }
  }
  return command;
}

}  // namespace

int main(int argc, char** argv) try {
  int exit = 0;
  const auto command = parse_command_line(argc, argv, exit);
  if (!command) return exit;
  // No core file and no debugger may show a secret to another account.
  ::prctl(PR_SET_DUMPABLE, 0);

  boost::asio::io_context house;
  service::Service* running = nullptr;
  config::Faults faults;
  service::Loaded loaded = service::load(
      command->setup, house.get_executor(),
      [&running]() -> store::StoreThread* { return running == nullptr ? nullptr : &running->store(); },
      faults);
  if (!faults.empty()) {
    std::cerr << faults.text();
    return kConfiguration;
  }
  if (command->check_only) {
    std::cout << command->setup.config_file.string() << " is good: " << loaded.config->series.size()
              << " series, " << loaded.config->channels.size() << " channels\n";
    if (loaded.config->series.empty()) {
      std::cerr << "warning: no series is configured, so nothing is ever published by schedule\n";
    }
    return 0;
  }
  runtime::set_up_logging(loaded.config->log.level, loaded.config->log.format);
  const char* crash = std::getenv("FRIDAYD_CRASH_AT");
  if (crash != nullptr && !command->setup.clock_file.empty()) runtime::arm_crash_point(crash);
  service::Service service(command->setup, house, std::move(loaded));
  running = &service;
  return service.run();
} catch (const service::ConfigurationRefused& refused) {
  std::cerr << refused.what();
  return kConfiguration;
} catch (const std::exception& error) {
  std::cerr << "fridayd: " << error.what() << '\n';
  return 1;
}
