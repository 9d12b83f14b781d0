#include "service/examination.h"

#include <unistd.h>

#include <map>
#include <optional>
#include <set>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "admin/peer.h"
#include "publishers/email/recipients.h"
#include "publishers/email/suppression.h"
#include "service/path_check.h"
#include "service/rehearsal.h"

namespace service {
namespace {

using admin::Finding;
using publishers::NeededPath;

class Report {
 public:
  void good(std::string what) { add({Finding::Kind::good, std::move(what), ""}); }
  void bad(std::string what, std::string todo) {
    add({Finding::Kind::bad, std::move(what), std::move(todo)});
  }
  void note(std::string what) { add({Finding::Kind::note, std::move(what), ""}); }
  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  std::vector<Finding> findings_;
};

void look_at_configuration(Report& report, const std::filesystem::path& file, const config::Faults& faults) {
  for (const config::FaultLine& fault : faults.sorted()) {
    report.bad(config::FaultLine{fault.position, fault.what, ""}.text(), fault.todo);
  }
  if (faults.empty()) report.good("configuration " + file.string());
}

void look_at_content(Report& report, const std::filesystem::path& folder, bool running) {
  std::error_code error;
  if (running && !std::filesystem::exists(folder, error) && !error) {
    return report.bad("content folder " + folder.string() + " is not there",
                      "fridayd runs without it: make it again, or mount it; nothing has to be restarted");
  }
  report.add(look_at({NeededPath::Use::own_folder, "content folder", folder}));
}

void look_at_channel(Report& report, const std::string& key, const std::vector<NeededPath>& paths) {
  for (const NeededPath& path : paths) {
    report.add(look_at({path.use, "channel " + key + ": " + path.what, path.path}));
  }
}

void look_at_paths(Report& report, const Loaded& loaded, bool running) {
  const config::Config& config = *loaded.config;
  report.add(look_at({NeededPath::Use::own_folder, "state folder", config.daemon.state}));
  // A restored copy is easily another account's.
  for (const char* name : {"fridayd.db", "generation"}) {
    const std::filesystem::path file = config.daemon.state / name;
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
      report.add(look_at({NeededPath::Use::append_file, "state file", file}));
    }
  }
  for (const char* part : {"", "drafts", "published"}) {
    look_at_content(report, *part == '\0' ? config.daemon.content : config.daemon.content / part, running);
  }
  if (!config.templates.empty()) {
    report.add(look_at({NeededPath::Use::read_folder, "theme folder", config.templates}));
  }
  if (config.rehearsal) {
    report.add(look_at({NeededPath::Use::own_folder, "rehearsal folder", config.rehearsal->folder}));
  }
  for (const auto& [key, publisher] : loaded.channels->posts) {
    look_at_channel(report, key, publisher->paths());
  }
  for (const auto& [key, mail] : loaded.channels->mail) {
    look_at_channel(report, key, mail->transport->paths());
  }
}

void look_at_recipients(Report& report, const std::string& key, const std::filesystem::path& path) {
  constexpr std::size_t kMostShown = 20;
  const std::string file = path.string();
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
  const auto fault = publishers::read_recipients(path, listener);
  if (fault) {
    return report.bad("channel " + key + ": " + fault->what, "no mailing of it begins before that is mended");
  }
  if (bad > kMostShown) report.bad(std::to_string(bad - kMostShown) + " more rows of " + file, "mend them");
  const std::string what = "channel " + key + ": " + std::to_string(rows) + " recipients in " + file;
  if (rows == 0) return report.bad(what, "add some: nobody gets its mails");
  report.good(what);
}

// A line that holds no address keeps nobody from getting mail.
void look_at_suppressed(Report& report, const std::filesystem::path& file, const std::optional<bool>& seen) {
  const Finding rights = look_at({NeededPath::Use::append_file, "those who left", file});
  publishers::SuppressionList list(file);
  if (seen.value_or(false)) list.was_there();
  if (const auto why = list.refresh()) {
    return report.bad(*why, "mend its owner and mode: no mailing begins without those who left");
  }
  for (const auto& line : list.bad_lines()) {
    report.bad(file.string() + ':' + std::to_string(line.line) + ": holds no address: " + line.why,
               "mend the line, or take it out");
  }
  if (rights.kind != Finding::Kind::good) return report.add(rights);
  std::error_code error;
  if (!seen && !std::filesystem::exists(file, error)) {
    return report.note(rights.what + "; whether it ever was there, only fridayd knows");
  }
  report.good(rights.what + ": " + std::to_string(list.size()));
}

// Each disk once, by what is kept there.
void look_at_disks(Report& report, const Loaded& loaded) {
  std::vector<std::filesystem::path> kept = {loaded.config->daemon.state, loaded.config->daemon.content};
  const auto add = [&kept](const std::vector<NeededPath>& paths) {
    for (const NeededPath& path : paths) {
      if (path.use == NeededPath::Use::own_folder) kept.push_back(path.path);
    }
  };
  for (const auto& [key, publisher] : loaded.channels->posts) add(publisher->paths());
  for (const auto& [key, mail] : loaded.channels->mail) add(mail->transport->paths());
  std::set<std::uint64_t> seen;
  for (const std::filesystem::path& path : kept) {
    const auto room = room_at(path);
    if (room && seen.insert(room->disk).second) report.add(disk_finding(path, room->free));
  }
}

void look_at_lists(Report& report, const Channels& channels, const WasSeen& was_seen) {
  std::map<std::filesystem::path, std::optional<bool>> suppressed;
  for (const auto& [key, mail] : channels.mail) {
    look_at_recipients(report, key, mail->settings.recipients);
    if (mail->settings.suppressed.empty()) continue;
    std::optional<bool>& seen = suppressed[mail->settings.suppressed];
    if (was_seen) seen = seen.value_or(false) || was_seen(*mail);
  }
  for (const auto& [file, seen] : suppressed) look_at_suppressed(report, file, seen);
}

}  // namespace

admin::Examination examine(const Setup& setup, bool running, const WasSeen& was_seen) {
  // Its channels are made to be looked at, and never run.
  boost::asio::io_context idle;
  config::Faults faults;
  const Loaded loaded = load(setup, idle.get_executor(), nullptr, faults);
  Report report;
  look_at_configuration(report, setup.config_file, faults);
  if (loaded.config->rehearsal) report.note("REHEARSAL: " + rehearsal_text(*loaded.config));
  look_at_paths(report, loaded, running);
  look_at_disks(report, loaded);
  look_at_lists(report, *loaded.channels, was_seen);
  std::error_code error;
  const auto file = std::filesystem::absolute(setup.config_file, error);
  return {file.string(), admin::account_name(::geteuid()), report.take()};
}

}  // namespace service
