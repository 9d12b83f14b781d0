// The API's values as JSON: docs/api.json describes them.
#pragma once

#include <string>

#include <boost/json.hpp>

#include "admin/house.h"

namespace admin {

boost::json::object json_of(const planning::Slot& slot);
boost::json::object json_of(const planning::Timeline& timeline);
boost::json::object json_of(const model::Draft& draft);
boost::json::object json_of(const model::Problem& problem);
boost::json::object json_of(const model::Delivery& delivery);
boost::json::object json_of(const model::Post& post);
boost::json::object json_of(const model::MessageCounts& counts);
boost::json::object json_of(const store::MessageRow& message);
boost::json::object json_of(const store::EventRow& event);
boost::json::object json_of(const store::ReceiptRow& receipt);
boost::json::object json_of(const planning::Displaced& displaced);
boost::json::object json_of(const PublishPlan& plan);
boost::json::object json_of(const LeftFile& file);
boost::json::object json_of(const Health& health);
boost::json::object json_of(const Examination& examination);

// What came from file systems and far ends may be no UTF-8, which JSON has to be: each such byte becomes
// U+FFFD, in every text of `value`.
void make_legible(boost::json::value& value);

}  // namespace admin
