#include "config/secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "config/section_impl.h"

namespace config {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr const char* kForms = "write { credential = \"name\" }, { file = \"path\" } or { env = \"NAME\" }";

struct Read {
  std::string value;
  std::string fault;
  std::string todo;
};

Read refused(const std::filesystem::path& path, const std::string& what, const std::string& todo) {
  return {{}, path.string() + ' ' + what, todo};
}

// Opened first and judged by what was opened, so that nobody can swap the file in between.
Read read_file(const std::filesystem::path& path, bool must_be_private) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) {
    return refused(path, std::string("can't be read: ") + std::strerror(errno),
                   "name a file that fridayd can read");
  }
  struct stat status{};
  std::string value(kMostBytes + 1, '\0');
  const bool ordinary = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  const ssize_t got = ordinary ? ::read(file, value.data(), value.size()) : 0;
  const int error = errno;
  ::close(file);
  if (!ordinary) return refused(path, "is no ordinary file", "name a file that holds nothing but the secret");
  if (must_be_private && (status.st_mode & 077) != 0) {
    return refused(path, "can be read by others", "say chmod 600 " + path.string());
  }
  if (got < 0) {
    return refused(path, std::string("can't be read: ") + std::strerror(error),
                   "name a file that fridayd can read");
  }
  if (static_cast<std::size_t>(got) > kMostBytes) {
    return refused(path, "is larger than 64 KiB", "name a file that holds nothing but the secret");
  }
  value.resize(static_cast<std::size_t>(got));
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  if (value.empty()) return refused(path, "is empty", "put the secret into it");
  return {std::move(value), {}, {}};
}

// A credential of the unit, also where a whole folder was handed over as fridayd_NAME.
Read read_credential(const std::string& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || name.find('/') != std::string::npos) {
    return {
        {}, "credential \"" + name + "\" is not there", "hand it over with LoadCredential=" + name + ":PATH"};
  }
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  const std::filesystem::path of_folder = std::filesystem::path(folder) / ("fridayd_" + name);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return read_file(path, false);
  if (std::filesystem::exists(of_folder, ignored)) return read_file(of_folder, false);
  return {
      {}, "credential \"" + name + "\" is not there", "hand it over with LoadCredential=" + name + ":PATH"};
}

Read read_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    return {{}, "environment variable " + name + " is not set", "set it, or use a credential"};
  }
  return {value, {}, {}};
}

}  // namespace

Secret::~Secret() {
  ::explicit_bzero(value_.data(), value_.capacity());
}

std::optional<Secret> Section::secret(std::string_view key) {
  const toml::node* node = impl_->find(key);
  if (node == nullptr) return std::nullopt;
  const toml::table* reference = node->as_table();
  if (reference == nullptr) {
    fault(key, "is written into the configuration, which is no place for a secret", kForms);
    return std::nullopt;
  }
  if (reference->size() != 1) {
    fault(key, "names no secret", kForms);
    return std::nullopt;
  }
  const auto entry = reference->begin();
  const auto& [source, target] = *entry;
  const auto* named = target.as_string();
  Read read;
  if (named != nullptr && source.str() == "credential") {
    read = read_credential(named->get());
  } else if (named != nullptr && source.str() == "file") {
    read = read_file((impl_->file.parent_path() / named->get()).lexically_normal(), true);
  } else if (named != nullptr && source.str() == "env") {
    read = read_variable(named->get());
  } else {
    fault(key, "names no secret", kForms);
    return std::nullopt;
  }
  if (!read.fault.empty()) {
    impl_->faults.add(position(key), std::string(key) + ": " + read.fault, read.todo);
    return std::nullopt;
  }
  return Secret(std::move(read.value));
}

}  // namespace config
