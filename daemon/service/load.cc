#include <pwd.h>

#include <array>

#include "config/load.h"

#include "service/service.h"

namespace service {

namespace {

// Nobody could be meant by such a name, and no draft of anybody would be taken.
void check_owners(const config::Content& content, config::Faults& faults) {
  for (const std::string& name : content.allowed_owners) {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    const int error = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (error != 0 || found != nullptr) continue;
    faults.add(content.allowed_owners_position, "allowed_owners names an unknown account \"" + name + '"',
               "`getent passwd` lists the accounts");
  }
}

}  // namespace

Loaded load(const Setup& setup, boost::asio::any_io_executor executor, StoreOf store,
            config::Faults& faults) {
  Loaded loaded;
  loaded.config = std::make_shared<const config::Config>(config::load(setup.config_file, faults));
  loaded.channels =
      make_channels(loaded.config, std::move(executor), std::move(store), !setup.clock_file.empty(), faults);
  check_owners(loaded.config->content, faults);
  planning::TimeZones zones;
  loaded.series = planning::resolve_series(*loaded.config, zones, faults);
  return loaded;
}

}  // namespace service
