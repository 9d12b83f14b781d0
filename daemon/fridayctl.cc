// fridayctl: which verb, and where the daemon is.
#include <csignal>
#include <exception>
#include <iostream>

#include "cli/control.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/verbs.h"

namespace {

int run(const cli::Options& options) {
  const std::string& verb = options.verb;
  if (verb == "check") return cli::check(options);
  if (verb == "preview") return cli::preview(options);
  if (verb == "next") return cli::next(options);
  if (verb == "doctor") return cli::doctor(options);
  const auto socket = cli::control_socket(options);
  if (!socket) return cli::kConfiguration;
  const cli::Client client(*socket);
  if (verb == "publish") return cli::publish(client, options);
  const bool shows = verb == "timeline" || verb == "drafts" || verb == "posts" || verb == "deliveries" ||
                     verb == "channels" || verb == "log" || verb == "status";
  return shows ? cli::view(client, options) : cli::act(client, options);
}

}  // namespace

int main(int argc, char** argv) try {
  // A daemon that ends while it is asked is an answer to be told, not the end of this.
  std::signal(SIGPIPE, SIG_IGN);
  const cli::Parsed parsed = cli::parse(argc, argv);
  return parsed.options ? run(*parsed.options) : parsed.exit;
} catch (const std::exception& error) {
  std::cerr << "fridayctl: " << cli::shown(error.what()) << '\n';
  return cli::kProblems;
}
