// fridayctl doctor: a line for each thing, good or what to do.
#include <sys/timex.h>

#include <filesystem>
#include <iostream>

#include "cli/control.h"
#include "cli/print.h"
#include "cli/socket_check.h"
#include "cli/verbs.h"
#include "service/as_account.h"
#include "service/examination.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using admin::Finding;

constexpr const char* kDaemonAccount = "fridayd";

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
  void add(const Finding& finding) {
    switch (finding.kind) {
      case Finding::Kind::good:
        return good(finding.what);
      case Finding::Kind::bad:
        return bad(finding.what, finding.todo);
      case Finding::Kind::note:
        return note(finding.what);
    }
  }
  bool all_good() const { return all_good_; }

 private:
  bool all_good_ = true;
};

bool same_file(const std::string& one, const fs::path& other) {
  std::error_code error;
  return fs::equivalent(one, other, error) || fs::path(one) == fs::absolute(other, error);
}

Finding finding_of(const boost::json::object& line) {
  const std::string kind = text_of(line, "kind");
  return {kind == "good"  ? Finding::Kind::good
          : kind == "bad" ? Finding::Kind::bad
                          : Finding::Kind::note,
          text_of(line, "what"), text_of(line, "todo")};
}

void print_examination(Report& report, const boost::json::object& body) {
  for (const boost::json::value& each : body.at("findings").as_array()) {
    report.add(finding_of(each.as_object()));
  }
  report.good("all of this as fridayd sees it, which runs as " + text_of(body, "account"));
}

void examine_here(Report& report, const fs::path& file, bool running) {
  admin::Examination found;
  {
    const service::AsAccount daemon(kDaemonAccount);
    found = service::examine({file, {}}, running);
  }
  for (const Finding& finding : found.findings) report.add(finding);
  const bool daemon = found.account == kDaemonAccount;
  report.note("all of this with the rights of " + found.account +
              (daemon ? ", but outside of its unit" : "; those of the daemon's account may be others"));
}

void check_clock(Report& report) {
  timex state{};
  const int status = ::ntp_adjtime(&state);
  if (status == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    return report.bad("the clock is not synchronised", "switch on systemd-timesyncd or chrony");
  }
  report.good("the clock is synchronised");
}

void check_daemon(Report& report, const Reply& reply) {
  if (!reply.ok()) {
    report.note("the channels were not tried: only fridayd can do that");
    return report.bad(reply.detail, reply.status == 0 ? "start it" : "ask again as one who may");
  }
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
  const auto socket = control_socket(options);
  const Reply status = socket ? Client(*socket).get("/api/v1/status") : Reply{};
  const Reply seen = status.ok() ? Client(*socket).get("/api/v1/doctor") : Reply{};
  // What runs may have been started with another file than the one that is asked about.
  if (seen.ok() && same_file(text_of(seen.body, "config"), options.config)) {
    print_examination(report, seen.body);
  } else {
    if (seen.ok()) report.note("fridayd runs on another configuration: " + text_of(seen.body, "config"));
    if (status.ok() && !seen.ok()) {
      report.bad("fridayd could not look for itself: " + seen.detail, "see its log");
    }
    examine_here(report, options.config, status.ok());
  }
  if (socket) report.add(look_at_socket(*socket));
  check_clock(report);
  if (socket) check_daemon(report, status);
  return report.all_good() ? kDone : kProblems;
}

}  // namespace cli
