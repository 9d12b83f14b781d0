#include "config/load.h"

#include "service/service.h"

namespace service {

Loaded load(const Setup& setup, boost::asio::any_io_executor executor, StoreOf store,
            config::Faults& faults) {
  Loaded loaded;
  loaded.config = std::make_shared<const config::Config>(config::load(setup.config_file, faults));
  loaded.channels =
      make_channels(loaded.config, std::move(executor), std::move(store), !setup.clock_file.empty(), faults);
  planning::TimeZones zones;
  loaded.series = planning::resolve_series(*loaded.config, zones, faults);
  return loaded;
}

}  // namespace service
