// fridayctl doctor: a line for each thing, good or what to do.
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>

#include <boost/asio/io_context.hpp>

#include "cli/control.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "publishers/email/recipients.h"
#include "publishers/email/suppression.h"
#include "service/rehearsal.h"
#include "service/service.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

class Report {
 public:
  void good(const std::string& what) { std::cout << painted("good  ", Colour::good) << shown(what) << '\n'; }
  void bad(const std::string& what, const std::string& todo) {
    std::cout << painted("bad   ", Colour::bad) << shown(what) << "; " << shown(todo) << '\n';
    all_good_ = false;
  }
  void note(const std::string& what) {
    std::cout << painted("note  ", Colour::warning) << shown(what) << '\n';
  }
  bool all_good() const { return all_good_; }

 private:
  bool all_good_ = true;
};

std::string owner_of(const struct stat& status) {
  const passwd* account = ::getpwuid(status.st_uid);
  const group* team = ::getgrgid(status.st_gid);
  std::ostringstream text;
  text << "of " << (account != nullptr ? account->pw_name : std::to_string(status.st_uid)) << ':'
       << (team != nullptr ? team->gr_name : std::to_string(status.st_gid)) << ", mode " << std::oct
       << (status.st_mode & 07777U);
  return text.str();
}

// Root may do everything: what counts is the account that the daemon runs under.
bool usable(const fs::path& path, const struct stat& status) {
  constexpr mode_t kAll = 7;
  const passwd* daemon = ::geteuid() == 0 ? ::getpwnam("fridayd") : nullptr;
  if (daemon == nullptr) return ::access(path.c_str(), R_OK | W_OK | X_OK) == 0;
  if (status.st_uid == daemon->pw_uid) return (status.st_mode >> 6 & kAll) == kAll;
  std::array<gid_t, 64> groups{};
  int count = static_cast<int>(groups.size());
  ::getgrouplist(daemon->pw_name, daemon->pw_gid, groups.data(), &count);
  const auto end = groups.begin() + std::clamp(count, 0, static_cast<int>(groups.size()));
  if (std::find(groups.begin(), end, status.st_gid) != end) return (status.st_mode >> 3 & kAll) == kAll;
  return (status.st_mode & kAll) == kAll;
}

void check_folder(Report& report, const std::string& name, const fs::path& path, bool running) {
  const std::string what = name + ' ' + path.string();
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return report.bad(what + ": " + std::strerror(errno),
                      running
                          ? "fridayd runs without it: make it again, or mount it; nothing has to be restarted"
                          : "fridayd makes it when it starts, where it may");
  }
  if (!S_ISDIR(status.st_mode)) return report.bad(what + " is no folder", "put the file elsewhere");
  if (!usable(path, status)) {
    return report.bad(what + ", " + owner_of(status) + ", can't be used by the daemon or by this account",
                      "run this as fridayd (sudo -u fridayd), or mend its owner and mode");
  }
  struct statvfs disk{};
  constexpr std::uintmax_t kLeast = 256u << 20;
  if (::statvfs(path.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < kLeast) {
    return report.bad(what + " has under 256 MiB free", "make room");
  }
  report.good(what + ", " + owner_of(status));
}

void check_recipients(Report& report, const service::Channels& channels) {
  constexpr std::size_t kMostShown = 20;
  for (const auto& [key, mail] : channels.mail) {
    const std::string file = mail->settings.recipients.string();
    std::size_t rows = 0;
    std::size_t bad = 0;
    publishers::RecipientsListener listener;
    listener.on_recipient = [&](publishers::RecipientRow&&) { ++rows; };
    listener.on_exclusion = [&](publishers::RecipientExclusion&& row) {
      using Reason = publishers::RecipientExclusion::Reason;
      if (row.reason != Reason::bad_row && row.reason != Reason::bad_address) return;
      if (++bad > kMostShown) return;
      report.bad(file + ':' + std::to_string(row.line) + ": \"" + row.address + "\" gets no mail: " + row.why,
                 "mend the row");
    };
    const auto fault = publishers::read_recipients(mail->settings.recipients, listener);
    if (fault) {
      report.bad("channel " + key + ": " + fault->what, "no mailing of it begins before that is mended");
      continue;
    }
    if (bad > kMostShown) report.bad(std::to_string(bad - kMostShown) + " more rows of " + file, "mend them");
    const std::string what = "channel " + key + ": " + std::to_string(rows) + " recipients in " + file;
    if (rows == 0) {
      report.bad(what, "add some: nobody gets its mails");
    } else {
      report.good(what);
    }
  }
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

void check_daemon(Report& report, const Reply& reply) {
  if (!reply.ok()) return report.bad(reply.detail, "start it");
  report.good("fridayd answers");
  if (const std::string halted = text_of(reply.body, "halted"); !halted.empty()) {
    report.bad("nothing is sent", halted_for_people(halted));
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
  if (options.json) {
    std::cerr
        << "fridayctl: doctor is for people and has no --json; `fridayctl status --json` is for scripts\n";
    return kUsage;
  }
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
  if (loaded.config->rehearsal) report.note("REHEARSAL: " + service::rehearsal_text(*loaded.config));
  const config::Daemon& daemon = loaded.config->daemon;
  const auto socket = control_socket(options);
  const Reply status = socket ? Client(*socket).get("/api/v1/status") : Reply{};
  check_folder(report, "state folder", daemon.state, status.ok());
  check_folder(report, "content folder", daemon.content, status.ok());
  for (const char* name : {"drafts", "published"}) {
    check_folder(report, "content folder", daemon.content / name, status.ok());
  }
  if (std::error_code error; fs::is_directory(loaded.config->templates, error))
    report.good("theme folder " + loaded.config->templates.string());
  check_recipients(report, *loaded.channels);
  check_suppressed(report, *loaded.channels);
  check_clock(report);
  if (socket) check_daemon(report, status);
  return report.all_good() ? kDone : kProblems;
}

}  // namespace cli
