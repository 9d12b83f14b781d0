#include "publishers/email/suppression.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>

#include "publishers/email/encodings.h"
#include "publishers/email/list_file.h"

namespace publishers {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_;
};

constexpr std::chrono::milliseconds kCalm{1000};

// As a file does that was emptied to be written anew, or whose last line is not all there.
bool ends_in_its_midst(std::string_view text) {
  return text.empty() || text.back() != '\n';
}

std::string failed(const std::filesystem::path& file, int error) {
  return file.string() + ": " + std::strerror(error);
}

bool read_all(int file, std::string& text) {
  std::array<char, 65536> piece{};
  for (;;) {
    const ssize_t got = ::read(file, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

// The first value of a line, as CSV has it.
std::string first_value(std::string_view line) {
  if (!line.starts_with('"')) {
    return std::string(without_outer_blanks(line.substr(0, line.find_first_of(",;\t "))));
  }
  std::string value;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] != '"') {
      value += line[i];
    } else if (i + 1 < line.size() && line[i + 1] == '"') {
      value += line[++i];
    } else {
      const std::string_view rest = without_outer_blanks(line.substr(i + 1));
      const bool ends = rest.empty() || rest.front() == ',' || rest.front() == ';' || rest.front() == '\t';
      // An address may begin with a string in quotes: it goes on where a value would end.
      return ends ? std::string(without_outer_blanks(value)) : std::string(line);
    }
  }
  return std::string(line);
}

// As first_value reads it back.
std::string line_of(const Address& address) {
  const std::string text = address.text();
  if (!text.starts_with('#') && text.find_first_of(",;\"\t") == std::string::npos) return text + '\n';
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"\n";
}

bool is_heading(std::string_view value) {
  const std::string name = ascii_lower(value);
  return name == "address" || name == "email";
}

// Each line with its number and its address, or why it holds none.
void for_each_line(std::string_view text,
                   const std::function<void(std::size_t, const tl::expected<Address, std::string>&)>& each) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    std::string_view whole = text.substr(0, end);
    if (whole.ends_with('\r')) whole.remove_suffix(1);
    whole = without_outer_blanks(whole);
    const std::string value = first_value(whole);
    const bool silent = whole.starts_with('#') || value.empty() || (line == 1 && is_heading(value));
    if (!silent) each(line, parse_address(value));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(file, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// Opens and locks the file that bears the name at that moment: an editor may put another one in its place.
int open_locked(const std::filesystem::path& path) {
  constexpr int kTries = 10;
  for (int i = 0; i < kTries; ++i) {
    const int file = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
    if (file < 0) return -1;
    struct stat opened{};
    struct stat named{};
    int answer = -1;
    do {
      answer = ::flock(file, LOCK_EX);
    } while (answer != 0 && errno == EINTR);
    const bool locked = answer == 0 && ::fstat(file, &opened) == 0;
    const int error = errno;
    const bool still_there = ::stat(path.c_str(), &named) == 0;
    if (locked && still_there && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev) return file;
    ::close(file);
    errno = locked ? EAGAIN : error;
    if (!locked) return -1;
  }
  return -1;
}

bool sync_folder(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.open() && ::fsync(opened.get()) == 0;
}

}  // namespace

std::optional<std::string> SuppressionList::fail(Trouble trouble, const std::string& what) {
  trouble_ = trouble;
  return file_.string() + ": " + what;
}

std::optional<std::string> SuppressionList::refresh() {
  const Descriptor file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  trouble_ = Trouble::none;
  const bool was_read = stamp_ != Stamp{};
  if (!file.open() && errno == ENOENT) {
    if (!was_read && !was_there_) return std::nullopt;
    return fail(Trouble::gone, std::strerror(ENOENT));
  }
  struct stat before{};
  if (!file.open() || ::fstat(file.get(), &before) != 0) {
    return fail(Trouble::unreadable, std::strerror(errno));
  }
  const Stamp stamp{before.st_ino, before.st_size, before.st_ctim.tv_sec, before.st_ctim.tv_nsec};
  if (stamp == stamp_) return std::nullopt;
  std::string text;
  struct stat after{};
  if (!read_all(file.get(), text) || ::fstat(file.get(), &after) != 0) {
    return fail(Trouble::unreadable, std::strerror(errno));
  }
  const bool shrunk = was_read && after.st_size < stamp_.size;
  if (changed(before, after) || (younger_than(after, kCalm) && (shrunk || ends_in_its_midst(text)))) {
    if (was_read) return std::nullopt;
    return fail(Trouble::being_written, "is being written");
  }
  keys_.clear();
  bad_lines_.clear();
  for_each_line(text, [&](std::size_t line, const tl::expected<Address, std::string>& address) {
    if (address) {
      keys_.insert(address->key());
    } else {
      bad_lines_.push_back({line, address.error()});
    }
  });
  stamp_ = stamp;
  ++readings_;
  return std::nullopt;
}

std::optional<std::string> SuppressionList::append(const std::filesystem::path& path,
                                                   const Address& address) {
  const Descriptor file(open_locked(path));
  if (!file.open()) return failed(path, errno);
  std::string text;
  if (!read_all(file.get(), text)) return failed(path, errno);
  bool there = false;
  for_each_line(text, [&](std::size_t, const tl::expected<Address, std::string>& known) {
    there = there || (known && known->key() == address.key());
  });
  const std::string line = (text.empty() || text.back() == '\n' ? "" : "\n") + line_of(address);
  if (!there && !write_all(file.get(), line)) {
    const int error = errno;
    // Half a line could be somebody else's address.
    if (::ftruncate(file.get(), static_cast<off_t>(text.size())) != 0) return failed(path, errno);
    return failed(path, error);
  }
  if (::fsync(file.get()) != 0 || !sync_folder(path)) return failed(path, errno);
  return std::nullopt;
}

}  // namespace publishers
