#include "publishers/email/maildir_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "publishers/email/message_id.h"

namespace publishers::maildir {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0600;
constexpr fs::perms kFolderMode = fs::perms::owner_all;
constexpr const char* kParts[] = {"tmp", "new", "cur"};
constexpr std::size_t kMostName = 200;
constexpr std::string_view kSuffix = ".fridayd";

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// An open file or folder, closed at the end of its scope.
class Opened {
 public:
  Opened(const fs::path& path, int flags)
      : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, kFileMode)) {
    if (file_ < 0) fail(path.string());
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (file_ >= 0) ::close(file_);
  }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t put = ::write(file_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail(path_.string());
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }

  void sync() const {
    if (::fsync(file_) != 0) fail(path_.string());
  }

  // Some file systems tell only here that there was no room.
  void close() {
    if (::close(std::exchange(file_, -1)) != 0) fail(path_.string());
  }

 private:
  fs::path path_;
  int file_;
};

bool is_safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '@' || c == '+';
}

Receipt local_fault(const std::exception& error) {
  return Receipt::failed(Outcome::deferred, Fault::local, error.what());
}

}  // namespace

std::string file_name(std::string_view message_id) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string name;
  for (const char c : message_id) {
    if (is_safe(c) || (c == '.' && !name.empty())) {
      name += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    name += '=';
    name += kHex[byte >> 4U];
    name += kHex[byte & 0xFU];
  }
  if (name.size() > kMostName) name = sha256_hex(message_id);
  return name.append(kSuffix);
}

std::string file_text(const OutgoingMessage& message) {
  std::string text;
  text.reserve(message.data.size() + message.sender.size() + message.recipient.size() + 40);
  text += "Return-Path: <" + message.sender + ">\nDelivered-To: " + message.recipient + '\n';
  std::size_t from = 0;
  for (std::size_t end = message.data.find("\r\n"); end != std::string::npos;
       end = message.data.find("\r\n", from)) {
    text.append(message.data, from, end - from);
    text += '\n';
    from = end + 2;
  }
  return text.append(message.data, from);
}

std::vector<NeededPath> Folder::paths() const {
  std::vector<NeededPath> all;
  for (const char* part : kParts) all.push_back({NeededPath::Use::own_folder, "mail folder", path_ / part});
  return all;
}

Receipt Folder::prepare() try {
  std::error_code error;
  if (fs::create_directories(path_, error)) fs::permissions(path_, kFolderMode, error);
  if (error) throw std::system_error(error, path_.string());
  for (const char* part : kParts) {
    const fs::path folder = path_ / part;
    if (fs::create_directory(folder, error)) fs::permissions(folder, kFolderMode, error);
    if (error) throw std::system_error(error, folder.string());
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) fail(folder.string());
  }
  return Receipt::confirmed("", "", path_.string() + " takes mail");
} catch (const std::exception& error) {
  return local_fault(error);
}

bool Folder::is_delivered(const std::string& name) const {
  struct stat status{};
  if (::lstat(in("new", name).c_str(), &status) == 0) return true;
  if (errno != ENOENT) fail(in("new", name).string());
  for (const fs::directory_entry& entry : fs::directory_iterator(path_ / "cur")) {
    const std::string& full = entry.path().native();
    const std::string_view seen = std::string_view(full).substr(full.rfind('/') + 1);
    if (seen.starts_with(name) &&
        (seen.size() == name.size() || seen[name.size()] == ':' || seen[name.size()] == ','))
      return true;
  }
  return false;
}

Receipt Folder::write(const std::string& name, const std::string& text) try {
  const Receipt ready = prepare();
  if (ready.outcome != Outcome::confirmed) return ready;
  const fs::path temporary = in("tmp", name);
  // Left by a process that was killed.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) fail(temporary.string());
  if (is_delivered(name)) return ready;
  try {
    Opened file(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    file.write(text);
    file.sync();
    file.close();
  } catch (const std::exception&) {
    forget(name);
    throw;
  }
  return ready;
} catch (const std::exception& error) {
  return local_fault(error);
}

Receipt Folder::show(const std::string& name) try {
  const fs::path temporary = in("tmp", name);
  const fs::path visible = in("new", name);
  if (::link(temporary.c_str(), visible.c_str()) == 0) {
    forget(name);
  } else if (errno == EEXIST || (errno == ENOENT && is_delivered(name))) {
    forget(name);
    return Receipt::confirmed(name, "", path_.string() + ": was there before");
  } else if (errno != EPERM && errno != EOPNOTSUPP) {
    fail(visible.string());
  } else if (::rename(temporary.c_str(), visible.c_str()) != 0) {  // no hard links here
    fail(visible.string());
  }
  try {
    Opened(path_ / "new", O_RDONLY | O_DIRECTORY).sync();
    Opened(path_ / "tmp", O_RDONLY | O_DIRECTORY).sync();
  } catch (const std::exception& error) {
    return Receipt::failed(Outcome::uncertain, Fault::local,
                           std::string(error.what()) + "; it is there, but may not outlive a power cut");
  }
  return Receipt::confirmed(name, "", visible.string());
} catch (const std::exception& error) {
  forget(name);
  return local_fault(error);
}

void Folder::forget(const std::string& name) {
  ::unlink(in("tmp", name).c_str());
}

}  // namespace publishers::maildir
