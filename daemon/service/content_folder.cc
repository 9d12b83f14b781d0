#include "service/content_folder.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "intake/folder.h"
#include "service/service.h"

namespace service {

void prepare_content(const config::Config& config) {
  const std::filesystem::path& content = config.daemon.content;
  std::error_code error;
  std::filesystem::create_directories(content, error);
  std::string why = intake::Folder(content, {}).prepare();
  if (why.empty()) return;
  config::Faults faults;
  faults.add({config.file.string(), 0, 0}, "[daemon] content can't be used: " + why,
             "name a folder that fridayd may write in, or mend its owner and mode");
  throw ConfigurationRefused(faults.text());
}

std::string content_trouble(const config::Config& config) {
  for (const char* name : {"drafts", "published"}) {
    const std::filesystem::path folder = config.daemon.content / name;
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
      return folder.string() + ": " + (error ? error.message() : std::string("is no folder"));
    }
  }
  return "";
}

}  // namespace service
