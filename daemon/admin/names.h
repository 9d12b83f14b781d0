// What people call a thing: an id (d12, p7, v31), a slug, a path, a date, or `next`.
#pragma once

#include <string>

#include "admin/house.h"

namespace admin {

// Each throws store::StoreFailure: not_found, or conflict that lists the candidates of an ambiguous name.
// One of the drafts in the folder; `also_called_off`: or of those whose post was cancelled.
model::DraftId find_draft(const House& house, const std::string& name, bool also_called_off = true);
// A date is that of its slot, a path that of the draft it was made of.
model::PostId find_post(const House& house, const std::string& name);
model::DeliveryId find_delivery(const House& house, const std::string& name);
// `name` is "next" or a date; `series` may be empty. The undecided slot, up to two years ahead.
planning::Slot find_slot(const House& house, const std::string& series, const std::string& name);

}  // namespace admin
