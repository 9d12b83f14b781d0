#include "service/state_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

namespace service {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what + ": " + std::strerror(errno));
}

void write_durably(const std::filesystem::path& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (file < 0) fail(path, "can't be written");
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = written && ::fsync(file) == 0;
  ::close(file);
  if (!synced) fail(path, "can't be written");
}

}  // namespace

StateLock::StateLock(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw std::runtime_error("state folder " + folder.string() + ": can't be made: " + error.message() +
                             "; make it for the account of fridayd, or name another in [daemon] state");
  }
  const std::filesystem::path path = folder / "lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor_ < 0) fail(path, "can't be opened");
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) {
    const std::string pid = std::to_string(::getpid()) + '\n';
    if (::ftruncate(descriptor_, 0) == 0) {
      [[maybe_unused]] const ssize_t written = ::pwrite(descriptor_, pid.data(), pid.size(), 0);
    }
    return;
  }
  char pid[32] = {};
  const ssize_t got = ::pread(descriptor_, pid, sizeof pid - 1, 0);
  ::close(descriptor_);
  std::string owner(pid, got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!owner.empty() && owner.back() == '\n') owner.pop_back();
  throw std::runtime_error(folder.string() + ": another fridayd is working on this state" +
                           (owner.empty() ? "" : " (process " + owner + ")") + "; stop it first");
}

StateLock::~StateLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::int64_t> read_generation(const std::filesystem::path& folder) {
  std::ifstream in(folder / "generation");
  std::int64_t generation = 0;
  in >> generation;
  if (!in) return std::nullopt;
  return generation;
}

void write_generation(const std::filesystem::path& folder, std::int64_t generation) {
  const std::filesystem::path path = folder / "generation";
  const std::filesystem::path fresh = folder / "generation.new";
  write_durably(fresh, std::to_string(generation) + '\n');
  std::filesystem::rename(fresh, path);
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0 || ::fsync(directory) != 0) fail(folder, "can't be synced");
  ::close(directory);
}

}  // namespace service
