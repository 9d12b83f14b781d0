#include "intake/watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <system_error>

#include "intake/file_names.h"

namespace intake {
namespace {

constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE |
                                IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;
constexpr std::size_t kBuffer = 64U << 10U;
// Of drafts/: the shared folder, where drafts/ itself may come back.
constexpr const char* kAbove = "..";

}  // namespace

Watch::Watch(const boost::asio::any_io_executor& executor, std::filesystem::path drafts, Events events)
    : inotify_(executor), drafts_(std::move(drafts)), events_(std::move(events)) {}

bool Watch::open() {
  if (inotify_.is_open()) return true;
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return false;
  inotify_.assign(descriptor);
  wait();
  return true;
}

bool Watch::add(const std::string& folder, bool& more) {
  const int watch = ::inotify_add_watch(inotify_.native_handle(), (drafts_ / folder).c_str(), kMask);
  if (watch < 0) return errno == ENOENT || errno == ENOTDIR;  // it went away: the next scan knows
  const auto old = folders_.find(watch);
  if (old != folders_.end() && old->second == folder) return true;
  // A folder that was renamed keeps its watch.
  if (old != folders_.end()) watches_.erase(old->second);
  folders_[watch] = folder;
  watches_[folder] = watch;
  more = true;
  return true;
}

Watch::Followed Watch::follow(const std::vector<std::string>& folders) {
  Followed followed;
  if (stopped_) return followed;
  const auto error = [] { return "inotify: " + std::generic_category().message(errno); };
  if (!open()) {
    followed.error = error();
    return followed;
  }
  std::set<std::string> wanted(folders.begin(), folders.end());
  wanted.insert("");
  wanted.insert(kAbove);
  // Added again even where it is watched: another folder may have taken the name.
  for (const std::string& folder : wanted) {
    if (!add(folder, followed.more)) followed.error = error();
  }
  for (auto entry = watches_.begin(); entry != watches_.end();) {
    if (wanted.contains(entry->first)) {
      ++entry;
      continue;
    }
    ::inotify_rm_watch(inotify_.native_handle(), entry->second);
    folders_.erase(entry->second);
    entry = watches_.erase(entry);
  }
  return followed;
}

void Watch::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  inotify_.close(ignored);
}

void Watch::wait() {
  const std::weak_ptr<bool> alive = alive_;
  inotify_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this, alive](boost::system::error_code error) {
                        if (error || alive.expired() || stopped_) return;
                        read_events();
                        if (!stopped_ && inotify_.is_open()) wait();
                      });
}

void Watch::read_events() {
  alignas(inotify_event) std::array<char, kBuffer> buffer;
  for (;;) {
    const ssize_t got = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = event.len == 0 ? "" : buffer.data() + at + sizeof event;
      handle(event.wd, event.mask, name);
      if (stopped_) return;
      at += sizeof event + event.len;
    }
  }
}

void Watch::handle(int watch, std::uint32_t mask, std::string_view name) {
  if ((mask & IN_Q_OVERFLOW) != 0) return events_.rescan();
  const auto folder = folders_.find(watch);
  if (folder == folders_.end()) return;
  if (folder->second == kAbove) {
    if (name == "drafts") return events_.rescan();
    if ((mask & IN_IGNORED) == 0) return;
  }
  if ((mask & IN_IGNORED) != 0) {
    watches_.erase(folder->second);
    folders_.erase(folder);
    return events_.rescan();
  }
  if ((mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0 || (mask & IN_ISDIR) != 0)
    return events_.rescan();
  const bool only_created = (mask & IN_CREATE) != 0;  // it is told again when it is closed
  if (name.empty() || only_created) return;
  const std::string path = join_path(folder->second, name);
  if ((mask & IN_MOVED_TO) != 0) return events_.hint(path, Kind::arrived);
  if ((mask & IN_MOVED_FROM) != 0) return events_.hint(path, Kind::left);
  if ((mask & IN_DELETE) != 0) return events_.hint(path, Kind::deleted);
  events_.hint(path, Kind::written);
}

}  // namespace intake
