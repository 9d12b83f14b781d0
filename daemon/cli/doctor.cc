// fridayctl doctor: a line for each thing, good or what to do.
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <set>

#include <boost/asio/io_context.hpp>

#include "cli/print.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "publishers/email/suppression.h"
#include "service/service.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

class Report {
 public:
  void good(const std::string& what) { std::cout << painted("good  ", Colour::good) << what << '\n'; }
  void bad(const std::string& what, const std::string& todo) {
    std::cout << painted("bad   ", Colour::bad) << what << "; " << todo << '\n';
    all_good_ = false;
  }
  bool all_good() const { return all_good_; }

 private:
  bool all_good_ = true;
};

void check_folder(Report& report, const std::string& name, const fs::path& path) {
  const bool there = ::access(path.c_str(), F_OK) == 0;
  if (!there)
    return report.bad(name + ' ' + path.string() + " is not there", "start fridayd once, or create it");
  if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return report.bad(name + ' ' + path.string() + " is not for this account",
                      "run this as fridayd (sudo -u fridayd), or mend its owner and mode");
  }
  struct statvfs disk{};
  constexpr std::uintmax_t kLeast = 256u << 20;
  if (::statvfs(path.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < kLeast) {
    return report.bad(name + ' ' + path.string() + " has under 256 MiB free", "make room");
  }
  report.good(name + ' ' + path.string());
}

void check_clock(Report& report) {
  timex state{};
  const int status = ::ntp_adjtime(&state);
  if (status == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    return report.bad("the clock is not synchronised", "switch on systemd-timesyncd or chrony");
  }
  report.good("the clock is synchronised");
}

// A line that holds no address keeps nobody from getting mail.
void check_suppressed(Report& report, const service::Channels& channels) {
  std::set<fs::path> files;
  for (const auto& [key, mail] : channels.mail) {
    if (!mail->settings.suppressed.empty()) files.insert(mail->settings.suppressed);
  }
  for (const fs::path& file : files) {
    publishers::SuppressionList list(file);
    if (const auto why = list.refresh()) {
      report.bad(*why, "mend its owner and mode: no mailing begins without those who left");
      continue;
    }
    for (const auto& line : list.bad_lines()) {
      report.bad(file.string() + ':' + std::to_string(line.line) + ": holds no address: " + line.why,
                 "mend the line, or take it out");
    }
    if (list.bad_lines().empty()) {
      report.good("those who left " + file.string() + ": " + std::to_string(list.size()));
    }
  }
}

void check_daemon(Report& report, const std::string& socket) {
  const Reply reply = Client(socket).get("/api/v1/status");
  if (!reply.ok()) return report.bad(reply.detail, "start it");
  report.good("fridayd answers");
  if (const std::string halted = text_of(reply.body, "halted"); !halted.empty()) {
    report.bad("nothing is sent: " + halted, "say `fridayctl resume`");
  }
  for (const boost::json::value& each : reply.body.at("channels").as_array()) {
    const boost::json::object& channel = each.as_object();
    const std::string text = "channel " + text_of(channel, "channel") + ": " + text_of(channel, "reply");
    if (channel.at("well").as_bool()) {
      report.good(text);
    } else {
      report.bad(text, "see `fridayctl channels`");
    }
  }
}

}  // namespace

int doctor(const Options& options) {
  Report report;
  boost::asio::io_context idle;
  config::Faults faults;
  service::Setup setup;
  setup.config_file = options.config;
  const service::Loaded loaded = service::load(setup, idle.get_executor(), nullptr, faults);
  for (const config::FaultLine& fault : faults.sorted()) {
    report.bad(config::FaultLine{fault.position, fault.what, ""}.text(), fault.todo);
  }
  if (faults.empty()) report.good("configuration " + options.config.string());
  const config::Daemon& daemon = loaded.config->daemon;
  check_folder(report, "state folder", daemon.state);
  check_folder(report, "content folder", daemon.content);
  check_suppressed(report, *loaded.channels);
  check_clock(report);
  check_daemon(report, options.control.empty() ? daemon.control.string() : options.control);
  return report.all_good() ? kDone : kProblems;
}

}  // namespace cli
