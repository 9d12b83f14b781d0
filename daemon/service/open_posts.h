// What is under way needs the series and the channels that it was made for.
#pragma once

#include "config/config.h"
#include "config/section.h"
#include "store/store.h"

namespace service {

// A fault for each series and channel that `config` has not (any more) and that posts under way belong to.
void find_lost_keys(store::Store& store, const config::Config& config, config::Faults& faults);

}  // namespace service
