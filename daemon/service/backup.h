// A copy of the store while it is at work. Whoever starts from it begins in safe mode.
#pragma once

#include <filesystem>

#include "model/time.h"

namespace service {

// On connections of its own, so that nobody waits. `file` bears its name only once it is whole and durable;
// one that is there already is left alone. Throws store::StoreFailure.
void back_up_store(const std::filesystem::path& store, const std::filesystem::path& file, model::Instant now);

}  // namespace service
