// What a person does to deliveries: retry, hold, unhold, cancel.
#pragma once

#include <string>
#include <vector>

#include "admin/house.h"
#include "store/store.h"

namespace admin {

// Does it to those of `ids` that it can be done to, with the caller's answer, in one piece; says what became
// of them. Throws StoreFailure where it can be done to none. Within a write of the store.
std::string do_to_deliveries(store::Store& store, const std::vector<model::DeliveryId>& ids,
                             const std::string& verb, const std::string& why, const Caller& caller,
                             model::Instant now);

}  // namespace admin
