#include "support/trial.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/as_nobody.h"

extern char** environ;

namespace support {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

pid_t spawn(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
            int output) {
  std::vector<std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) variables.emplace_back(*each);
  for (const auto& [name, value] : environment) variables.push_back(name + '=' + value);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  std::vector<char*> pointers;
  for (const std::string& variable : variables) pointers.push_back(const_cast<char*>(variable.c_str()));
  arguments.push_back(nullptr);
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, output, 2);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), pointers.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error(command[0] + " can't be started");
  return pid;
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Where READY=1 arrives, as systemd would listen.
class NotifySocket {
 public:
  explicit NotifySocket(const fs::path& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ::unlink(path.c_str());
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path.c_str(), 0666) != 0) {
      throw std::runtime_error(path.string() + ": can't listen");
    }
  }
  ~NotifySocket() { ::close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  bool ready_within(std::chrono::milliseconds limit) const {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(limit.count())) <= 0) return false;
    std::string text(4096, '\0');
    const ssize_t got = ::recv(socket_, text.data(), text.size(), 0);
    return got > 0 && text.find("READY=1") != std::string::npos;
  }

 private:
  int socket_;
};

constexpr const char* kMail = R"(
[channels.mail]
kind = "maildir"
after = "blog"
path = "mailbox"
from = "Sales Leadership Friday <friday@example.org>"
recipients = "recipients.csv"
test_only = true
)";

constexpr const char* kSeries = R"(
[series.sales-leadership-friday]
title = "Sales Leadership Friday"
zone = "America/New_York"
schedule = "Fri 08:00"
channels = ["blog", "mail"]
)";

}  // namespace

std::string program(const std::string& name) {
  const char* folder = std::getenv("FRIDAYD_PROGRAMS");
  return std::string(folder != nullptr ? folder : FRIDAYD_BINARY_DIR) + '/' + name;
}

Ran run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t pid = spawn(command, environment, ends[1]);
  ::close(ends[1]);
  Ran ran;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    ran.out.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  ran.exit = reap(pid);
  return ran;
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 10);
  }
  return true;
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  if (in) bytes << in.rdbuf();
  return std::move(bytes).str();
}

void put(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  const fs::path fresh = file.parent_path() / ("." + file.filename().string() + ".new");
  std::ofstream(fresh, std::ios::binary) << bytes;
  // Nobody is writing the lists that a trial begins with.
  if (file.extension() == ".csv") fs::last_write_time(fresh, fs::file_time_type::clock::now() - 1h);
  fs::rename(fresh, file);
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Trial::Trial(const std::string& now) {
  std::string pattern = (fs::temp_directory_path() / "fridayd-trial-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  parts_ = {{"site", "title = \"Friday\"\n"},
            {"url", "http://127.0.0.1:1"},
            {"mail", kMail},
            {"series", kSeries},
            {"settle", "20ms"},
            {"more", ""}};
  fs::create_directories(content() / "drafts");
  recipients(2);
  if (!now.empty()) set_clock(now);
}

Trial::~Trial() {
  kill();
  std::error_code ignored;
  if (std::getenv("FRIDAYD_KEEP_TRIALS") == nullptr) fs::remove_all(folder_, ignored);
}

void Trial::configure(const std::string& part, const std::string& toml) {
  parts_[part] = toml;
}

std::string Trial::write_config() const {
  const std::string url = "url = \"" + parts_.at("url") + "\"\n";
  const std::string text = R"([daemon]
state = "state"
content = "content"
control = "control.sock"
[content]
settle = ")" + parts_.at("settle") +
                           R"("
[site]
)" + url + parts_.at("site") +
                           R"([channels.blog]
kind = "static_site"
root = "site"
live_check = "file"
)" + url + parts_.at("mail") +
                           parts_.at("series") + parts_.at("more");
  put(folder_ / "fridayd.toml", text);
  return (folder_ / "fridayd.toml").string();
}

void Trial::recipients(int count) {
  std::string csv = "address,name\n";
  for (int i = 1; i <= count; ++i) {
    csv += "reader" + std::to_string(i) + "@example.org,Reader " + std::to_string(i) + '\n';
  }
  put(folder_ / "recipients.csv", csv);
}

void Trial::drop(const std::string& name, const std::string& markdown) const {
  put(content() / "drafts" / name, markdown);
}

void Trial::set_clock(const std::string& instant) const {
  put(folder_ / "clock" / "now", instant + '\n');
}

