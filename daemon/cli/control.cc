#include "cli/control.h"

#include <iostream>

#include "cli/print.h"
#include "config/load.h"

namespace cli {

std::optional<std::string> control_socket(const Options& options) {
  if (!options.control.empty()) return options.control;
  config::Faults faults;
  const std::filesystem::path control = config::load(options.config, faults).daemon.control;
  const Options usual;
  if (faults.empty() || !options.config_named || options.config == usual.config) return control.string();
  std::cerr << shown(faults.text());
  // Where the file does not say, the usual socket may be another daemon's.
  if (control == config::Daemon{}.control) {
    std::cerr << "fridayctl: " << shown(options.config.string())
              << " does not tell where its daemon is; mend it, or name the socket with --control\n";
    return std::nullopt;
  }
  std::cerr << "fridayctl: the configuration has faults; asking the daemon at " << shown(control.string())
            << '\n';
  return control.string();
}

}  // namespace cli
