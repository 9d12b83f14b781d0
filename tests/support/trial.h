// The shipped programs at work in a temporary folder: fridayd under --clock, fridayctl beside it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace support {

struct Ran {
  int exit = -1;    // 128 + signal where one ended it
  std::string out;  // standard output and error, as they came
};

// The path of "fridayd" or "fridayctl": of this build, or of FRIDAYD_PROGRAMS.
std::string program(const std::string& name);
// Runs a program to its end.
Ran run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {});

// True as soon as `condition` is; false after `limit`. For what another process does.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds limit = std::chrono::seconds(20));

std::string contents(const std::filesystem::path& file);  // empty if it can't be read
void put(const std::filesystem::path& file, const std::string& bytes);
std::vector<std::filesystem::path> files_in(
    const std::filesystem::path& folder);  // sorted; not of sub-folders

class Trial {
 public:
  // A series on "Fri 08:00" America/New_York with a static site and a Maildir after it, two recipients,
  // and the clock at `now`; where that is empty, the machine's own clock.
  explicit Trial(const std::string& now);
  ~Trial();  // kills what still runs
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path site() const { return folder_ / "site"; }
  std::filesystem::path mailbox() const { return folder_ / "mailbox"; }
  std::filesystem::path content() const { return folder_ / "content"; }

  // Part of the configuration, by its key here: "site" (all of it but the url), "url" (of site and blog),
  // "mail", "series" or "more"; see trial.cc.
  void configure(const std::string& part, const std::string& toml);
  std::string write_config() const;  // its path
  void recipients(int count);        // reader1@example.org ...
  void drop(const std::string& name, const std::string& markdown) const;
  void set_clock(const std::string& instant) const;

  // Where root runs the test: what lies in the folder, and fridayd, are nobody's from now on.
  void as_nobody();

  // Starts fridayd and waits until it is ready; false if it ended before. `crash_at` as FRIDAYD_CRASH_AT.
  bool start(const std::string& crash_at = "");
  bool running();
  pid_t pid() const { return pid_; }
  void signal(int number) const;
  int wait();   // until it ends: its exit status, 128 + signal
  void kill();  // as a power cut would, and waits
  int stop();   // SIGTERM, and waits

  std::vector<std::string> ctl_command(const std::vector<std::string>& words) const;
  Ran ctl(const std::vector<std::string>& words) const;
  Ran fridayd(const std::vector<std::string>& words) const;              // to its end
  Ran ctl_as_nobody(const std::vector<std::string>& words) const;        // after as_nobody()
  boost::json::object api(const std::vector<std::string>& words) const;  // ctl --json ...
  // The state of the delivery on a channel of the newest post; empty if there is none.
  std::string delivery_state(const std::string& channel) const;
  bool eventually_delivered(const std::string& channel) const;
  bool eventually_listed(const std::string& slug) const;  // the draft was read
  int mails_to(const std::string& address) const;
  std::string log() const { return contents(folder_ / "fridayd.log"); }

 private:
  std::string own_program(const std::string& name) const;

  std::filesystem::path folder_;
  std::map<std::string, std::string> parts_;
  std::vector<std::string> nobody_;  // what a command begins with
  pid_t pid_ = -1;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The day before a slot of a trial's series.
inline constexpr const char* kThursday = "2026-11-26T15:00:00Z";
// A draft, and the slug of its title.
inline constexpr const char* kSlug = "a-question-of-trust";
inline constexpr const char* kDraft =
    "---\ntitle: A question of trust\n---\n\nBuyers forgive a late answer. They do not forgive a guess.\n";

}  // namespace support
