// What a publish would do, in words: title, channels, recipients, and what becomes of the slots. Pure but for
// the colours, which are for a terminal.
#pragma once

#include <string>

#include <boost/json.hpp>

namespace cli {

std::string plan_text(const boost::json::object& plan);  // a PublishPlan of the API

}  // namespace cli