void Trial::as_nobody() {
  if (::geteuid() != 0) return;
  // The build may lie where nobody can look.
  for (const char* name : {"fridayd", "fridayctl"}) fs::copy_file(program(name), folder_ / name);
  give_to_nobody(folder_);
  const std::string id = std::to_string(kNobody);
  nobody_ = {"setpriv", "--reuid", id, "--regid", id, "--clear-groups"};
}

std::string Trial::own_program(const std::string& name) const {
  return nobody_.empty() ? program(name) : (folder_ / name).string();
}

bool Trial::start(const std::string& crash_at) {
  const std::string config = write_config();
  const NotifySocket notify(folder_ / "notify.sock");
  std::map<std::string, std::string> environment = {{"NOTIFY_SOCKET", (folder_ / "notify.sock").string()}};
  if (!crash_at.empty()) environment["FRIDAYD_CRASH_AT"] = crash_at;
  const int log = ::open((folder_ / "fridayd.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::vector<std::string> command = nobody_;
  command.insert(command.end(), {own_program("fridayd"), "--config", config});
  const fs::path clock = folder_ / "clock" / "now";
  if (fs::exists(clock)) command.insert(command.end(), {"--clock", clock.string()});
  pid_ = spawn(command, environment, log);
  ::close(log);
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (std::chrono::steady_clock::now() < end) {
    if (notify.ready_within(50ms)) return true;
    if (!running()) return false;
  }
  throw std::runtime_error("fridayd is not ready after 30 s:\n" + this->log());
}

bool Trial::running() {
  if (pid_ <= 0) return false;
  siginfo_t state{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         state.si_pid == 0;
}

void Trial::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

int Trial::wait() {
  if (pid_ <= 0) return -1;
  const bool ended = eventually([this] { return !running(); }, 90s);
  if (!ended) signal(SIGKILL);
  const int status = reap(pid_);
  pid_ = -1;
  return ended ? status : -1;
}

void Trial::kill() {
  signal(SIGKILL);
  if (pid_ > 0) reap(pid_);
  pid_ = -1;
}

int Trial::stop() {
  signal(SIGTERM);
  return wait();
}

std::vector<std::string> Trial::ctl_command(const std::vector<std::string>& words) const {
  std::vector<std::string> command = {program("fridayctl"), "--config", (folder_ / "fridayd.toml").string()};
  command.insert(command.end(), words.begin(), words.end());
  return command;
}

Ran Trial::ctl(const std::vector<std::string>& words) const {
  return run(ctl_command(words));
}

Ran Trial::fridayd(const std::vector<std::string>& words) const {
  std::vector<std::string> command = {program("fridayd"), "--config", (folder_ / "fridayd.toml").string()};
  command.insert(command.end(), words.begin(), words.end());
  return run(command);
}

Ran Trial::ctl_as_nobody(const std::vector<std::string>& words) const {
  std::vector<std::string> command = nobody_;
  command.insert(command.end(), {own_program("fridayctl"), "--config", (folder_ / "fridayd.toml").string()});
  command.insert(command.end(), words.begin(), words.end());
  return run(command);
}

boost::json::object Trial::api(const std::vector<std::string>& words) const {
  std::vector<std::string> all = {"--json"};
  all.insert(all.end(), words.begin(), words.end());
  const Ran ran = ctl(all);
  boost::system::error_code error;
  const auto value = boost::json::parse(ran.out, error);
  if (error || !value.is_object()) return {};
  return value.as_object();
}

std::string Trial::delivery_state(const std::string& channel) const {
  const auto body = api({"deliveries"});
  const auto* items = body.if_contains("items");
  if (items == nullptr) return "";
  for (const auto& item : items->as_array()) {
    if (item.at("channel").as_string() == channel) return std::string(item.at("state").as_string());
  }
  return "";
}

bool Trial::eventually_delivered(const std::string& channel) const {
  return eventually([&] { return delivery_state(channel) == "confirmed"; });
}

bool Trial::eventually_listed(const std::string& slug) const {
  return eventually([&] {
    const auto body = api({"drafts"});
    const auto* items = body.if_contains("items");
    if (items == nullptr) return false;
    return std::any_of(items->as_array().begin(), items->as_array().end(),
                       [&](const auto& item) { return item.at("slug").as_string() == slug; });
  });
}

int Trial::mails_to(const std::string& address) const {
  int count = 0;
  for (const char* part : {"new", "cur"}) {
    for (const fs::path& file : files_in(mailbox() / part)) {
      if (contents(file).find("\nTo: ") == std::string::npos) continue;
      if (contents(file).find(address) != std::string::npos) ++count;
    }
  }
  return count;
}

}  // namespace support
